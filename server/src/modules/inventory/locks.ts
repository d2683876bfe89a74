import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';

/** Locks items in the order of their ids: whoever moves or promises stock takes them this way, so nobody waits in a circle. */
export async function lockItems(tx: Tx, itemIds: readonly string[]): Promise<void> {
  await tx.run(sql`select 1 from inventory_item where id = any(${itemIds}::uuid[]) order by id for update`);
}
