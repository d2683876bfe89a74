import type { Actor } from '../../kit/actor.ts';
import { invalid } from '../../kit/errors.ts';
import { join, raw, sql } from '../../kit/db.ts';
import type { Db, Sql } from '../../kit/db.ts';
import { parseMinor } from '../../kit/money.ts';
import { getShop } from '../accounts/accounts.ts';
import type { ProductFilter } from './contract.ts';
import { inStockState, onChannel } from './reads.ts';

/** Several SQL conditions that must all hold; none at all is always true. */
export const allOf = (conditions: readonly Sql[]): Sql => (conditions.length === 0 ? sql`true` : join(conditions, ' and '));

const escapeLike = (value: string): string => value.replace(/[\\%_]/g, '\\$&');

/** SKUs are mostly written in capitals: what is typed is tried as it is and in capitals. */
const spellings = (value: string): string[] => [...new Set([value, value.toUpperCase()])];

/** An exact SKU or barcode wins alone; else every word must be in the title (index product_title_words), or the one word begins a SKU. */
async function searchCondition(db: Db, search: string): Promise<Sql | undefined> {
  const words = [...new Set(search.split(/\s+/).filter((word) => word !== ''))].slice(0, 8);
  if (words.length === 0) return undefined;
  const exact = await db.rows<{ id: string }>(sql`
    select id from product where sku = any(${spellings(search)}::text[]) union select id from product where barcode = ${search} limit 200`);
  if (exact.length > 0) return sql`p.id = any(${exact.map((row) => row.id)}::uuid[])`;
  const inTitle = words.map((word) => sql`p.title ilike ${`%${escapeLike(word)}%`}`);
  const [word] = words;
  if (words.length > 1 || word === undefined) return allOf(inTitle);
  return sql`(${join([...inTitle, ...spellings(word).map((one) => sql`p.sku like ${`${escapeLike(one)}%`}`)], ' or ')})`;
}

function priceLimit(field: 'priceMin' | 'priceMax', amount: string, currency: string): number {
  const minor = parseMinor(amount, currency);
  if (minor === undefined) throw invalid(field, `${amount} is not an amount of ${currency}`);
  return minor;
}

/** The conditions of a filter on product `p`; none for an empty filter. A person limited to some companies sees only their channels. */
export async function conditionsOf(db: Db, actor: Actor, filter: ProductFilter): Promise<Sql[]> {
  const conditions: Sql[] = [];
  const search = filter.search === undefined ? undefined : await searchCondition(db, filter.search);
  if (search !== undefined) conditions.push(search);
  if (filter.category !== undefined) {
    conditions.push(sql`p.category_id = any(array(
      select c.id from category c join category root on root.id = ${filter.category} where c.id = root.id or starts_with(c.path, root.path || ' / ')))`);
  }
  if (filter.tag !== undefined && filter.tag.length > 0) conditions.push(sql`p.tags @> ${filter.tag}::text[]`);
  if (filter.status !== undefined && filter.status.length > 0) {
    // Written out, so that the partial index on everything but active products can be chosen.
    conditions.push(filter.status.length === 1 ? sql`p.status = ${raw(`'${filter.status[0]}'`)}` : sql`p.status = any(${filter.status}::text[])`);
  }
  if (filter.brand !== undefined && filter.brand.length > 0) {
    conditions.push(filter.brand.includes('') ? sql`p.brand = any(${filter.brand}::text[])` : sql`p.brand = any(${filter.brand}::text[]) and p.brand <> ''`);
  }
  if (filter.stock !== undefined || filter.stockBelow !== undefined) conditions.push(inStockState(filter.stock, filter.stockBelow));
  if (filter.channel !== undefined || filter.state !== undefined) conditions.push(onChannel(actor.companyIds, filter.channel, filter.state));
  if (filter.priceMin !== undefined || filter.priceMax !== undefined || filter.currency !== undefined) {
    const currency = filter.currency ?? (await getShop(db)).currency;
    conditions.push(sql`p.currency = ${currency}`);
    if (filter.priceMin !== undefined) conditions.push(sql`p.price_minor >= ${priceLimit('priceMin', filter.priceMin, currency)}`);
    if (filter.priceMax !== undefined) conditions.push(sql`p.price_minor <= ${priceLimit('priceMax', filter.priceMax, currency)}`);
  }
  if (filter.group !== undefined) conditions.push(sql`p.group_id = ${filter.group}`);
  if (filter.id !== undefined) conditions.push(sql`p.id = any(${filter.id}::uuid[])`);
  return conditions;
}
