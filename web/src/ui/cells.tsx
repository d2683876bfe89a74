import { useState } from 'react';
import type { ReactNode } from 'react';
import { IconPhoto } from '@tabler/icons-react';
import type { State } from './glyph.tsx';
import css from './cells.module.css';

/** A product's picture, or a quiet place for it. Decoration: the title stands beside. */
export function Thumb({ src, large = false }: { src?: string | null; large?: boolean }) {
  const [broken, setBroken] = useState<string>();
  return (
    <span className={css.thumb} data-large={large || undefined} aria-hidden>
      {src === undefined || src === null || src === '' || src === broken ? (
        <IconPhoto size="0.9em" stroke={1.4} />
      ) : (
        <img src={src} alt="" loading="lazy" decoding="async" onError={() => setBroken(src)} />
      )}
    </span>
  );
}

/** First cell of a row: picture and title in one line. */
export function TitleCell({ thumb, children }: { thumb?: string | null; children: ReactNode }) {
  return (
    <span className={css.titleCell}>
      {thumb === undefined ? null : <Thumb src={thumb} />}
      <span className={css.clip}>{children}</span>
    </span>
  );
}

/** Quieter text of a cell, or coloured by a state that needs a person; the word itself says what is wrong. */
export function Quiet({ children, state }: { children: ReactNode; state?: State }) {
  return (
    <span className={css.quiet} data-state={state}>
      {children}
    </span>
  );
}

/** A row as a card on a phone: picture, title over up to two lines, up to three figures right. */
export function RowCard({
  thumb,
  lead,
  title,
  lines = [],
  end = [],
}: {
  thumb?: string | null;
  lead?: ReactNode;
  title: ReactNode;
  lines?: readonly ReactNode[];
  end?: readonly ReactNode[];
}) {
  return (
    <span className={css.rowCard}>
      {thumb === undefined ? null : <Thumb src={thumb} large />}
      {lead}
      <span className={css.cardText}>
        <span className={css.cardTitle}>{title}</span>
        {lines.map((line, index) => (
          <span key={index} className={css.cardLine}>
            {line}
          </span>
        ))}
      </span>
      <span className={css.cardEnd}>
        {end.map((line, index) => (
          <span key={index} className={css.cardLine}>
            {line}
          </span>
        ))}
      </span>
    </span>
  );
}
