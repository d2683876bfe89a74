import type { ReactNode } from 'react';
import { useEffect } from 'react';
import { Logo } from '../../ui/shell.tsx';
import css from './gate.module.css';

/** The page before the frame: sign-in, set-up, a new password. One column, nothing else. */
export function Gate({
  title,
  intro,
  children,
  foot,
  wide = false,
}: {
  title: string;
  intro?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
  wide?: boolean;
}) {
  useEffect(() => {
    document.title = `${title} · Karavan`;
  }, [title]);
  return (
    <main className={css.gate} data-scroller>
      <div className={css.column} data-wide={wide || undefined}>
        <div className={css.brand}>
          <Logo /> Karavan
        </div>
        <h1>{title}</h1>
        {intro === undefined ? null : <p className={css.intro}>{intro}</p>}
        {children}
        {foot === undefined ? null : <div className={css.foot}>{foot}</div>}
      </div>
    </main>
  );
}
