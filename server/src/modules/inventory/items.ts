import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { AppError, commonErrors, notFound } from '../../kit/errors.ts';
import { closeChangeSet, openChangeSet, recordChanges } from '../accounts/changes.ts';
import type { InventoryItemDetail } from './contract.ts';
import { adjustItem } from './ledger.ts';
import { getItem } from './reads.ts';

/** Moves one item by hand inside a change set of its own, so that it can be taken back. */
export async function adjust(
  tx: Tx,
  actor: Actor,
  input: { id: string; delta?: number | undefined; quantity?: number | undefined; cause: 'adjustment' | 'count' | 'receipt'; note: string },
): Promise<InventoryItemDetail> {
  const item = await tx.maybe<{ sku: string }>(sql`select sku from inventory_item where id = ${input.id}`);
  if (item === undefined) throw notFound('inventory item');
  const changeSetId = await openChangeSet(tx, actor, {
    kind: 'stock',
    reason: input.note === '' ? `Stock of ${item.sku}` : `Stock of ${item.sku}: ${input.note}`,
  });
  const change = input.delta === undefined ? { quantity: input.quantity ?? 0 } : { delta: input.delta };
  await adjustItem(tx, actor, { cause: input.cause, note: input.note, changeSetId }, input.id, change);
  // A count that only confirms what we knew moves nothing, and an empty change set goes away.
  await closeChangeSet(tx, changeSetId);
  return getItem(tx, actor, input.id);
}

/** Changes reorder point and location. A stale version is refused with what stands there now. */
export async function updateItem(
  tx: Tx,
  actor: Actor,
  input: { id: string; version: number; reorderPoint: number | null; location: string },
): Promise<InventoryItemDetail> {
  const before = await tx.maybe<{ version: number; sku: string }>(sql`select version, sku from inventory_item where id = ${input.id} for update`);
  if (before === undefined) throw notFound('inventory item');
  if (before.version !== input.version)
    throw new AppError(commonErrors['resource.stale'], { data: { current: await getItem(tx, actor, input.id), yours: input } });
  const changeSetId = await openChangeSet(tx, actor, { kind: 'edit', reason: `${before.sku}: reorder point and location` });
  await tx.run(sql`
    with changed as (
      update inventory_item set reorder_point = ${input.reorderPoint}, location = ${input.location}, version = version + 1, updated_at = ${tx.now}
      where id = ${input.id} and (reorder_point, location) is distinct from (${input.reorderPoint}::numeric, ${input.location}::text)
      returning inventory_item.id, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
    logged as (${recordChanges(changeSetId, 'inventory_item', 'update')})
    select 1 from changed`);
  await closeChangeSet(tx, changeSetId);
  return getItem(tx, actor, input.id);
}
