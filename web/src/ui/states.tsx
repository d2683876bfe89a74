import type { ReactNode } from 'react';
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { toProblem } from '../api/problem.ts';
import { formatClock } from '../lib/format.ts';
import { useZone } from '../lib/zone.ts';
import { Glyph } from './glyph.tsx';
import type { State } from './glyph.tsx';
import css from './states.module.css';

/** Nothing here yet: what belongs here and the first step. `icon` is a 24-pixel-class icon element, `actions` primary first. */
export function EmptyState({ icon, title, children, actions }: { icon?: ReactNode; title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={css.empty}>
      {icon === undefined ? null : (
        <div className={css.emptyIcon} aria-hidden>
          {icon}
        </div>
      )}
      <h2>{title}</h2>
      {children === undefined ? null : <p>{children}</p>}
      {actions === undefined ? null : <div className={css.emptyActions}>{actions}</div>}
    </div>
  );
}

/**
 * Something failed: what happened (`title`), what it means (the server's sentence, or `children`), the way out, the request id.
 * Takes whatever was thrown.
 */
export function Problem({
  error,
  title,
  children,
  onRetry,
  actions,
}: {
  error: unknown;
  title: string;
  children?: ReactNode;
  onRetry?: () => void;
  actions?: ReactNode;
}) {
  const { t } = useTranslation();
  const zone = useZone();
  const problem = toProblem(error);
  return (
    <div className={css.problem} role="alert">
      <h2>
        <Glyph state="bad" /> {title}
      </h2>
      <p>{children ?? problem.message}</p>
      <div className={css.problemActions}>
        {onRetry === undefined ? null : <Button onClick={onRetry}>{t('actions.tryAgain')}</Button>}
        {actions}
      </div>
      {problem.requestId === undefined ? null : (
        <p className={css.request}>{t('problem.request', { id: problem.requestId, time: formatClock(problem.at, zone) })}</p>
      )}
    </div>
  );
}

/** A sentence in a tinted band: what happened in bold, what it means, a button that ends it. */
export function Notice({
  state,
  title,
  children,
  action,
  flush = false,
  live = false,
}: {
  state: State;
  title?: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  flush?: boolean;
  live?: boolean;
}) {
  return (
    <div className={css.notice} data-state={state} data-flush={flush || undefined} role={live ? 'alert' : undefined}>
      <Glyph state={state} />
      <div className={css.noticeText}>
        {title === undefined ? null : <strong>{title} </strong>}
        {children}
      </div>
      {action === undefined ? null : <div className={css.noticeAction}>{action}</div>}
    </div>
  );
}

/** Bars in the shape of lines of text, for a part that is still loading. */
export function SkeletonLines({ lines = 4 }: { lines?: number }) {
  return (
    <div className={css.bones} aria-hidden>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} style={{ inlineSize: `${[72, 54, 84, 40][line % 4]}%` }} />
      ))}
    </div>
  );
}

/** The outline of the whole frame on the very first load. */
export function FrameSkeleton() {
  return (
    <div className={css.frameSkeleton} aria-busy>
      <div />
      <PageSkeleton />
    </div>
  );
}

/** The outline of a screen while its code or data is on the way: a list, or a page of panels. */
export function PageSkeleton({ kind = 'list' }: { kind?: 'list' | 'page' }) {
  return (
    <main className={css.pageSkeleton} aria-busy data-kind={kind}>
      <div className={css.pageSkeletonHead}>
        <span />
      </div>
      {kind === 'list' ? (
        <>
          <div className={css.pageSkeletonBar}>
            <span />
            <span />
          </div>
          {Array.from({ length: 14 }, (_, row) => (
            <div key={row} className={css.pageSkeletonRow}>
              <span />
              <span />
              <span />
              <span />
            </div>
          ))}
        </>
      ) : (
        <div className={css.pageSkeletonPanels}>
          <SkeletonLines lines={6} />
          <SkeletonLines lines={9} />
        </div>
      )}
    </main>
  );
}
