import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatClock, formatDate, formatExact } from '../lib/format.ts';
import { useZone } from '../lib/zone.ts';
import { Glyph } from './glyph.tsx';
import type { State } from './glyph.tsx';
import css from './story.module.css';
import { useNow, When } from './when.tsx';

export interface TimelineItem {
  id: string;
  at: string;
  title: ReactNode;
  state?: State;
  note?: ReactNode;
  /** Buttons under it. */
  actions?: ReactNode;
}

/** What happened, newest first: clock on the left, shape on the line, words on the right. A day is named when it changes. */
export function Timeline({ items, label }: { items: readonly TimelineItem[]; label: string }) {
  const zone = useZone();
  const now = useNow();
  return (
    <ol className={css.timeline} aria-label={label}>
      {items.map((item, index) => {
        const day = formatDate(item.at, zone, true);
        const before = items[index - 1];
        const newDay = day !== formatDate(before === undefined ? now : before.at, zone, true);
        return (
          <li key={item.id}>
            <time dateTime={item.at} title={formatExact(item.at, zone)}>
              {newDay ? <span className={css.day}>{day}</span> : null}
              {formatClock(item.at, zone)}
            </time>
            <span className={css.knot}>
              <Glyph state={item.state ?? 'none'} />
            </span>
            <div className={css.event} data-state={item.state}>
              <div className={css.eventTitle}>{item.title}</div>
              {item.note === undefined ? null : <div className={css.eventNote}>{item.note}</div>}
              {item.actions === undefined ? null : <div className={css.eventActions}>{item.actions}</div>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

export interface HistoryItem {
  id: string;
  at: string;
  title: ReactNode;
  /** Why: "import costs-november.csv, 412 rows". */
  reason?: ReactNode;
  actor: string;
  undone?: boolean;
  /** False where this one cannot be taken back. */
  undoable?: boolean;
}

/** Who changed what, newest first, each with its way back. `onUndo` is left out where the right is missing. */
export function History({
  items,
  onUndo,
  label,
  foot,
}: {
  items: readonly HistoryItem[];
  onUndo?: (item: HistoryItem) => void;
  label: string;
  foot?: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <>
      <ol className={css.history} aria-label={label}>
        {items.map((item) => (
          <li key={item.id} data-undone={item.undone || undefined}>
            <div className={css.eventTitle}>{item.title}</div>
            {item.reason === undefined ? null : <div className={css.eventNote}>{item.reason}</div>}
            <div className={css.historyFoot}>
              <span>
                {item.actor}, <When at={item.at} />
              </span>
              {item.undone ? (
                <span>{t('changes.undone')}</span>
              ) : onUndo === undefined || item.undoable === false ? null : (
                <Button variant="transparent" size="xs" leftSection={<IconArrowBackUp size="1em" stroke={1.6} />} onClick={() => onUndo(item)}>
                  {t('actions.undo')}
                </Button>
              )}
            </div>
          </li>
        ))}
      </ol>
      {foot}
    </>
  );
}

/** A value that was replaced by another, in one line: struck through, then bold. */
export function Change({ before, after }: { before: ReactNode; after: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      <del className={css.before}>{before ?? t('changes.empty')}</del> <ins className={css.after}>{after ?? t('changes.empty')}</ins>
    </>
  );
}

export interface DiffRow {
  id: string;
  field: string;
  before: ReactNode;
  after: ReactNode;
  /** Equal rows are shown quiet, without ground. */
  same?: boolean;
  /** Further columns, e.g. a Status. */
  end?: ReactNode;
}

/** Two versions field by field: removed on red ground with −, added on green ground with +. */
export function Diff({
  rows,
  label,
  before,
  after,
  field,
  end,
}: {
  rows: readonly DiffRow[];
  label: string;
  before?: string;
  after?: string;
  field?: string;
  end?: string;
}) {
  const { t } = useTranslation();
  return (
    <div className={css.diffScroll}>
      <table className={css.diff} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{field ?? t('changes.field')}</th>
            <th scope="col">{before ?? t('changes.before')}</th>
            <th scope="col">{after ?? t('changes.after')}</th>
            {end === undefined ? null : <th scope="col">{end}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} data-same={row.same || undefined}>
              <th scope="row">{row.field}</th>
              <td data-side="before">
                {row.same ? null : (
                  <span className={css.sign} role="img" aria-label={t('changes.removed')}>
                    −
                  </span>
                )}
                {row.before ?? <span className={css.void}>{t('changes.empty')}</span>}
              </td>
              <td data-side="after">
                {row.same ? null : (
                  <span className={css.sign} role="img" aria-label={t('changes.added')}>
                    +
                  </span>
                )}
                {row.after ?? <span className={css.void}>{t('changes.empty')}</span>}
              </td>
              {end === undefined ? null : <td>{row.end}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
