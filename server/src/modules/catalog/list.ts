import type { Actor } from '../../kit/actor.ts';
import { empty, raw, sql } from '../../kit/db.ts';
import type { Db, Sql } from '../../kit/db.ts';
import { COUNT_LIMIT, decodeCursor, toPage } from '../../kit/page.ts';
import type { Page } from '../../kit/page.ts';
import { IDS_LIMIT } from './contract.ts';
import type { ProductFilter, ProductItem, ProductSort } from './contract.ts';
import { allOf, conditionsOf } from './filters.ts';
import { byAvailable, itemColumns, toItem, withSurroundings } from './reads.ts';
import type { ItemRow } from './reads.ts';

type SortName = 'newest' | 'updated' | 'title' | 'sku' | 'price' | 'available';

/** Each sort: its expression (null in none of them), its type, whether it begins with the greatest, and the index behind it. */
const sorts: Readonly<Record<Exclude<SortName, 'available'>, { key: string; type: string; fromGreatest: boolean; index: string }>> = {
  newest: { key: 'p.created_at', type: 'timestamptz', fromGreatest: true, index: 'product_newest' },
  updated: { key: 'p.updated_at', type: 'timestamptz', fromGreatest: true, index: 'product_updated' },
  title: { key: 'lower(p.title) collate "C"', type: 'text', fromGreatest: false, index: 'product_by_title' },
  sku: { key: 'p.sku', type: 'text', fromGreatest: false, index: 'product_sku_key' },
  price: { key: 'p.price_minor', type: 'bigint', fromGreatest: false, index: 'product_by_price' },
};

interface Order {
  descending: boolean;
  page(where: Sql, limit: Sql): Sql;
  outer: Sql;
}

/** How a sort walks on from the row whose keys the cursor holds. */
function orderOf(sort: ProductSort, after: readonly (string | number)[] | undefined): Order {
  const reversed = sort.startsWith('-');
  const name = (reversed ? sort.slice(1) : sort) as SortName;
  if (name === 'available') {
    const direction = raw(reversed ? 'desc' : 'asc');
    const beyond = raw(reversed ? '<' : '>');
    // An empty first key: the last row seen was one of unknown stock.
    const inUnknown = after?.[0] === '';
    return {
      descending: reversed,
      outer: sql`p.sort_key::numeric ${direction} nulls last, p.id ${direction}`,
      page: (where, limit) =>
        byAvailable({
          columns: raw(itemColumns),
          where,
          direction,
          limit,
          after:
            after === undefined ? sql`true` : inUnknown ? sql`false` : sql`(s.available, s.product_id) ${beyond} (${after[0]}::numeric, ${after[1]}::uuid)`,
          unknownAfter: inUnknown ? sql`p.id ${beyond} ${after?.[1]}::uuid` : sql`true`,
        }),
    };
  }
  const { key, type, fromGreatest } = sorts[name];
  const descending = fromGreatest !== reversed;
  const direction = raw(descending ? 'desc' : 'asc');
  const keyed = raw(key);
  return {
    descending,
    outer: sql`p.sort_key ${direction}, p.id ${direction}`,
    page: (where, limit) => sql`
      select ${raw(itemColumns)}, ${keyed} as sort_key from product p
      where ${where} ${after === undefined ? empty : sql`and (${keyed}, p.id) ${raw(descending ? '<' : '>')} (${after[0]}::${raw(type)}, ${after[1]}::uuid)`}
      order by ${keyed} ${direction}, p.id ${direction} limit ${limit}`,
  };
}

const keysOf = (row: ItemRow): [string | number, string] => [
  row.sort_key === null ? '' : row.sort_key instanceof Date ? row.sort_key.toISOString() : row.sort_key,
  row.id,
];

export interface ListInput extends ProductFilter {
  limit: number;
  cursor?: string | undefined;
  sort: ProductSort;
  total?: boolean | undefined;
}

/** Products of a filter, page by page. Without a filter each sort is one prepared statement on its index; page 5,000 costs what page 1 does. */
export async function listProducts(db: Db, actor: Actor, input: ListInput): Promise<Page<ProductItem>> {
  const after = decodeCursor(input.cursor, input.sort, 2);
  const conditions = await conditionsOf(db, actor, input);
  const order = orderOf(input.sort, after);
  // The limit is written out: with an unknown one PostgreSQL would plan for a tenth of the table.
  const statement = withSurroundings(order.page(allOf(conditions), raw(String(input.limit + 1))), actor.companyIds, order.outer);
  const stage = after === undefined ? 'first' : after[0] === '' ? 'unknown' : 'next';
  const rows =
    conditions.length === 0
      ? await db.prepared<ItemRow>(`products.${input.sort}.${stage}.${input.limit}`, statement.text, statement.values)
      : await db.rows<ItemRow>(statement);
  const page = toPage(rows, input.limit, input.sort, keysOf, toItem);
  if (input.total !== true || after !== undefined) return page;
  const { count } = await db.one<{ count: number }>(
    sql`select count(*) as count from (select from product p where ${allOf(conditions)} limit ${COUNT_LIMIT + 1}) as counted`,
  );
  return { ...page, total: Math.min(count, COUNT_LIMIT), totalIsMore: count > COUNT_LIMIT };
}

/** Ids of all products of a filter, newest first, up to 100,000. */
export async function listProductIds(db: Db, actor: Actor, filter: ProductFilter): Promise<{ ids: string[]; truncated: boolean }> {
  const rows = await db.rows<{ id: string }>(sql`
    select p.id from product p where ${allOf(await conditionsOf(db, actor, filter))} order by p.created_at desc, p.id desc limit ${IDS_LIMIT + 1}`);
  return { ids: rows.slice(0, IDS_LIMIT).map((row) => row.id), truncated: rows.length > IDS_LIMIT };
}

/** Tags in use, most used first. Reads every product: for choosing, not for showing on each page. */
export const listTags = (db: Db, search: string | undefined, limit: number): Promise<{ tag: string; products: number }[]> =>
  db.rows(sql`
    select tag, count(*) as products from product cross join unnest(tags) as tag
    where ${search === undefined ? sql`true` : sql`starts_with(lower(tag), lower(${search}))`}
    group by tag order by products desc, tag limit ${limit}`);

/** Brands in use, by name: jumps from one to the next through the index product_by_brand. */
export async function listBrands(db: Db, search: string | undefined, limit: number): Promise<string[]> {
  const rows = await db.rows<{ brand: string }>(sql`
    with recursive used as (
      select min(brand) as brand from product where brand <> ''
      union all
      select (select min(p.brand) from product p where p.brand > used.brand and p.brand <> '') from used where used.brand is not null)
    select brand from used where brand is not null and ${search === undefined ? sql`true` : sql`starts_with(lower(brand), lower(${search}))`}
    order by lower(brand), brand limit ${limit}`);
  return rows.map((row) => row.brand);
}
