import type { Actor } from '../../kit/actor.ts';
import { empty, join, raw, sql } from '../../kit/db.ts';
import type { Db, Sql } from '../../kit/db.ts';
import { notFound } from '../../kit/errors.ts';
import { COUNT_LIMIT, decodeCursor, toPage } from '../../kit/page.ts';
import type { Page } from '../../kit/page.ts';
import type { InventoryItem, InventoryItemDetail, InventoryMappingRow, ItemFilter, ItemSort, MovementCause, StockMovement } from './contract.ts';

interface ItemRow {
  id: string;
  sku: string;
  name: string;
  on_hand: number;
  reserved: number;
  available: number;
  available_text: string;
  reorder_point: number | null;
  location: string;
  version: number;
  created_at: Date;
  updated_at: Date;
  product: InventoryItem['product'];
  product_count: number;
  last_moved_at: Date | null;
}

const itemColumns = sql`
  item.id, item.sku, item.name, item.on_hand::float8 as on_hand, item.reserved::float8 as reserved, (item.on_hand - item.reserved)::float8 as available,
  (item.on_hand - item.reserved)::text as available_text, item.reorder_point::float8 as reorder_point, item.location, item.version, item.created_at, item.updated_at,
  (select jsonb_build_object('id', product.id, 'sku', product.sku, 'title', product.title, 'status', product.status)
    from inventory_mapping as mapping join product on product.id = mapping.product_id where mapping.item_id = item.id order by mapping.mapped_at, product.id limit 1) as product,
  (select count(*)::int from product_source as source where source.item_id = item.id) as product_count,
  (select movement.at from stock_movement as movement where movement.item_id = item.id order by movement.seq desc limit 1) as last_moved_at`;

const toItem = (row: ItemRow): InventoryItem => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  onHand: row.on_hand,
  reserved: row.reserved,
  available: row.available,
  reorderPoint: row.reorder_point,
  location: row.location,
  product: row.product,
  productCount: row.product_count,
  lastMovedAt: row.last_moved_at?.toISOString() ?? null,
  version: row.version,
  updatedAt: row.updated_at.toISOString(),
});

