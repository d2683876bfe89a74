import type { App } from '../../app.ts';
import type { Actor } from '../../kit/actor.ts';
import { empty, join, sql } from '../../kit/db.ts';
import type { Db, Sql } from '../../kit/db.ts';
import { notFound } from '../../kit/errors.ts';
import { toMoney } from '../../kit/money.ts';
import { COUNT_LIMIT, decodeCursor, toPage } from '../../kit/page.ts';
import type { Page } from '../../kit/page.ts';
import { stockRuleSchema } from './contract.ts';
import type { ChannelProduct, ChannelProductStatus, MappingItem, ProductListing, PushState, StockPush } from './contract.ts';
import { exactCandidates } from './reads.ts';
import { getConnector, requireCapability } from './stores.ts';
import { describeRule, wantedQuantity } from './stock-rule.ts';
import type { ChannelProductRow, ChannelRow, ListingRow, PushRow } from './tables.ts';

type PushPart = Pick<PushRow, 'state' | 'wanted_at' | 'sent_at' | 'confirmed_at' | 'due_at' | 'check_at' | 'error'> & {
  wanted: number;
  sent: number | null;
  confirmed: number | null;
};
type ProductRow = ChannelProductRow & {
  product: { id: string; sku: string; title: string } | null;
  push: Record<keyof PushPart, string | number | null> | null;
};

/** A push row that came through JSON (instants as text). */
function toPush(push: ProductRow['push']): StockPush | null {
  if (push === null) return null;
  const instant = (value: string | number | null): string | null => (value === null ? null : new Date(value).toISOString());
  const waits = push.state === 'wanted' || push.state === 'in_doubt' || push.state === 'sent';
  return {
    state: push.state as PushState,
    wanted: Number(push.wanted),
    wantedAt: instant(push.wanted_at) ?? '',
    sent: push.sent === null ? null : Number(push.sent),
    sentAt: instant(push.sent_at),
    confirmed: push.confirmed === null ? null : Number(push.confirmed),
    confirmedAt: instant(push.confirmed_at),
    dueAt: waits ? instant(push.check_at ?? (push.state === 'sent' ? null : push.due_at)) : null,
    error: push.error === null ? null : String(push.error),
  };
}

const toProduct = (row: ProductRow): ChannelProduct => ({
  id: row.id,
  channelId: row.channel_id,
  externalId: row.external_id,
  barcode: row.barcode,
  sku: row.sku,
  title: row.title,
  brand: row.brand,
  category: row.category,
  status: row.status,
  statusReason: row.status_reason,
  price: row.price_minor === null ? null : toMoney(row.price_minor, row.currency),
  listPrice: row.list_price_minor === null ? null : toMoney(row.list_price_minor, row.currency),
  quantity: row.quantity === null ? null : Number(row.quantity),
  url: row.url,
  imageUrl: row.image_url,
  observedAt: row.observed_at.toISOString(),
  missingSince: row.missing_since?.toISOString() ?? null,
  product: row.product,
  mappedBy: row.mapped_by,
  mappedAt: row.mapped_at?.toISOString() ?? null,
  matchProblem: row.match_problem,
  stock: toPush(row.push),
});

/** Channel products by a query of their rows, with product and stock push. */
const withParts = (rows: Sql): Sql => sql`
  select cp.*, case when product.id is not null then jsonb_build_object('id', product.id, 'sku', product.sku, 'title', product.title) end as product,
    to_jsonb(push) as push
  from (${rows}) cp left join product on product.id = cp.product_id left join push on push.channel_product_id = cp.id and push.field = 'stock'`;

/** Ids of the actor's channels on a platform; one of them when asked for. */
async function channelIds(db: Db, actor: Actor, platform: string, only: string | undefined): Promise<string[]> {
  const rows = await db.rows<{ id: string }>(sql`
    select id from channel where platform = ${platform} and archived_at is null and (${actor.companyIds}::uuid[] is null or company_id = any(${actor.companyIds}::uuid[]))
      ${only === undefined ? empty : sql`and id = ${only}`} order by created_at`);
  if (only !== undefined && rows.length === 0) throw notFound('store');
  return rows.map((row) => row.id);
}

/** A search: an exact barcode, SKU or external id, or all words in title, SKU or barcode (index channel_product_words). */
function searchFor(search: string): Sql {
  const words = search
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 8);
  const like = words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
  return sql`(external_id = ${search} or barcode = ${search} or sku = ${search}
    or (${join(
      like.map((word) => sql`(title ilike ${word} or sku ilike ${word} or barcode ilike ${word})`),
      ' and ',
    )}))`;
}

