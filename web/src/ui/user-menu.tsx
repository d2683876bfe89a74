import { Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconBook2, IconKeyboard, IconLogout, IconUserCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { languages, setLanguage } from '../lib/i18n.ts';
import type { Language } from '../lib/i18n.ts';
import { paths } from '../lib/paths.ts';
import { Link } from './link.tsx';
import css from './shell.module.css';

export interface ShellUser {
  name: string;
  email: string;
  /** Role in words. */
  role?: string;
}

export const initials = (name: string): string =>
  name
    .trim()
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => word[0]?.toLocaleUpperCase() ?? '')
    .join('');

/** The person at the foot of the navigation: appearance, language, shortcuts, sign out. */
export function UserMenu({ user, onSignOut, onShortcuts }: { user: ShellUser; onSignOut: () => void; onShortcuts: () => void }) {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="top-start" width="target">
      <Menu.Target>
        <UnstyledButton className={css.user} aria-label={t('user.menu', { name: user.name })}>
          <span className={css.face} aria-hidden>
            {initials(user.name)}
          </span>
          <span className={css.itemText}>{user.name}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Item leftSection={<IconUserCircle size="1.1em" stroke={1.6} />} component={Link} plain to={paths.settings('me')}>
          {t('user.account')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('user.appearance')}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}>
          <Menu.RadioItem value="light">{t('user.light')}</Menu.RadioItem>
          <Menu.RadioItem value="dark">{t('user.dark')}</Menu.RadioItem>
          <Menu.RadioItem value="auto">{t('user.system')}</Menu.RadioItem>
        </Menu.RadioGroup>
        {languages.length < 2 ? null : (
          <>
            <Menu.Divider />
            <Menu.Label>{t('user.language')}</Menu.Label>
            <Menu.RadioGroup value={i18n.language} onChange={(value) => void setLanguage(value as Language)}>
              {languages.map((language) => (
                <Menu.RadioItem key={language.value} value={language.value}>
                  {language.label}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size="1.1em" stroke={1.6} />} onClick={onShortcuts}>
          {t('user.shortcuts')}
        </Menu.Item>
        <Menu.Item leftSection={<IconBook2 size="1.1em" stroke={1.6} />} component="a" href={paths.apiDocs()} target="_blank">
          {t('user.apiDocs')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size="1.1em" stroke={1.6} />} onClick={onSignOut}>
          {t('user.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
