import { sql } from '../../kit/db.ts';
import type { Db, Tx } from '../../kit/db.ts';

/** Up to which instant a repeated pull has read, per scope of a subject; scopes never read are not in the map. */
export async function readWatermarks(db: Db, subjectId: string): Promise<Map<string, Date>> {
  const rows = await db.rows<{ scope: string; until: string }>(sql`select scope, cursor ->> 'until' as until from sync_cursor where subject_id = ${subjectId}`);
  return new Map(rows.map((row) => [row.scope, new Date(row.until)]));
}

/** Moves a watermark on, in the transaction that wrote what was read; it never goes back. */
export async function raiseWatermark(tx: Tx, subjectId: string, scope: string, until: Date): Promise<void> {
  await tx.run(sql`
    insert into sync_cursor (subject_id, scope, cursor, updated_at) values (${subjectId}, ${scope}, ${JSON.stringify({ until: until.toISOString() })}::jsonb, ${tx.now})
    on conflict (subject_id, scope) do update set cursor = excluded.cursor, updated_at = excluded.updated_at
    where (sync_cursor.cursor ->> 'until')::timestamptz < (excluded.cursor ->> 'until')::timestamptz`);
}