export interface ProductFilter {
  platform: string;
  limit: number;
  cursor?: string | undefined;
  channelId?: string | undefined;
  search?: string | undefined;
  status?: ChannelProductStatus | undefined;
  mapped?: 'yes' | 'no' | 'ambiguous' | undefined;
  pushState?: PushState | undefined;
  missing?: 'yes' | 'no' | undefined;
}

/** What stands on a platform, by title; each channel is read along channel_product_list (or _status, _unmapped) and the pages are merged. */
export async function listChannelProducts(app: App, actor: Actor, input: ProductFilter): Promise<Page<ChannelProduct>> {
  requireCapability(getConnector(app, input.platform), 'products');
  const channels = await channelIds(app.db, actor, input.platform, input.channelId);
  const after = decodeCursor(input.cursor, 'title', 2);
  const conditions = [
    ...(input.search === undefined || input.search === '' ? [] : [searchFor(input.search)]),
    ...(input.status === undefined ? [] : [sql`status = ${input.status}`]),
    ...(input.mapped === 'yes'
      ? [sql`product_id is not null`]
      : input.mapped === 'no'
        ? [sql`product_id is null`]
        : input.mapped === 'ambiguous'
          ? [sql`product_id is null and (match_problem is distinct from 'ambiguous') = false`]
          : []),
    ...(input.missing === undefined ? [] : [input.missing === 'yes' ? sql`missing_since is not null` : sql`missing_since is null`]),
    ...(input.pushState === undefined ? [] : [sql`id in (select channel_product_id from push where channel_id = one.id and state = ${input.pushState})`]),
  ];
  const where = conditions.length === 0 ? sql`true` : join(conditions, ' and ');
  const page = sql`
    select found.* from unnest(${channels}::uuid[]) as one(id) cross join lateral (
      select * from channel_product where channel_id = one.id and ${where}
        ${after === undefined ? empty : sql`and (title, id) > (${String(after[0])}, ${String(after[1])}::uuid)`}
      order by title, id limit ${input.limit + 1}) found
    order by title, id limit ${input.limit + 1}`;
  const [rows, counted] = await Promise.all([
    app.db.rows<ProductRow>(sql`${withParts(page)} order by cp.title, cp.id`),
    after !== undefined
      ? undefined
      : app.db.one<{ count: number }>(sql`
      select count(*) as count from (
        select from unnest(${channels}::uuid[]) as one(id) cross join lateral (select from channel_product where channel_id = one.id and ${where} limit ${COUNT_LIMIT + 1}) found limit ${COUNT_LIMIT + 1}) x`),
  ]);
  return {
    ...toPage(rows, input.limit, 'title', (row) => [row.title, row.id], toProduct),
    ...(counted === undefined ? {} : { total: Math.min(counted.count, COUNT_LIMIT), totalIsMore: counted.count > COUNT_LIMIT }),
  };
}

export interface MappingFilter {
  platform: string;
  limit: number;
  cursor?: string | undefined;
  channelId?: string | undefined;
  search?: string | undefined;
  show: 'unmapped' | 'mapped' | 'all';
}

/** The mapping list: ambiguous ones first, then by title (index channel_product_unmapped), each with up to five suggestions. */
export async function listMapping(app: App, actor: Actor, input: MappingFilter): Promise<Page<MappingItem>> {
  requireCapability(getConnector(app, input.platform), 'products');
  const channels = await channelIds(app.db, actor, input.platform, input.channelId);
  const after = decodeCursor(input.cursor, `mapping ${input.show}`, 3);
  const rank = sql`(match_problem is distinct from 'ambiguous')`;
  const where = join(
    [
      input.show === 'unmapped' ? sql`product_id is null` : input.show === 'mapped' ? sql`product_id is not null` : sql`true`,
      ...(input.search === undefined || input.search === '' ? [] : [searchFor(input.search)]),
      ...(after === undefined ? [] : [sql`(${rank}, title, id) > (${after[0] === 1}, ${String(after[1])}, ${String(after[2])}::uuid)`]),
    ],
    ' and ',
  );
  const rows = await app.db.rows<ProductRow>(sql`
    ${withParts(sql`
      select found.* from unnest(${channels}::uuid[]) as one(id) cross join lateral (
        select * from channel_product where channel_id = one.id and ${where} order by ${rank}, title, id limit ${input.limit + 1}) found
      order by ${rank}, title, id limit ${input.limit + 1}`)}
    order by (cp.match_problem is distinct from 'ambiguous'), cp.title, cp.id`);
  const page = toPage(rows, input.limit, `mapping ${input.show}`, (row) => [row.match_problem === 'ambiguous' ? 0 : 1, row.title, row.id], toProduct);
  const suggestions = await suggest(
    app.db,
    page.items.filter((item) => item.product === null),
  );
  return { ...page, items: page.items.map((item) => ({ ...item, candidates: suggestions.get(item.id) ?? [] })) };
}

