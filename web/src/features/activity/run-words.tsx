import type { ReactNode } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../../server/src/modules/sync/contract.ts';
import { formatDuration, formatNumber } from '../../lib/format.ts';
import { Quiet } from '../../ui/cells.tsx';

export type ActivityT = TFunction<'activity'>;

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const records = (value: unknown): readonly Readonly<Record<string, unknown>>[] => (Array.isArray(value) ? value.map(record) : []);
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

const figures = [
  'read',
  'created',
  'advanced',
  'updated',
  'mapped',
  'found',
  'unchanged',
  'missing',
  'unreadable',
  'quarantined',
  'refused',
  'madeSkus',
] as const;
export type FigureName = (typeof figures)[number];
/** What a line of a list tells, the weightiest first; zero is not worth a word. */
const told = ['created', 'advanced', 'updated', 'found', 'mapped', 'missing', 'unreadable', 'quarantined', 'refused'] as const;
/** Figures that need somebody when they are not zero. */
const trouble: ReadonlySet<FigureName> = new Set(['missing', 'unreadable', 'quarantined', 'refused']);

export interface Gap {
  storeFront: string;
  from: string;
  to: string;
}

export interface OutcomeProblem {
  row: number;
  sku: string;
  column: string;
  value: string;
  reason: string;
}

/** What a run left behind, whatever its kind: its figures, and the lists that explain them. */
export interface OutcomeView {
  figures: readonly { name: FigureName; count: number; trouble: boolean }[];
  gaps: readonly Gap[];
  examples: readonly { externalId: string; reason: string }[];
  problems: readonly OutcomeProblem[];
  problemCount: number;
}

/** Reads the outcome of any kind of run. Members that this version does not know are left out. */
export function outcomeOf(run: Pick<Run, 'outcome'>): OutcomeView {
  const source = record(run.outcome);
  const count = (name: string): number | undefined => (typeof source[name] === 'number' ? source[name] : undefined);
  return {
    figures: figures.flatMap((name) => {
      const number = count(name);
      return number === undefined || (name === 'madeSkus' && number === 0) ? [] : [{ name, count: number, trouble: trouble.has(name) && number > 0 }];
    }),
    gaps: records(source['gaps']).map((gap) => ({ storeFront: text(gap['storeFront']), from: text(gap['from']), to: text(gap['to']) })),
    examples: records(source['examples']).map((one) => ({ externalId: text(one['externalId']), reason: text(one['reason']) })),
    problems: records(source['firstProblems']).map((one) => ({
      row: Number(one['row']) || 0,
      sku: text(one['sku']),
      column: text(one['column']),
      value: text(one['value']),
      reason: text(one['reason']),
    })),
    problemCount: count('problems') ?? 0,
  };
}

/** `640 of 1,032`, or `640` while nobody knows of how many. */
export const progressText = (t: TFunction, run: Pick<Run, 'done' | 'total'>): string =>
  run.total === null ? formatNumber(run.done) : t('run.progress', { done: formatNumber(run.done), total: formatNumber(run.total) });

/** What a run is doing or what came of it, in one phrase of a list. */
export function Happened({ run }: { run: Run }) {
  const { t } = useTranslation('activity');
  if (run.state === 'failed') return <Quiet state="bad">{run.error}</Quiet>;
  if (run.state === 'waiting') return <Quiet state="attention">{run.error}</Quiet>;
  if (run.state === 'queued') return <Quiet>{t('happened.queued')}</Quiet>;
  if (run.state === 'running') return <Quiet>{speedText(t, run)}</Quiet>;
  const parts = outcomeParts(t, run);
  if (run.state === 'cancelled')
    return (
      <Quiet>
        {run.total === null
          ? t('happened.cancelled', { done: formatNumber(run.done) })
          : t('happened.cancelledOf', { done: formatNumber(run.done), total: formatNumber(run.total) })}
      </Quiet>
    );
  return parts.length === 0 ? <Quiet>{t('happened.nothingNew')}</Quiet> : <span>{parts}</span>;
}

/** `11 a second, ends in 36 s`. */
function speedText(t: ActivityT, run: Run): string {
  const parts = [
    run.rate === null || run.rate <= 0 ? undefined : t('happened.rate', { rate: formatNumber(run.rate, { places: run.rate < 10 ? 1 : 0 }) }),
    run.etaSeconds === null ? undefined : t('happened.ends', { duration: formatDuration(run.etaSeconds * 1000) }),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? t('happened.started') : parts.join(', ');
}

function outcomeParts(t: ActivityT, run: Run): ReactNode[] {
  const outcome = outcomeOf(run);
  const parts = told.flatMap((name): { key: string; words: string; bad: boolean }[] => {
    const figure = outcome.figures.find((one) => one.name === name);
    return figure === undefined || figure.count === 0
      ? []
      : [{ key: name, words: t(`brief.${name}`, { number: formatNumber(figure.count) }), bad: figure.trouble }];
  });
  if (outcome.gaps.length > 0)
    parts.push({ key: 'gaps', words: t('happened.gaps', { count: outcome.gaps.length, number: formatNumber(outcome.gaps.length) }), bad: true });
  return parts.map((part, place) => (
    <span key={part.key}>
      {place === 0 ? '' : ', '}
      {part.bad ? <Quiet state="attention">{part.words}</Quiet> : part.words}
    </span>
  ));
}

/** How long a run has worked, in words; nothing before it began. */
export const tookText = (run: Pick<Run, 'startedAt' | 'finishedAt'>): string | undefined =>
  run.startedAt === null || run.finishedAt === null
    ? undefined
    : formatDuration(Math.max(0, new Date(run.finishedAt).getTime() - new Date(run.startedAt).getTime()));

const kinds = ['catalog.import', 'channels.pull', 'orders.pull', 'orders.sweep'] as const;
export const kindTitle = (t: ActivityT, kind: string): string => {
  const known = kinds.find((one) => one === kind);
  return known === undefined ? kind : t(`kindTitle.${known}`);
};
