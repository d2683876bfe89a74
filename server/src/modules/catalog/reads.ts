import { hasRight } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { notFound } from '../../kit/errors.ts';
import { empty, sql } from '../../kit/db.ts';
import type { Db, Sql } from '../../kit/db.ts';
import { toMoney } from '../../kit/money.ts';
import type { ListingState, Product, ProductFilter, ProductItem } from './contract.ts';
import type { ProductRow, VariantGroupRow } from './tables.ts';

/* Everything of catalog that looks into other modules' tables, read-only. `p` is the product. */

/** The day it is for the shop at an instant. */
export const shopDay = (now: Date): Sql => sql`(${now}::timestamptz at time zone (select time_zone from shop))::date`;

/** Products with (`in`) or without (`out`) pieces to sell, or with fewer than `below`. Unknown stock is neither. */
export const inStockState = (state: 'in' | 'out' | undefined, below: number | undefined): Sql => sql`
  exists (select from product_stock ps where ps.product_id = p.id
    ${state === undefined ? empty : state === 'in' ? sql`and ps.available > 0` : sql`and ps.available <= 0`}
    ${below === undefined ? empty : sql`and ps.available < ${below}`})`;

/** Products with a listing in a state, on one channel or any that the person may see; `none`: without a listing. */
export function onChannel(companyIds: readonly string[] | null, channelId: string | undefined, state: ProductFilter['state']): Sql {
  const listed = sql`
    select from listing l join channel ch on ch.id = l.channel_id
    where l.product_id = p.id and ch.archived_at is null and (${companyIds}::uuid[] is null or ch.company_id = any(${companyIds}::uuid[]))
      ${channelId === undefined ? empty : sql`and l.channel_id = ${channelId}`}`;
  if (state === 'none') return sql`not exists (${listed})`;
  return sql`exists (${listed} ${state === undefined ? empty : sql`and l.state = ${state}`})`;
}

/** The listings of product `p` as a JSON array, by name of the channel; null for none. */
const listingsOf = (companyIds: readonly string[] | null, product: Sql): Sql => sql`
  select json_agg(json_build_object('channelId', l.channel_id, 'state', l.state, 'error', l.error) order by ch.name) as listings
  from listing l join channel ch on ch.id = l.channel_id
  where l.product_id = ${product} and ch.archived_at is null and (${companyIds}::uuid[] is null or ch.company_id = any(${companyIds}::uuid[]))`;

export interface ItemRow {
  id: string;
  sku: string;
  barcode: string | null;
  title: string;
  brand: string;
  status: ProductItem['status'];
  price_minor: number;
  compare_at_minor: number | null;
  currency: string;
  tags: string;
  category_id: string | null;
  category_path: string | null;
  options: Record<string, string>;
  image_url: string | null;
  available: number | null;
  on_hand: number;
  reserved: number;
  listings: ListingState[] | null;
  is_composite: boolean;
  version: number;
  created_at: Date;
  updated_at: Date;
  sort_key: string | number | Date | null;
}

/** Columns of the product itself that a list row needs. */
export const itemColumns = `p.id, p.sku, p.barcode, p.title, p.brand, p.status, p.price_minor, p.compare_at_minor, p.currency, array_to_string(p.tags, ',') as tags,
  p.category_id, p.options, p.is_composite, p.version, p.created_at, p.updated_at`;

/** A page of products (columns above and `sort_key`) with what the list shows around them. */
export const withSurroundings = (page: Sql, companyIds: readonly string[] | null, order: Sql): Sql => sql`
  select p.*, c.path as category_path, i.url as image_url, ps.available::float8 as available, ps.on_hand::float8 as on_hand, ps.reserved::float8 as reserved, listed.listings
  from (${page}) as p
    left join category c on c.id = p.category_id
    left join product_image i on i.product_id = p.id and i.position = 0
    left join product_stock ps on ps.product_id = p.id
    left join lateral (${listingsOf(companyIds, sql`p.id`)}) as listed on true
  order by ${order}`;

/** Products by available pieces (index product_stock_by_available); those whose stock is unknown come last, by id. */
export const byAvailable = (input: { columns: Sql; where: Sql; direction: Sql; after: Sql; unknownAfter: Sql; limit: Sql }): Sql => sql`
  (select ${input.columns}, s.available::text as sort_key
   from product_stock s join product p on p.id = s.product_id
   where ${input.where} and ${input.after} order by s.available ${input.direction}, s.product_id ${input.direction} limit ${input.limit})
  union all
  (select ${input.columns}, null as sort_key from product p
   where ${input.where} and ${input.unknownAfter} and not exists (select from product_stock s where s.product_id = p.id) order by p.id ${input.direction} limit ${input.limit})
  limit ${input.limit}`;

const splitTags = (tags: string): string[] => (tags === '' ? [] : tags.split(','));

