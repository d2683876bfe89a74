import { sql } from './db.ts';
import type { Tx } from './db.ts';

/** Rows looked at in one go; each names up to 200 entities. */
const ROWS = 100;

/**
 * Takes events addressed to `subscriber` until they name about `limit` entities, oldest first, and deletes them in this transaction: if it
 * rolls back or the process dies, they are there again. Returns the distinct ids per event type, and whether more may be waiting.
 */
export async function takeEvents(tx: Tx, subscriber: string, limit: number): Promise<{ count: number; more: boolean; ids(type: string): string[] }> {
  const waiting = await tx.rows<{ id: number; type: string; entity_ids: string[] }>(sql`
    select id, type, entity_ids from event where subscriber = ${subscriber} order by id limit ${ROWS} for update skip locked`);
  let count = 0;
  const taken = waiting.filter((row) => {
    const fits = count === 0 || count + row.entity_ids.length <= limit;
    if (fits) count += row.entity_ids.length;
    return fits;
  });
  if (taken.length > 0) await tx.run(sql`delete from event where id = any(${taken.map((row) => row.id)}::bigint[])`);
  return {
    count,
    more: waiting.length === ROWS || taken.length < waiting.length,
    ids: (type) => [...new Set(taken.filter((row) => row.type === type).flatMap((row) => row.entity_ids))],
  };
}
