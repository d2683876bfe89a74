import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatClock, formatDuration, formatNumber } from '../lib/format.ts';
import { useZone } from '../lib/zone.ts';
import { Glyph, Status } from './glyph.tsx';
import type { State } from './glyph.tsx';
import css from './story.module.css';

/** A run as `GET /api/runs` gives it; only what is drawn. */
export interface RunFace {
  id: string;
  title: string;
  state: 'queued' | 'running' | 'waiting' | 'done' | 'failed' | 'cancelled';
  done: number;
  total: number | null;
  failed: number;
  rate: number | null;
  etaSeconds: number | null;
  retryAt: string | null;
  error: string | null;
  finishedAt: string | null;
}

export const runShape: Record<RunFace['state'], State> = {
  queued: 'none',
  running: 'moving',
  waiting: 'attention',
  done: 'good',
  failed: 'bad',
  cancelled: 'none',
};

/** The state of a run in a word, with the time it waits for or ended at. */
export function RunStatus({ run }: { run: RunFace }) {
  const { t } = useTranslation();
  const zone = useZone();
  const word =
    run.state === 'waiting' && run.retryAt !== null
      ? t('run.waitingUntil', { time: formatClock(run.retryAt, zone) })
      : run.state === 'done' && run.finishedAt !== null
        ? t('run.doneAt', { time: formatClock(run.finishedAt, zone) })
        : t(`run.${run.state}`);
  return <Status state={runShape[run.state]}>{word}</Status>;
}

/** How far outside work is: bar, done of total, rate, end, what was refused. `action` is its Cancel, `note` what it means. */
export function RunProgress({ run, action, note, slim = false }: { run: RunFace; action?: ReactNode; note?: ReactNode; slim?: boolean }) {
  const { t } = useTranslation();
  const active = run.state === 'queued' || run.state === 'running' || run.state === 'waiting';
  const share = run.total === null || run.total === 0 ? null : Math.min(1, run.done / run.total);
  const progress =
    run.total === null
      ? t('run.progressOpen', { done: formatNumber(run.done) })
      : t('run.progress', { done: formatNumber(run.done), total: formatNumber(run.total) });
  const bar = (
    <div
      className={css.runBar}
      data-state={run.state}
      data-open={(share === null && active) || undefined}
      role="progressbar"
      aria-label={run.title}
      aria-valuemin={0}
      aria-valuemax={run.total ?? undefined}
      aria-valuenow={share === null ? undefined : run.done}
      aria-valuetext={progress}
    >
      <span style={{ inlineSize: `${(share ?? 0.3) * 100}%` }} />
    </div>
  );
  if (slim)
    return (
      <div className={css.runSlim}>
        <div className={css.runLine}>
          <span className={css.runTitle}>{run.title}</span>
          <span className={css.runCount}>{progress}</span>
        </div>
        {bar}
      </div>
    );
  const facts = [
    progress,
    run.state === 'running' && run.rate !== null && run.rate > 0
      ? t('run.rate', { rate: formatNumber(run.rate, { places: run.rate < 10 ? 1 : 0 }) })
      : undefined,
    run.state === 'running' && run.etaSeconds !== null ? t('run.ends', { duration: formatDuration(run.etaSeconds * 1000) }) : undefined,
  ].filter((fact) => fact !== undefined);
  return (
    <div className={css.run}>
      <div className={css.runLine}>
        <span className={css.runTitle}>{run.title}</span>
        <RunStatus run={run} />
        {action}
      </div>
      {active ? bar : null}
      <div className={css.runLine}>
        <span className={css.runCount}>{facts.join(', ')}</span>
        {run.failed > 0 ? (
          <span className={css.runFailed}>
            <Glyph state="bad" /> {t('run.refused', { count: run.failed, number: formatNumber(run.failed) })}
          </span>
        ) : null}
      </div>
      {run.error === null ? null : <div className={css.runNote}>{run.error}</div>}
      {note === undefined ? null : <div className={css.runNote}>{note}</div>}
    </div>
  );
}

export interface Step {
  id: string;
  label: string;
  state: State;
  note?: ReactNode;
}

/** The way of one thing through its stations: bars over words; on a phone the bars and the station it stands at. */
export function Steps({ steps, label }: { steps: readonly Step[]; label: string }) {
  const { t } = useTranslation();
  // Where it stands: the first that needs a person or is under way, else the last that is done.
  const open = steps.findIndex((step) => step.state !== 'good');
  const troubled = steps.findIndex((step) => step.state === 'bad' || step.state === 'attention');
  const place = troubled >= 0 ? troubled : open < 0 ? steps.length - 1 : steps[open]?.state === 'moving' || open === 0 ? open : open - 1;
  const here = steps[place];
  return (
    <div>
      {here === undefined ? null : (
        <div className={css.stepsBrief} aria-hidden>
          <Status state={here.state}>
            {here.label} {here.note}
          </Status>
          <span>{t('steps.place', { place: place + 1, of: steps.length })}</span>
        </div>
      )}
      <ol className={css.steps} aria-label={label}>
        {steps.map((step) => (
          <li key={step.id} data-state={step.state}>
            <span className={css.stepBar} />
            <span className={css.stepText}>
              <Status state={step.state}>{step.label}</Status>
              {step.note === undefined ? null : <span className={css.stepNote}>{step.note}</span>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