const pattern = (search: string): string => `%${search.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;

const filters: Record<ItemFilter, Sql> = {
  below_reorder_point: sql`item.on_hand - item.reserved <= item.reorder_point`,
  out_of_stock: sql`item.on_hand - item.reserved <= 0`,
  oversold: sql`item.on_hand - item.reserved < 0`,
  unmapped: sql`not exists (select from inventory_mapping as mapping where mapping.item_id = item.id)`,
};
const sortKeys: Record<ItemSort, Sql> = { sku: sql`item.sku`, name: sql`item.name`, available: sql`(item.on_hand - item.reserved)` };

/** Items by SKU (inventory_item_sku_key), name (inventory_item_by_name) or available (inventory_item_by_available, _to_reorder); words by inventory_item_words. */
export async function listItems(
  db: Db,
  input: {
    limit: number;
    cursor?: string | undefined;
    search?: string | undefined;
    filter?: ItemFilter | undefined;
    sort: ItemSort;
    direction: 'asc' | 'desc';
  },
): Promise<Page<InventoryItem>> {
  const order = `${input.sort} ${input.direction}`;
  const after = decodeCursor(input.cursor, order, 2);
  const key = sortKeys[input.sort];
  const type = raw(input.sort === 'available' ? 'numeric' : 'text');
  const direction = raw(input.direction);
  const search = input.search === undefined || input.search === '' ? undefined : pattern(input.search);
  const where = join(
    [
      sql`item.archived_at is null`,
      ...(input.filter === undefined ? [] : [filters[input.filter]]),
      ...(search === undefined ? [] : [sql`(item.sku ilike ${search} or item.name ilike ${search})`]),
    ],
    ' and ',
  );
  const rows = await db.rows<ItemRow>(sql`
    select ${itemColumns} from inventory_item as item
    where ${where} ${after === undefined ? empty : sql`and (${key}, item.id) ${raw(input.direction === 'asc' ? '>' : '<')} (${String(after[0])}::${type}, ${after[1]}::uuid)`}
    order by ${key} ${direction}, item.id ${direction} limit ${input.limit + 1}`);
  const page = toPage(rows, input.limit, order, (row) => [input.sort === 'available' ? row.available_text : row[input.sort], row.id], toItem);
  if (after !== undefined) return page;
  const { total } = await db.one<{ total: number }>(sql`
    select count(*)::int as total from (select from inventory_item as item where ${where} limit ${COUNT_LIMIT + 1}) as counted`);
  return { ...page, total: Math.min(total, COUNT_LIMIT), totalIsMore: total > COUNT_LIMIT };
}

/** Whether the caller may see an order of that company. */
const mayOrder = (actor: Actor): Sql => sql`(${actor.companyIds}::uuid[] is null or sold.company_id = any(${actor.companyIds}::uuid[]))`;

/** One item with its products and its oldest hundred open promises. */
export async function getItem(db: Db, actor: Actor, id: string): Promise<InventoryItemDetail> {
  const row = await db.maybe<ItemRow>(sql`select ${itemColumns} from inventory_item as item where item.id = ${id}`);
  if (row === undefined) throw notFound('inventory item');
  const products = await db.rows<InventoryItemDetail['products'][number]>(sql`
    select product.id, product.sku, product.title, product.status, product.is_composite as "isComposite", source.quantity::float8 as quantity, coalesce(stock.available, 0)::float8 as available
    from product_source as source join product on product.id = source.product_id left join product_stock as stock on stock.product_id = product.id
    where source.item_id = ${id} order by product.is_composite, product.sku limit 200`);
  const promises = await db.rows<{ quantity: number; created_at: Date; order: InventoryItemDetail['promises'][number]['order'] }>(sql`
    select held.quantity::float8 as quantity, held.created_at,
      case when sold.id is not null and ${mayOrder(actor)} then jsonb_build_object('id', sold.id, 'number', sold.number, 'channelId', sold.channel_id) end as order
    from stock_reservation as held left join order_line as line on line.id = held.order_line_id left join "order" as sold on sold.id = line.order_id
    where held.item_id = ${id} and held.released_at is null order by held.created_at, held.id limit 100`);
  return {
    ...toItem(row),
    products,
    createdAt: row.created_at.toISOString(),
    promises: promises.map((promise) => ({ quantity: promise.quantity, since: promise.created_at.toISOString(), order: promise.order })),
  };
}

/** Movements of one item, newest first (index stock_movement_item). */
export async function listMovements(
  db: Db,
  actor: Actor,
  input: { id: string; limit: number; cursor?: string | undefined; cause?: MovementCause | undefined },
): Promise<Page<StockMovement>> {
  const after = decodeCursor(input.cursor, 'newest', 1);
  if ((await db.maybe(sql`select from inventory_item where id = ${input.id}`)) === undefined) throw notFound('inventory item');
  const rows = await db.rows<{
    id: string;
    seq: number;
    at: Date;
    delta: number;
    balance: number;
    cause: MovementCause;
    note: string;
    actor_name: string;
    change_set_id: string | null;
    order: StockMovement['order'];
  }>(sql`
    select movement.id, movement.seq, movement.at, movement.delta::float8 as delta, movement.balance::float8 as balance, movement.cause, movement.note, movement.actor_name,
      movement.change_set_id, case when sold.id is not null and ${mayOrder(actor)} then jsonb_build_object('id', sold.id, 'number', sold.number) end as order
    from stock_movement as movement
    left join order_line as line on movement.subject_kind = 'order_line' and line.id = movement.subject_id
    left join "order" as sold on sold.id = line.order_id
    where movement.item_id = ${input.id} ${after === undefined ? empty : sql`and movement.seq < ${after[0]}::bigint`}
      ${input.cause === undefined ? empty : sql`and movement.cause = ${input.cause}`}
    order by movement.seq desc limit ${input.limit + 1}`);
  return toPage(
    rows,
    input.limit,
    'newest',
    (row) => [row.seq],
    (row) => ({
      id: row.id,
      at: row.at.toISOString(),
      delta: row.delta,
      balance: row.balance,
      cause: row.cause,
      note: row.note,
      actorName: row.actor_name,
      changeSetId: row.change_set_id,
      order: row.order,
    }),
  );
}

interface MappingRow {
  product: InventoryMappingRow['product'];
  item: InventoryMappingRow['item'];
  available: number | null;
  mapped_by: string | null;
  mapped_at: Date | null;
}

const mappingOf = (where: Sql): Sql => sql`
  select jsonb_build_object('id', product.id, 'sku', product.sku, 'title', product.title, 'status', product.status, 'isComposite', product.is_composite) as product,
    case when item.id is not null then jsonb_build_object('id', item.id, 'sku', item.sku, 'name', item.name) end as item,
    stock.available::float8 as available, mapping.mapped_by, mapping.mapped_at
  from product
  left join inventory_mapping as mapping on mapping.product_id = product.id
  left join inventory_item as item on item.id = mapping.item_id
  left join product_stock as stock on stock.product_id = product.id
  where ${where}`;

const toMapping = (row: MappingRow): InventoryMappingRow => ({
  product: row.product,
  item: row.item,
  available: row.available,
  mappedBy: row.mapped_by,
  mappedAt: row.mapped_at?.toISOString() ?? null,
});

/** Products with their items, by SKU (product_by_sku). Products made of components count as mapped. */
export async function listMappings(
  db: Db,
  input: { limit: number; cursor?: string | undefined; search?: string | undefined; show: 'unmapped' | 'mapped' | 'all' },
): Promise<Page<InventoryMappingRow>> {
  const after = decodeCursor(input.cursor, 'sku', 2);
  const search = input.search === undefined || input.search === '' ? undefined : pattern(input.search);
  const unmapped = sql`(not product.is_composite and not exists (select from inventory_mapping as own where own.product_id = product.id))`;
  const rows = await db.rows<MappingRow>(sql`
    ${mappingOf(sql`
      ${input.show === 'all' ? sql`true` : input.show === 'unmapped' ? unmapped : sql`not ${unmapped}`}
      ${search === undefined ? empty : sql`and (product.sku ilike ${search} or product.title ilike ${search})`}
      ${after === undefined ? empty : sql`and (product.sku, product.id) > (${String(after[0])}::text, ${after[1]}::uuid)`}`)}
    order by product.sku, product.id limit ${input.limit + 1}`);
  return toPage(rows, input.limit, 'sku', (row) => [row.product.sku, row.product.id], toMapping);
}

export const getMapping = async (db: Db, productId: string): Promise<InventoryMappingRow> =>
  toMapping(await db.one<MappingRow>(mappingOf(sql`product.id = ${productId}`)));

/** Products that are made, at any depth, of these. */
export async function compositesOf(db: Db, productIds: readonly string[]): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(sql`
    with recursive above(id) as (
      select parent_product_id from product_recipe where component_product_id = any(${productIds}::uuid[])
      union select recipe.parent_product_id from above join product_recipe as recipe on recipe.component_product_id = above.id)
    select id from above`);
  return rows.map((row) => row.id);
}

/** These products taken apart into what is not made of anything: root, part, pieces. A cycle ends at twenty levels. */
const partsOf = (productIds: readonly string[]): Sql => sql`
  with recursive part(root_id, product_id, quantity, depth) as (
    select id, id, 1::numeric, 0 from product where id = any(${productIds}::uuid[])
    union all
    select part.root_id, recipe.component_product_id, part.quantity * recipe.quantity, part.depth + 1
    from part join product on product.id = part.product_id and product.is_composite
    join product_recipe as recipe on recipe.parent_product_id = part.product_id
    where part.depth < 20)
  select part.root_id, part.product_id, part.quantity, product.is_composite from part join product on product.id = part.product_id
  where not product.is_composite or not exists (select from product_recipe as recipe where recipe.parent_product_id = part.product_id)`;

/** SQL of the items one piece of each product takes; products of which any part has no item are left out. */
export const sourcesBy = (productIds: readonly string[]): Sql => sql`
  select leaf.root_id as product_id, mapping.item_id, sum(leaf.quantity)::numeric(14, 3) as quantity
  from (select *, bool_and(exists (select from inventory_mapping as own where own.product_id = leaf.product_id) and not leaf.is_composite) over (partition by root_id) as whole
    from (${partsOf(productIds)}) as leaf) as leaf
  join inventory_mapping as mapping on mapping.product_id = leaf.product_id
  where leaf.whole group by 1, 2`;

/** What an item needs to know of products, and of the parts of those that are made of components. */
export const productFacts = (
  db: Db,
  productIds: readonly string[],
): Promise<{ productId: string; sku: string; name: string; location: string; isComposite: boolean }[]> =>
  db.rows(sql`
    select product.id as "productId", product.sku, product.title as name, product.warehouse_location as location, product.is_composite as "isComposite"
    from product where id in (select product_id from (${partsOf(productIds)}) as leaf)`);

/** Of these products, those without an item for whose SKU one is there. */
export const newcomersWithItems = (db: Db, productIds: readonly string[]): Promise<{ productId: string; sku: string; name: string }[]> =>
  db.rows(sql`
    select product.id as "productId", product.sku, product.title as name from product join inventory_item as item on item.sku = product.sku
    where product.id = any(${productIds}::uuid[]) and not product.is_composite and not exists (select from inventory_mapping as mapping where mapping.product_id = product.id)`);

/** Items that carry the SKU of one of these products and are called differently, with the product's title. */
export const renamedItems = (db: Db, productIds: readonly string[]): Promise<{ id: string; name: string }[]> =>
  db.rows(sql`
    select item.id, product.title as name from product join inventory_item as item on item.sku = product.sku
    where product.id = any(${productIds}::uuid[]) and item.name <> product.title order by item.id`);
