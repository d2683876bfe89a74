import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import css from './kit.module.css';

/** The five states of anything. The shapes differ without colour; the word stands beside or on hover. */
export type State = 'good' | 'moving' | 'attention' | 'bad' | 'none';

const shapes: Record<State, ReactNode> = {
  good: <circle cx="6" cy="6" r="3.6" fill="currentColor" />,
  moving: (
    <>
      <circle cx="6" cy="6" r="3" fill="none" stroke="currentColor" strokeWidth="1.3" />
      <path d="M6 3a3 3 0 0 0 0 6z" fill="currentColor" />
    </>
  ),
  attention: <path d="M6 1.8 10.4 9.6H1.6z" fill="currentColor" stroke="currentColor" strokeWidth=".8" strokeLinejoin="round" />,
  bad: <path d="M6 1.3 10.7 6 6 10.7 1.3 6z" fill="currentColor" />,
  none: <circle cx="6" cy="6" r="3" fill="none" stroke="currentColor" strokeWidth="1.2" />,
};

/** A state's shape alone. Give `label` when no word stands beside it; it is then read out and shown on hover. */
export function Glyph({ state, label }: { state: State; label?: string }) {
  return (
    <svg
      viewBox="0 0 12 12"
      className={css.glyph}
      data-state={state}
      role={label === undefined ? undefined : 'img'}
      aria-label={label}
      aria-hidden={label === undefined}
    >
      {label === undefined ? null : <title>{label}</title>}
      {shapes[state]}
    </svg>
  );
}

/** Shape and word. `quiet` keeps the word grey even when it is coloured by default; `note` is a second, lighter line or phrase. */
export function Status({ state, children, quiet = false, note }: { state: State; children?: ReactNode; quiet?: boolean; note?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <span className={css.status} data-state={state} data-quiet={quiet || undefined}>
      <Glyph state={state} />
      <span className={css.statusWord}>
        {children ?? t(`state.${state}`)}
        {note === undefined ? null : <span className={css.statusNote}>{note}</span>}
      </span>
    </span>
  );
}

/** What each shape means, for the foot of a list that shows shapes without words. */
export function Legend({ items }: { items: readonly { state: State; label: string }[] }) {
  return (
    <ul className={css.legend}>
      {items.map((item) => (
        <li key={item.label}>
          <Glyph state={item.state} /> {item.label}
        </li>
      ))}
    </ul>
  );
}
