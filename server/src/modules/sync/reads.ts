import { empty, sql } from '../../kit/db.ts';
import type { Db } from '../../kit/db.ts';
import type { Actor } from '../../kit/actor.ts';
import { decodeCursor, toPage } from '../../kit/page.ts';
import type { Page } from '../../kit/page.ts';
import type { Run } from './contract.ts';
import type { RunRow } from './tables.ts';

/** A run as people and programs see it. The rate is items per second since it began; the ETA follows from it. */
export function toRun(row: RunRow): Run {
  const seconds = row.started_at === null ? 0 : ((row.finished_at ?? row.progressed_at ?? row.started_at).getTime() - row.started_at.getTime()) / 1000;
  const rate = seconds > 0 && row.done > 0 ? row.done / seconds : null;
  const left = row.total === null ? null : Math.max(0, row.total - row.done);
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    subjectKind: row.subject_kind,
    subjectId: row.subject_id,
    state: row.state,
    done: row.done,
    total: row.total,
    failed: row.failed,
    rate: rate === null ? null : Math.round(rate * 10) / 10,
    etaSeconds: row.state === 'running' && rate !== null && left !== null ? Math.round(left / rate) : null,
    retryAt: row.retry_at?.toISOString() ?? null,
    errorCode: row.error_code,
    error: row.error,
    outcome: row.outcome as Record<string, unknown> | null,
    cancelRequested: row.cancel_requested,
    changeSetId: row.change_set_id,
    actorName: (row.actor as { name: string }).name,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}

/** Runs, newest first, without those that found nothing new unless `all` (index run_newest; run_subject with a subject). */
export async function listRuns(
  db: Db,
  actor: Actor,
  input: {
    limit: number;
    cursor?: string | undefined;
    state?: 'active' | 'ended' | undefined;
    kind?: string | undefined;
    subjectId?: string | undefined;
    all?: boolean | undefined;
  },
): Promise<Page<Run>> {
  const after = decodeCursor(input.cursor, 'newest', 2);
  const rows = await db.rows<RunRow>(sql`
    select * from run
    where (company_id is null or ${actor.companyIds}::uuid[] is null or company_id = any(${actor.companyIds}::uuid[]))
      ${after === undefined ? empty : sql`and (created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
      ${input.state === undefined ? empty : input.state === 'active' ? sql`and state in ('queued', 'running', 'waiting')` : sql`and state in ('done', 'failed', 'cancelled')`}
      ${input.all === true ? empty : sql`and not (quiet and state = 'done')`}
      ${input.kind === undefined ? empty : sql`and kind = ${input.kind}`}
      ${input.subjectId === undefined ? empty : sql`and subject_id = ${input.subjectId}`}
    order by created_at desc, id desc limit ${input.limit + 1}`);
  return toPage(rows, input.limit, 'newest', (row) => [row.created_at.toISOString(), row.id], toRun);
}
