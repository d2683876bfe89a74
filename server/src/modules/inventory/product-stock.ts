import { sql } from '../../kit/db.ts';
import type { Db, Sql, Tx } from '../../kit/db.ts';

/** What products have by their items: available and on_hand, in whole products where they are made of components. */
export const stockOfProducts = (where: Sql): Sql => sql`
  select source.product_id,
    case when count(*) = 1 and min(source.quantity) = 1 then min(item.on_hand - item.reserved)
      else floor(min((item.on_hand - item.reserved) / source.quantity)) end as available,
    case when count(*) = 1 and min(source.quantity) = 1 then min(item.on_hand) else floor(min(item.on_hand / source.quantity)) end as on_hand
  from product_source as source join inventory_item as item on item.id = source.item_id
  where ${where}
  group by source.product_id`;

/**
 * Works `product_stock` of these products out anew and emits `stock.changed` for those whose available number changed.
 * Rows are locked first, so that two transactions moving different components of one product see each other's result.
 * A product that was unknown until now and has nothing emits nothing: there is nothing to tell a channel.
 */
export async function refreshProductStock(tx: Tx, productIds: readonly string[]): Promise<{ checked: number; corrected: number }> {
  if (productIds.length === 0) return { checked: 0, corrected: 0 };
  await tx.run(sql`select 1 from product_stock where product_id = any(${productIds}::uuid[]) order by product_id for update`);
  const rows = await tx.rows<{ product_id: string; shows: boolean; changed: boolean }>(sql`
    with fresh as (${stockOfProducts(sql`source.product_id = any(${productIds}::uuid[])`)}),
    written as (
      insert into product_stock (product_id, available, on_hand, reserved, synced_at)
      select product_id, available, on_hand, on_hand - available, ${tx.now} from fresh order by product_id
      on conflict (product_id) do update set available = excluded.available, on_hand = excluded.on_hand, reserved = excluded.reserved, synced_at = excluded.synced_at
      returning product_id,
        (old.available, old.on_hand, old.reserved) is distinct from (new.available, new.on_hand, new.reserved) as changed,
        case when old.product_id is null then new.available <> 0 else old.available <> new.available end as shows),
    gone as (
      delete from product_stock as stock where stock.product_id = any(${productIds}::uuid[])
        and not exists (select from product_source as source where source.product_id = stock.product_id)
      returning stock.product_id)
    select product_id, shows, changed from written union all select product_id, true, true from gone`);
  tx.emit(
    'stock.changed',
    rows.filter((row) => row.shows).map((row) => row.product_id),
  );
  return { checked: rows.length, corrected: rows.filter((row) => row.changed).length };
}

/** As `refreshProductStock`, for every product that takes stock from these items. */
export async function refreshItems(tx: Tx, itemIds: readonly string[]): Promise<void> {
  if (itemIds.length === 0) return;
  const products = await tx.rows<{ product_id: string }>(sql`select distinct product_id from product_source where item_id = any(${itemIds}::uuid[])`);
  await refreshProductStock(
    tx,
    products.map((row) => row.product_id),
  );
}

/** Pieces that may still be sold, per product id; products whose stock is unknown are not in the map. Below zero means oversold. */
export async function available(db: Db, productIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.rows<{ product_id: string; available: number }>(sql`
    select product_id, available::float8 as available from product_stock where product_id = any(${productIds}::uuid[])`);
  return new Map(rows.map((row) => [row.product_id, row.available]));
}

const SYNC_STEP = 5000;

/** Recomputes the stock of the given products, or of all; the items are the truth. In steps, in the order of product ids. */
export async function syncStock(tx: Tx, productIds: readonly string[] | undefined): Promise<{ checked: number; corrected: number; unmapped: number }> {
  const total = { checked: 0, corrected: 0 };
  for (let after: string | null = null; ;) {
    const step: { id: string }[] = await tx.rows<{ id: string }>(sql`
      select id from product where (${productIds ?? null}::uuid[] is null or id = any(${productIds ?? null}::uuid[])) and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${SYNC_STEP}`);
    const last = step.at(-1);
    if (last === undefined) break;
    const done = await refreshProductStock(
      tx,
      step.map((row) => row.id),
    );
    total.checked += step.length;
    total.corrected += done.corrected;
    after = last.id;
  }
  const { unmapped } = await tx.one<{ unmapped: number }>(sql`
    select count(*)::int as unmapped from product
    where (${productIds ?? null}::uuid[] is null or id = any(${productIds ?? null}::uuid[]))
      and not exists (select from product_source as source where source.product_id = product.id)`);
  return { ...total, unmapped };
}