type Suggestion = MappingItem['candidates'][number];

/** Products that may be meant: exact ones first; where none is, the three most similar titles. */
async function suggest(db: Db, items: readonly ChannelProduct[]): Promise<Map<string, Suggestion[]>> {
  const found = new Map<string, Suggestion[]>();
  if (items.length === 0) return found;
  const exact = await exactCandidates(
    db,
    items.map((item) => item.id),
  );
  const products = await db.rows<Omit<Suggestion, 'reason'>>(
    sql`select id, sku, title, barcode from product where id = any(${exact.map((one) => one.product_id)}::uuid[])`,
  );
  for (const one of exact) {
    const list = found.get(one.channel_product_id) ?? [];
    const product = products.find((each) => each.id === one.product_id);
    if (product !== undefined && list.length < 5 && !list.some((each) => each.id === product.id))
      list.push({ ...product, reason: one.by === 'sku' ? 'sku' : 'barcode' });
    found.set(one.channel_product_id, list);
  }
  const open = items.filter((item) => !found.has(item.id));
  const similar = await db.rows<Omit<Suggestion, 'reason'> & { for_id: string }>(sql`
    select wanted.id as for_id, near.id, near.sku, near.title, near.barcode
    from unnest(${open.map((item) => item.id)}::uuid[], ${open.map((item) => item.title)}::text[]) as wanted(id, title)
    cross join lateral (
      select id, sku, title, barcode from product where title % wanted.title and status <> 'archived' order by similarity(title, wanted.title) desc, id limit 3) near`);
  for (const { for_id: id, ...product } of similar) found.set(id, [...(found.get(id) ?? []), { ...product, reason: 'title' }]);
  return found;
}

/** One channel product as lists show it. */
export async function readChannelProduct(db: Db, id: string): Promise<ChannelProduct> {
  return toProduct(await db.one<ProductRow>(withParts(sql`select * from channel_product where id = ${id}`)));
}

interface OfferRow {
  listing: Pick<ListingRow, 'id' | 'state' | 'error'> & { last_synced_at: string | null };
  channel: Pick<ChannelRow, 'id' | 'platform' | 'name' | 'mark' | 'series' | 'writes' | 'health' | 'stock_rule'>;
  available: number | null;
}

/** Where a product is offered: per channel of the actor its listing and, per field, what should be there, was sent, was confirmed and was seen. */
export async function productChannels(db: Db, actor: Actor, productId: string): Promise<ProductListing[]> {
  const known = await db.maybe(sql`select id from product where id = ${productId}`);
  if (known === undefined) throw notFound('product');
  const offers = await db.rows<OfferRow>(sql`
    select to_jsonb(listing) as listing, to_jsonb(ch) as channel, stock.available::float8
    from listing join channel ch on ch.id = listing.channel_id left join product_stock stock on stock.product_id = listing.product_id
    where listing.product_id = ${productId} and ch.archived_at is null and (${actor.companyIds}::uuid[] is null or ch.company_id = any(${actor.companyIds}::uuid[]))
    order by ch.created_at, ch.id`);
  const products = await db.rows<ProductRow>(sql`${withParts(sql`select * from channel_product where product_id = ${productId}`)} order by cp.id`);
  return offers.map(({ listing, channel, available }) => {
    const rule = stockRuleSchema.parse(channel.stock_rule);
    return {
      listingId: listing.id,
      channel: {
        id: channel.id,
        platform: channel.platform,
        name: channel.name,
        mark: channel.mark,
        series: channel.series,
        writes: channel.writes,
        health: channel.health,
      },
      state: listing.state,
      error: listing.error,
      lastSyncedAt: listing.last_synced_at === null ? null : new Date(listing.last_synced_at).toISOString(),
      channelProducts: products
        .filter((row) => row.channel_id === channel.id)
        .map((row) => {
          const shown = toProduct(row);
          return {
            id: shown.id,
            externalId: shown.externalId,
            barcode: shown.barcode,
            title: shown.title,
            status: shown.status,
            statusReason: shown.statusReason,
            url: shown.url,
            price: shown.price,
            fields: [
              {
                field: 'stock' as const,
                there: shown.quantity,
                thereAt: shown.observedAt,
                shouldBe: available === null ? null : wantedQuantity(available, rule),
                comesFrom: describeRule(rule),
                push: shown.stock,
              },
            ],
          };
        }),
    };
  });
}
