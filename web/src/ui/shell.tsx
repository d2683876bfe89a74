import { lazy, Suspense, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { ActionIcon, UnstyledButton } from '@mantine/core';
import {
  IconActivity,
  IconBox,
  IconDots,
  IconLayoutDashboard,
  IconMenu2,
  IconPlus,
  IconReceipt2,
  IconSearch,
  IconSettings,
  IconStack2,
} from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../lib/keyboard.ts';
import { paths } from '../lib/paths.ts';
import { ChannelMark } from './channel-mark.tsx';
import type { ChannelFace } from './channel-mark.tsx';
import { Glyph } from './glyph.tsx';
import { Link } from './link.tsx';
import { RunProgress } from './run-progress.tsx';
import type { RunFace } from './run-progress.tsx';
import type { PaletteSearch } from './command-palette.tsx';
import css from './shell.module.css';
import { UserMenu } from './user-menu.tsx';
import type { ShellUser } from './user-menu.tsx';

export interface ShellChannel extends ChannelFace {
  id: string;
  platform: string;
  /** Draws ◆ or ▲ beside the name. */
  trouble?: 'attention' | 'bad';
}

export interface ShellProps {
  shopName: string;
  demo: boolean;
  /** "Start my own shop"; absent where the person may not. */
  onLeaveDemo?: () => void;
  user: ShellUser;
  /** Which entries the person may open. */
  show: { orders: boolean; products: boolean; inventory: boolean; settings: boolean; connect: boolean };
  counts: { orders?: number };
  channels: readonly ShellChannel[];
  /** Runs under way, the oldest first; the first is shown with its progress. */
  runs: readonly RunFace[];
  search: PaletteSearch;
  onSignOut: () => void;
  children: ReactNode;
}

const CommandPalette = lazy(() => import('./command-palette.tsx').then((file) => ({ default: file.CommandPalette })));
const NavDrawer = lazy(() => import('./nav-drawer.tsx').then((file) => ({ default: file.NavDrawer })));
const ShortcutsHelp = lazy(() => import('./shortcuts-help.tsx').then((file) => ({ default: file.ShortcutsHelp })));

export const Logo = () => (
  <svg className={css.logo} viewBox="0 0 20 20" aria-hidden>
    <rect width="20" height="20" rx="5" />
    <path d="M3.6 13.8 7.4 7.6l2.5 3.6 2.2-2.9 4.3 5.5z" />
  </svg>
);

/** The frame of every screen: navigation, Ctrl-K, running work, the person; top bar, drawer and tabs on a phone. */
export function Shell(props: ShellProps) {
  const { t } = useTranslation();
  const [menu, setMenu] = useState(false);
  const [overlay, setOverlay] = useState<'palette' | 'shortcuts' | undefined>();
  const path = useLocation({ select: (location) => location.href });
  useEffect(() => setMenu(false), [path]);
  useKeys({ 'mod+k': () => setOverlay('palette'), '?': () => setOverlay('shortcuts') });
  const pages = [
    ...props.channels.map((channel) => ({ label: channel.name, to: paths.channel(channel.platform, channel.id) })),
    ...(props.show.connect ? [{ label: t('nav.connect'), to: paths.connectChannel() }] : []),
  ];
  const nav = <Nav {...props} onGoTo={() => setOverlay('palette')} onShortcuts={() => setOverlay('shortcuts')} />;
  return (
    <div className={css.frame}>
      <a href="#content" className={css.skip}>
        {t('nav.skip')}
      </a>
      <div className={css.nav}>{nav}</div>
      <div className={css.main}>
        {props.demo ? (
          <div className={css.demo}>
            <span>
              <strong>{t('demo.name')}</strong> <span className={css.demoText}>{t('demo.text')}</span>
            </span>
            {props.onLeaveDemo === undefined ? null : (
              <UnstyledButton className={css.leave} onClick={props.onLeaveDemo}>
                {t('demo.leave')}
              </UnstyledButton>
            )}
          </div>
        ) : null}
        <header className={css.top}>
          <ActionIcon size="xl" aria-label={t('nav.menu')} onClick={() => setMenu(true)}>
            <IconMenu2 size="1.35em" stroke={1.6} />
          </ActionIcon>
          <Logo />
          <span className={css.shopName}>{props.shopName}</span>
          <ActionIcon size="xl" aria-label={t('nav.goTo')} onClick={() => setOverlay('palette')}>
            <IconSearch size="1.35em" stroke={1.6} />
          </ActionIcon>
        </header>
        {props.children}
      </div>
      <PhoneTabs show={props.show} onMore={() => setMenu(true)} />
      <Suspense>
        {menu ? <NavDrawer onClose={() => setMenu(false)}>{nav}</NavDrawer> : null}
        {overlay === 'palette' ? <CommandPalette search={props.search} show={props.show} more={pages} onClose={() => setOverlay(undefined)} /> : null}
        {overlay === 'shortcuts' ? <ShortcutsHelp onClose={() => setOverlay(undefined)} /> : null}
      </Suspense>
    </div>
  );
}

const useIsOn = (): ((to: string) => boolean) => {
  const { pathname, searchStr } = useLocation();
  return (to) => {
    const [path = '', query] = to.split('?');
    if (query !== undefined) return pathname === path && new URLSearchParams(query).toString() === new URLSearchParams(searchStr).toString();
    return path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`);
  };
};

function NavItem({ to, icon, label, end, current }: { to: string; icon: ReactNode; label: string; end?: ReactNode; current: boolean }) {
  return (
    <li>
      <Link plain to={to} className={css.item} aria-current={current ? 'page' : undefined}>
        {icon}
        <span className={css.itemText}>{label}</span>
        {end === undefined ? null : <span className={css.itemEnd}>{end}</span>}
      </Link>
    </li>
  );
}

function Nav({ shopName, user, show, counts, channels, runs, onSignOut, onGoTo, onShortcuts }: ShellProps & { onGoTo: () => void; onShortcuts: () => void }) {
  const { t } = useTranslation();
  const isOn = useIsOn();
  const [run] = runs;
  const icon = { size: '1.25em', stroke: 1.6 } as const;
  return (
    <>
      <div className={css.shop}>
        <Logo />
        <span className={css.shopName} title={shopName}>
          {shopName}
        </span>
      </div>
      <UnstyledButton className={css.goTo} onClick={onGoTo}>
        <IconSearch size="1.1em" stroke={1.6} /> {t('nav.goTo')} <kbd>Ctrl K</kbd>
      </UnstyledButton>
      <nav className={css.navScroll} aria-label={t('nav.label')}>
        <ul className={css.list}>
          <NavItem to={paths.today()} current={isOn(paths.today())} icon={<IconLayoutDashboard {...icon} />} label={t('nav.today')} />
          {show.orders ? (
            <NavItem
              to={paths.orders()}
              current={isOn(paths.orders())}
              icon={<IconReceipt2 {...icon} />}
              label={t('nav.orders')}
              end={counts.orders === undefined || counts.orders === 0 ? undefined : counts.orders}
            />
          ) : null}
          {show.products ? <NavItem to={paths.products()} current={isOn(paths.products())} icon={<IconBox {...icon} />} label={t('nav.products')} /> : null}
          {show.inventory ? (
            <NavItem to={paths.inventory()} current={isOn(paths.inventory())} icon={<IconStack2 {...icon} />} label={t('nav.inventory')} />
          ) : null}
        </ul>
        {channels.length === 0 && !show.connect ? null : <h2 className={css.section}>{t('nav.channels')}</h2>}
        <ul className={css.list}>
          {channels.map((channel) => {
            const to = paths.channel(channel.platform, channel.id);
            return (
              <NavItem
                key={channel.id}
                to={to}
                current={isOn(to)}
                icon={<ChannelMark channel={channel} />}
                label={channel.name}
                end={channel.trouble === undefined ? undefined : <Glyph state={channel.trouble} label={t('nav.needsHelp')} />}
              />
            );
          })}
          {channels.length === 0 && show.connect ? (
            <NavItem to={paths.connectChannel()} current={isOn(paths.connectChannel())} icon={<IconPlus {...icon} />} label={t('nav.connect')} />
          ) : null}
        </ul>
        <h2 className={css.section}>{t('nav.workspace')}</h2>
        <ul className={css.list}>
          <NavItem to={paths.activity()} current={isOn(paths.activity())} icon={<IconActivity {...icon} />} label={t('nav.activity')} />
          {show.settings ? (
            <NavItem to={paths.settings()} current={isOn(paths.settings())} icon={<IconSettings {...icon} />} label={t('nav.settings')} />
          ) : null}
        </ul>
      </nav>
      <div className={css.navFoot}>
        {run === undefined ? null : (
          <Link plain to={runs.length === 1 ? paths.run(run.id) : paths.activity()} className={css.runs}>
            <RunProgress run={run} slim />
            {runs.length > 1 ? <span className={css.runsMore}>{t('run.more', { count: runs.length - 1 })}</span> : null}
          </Link>
        )}
        <UserMenu user={user} onSignOut={onSignOut} onShortcuts={onShortcuts} />
      </div>
    </>
  );
}

function PhoneTabs({ show, onMore }: { show: ShellProps['show']; onMore: () => void }) {
  const { t } = useTranslation();
  const isOn = useIsOn();
  const icon = { size: '1.4em', stroke: 1.6 } as const;
  const tabs = [
    { to: paths.today(), label: t('nav.today'), icon: <IconLayoutDashboard {...icon} />, on: true },
    { to: paths.orders(), label: t('nav.orders'), icon: <IconReceipt2 {...icon} />, on: show.orders },
    { to: paths.products(), label: t('nav.products'), icon: <IconBox {...icon} />, on: show.products },
    { to: paths.inventory(), label: t('nav.inventory'), icon: <IconStack2 {...icon} />, on: show.inventory },
  ];
  return (
    <nav className={css.tabs} aria-label={t('nav.label')}>
      {tabs
        .filter((tab) => tab.on)
        .map((tab) => (
          <Link key={tab.to} plain to={tab.to} className={css.tab} aria-current={isOn(tab.to) ? 'page' : undefined}>
            {tab.icon}
            {tab.label}
          </Link>
        ))}
      <UnstyledButton className={css.tab} onClick={onMore}>
        <IconDots {...icon} />
        {t('nav.more')}
      </UnstyledButton>
    </nav>
  );
}
