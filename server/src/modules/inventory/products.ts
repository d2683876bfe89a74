import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { takeEvents } from '../../kit/events.ts';
import { newcomersWithItems, renamedItems } from './reads.ts';
import { makeItems, rebuildSources } from './sources.ts';

const EVENTS_A_PASS = 1000;

/**
 * Follows the catalogue: a product that comes back gets its item back, items are called like their products, recipes are worked out
 * anew, and items whose product is gone and that hold nothing leave the lists.
 */
export async function reactToProducts(tx: Tx): Promise<boolean> {
  const events = await takeEvents(tx, 'inventory.products', EVENTS_A_PASS);
  const [created, updated] = [events.ids('product.created'), events.ids('product.updated')];
  await makeItems(tx, systemActor, await newcomersWithItems(tx, created));
  const renamed = await renamedItems(tx, updated);
  if (renamed.length > 0) {
    await tx.run(sql`
      update inventory_item as item set name = now.name, updated_at = ${tx.now}
      from unnest(${renamed.map((row) => row.id)}::uuid[], ${renamed.map((row) => row.name)}::text[]) as now(id, name) where item.id = now.id`);
  }
  const composites = await tx.rows<{ id: string }>(sql`
    select id from product where id = any(${[...created, ...updated]}::uuid[]) and (is_composite or exists (
      select from product_source as source where source.product_id = product.id
        and not exists (select from inventory_mapping as mapping where mapping.product_id = source.product_id and mapping.item_id = source.item_id)))`);
  await rebuildSources(
    tx,
    composites.map((row) => row.id),
  );
  if (events.ids('product.deleted').length > 0) {
    await tx.run(sql`
      update inventory_item as item set archived_at = ${tx.now}
      where item.archived_at is null and item.on_hand = 0 and item.reserved = 0
        and not exists (select from inventory_mapping as mapping where mapping.item_id = item.id)
        and not exists (select from product where product.sku = item.sku)`);
  }
  return events.more;
}
