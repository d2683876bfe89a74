import { ConnectorError, AppError } from '../../kit/errors.ts';
import { sql } from '../../kit/db.ts';
import type { Database, Tx } from '../../kit/db.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Loop } from '../../kit/jobs.ts';
import type { Logger } from '../../kit/log.ts';
import { RUN_LANES } from './sync.ts';
import type { RunKind, RunRow } from './sync.ts';

/** A worker that dies leaves its run to others after this time. */
const LEASE_MS = 30_000;
const DEFAULT_PAUSES_MS = [10_000, 30_000, 120_000, 300_000, 900_000, 1_800_000] as const;

type Verdict = { state: 'waiting'; retryAt: Date; code: string; message: string } | { state: 'failed'; code: string; message: string };

/** What a failed step means for the run. `pauses` counts the pauses in a row before this one. */
export function judge(error: unknown, kind: RunKind, pauses: number, now: Date): Verdict {
  const ladder = kind.pausesMs ?? DEFAULT_PAUSES_MS;
  const later = new Date(now.getTime() + (ladder[Math.min(pauses, ladder.length - 1)] ?? 60_000));
  const patience = kind.maxPauses ?? 20;
  if (error instanceof ConnectorError) {
    const code = `platform.${error.kind}`;
    const mayWait = error.kind === 'rate_limited' || ((error.kind === 'unavailable' || (error.kind === 'bad_response' && pauses < 3)) && pauses < patience);
    if (!mayWait) return { state: 'failed', code, message: error.message };
    const retryAt = error.retryAt !== undefined && error.retryAt > now ? error.retryAt : later;
    return { state: 'waiting', retryAt, code, message: error.message };
  }
  if (error instanceof AppError) return { state: 'failed', code: error.code, message: error.message };
  if (pauses < 3) return { state: 'waiting', retryAt: later, code: 'server.failed', message: 'A step went wrong on our side; it is tried again.' };
  return { state: 'failed', code: 'server.failed', message: 'A step went wrong on our side several times. The log has the details under this run id.' };
}

/** Takes the oldest due run: new, waited long enough, asked to stop, or left behind by a worker that died. */
const takeDue = (db: Database, now: Date, worker: string): Promise<RunRow | undefined> =>
  db.maybe<RunRow>(sql`
    update run set state = case when cancel_requested then state else 'running' end, leased_by = ${worker},
      leased_until = ${new Date(now.getTime() + LEASE_MS)}, started_at = coalesce(started_at, ${now}), retry_at = null
    where id = (
      select id from run
      where state in ('queued', 'running', 'waiting')
        and case state when 'queued' then true when 'waiting' then retry_at <= ${now} or cancel_requested else leased_until < ${now} end
      order by created_at limit 1 for update skip locked)
    returning *`);

async function end(
  db: Database,
  kind: RunKind,
  run: RunRow,
  state: 'done' | 'failed' | 'cancelled',
  code: string | null,
  message: string | null,
): Promise<void> {
  await db.transaction(async (tx: Tx) => {
    const ended = await tx.run(sql`
      update run set state = ${state}, error_code = ${code}, error = ${message}, finished_at = ${tx.now}, leased_until = null, leased_by = null, retry_at = null
      where id = ${run.id} and state in ('queued', 'running', 'waiting') and leased_by = ${run.leased_by}`);
    if (ended === 1) await kind.onEnd?.(tx, run, state);
  });
}

/** Executes one run until it ends, waits, or the process is asked to stop; renews its lease while steps are under way. */
async function execute(db: Database, clock: Clock, log: Logger, kind: RunKind, taken: RunRow, signal: AbortSignal): Promise<void> {
  const renewal = setInterval(() => {
    void db
      .run(sql`update run set leased_until = ${new Date(clock.now().getTime() + LEASE_MS)} where id = ${taken.id} and leased_by = ${taken.leased_by}`)
      .catch((error: unknown) => log.warn({ err: error, run: taken.id }, 'could not renew the lease of a run'));
  }, LEASE_MS / 3);
  try {
    for (let run: RunRow | undefined = taken; run !== undefined;) {
      if (run.cancel_requested) return await end(db, kind, run, 'cancelled', null, null);
      let answer: 'more' | 'finished';
      try {
        answer = await kind.step(run, signal);
      } catch (error) {
        if (signal.aborted) return await giveBack(db, run);
        const verdict = judge(error, kind, run.attempt, clock.now());
        if (!(error instanceof ConnectorError || error instanceof AppError)) log.error({ err: error, run: run.id, kind: run.kind }, 'a run step failed');
        if (verdict.state === 'failed') return await end(db, kind, run, 'failed', verdict.code, verdict.message);
        await db.run(sql`
          update run set state = 'waiting', retry_at = ${verdict.retryAt}, error_code = ${verdict.code}, error = ${verdict.message},
            attempt = attempt + 1, leased_until = null, leased_by = null
          where id = ${run.id} and leased_by = ${run.leased_by}`);
        return;
      }
      if (answer === 'finished') return await end(db, kind, run, 'done', null, null);
      if (signal.aborted) return await giveBack(db, run);
      run = await db.maybe<RunRow>(sql`
        update run set error = null, error_code = null where id = ${run.id} and leased_by = ${run.leased_by} and state = 'running' returning *`);
    }
  } finally {
    clearInterval(renewal);
  }
}

/** A stopping process hands its run to the next one without waiting for the lease to end. */
const giveBack = async (db: Database, run: RunRow): Promise<void> => {
  await db.run(sql`update run set state = 'queued', leased_until = null, leased_by = null where id = ${run.id} and leased_by = ${run.leased_by}`);
};

/** The loops that execute runs of all kinds: `RUN_LANES` at a time in each worker process. */
export function runLoops(options: { db: Database; clock: Clock; log: Logger; kinds: ReadonlyMap<string, RunKind>; workerId: string }): Loop[] {
  const { db, clock, log, kinds } = options;
  return Array.from({ length: RUN_LANES }, (_, index) => ({
    name: `sync.runs.${index + 1}`,
    everyMs: 3000,
    async pass(signal) {
      const run = await takeDue(db, clock.now(), `${options.workerId}.${index + 1}.${Math.random().toString(36).slice(2)}`);
      if (run === undefined) return false;
      const kind = kinds.get(run.kind);
      if (kind === undefined) {
        log.error({ run: run.id, kind: run.kind }, 'no code for this kind of run');
        await end(
          db,
          { kind: run.kind, step: async () => 'finished' },
          run,
          'failed',
          'server.failed',
          'This version of Karavan does not know this kind of work.',
        );
        return true;
      }
      await execute(db, clock, log, kind, run, signal);
      return true;
    },
  }));
}
