import { sql } from '../../kit/db.ts';
import type { Db, Tx } from '../../kit/db.ts';
import type { Actor } from '../../kit/actor.ts';
import { notFound } from '../../kit/errors.ts';
import type { RunRow } from './tables.ts';

export type { RunRow } from './tables.ts';
export { syncErrors } from './contract.ts';
export { raiseWatermark, readWatermarks } from './cursors.ts';
export { toRun } from './reads.ts';

/** One way of working: how a run of this kind takes its next step. */
export interface RunKind {
  kind: string;
  /**
   * Does one bounded step: reads the outside world first, then writes results, progress and cursor in ONE transaction
   * (`saveProgress` inside it), so that dying anywhere repeats at most this step. Steps must bear repetition.
   */
  step(run: RunRow, signal: AbortSignal): Promise<'more' | 'finished'>;
  /** Pauses after `unavailable` and `rate_limited` answers that name no time, in milliseconds; the last one repeats. */
  pausesMs?: readonly number[];
  /** After that many pauses in a row the run fails; a scheduled kind starts afresh next time. Default 20. */
  maxPauses?: number;
  /** Called in the transaction that ends the run in any way, so that the owner can tidy up. */
  onEnd?(tx: Tx, run: RunRow, state: 'done' | 'failed' | 'cancelled'): Promise<void>;
}

export interface RunRequest {
  kind: string;
  /** For people: "Import of spring.csv". */
  title: string;
  subjectKind?: string;
  subjectId?: string;
  companyId?: string | null;
  input?: Record<string, unknown>;
  total?: number;
  changeSetId?: string;
}

/**
 * Starts a run in this transaction and wakes the workers. When the subject already has an active run of the kind, that one is
 * returned instead (`started: false`): a second click or schedule never doubles work.
 */
export async function startRun(tx: Tx, actor: Actor, request: RunRequest): Promise<{ id: string; started: boolean }> {
  const id = tx.newId();
  const subject = request.subjectId ?? null;
  const inserted = await tx.maybe<{ id: string }>(sql`
    insert into run (id, kind, title, subject_kind, subject_id, company_id, state, input, total, actor, change_set_id, created_at)
    values (${id}, ${request.kind}, ${request.title}, ${request.subjectKind ?? null}, ${subject}, ${request.companyId ?? null}, 'queued',
      ${JSON.stringify(request.input ?? {})}, ${request.total ?? null}, ${JSON.stringify({ kind: actor.kind, id: actor.id, name: actor.name })},
      ${request.changeSetId ?? null}, ${tx.now})
    on conflict (kind, subject_id) where subject_id is not null and state in ('queued', 'running', 'waiting') do nothing
    returning id`);
  if (inserted === undefined) {
    const active = await tx.one<{ id: string }>(sql`
      select id from run where kind = ${request.kind} and subject_id = ${subject} and state in ('queued', 'running', 'waiting')`);
    return { id: active.id, started: false };
  }
  wakeRuns(tx);
  return { id, started: true };
}

/** How many runs one worker process executes at the same time. */
export const RUN_LANES = 3;

/** Wakes the workers that execute runs. */
export function wakeRuns(tx: Tx): void {
  for (let lane = 1; lane <= RUN_LANES; lane++) tx.wake(`sync.runs.${lane}`);
}

export interface Progress {
  done?: number;
  total?: number | null;
  failed?: number;
  cursor?: unknown;
  outcome?: unknown;
  title?: string;
  changeSetId?: string;
  /** This run found nothing new; lists leave it out once it is done. */
  quiet?: boolean;
}

/** Writes progress in the step's own transaction. Absent members stay as they are. */
export async function saveProgress(tx: Tx, runId: string, progress: Progress): Promise<void> {
  await tx.run(sql`
    update run set
      done = coalesce(${progress.done ?? null}, done),
      total = ${progress.total === undefined ? sql`total` : sql`${progress.total}::integer`},
      failed = coalesce(${progress.failed ?? null}, failed),
      cursor = ${progress.cursor === undefined ? sql`cursor` : sql`${JSON.stringify(progress.cursor)}::jsonb`},
      outcome = ${progress.outcome === undefined ? sql`outcome` : sql`${JSON.stringify(progress.outcome)}::jsonb`},
      title = coalesce(${progress.title ?? null}, title),
      change_set_id = coalesce(${progress.changeSetId ?? null}, change_set_id),
      quiet = coalesce(${progress.quiet ?? null}, quiet),
      progressed_at = ${tx.now}, attempt = 0
    where id = ${runId}`);
}

/** One run; other companies' runs do not exist for a limited actor. */
export async function getRun(db: Db, actor: Actor, id: string): Promise<RunRow> {
  const row = await db.maybe<RunRow>(sql`
    select * from run where id = ${id} and (company_id is null or ${actor.companyIds}::uuid[] is null or company_id = any(${actor.companyIds}::uuid[]))`);
  if (row === undefined) throw notFound('run');
  return row;
}

/** Asks a run to stop after its present step; a waiting or queued one ends at once. Repeating it changes nothing. */
export async function cancelRun(tx: Tx, actor: Actor, id: string): Promise<RunRow> {
  await getRun(tx, actor, id);
  await tx.run(sql`update run set cancel_requested = true where id = ${id} and state in ('queued', 'running', 'waiting')`);
  wakeRuns(tx);
  return getRun(tx, actor, id);
}
