import { useEffect, useRef } from 'react';
import { Outlet, useLocation } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useActor } from '../../api/actor.ts';
import { paths } from '../../lib/paths.ts';
import { Link } from '../../ui/link.tsx';
import { groupsFor } from './sections.ts';
import css from './settings.module.css';

/** The second navigation, beside every page of the settings; a line above them on a phone. */
export function Page() {
  const { t } = useTranslation('settings');
  const { can } = useActor();
  const here = useLocation({ select: (location) => location.pathname });
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    // On a phone the line scrolls sideways: the page one is on stays in sight.
    const current = nav.current?.querySelector<HTMLElement>('[aria-current]');
    if (current !== null && current !== undefined && nav.current !== null) nav.current.scrollLeft = current.offsetLeft - nav.current.clientWidth / 3;
  }, [here]);
  return (
    <div className={css.frame}>
      <nav ref={nav} className={css.nav} data-home={here === paths.settings() || undefined} aria-label={t('nav')}>
        {groupsFor(can).map((group) => (
          <div key={group.name} className={css.group}>
            <h2>{t(`group.${group.name}`)}</h2>
            <ul>
              {group.sections.map(({ name }) => {
                const to = paths.settings(name);
                return (
                  <li key={name}>
                    <Link plain to={to} className={css.item} aria-current={here === to || here.startsWith(`${to}/`) ? 'page' : undefined}>
                      {t(`section.${name}`)}
                    </Link>
                  </li>
                );
              })}
            </ul>
          </div>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}
