import type { ReactNode } from 'react';
import { ActionIcon, Menu } from '@mantine/core';
import { IconColumns3, IconDots } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ListLayout } from './list-state.ts';

/** Right end of the ListBar: which columns, how dense, and the list's secondary actions as Menu.Items. */
export function ListTools<Row>({ layout, children }: { layout: ListLayout<Row>; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      <Menu position="bottom-end" closeOnItemClick={false}>
        <Menu.Target>
          <ActionIcon aria-label={t('list.columns')} title={t('list.columns')} visibleFrom="sm">
            <IconColumns3 size="1.15em" stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('list.columns')}</Menu.Label>
          {layout.columns.map((column) => (
            <Menu.CheckboxItem key={column.id} checked={layout.isShown(column.id)} disabled={column.fixed} onChange={() => layout.toggle(column.id)}>
              {column.label ?? column.header}
            </Menu.CheckboxItem>
          ))}
          <Menu.Item onClick={layout.showAll}>{t('list.resetColumns')}</Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t('list.density')}</Menu.Label>
          <Menu.RadioGroup value={layout.compact ? 'compact' : 'comfortable'} onChange={(value) => layout.setCompact(value === 'compact')}>
            <Menu.RadioItem value="comfortable">{t('list.comfortable')}</Menu.RadioItem>
            <Menu.RadioItem value="compact">{t('list.compact')}</Menu.RadioItem>
          </Menu.RadioGroup>
        </Menu.Dropdown>
      </Menu>
      {children === undefined ? null : <MoreMenu label={t('list.optionsMenu')}>{children}</MoreMenu>}
    </>
  );
}

/** Secondary actions behind three dots: Menu.Items inside. `bordered` beside a primary action. */
export function MoreMenu({ children, label, bordered = false }: { children: ReactNode; label?: string; bordered?: boolean }) {
  const { t } = useTranslation();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={label ?? t('actions.more')} variant={bordered ? 'default' : 'subtle'}>
          <IconDots size="1.15em" stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
