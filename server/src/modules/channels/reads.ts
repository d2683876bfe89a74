import { sql } from '../../kit/db.ts';
import type { Db } from '../../kit/db.ts';

/* What channels need to know from other modules' tables. Read only. */

export interface WishRow {
  id: string;
  channel_id: string;
  stock_rule: unknown;
  available: number;
  observed: number | null;
  observed_at: Date;
  /** The present wish, if there is one. */
  wanted: number | null;
  /** The last value known to stand on the platform. */
  there: number | null;
  failed: boolean;
}

/** Stock of ours beside the present wish, for channel products whose product has stock. */
export const wishRows = (db: Db, channelProductIds: readonly string[]): Promise<WishRow[]> =>
  db.rows<WishRow>(sql`
    select cp.id, cp.channel_id, ch.stock_rule, stock.available::float8, cp.quantity::float8 as observed, cp.observed_at,
      (push.wanted)::int as wanted, coalesce((push.confirmed)::float8, cp.quantity::float8) as there, coalesce(push.state = 'failed', false) as failed
    from unnest(${channelProductIds}::uuid[]) as wish(id)
    join channel_product cp on cp.id = wish.id
    join channel ch on ch.id = cp.channel_id
    join product_stock stock on stock.product_id = cp.product_id
    left join push on push.channel_product_id = cp.id and push.field = 'stock'`);

/**
 * Quantities a channel holds of products of ours whose stock never moved, as opening stock. What was sold there before the quantity was seen
 * is gone from it but still lies here, promised to its orders: it is added. Two channel products of one product count once, with the smaller quantity.
 */
export const openingStock = (
  db: Db,
  channelId: string,
  channelProductIds: readonly string[] | undefined,
): Promise<{ product_id: string; quantity: number }[]> =>
  db.rows(sql`
    with held as (
      select cp.product_id, min(cp.quantity) as quantity, min(cp.observed_at) as observed_at from channel_product cp join product on product.id = cp.product_id
      where cp.channel_id = ${channelId} and cp.quantity is not null and cp.missing_since is null and not product.is_composite
        and (${channelProductIds ?? null}::uuid[] is null or cp.id = any(${channelProductIds ?? null}::uuid[]))
        and not exists (select from product_source source join stock_movement moved on moved.item_id = source.item_id where source.product_id = cp.product_id)
      group by cp.product_id)
    select held.product_id, (held.quantity + coalesce(sum(reserved.quantity), 0))::float8 as quantity
    from held
    left join lateral (
      select reservation.quantity from order_line line join "order" sold on sold.id = line.order_id join stock_reservation reservation on reservation.order_line_id = line.id
      where line.product_id = held.product_id and sold.channel_id = ${channelId} and sold.ordered_at <= held.observed_at and reservation.released_at is null) reserved on true
    group by held.product_id, held.quantity`);

/** Orders of these channels since midnight in a time zone (index order_by_channel). */
export async function ordersToday(db: Db, channelIds: readonly string[], now: Date, timeZone: string): Promise<number> {
  const { count } = await db.one<{ count: number }>(sql`
    select count(*) as count from "order" where channel_id = any(${channelIds}::uuid[])
      and ordered_at >= date_trunc('day', ${now}::timestamptz at time zone ${timeZone}) at time zone ${timeZone}`);
  return count;
}

/** Channels whose products were last asked for longer ago than this, so that a failing pull is not begun again at once. */
export const channelsToPull = (db: Db, before: Date): Promise<{ id: string; platform: string; name: string; company_id: string }[]> =>
  db.rows(sql`
    select id, platform, name, company_id from channel where active and archived_at is null
      and not exists (select from run where run.subject_id = channel.id and run.kind = 'channels.pull' and (run.created_at > ${before} or run.state in ('queued', 'running', 'waiting')))`);

export interface Candidate {
  channel_product_id: string;
  product_id: string;
  by: 'listing' | 'barcode' | 'sku';
}

/** Products that fit these channel products exactly: by the external id of a listing, by barcode, by SKU. Archived products fit nothing. */
export const exactCandidates = (db: Db, channelProductIds: readonly string[]): Promise<Candidate[]> =>
  db.rows<Candidate>(sql`
    with open as (select id, channel_id, external_id, barcode, sku from channel_product where id = any(${channelProductIds}::uuid[]))
    select open.id as channel_product_id, listing.product_id, 'listing' as by from open
      join listing on listing.channel_id = open.channel_id and listing.external_id = open.external_id and listing.external_id <> ''
    union all
    select open.id, product.id, 'barcode' from open join product on product.barcode = open.barcode where open.barcode <> '' and product.status <> 'archived'
    union all
    select open.id, product.id, 'sku' from open join product on product.sku = open.sku where open.sku <> '' and product.status <> 'archived'`);

/** Channel products of these products' barcodes and SKUs that wait for a product: what a new or changed product may be. */
export const waitingFor = (db: Db, productIds: readonly string[]): Promise<{ id: string; channel_id: string }[]> =>
  db.rows(sql`
    select cp.id, cp.channel_id from product join channel_product cp on cp.barcode = product.barcode and cp.barcode <> '' and cp.product_id is null
      and cp.channel_id in (select id from channel where archived_at is null) where product.id = any(${productIds}::uuid[])
    union
    select cp.id, cp.channel_id from product join channel_product cp on cp.sku = product.sku and cp.sku <> '' and cp.product_id is null
      and cp.channel_id in (select id from channel where archived_at is null) where product.id = any(${productIds}::uuid[])`);

/** Per channel: mapped products it offers now while our stock has none (index channel_product_product). */
export const wouldSellOut = (db: Db, channelIds: readonly string[]): Promise<{ channel_id: string; count: number }[]> =>
  db.rows(sql`
    select cp.channel_id, count(*) as count from channel_product cp join product_stock stock on stock.product_id = cp.product_id
    where cp.channel_id = any(${channelIds}::uuid[]) and cp.quantity > 0 and cp.missing_since is null and stock.available <= 0 group by cp.channel_id`);
