import { systemActor } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { AppError, notFound } from '../../kit/errors.ts';
import { inventoryErrors } from './contract.ts';
import { lockItems } from './locks.ts';
import { refreshProductStock } from './product-stock.ts';
import { compositesOf, productFacts, sourcesBy } from './reads.ts';

export interface ItemWish {
  productId: string;
  sku: string;
  name: string;
  location?: string;
}

/**
 * Works out anew from which items these products, and everything made of them, take their stock; then their `product_stock`.
 * Emits `product.source_changed` for products that take it from elsewhere now, so that their promises can follow.
 */
export async function rebuildSources(tx: Tx, productIds: readonly string[]): Promise<void> {
  const all = [...new Set([...productIds, ...(await compositesOf(tx, productIds))])];
  if (all.length === 0) return;
  // Whoever moves one of these items now either sees the new sources or has its result seen here.
  const items = await tx.rows<{ item_id: string }>(sql`select distinct item_id from (${sourcesBy(all)}) as fresh`);
  await lockItems(
    tx,
    items.map((row) => row.item_id),
  );
  const changed = await tx.rows<{ product_id: string; was: boolean }>(sql`
    with fresh as (${sourcesBy(all)}),
    gone as (
      delete from product_source as source where source.product_id = any(${all}::uuid[])
        and not exists (select from fresh where fresh.product_id = source.product_id and fresh.item_id = source.item_id)
      returning source.product_id),
    written as (
      insert into product_source as source (product_id, item_id, quantity) select product_id, item_id, quantity from fresh order by product_id, item_id
      on conflict (product_id, item_id) do update set quantity = excluded.quantity where source.quantity <> excluded.quantity
      returning source.product_id, old.product_id is not null as was)
    select product_id, bool_or(was) as was from (select product_id, true as was from gone union all select product_id, was from written) as touched group by product_id`);
  await refreshProductStock(
    tx,
    changed.map((row) => row.product_id),
  );
  tx.emit(
    'product.source_changed',
    changed.filter((row) => row.was).map((row) => row.product_id),
  );
}

/** As `ensureItems`; tells which items did not exist before. */
export async function makeItems(tx: Tx, actor: Actor, wishes: readonly ItemWish[]): Promise<{ created: string[] }> {
  if (wishes.length === 0) return { created: [] };
  const wanted = [...new Map(wishes.map((wish) => [wish.productId, wish])).values()];
  // Two statements: an item that somebody else made at the same moment is seen by the second.
  const created = await tx.rows<{ id: string; is_new: boolean }>(sql`
    insert into inventory_item as item (id, sku, name, location, created_at, updated_at)
    select distinct on (wanted.sku) wanted.id, wanted.sku, wanted.name, wanted.location, ${tx.now}::timestamptz, ${tx.now}::timestamptz
    from unnest(${wanted.map(() => tx.newId())}::uuid[], ${wanted.map((wish) => wish.productId)}::uuid[], ${wanted.map((wish) => wish.sku)}::text[],
      ${wanted.map((wish) => wish.name)}::text[], ${wanted.map((wish) => wish.location ?? '')}::text[]) as wanted(id, product_id, sku, name, location)
    where not exists (select from inventory_mapping as mapping where mapping.product_id = wanted.product_id)
      and not exists (select from product where product.id = wanted.product_id and product.is_composite)
    order by wanted.sku
    on conflict (sku) do update set archived_at = null, updated_at = excluded.updated_at where item.archived_at is not null
    returning item.id, old.id is null as is_new`);
  const mapped = await tx.rows<{ product_id: string }>(sql`
    insert into inventory_mapping (product_id, item_id, mapped_by, mapped_at)
    select wanted.product_id, item.id, ${actor.name}, ${tx.now}
    from unnest(${wanted.map((wish) => wish.productId)}::uuid[], ${wanted.map((wish) => wish.sku)}::text[]) as wanted(product_id, sku)
    join inventory_item as item on item.sku = wanted.sku
    join product on product.id = wanted.product_id and not product.is_composite
    order by wanted.product_id
    on conflict (product_id) do nothing returning product_id`);
  await rebuildSources(
    tx,
    mapped.map((row) => row.product_id),
  );
  return { created: created.filter((row) => row.is_new).map((row) => row.id) };
}

/**
 * Gives every product that has none an inventory item with its SKU and maps it; what exists already stays as it is. Products made of
 * components get none: their stock follows from the components. Repeating it changes nothing.
 */
export async function ensureItems(tx: Tx, actor: Actor, wishes: readonly ItemWish[]): Promise<void> {
  await makeItems(tx, actor, wishes);
}

export type Sources = Map<string, { itemId: string; quantity: string }[]>;

/** From which items products take their stock; products (and components) without an item get one first. */
export async function ensureSources(tx: Tx, productIds: readonly string[]): Promise<Sources> {
  const wanted = [...new Set(productIds)];
  const read = async (): Promise<Sources> => {
    const sources: Sources = new Map();
    const rows = await tx.rows<{ product_id: string; item_id: string; quantity: string }>(sql`
      select product_id, item_id, quantity from product_source where product_id = any(${wanted}::uuid[])`);
    for (const row of rows) sources.set(row.product_id, [...(sources.get(row.product_id) ?? []), { itemId: row.item_id, quantity: row.quantity }]);
    return sources;
  };
  const known = await read();
  const homeless = wanted.filter((id) => !known.has(id));
  if (homeless.length === 0) return known;
  const facts = await productFacts(tx, homeless);
  await makeItems(
    tx,
    systemActor,
    facts.filter((product) => !product.isComposite),
  );
  await rebuildSources(tx, homeless);
  return read();
}

/** Lets a product take its stock from an item. Promises already made follow it to the new item. */
export async function mapProduct(tx: Tx, actor: Actor, productId: string, itemId: string | undefined): Promise<void> {
  const product = await tx.maybe<{ is_composite: boolean; sku: string; title: string; warehouse_location: string }>(sql`
    select is_composite, sku, title, warehouse_location from product where id = ${productId}`);
  if (product === undefined) throw notFound('product');
  if (product.is_composite) throw new AppError(inventoryErrors['stock.not_applicable'], { field: 'productId' });
  if (itemId === undefined) return ensureItems(tx, actor, [{ productId, sku: product.sku, name: product.title, location: product.warehouse_location }]);
  const item = await tx.maybe<{ id: string }>(sql`select id from inventory_item where id = ${itemId} and archived_at is null for update`);
  if (item === undefined) throw notFound('inventory item');
  const mapped = await tx.run(sql`
    insert into inventory_mapping as mapping (product_id, item_id, mapped_by, mapped_at) values (${productId}, ${itemId}, ${actor.name}, ${tx.now})
    on conflict (product_id) do update set item_id = excluded.item_id, mapped_by = excluded.mapped_by, mapped_at = excluded.mapped_at
    where mapping.item_id <> excluded.item_id`);
  if (mapped > 0) await rebuildSources(tx, [productId]);
}
