import { sql } from '../../kit/db.ts';
import type { Db } from '../../kit/db.ts';
import { stockOfProducts } from './product-stock.ts';

/** A number that is not what the rows behind it say. */
export interface LedgerViolation {
  what: 'on_hand' | 'balance' | 'reserved' | 'product_stock';
  /** Item, or product for `product_stock`. */
  id: string;
  expected: number | null;
  found: number | null;
}

/**
 * Compares every number kept for speed with the rows it stands for: on_hand with the sum of movements and the last balance, reserved
 * with the open reservations, product_stock with the items. Empty when all is well. Reads everything: for tests and health checks.
 */
export const checkLedger = (db: Db): Promise<LedgerViolation[]> =>
  db.rows<LedgerViolation>(sql`
    with moved as (
      select item_id, sum(delta) as total, count(*) filter (where balance <> running) as broken
      from (select item_id, delta, balance, sum(delta) over (partition by item_id order by seq) as running from stock_movement) as step group by item_id),
    held as (select item_id, sum(quantity) as total from stock_reservation where released_at is null group by item_id),
    fresh as (${stockOfProducts(sql`true`)})
    select 'on_hand' as what, item.id, coalesce(moved.total, 0)::float8 as expected, item.on_hand::float8 as found
    from inventory_item as item left join moved on moved.item_id = item.id where item.on_hand <> coalesce(moved.total, 0)
    union all
    select 'balance', item_id, 0, broken from moved where broken > 0
    union all
    select 'reserved', item.id, coalesce(held.total, 0)::float8, item.reserved::float8
    from inventory_item as item left join held on held.item_id = item.id where item.reserved <> coalesce(held.total, 0)
    union all
    select 'product_stock', coalesce(fresh.product_id, stock.product_id), fresh.available::float8, stock.available::float8
    from fresh full join product_stock as stock on stock.product_id = fresh.product_id
    where (fresh.available, fresh.on_hand) is distinct from (stock.available, stock.on_hand)
    limit 1000`);

/**
 * Order lines whose promise is not covered by what is on hand, among these products' items: promises are served in the order in
 * which they were made.
 */
export async function oversoldLines(db: Db, productIds: readonly string[]): Promise<string[]> {
  const rows = await db.rows<{ order_line_id: string }>(sql`
    select distinct promised.order_line_id
    from (select item.id, item.on_hand from inventory_item as item
      where item.id in (select item_id from product_source where product_id = any(${productIds}::uuid[])) and item.on_hand < item.reserved) as item
    cross join lateral (
      select held.order_line_id, sum(held.quantity) over (order by held.created_at, held.id) as so_far
      from stock_reservation as held where held.item_id = item.id and held.released_at is null) as promised
    where promised.so_far > item.on_hand`);
  return rows.map((row) => row.order_line_id);
}