export const toItem = (row: ItemRow): ProductItem => ({
  id: row.id,
  sku: row.sku,
  barcode: row.barcode,
  title: row.title,
  brand: row.brand,
  status: row.status,
  price: toMoney(row.price_minor, row.currency),
  compareAtPrice: row.compare_at_minor === null ? null : toMoney(row.compare_at_minor, row.currency),
  tags: splitTags(row.tags),
  category: row.category_id === null ? null : { id: row.category_id, path: row.category_path ?? '' },
  options: row.options,
  imageUrl: row.image_url,
  stock: row.available === null ? null : { available: row.available, onHand: row.on_hand, reserved: row.reserved },
  listings: row.listings ?? [],
  isComposite: row.is_composite,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

type DetailRow = Omit<ProductRow, 'options' | 'attributes'> &
  Pick<ItemRow, 'options' | 'category_path' | 'available' | 'on_hand' | 'reserved' | 'listings'> & {
    attributes: Record<string, string>;
    group: Pick<VariantGroupRow, 'id' | 'handle' | 'title' | 'option_names'> | null;
    images: Product['images'] | null;
    cost: Product['cost'];
    synced_at: Date | null;
  };

const number = (value: string | null): number | null => (value === null ? null : Number(value));

/** One product with everything a person may see of it: costs need costs.read, listings follow the companies. Throws 404. */
export async function getProduct(db: Db, actor: Actor, id: string): Promise<Product> {
  const row = await db.maybe<DetailRow>(sql`
    select p.*, c.path as category_path, ps.available::float8 as available, ps.on_hand::float8 as on_hand, ps.reserved::float8 as reserved, ps.synced_at,
      case when g.id is not null then json_build_object('id', g.id, 'handle', g.handle, 'title', g.title, 'option_names', g.option_names) end as group,
      (select json_agg(json_build_object('id', i.id, 'url', i.url, 'alt', i.alt, 'filename', i.filename) order by i.position) from product_image i where i.product_id = p.id) as images,
      ${hasRight(actor, 'costs.read') ? costOf : sql`null`} as cost,
      listed.listings
    from product p left join category c on c.id = p.category_id left join variant_group g on g.id = p.group_id left join product_stock ps on ps.product_id = p.id
      left join lateral (${listingsOf(actor.companyIds, sql`p.id`)}) as listed on true
    where p.id = ${id}`);
  if (row === undefined) throw notFound('product');
  const { imageUrl: _, ...item } = toItem({ ...row, tags: row.tags.join(','), image_url: null, sort_key: null });
  return {
    ...item,
    description: row.description,
    barcodeKind: row.barcode_kind,
    group: row.group === null ? null : { id: row.group.id, handle: row.group.handle, title: row.group.title, optionNames: row.group.option_names },
    attributes: row.attributes,
    vatRate: number(row.vat_rate),
    weightGrams: number(row.weight_grams),
    lengthMm: number(row.length_mm),
    widthMm: number(row.width_mm),
    heightMm: number(row.height_mm),
    warehouseLocation: row.warehouse_location,
    driveFolderUrl: row.drive_folder_url,
    imagesSyncedAt: row.images_synced_at?.toISOString() ?? null,
    images: row.images ?? [],
    stockLastSyncedAt: row.synced_at?.toISOString() ?? null,
    cost: row.cost,
  };
}

/** The cost of `p` that counts on the shop's present day. */
const costOf = sql`(
  select json_build_object('amount', trim_scale(k.unit_cost)::text, 'currency', k.currency, 'validFrom', k.valid_from)
  from product_cost k where k.product_id = p.id and k.valid_from <= (now() at time zone (select time_zone from shop))::date order by k.valid_from desc limit 1)`;

/** What keeps products from being deleted, in words; products that nothing refers to are left out. */
export const usesOf = (db: Db, ids: readonly string[]): Promise<{ id: string; sku: string; where: string }[]> =>
  db.rows(sql`
    select * from (
      select p.id, p.sku, concat_ws(', ',
        case when exists (select from order_line l where l.product_id = p.id) then 'it stands on orders' end,
        case when exists (select from listing l where l.product_id = p.id) then 'it is offered in a store' end,
        case when exists (select from channel_product l where l.product_id = p.id) then 'a product of a store is matched with it' end,
        case when exists (select from product_recipe r where r.component_product_id = p.id) then 'it is part of another product' end) as where
      from product p where p.id = any(${ids}::uuid[])) as used
    where used.where <> ''`);

/** The source of an export: every product with its surroundings, oldest first (index product_newest backwards). */
export const exportSource = (where: Sql, select: Sql): Sql => sql`
  select ${select}
  from product p
    left join category c on c.id = p.category_id
    left join variant_group g on g.id = p.group_id
    left join product_stock ps on ps.product_id = p.id
    left join inventory_mapping im on im.product_id = p.id
    left join inventory_item it on it.id = im.item_id
    left join lateral (
      select string_agg(url, E'\n') as urls, string_agg(alt, E'\n') as alts
      from (select i.url, i.alt from product_image i where i.product_id = p.id order by i.position) as picture) as pictures on true
    left join lateral (
      select array_agg(key order by place, key) as names, array_agg(value order by place, key) as values
      from (select key, value, coalesce(array_position(g.option_names, key), 1000) as place from jsonb_each_text(p.options)) as option
      where p.options <> '{}') as options on true
    left join lateral (
      select k.unit_cost, k.currency from product_cost k
      where k.product_id = p.id and k.valid_from <= (now() at time zone (select time_zone from shop))::date order by k.valid_from desc limit 1) as cost on true
  where ${where}
  order by p.created_at, p.id`;
