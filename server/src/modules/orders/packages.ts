import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import type { PackageStatus } from './contract.ts';
import { findProducts, tellMatch } from './matching.ts';
import type { Match } from './matching.ts';
import type { PackageFacts } from './records.ts';
import { advance, hasLeft } from './status.ts';
import type { Happening } from './timeline.ts';

/** Who told us: the usual reading, a message of the platform, or the sweep that looks for what both missed. */
export type Via = 'poll' | 'webhook' | 'sweep';

/** The channel of a page of orders, as far as orders need it. */
export interface OrderChannel {
  id: string;
  company_id: string;
  created_at: Date;
}

/** What is stored of a package and decides what a newer message may change. */
export interface StoredPackage {
  id: string;
  order_id: string;
  external_id: string;
  reported: PackageStatus;
  modified_at: Date;
  currency: string;
  left_before: boolean;
  customer_name: string;
  customer_email: string;
  customer_phone: string;
  ship_to: unknown;
  bill_to: unknown;
}

export interface PackageChange {
  id: string;
  orderId: string;
  isNew: boolean;
  reported: PackageStatus;
  leftBefore: boolean;
  facts: PackageFacts;
}

export const readPackages = (tx: Tx, channelId: string, externalIds: readonly string[]): Promise<StoredPackage[]> =>
  tx.rows<StoredPackage>(sql`
    select id, order_id, external_id, reported, modified_at, currency, left_before, customer_name, customer_email, customer_phone, ship_to, bill_to
    from channel_order where channel_id = ${channelId} and external_id = any(${externalIds}::text[])`);

/**
 * One message beside what is stored: undefined when it is not newer. Personal data that the platform masks again is kept as it was known.
 * A package first seen after it left, before the store was connected, is marked: its goods were gone when the shelf was counted.
 */
export function mergePackage(
  channel: OrderChannel,
  before: PackageChange | StoredPackage | undefined,
  facts: PackageFacts,
  id: string,
  orderId: string,
): PackageChange | undefined {
  if (before === undefined) {
    return { id, orderId, isNew: true, reported: facts.status, leftBefore: hasLeft(facts.status) && facts.modifiedAt < channel.created_at, facts };
  }
  const known =
    'facts' in before
      ? {
          at: before.facts.modifiedAt,
          customer: before.facts.customer,
          shipTo: before.facts.shipTo,
          billTo: before.facts.billTo,
          orderId: before.orderId,
          isNew: before.isNew,
          leftBefore: before.leftBefore,
        }
      : {
          at: before.modified_at,
          customer: { name: before.customer_name, email: before.customer_email, phone: before.customer_phone },
          shipTo: before.ship_to as PackageFacts['shipTo'],
          billTo: before.bill_to as PackageFacts['billTo'],
          orderId: before.order_id,
          isNew: false,
          leftBefore: before.left_before,
        };
  if (facts.modifiedAt <= known.at) return undefined;
  return {
    id: before.id,
    orderId: known.orderId,
    isNew: known.isNew,
    leftBefore: known.leftBefore,
    reported: advance(before.reported, facts.status),
    facts: {
      ...facts,
      customer: {
        name: facts.customer.name || known.customer.name,
        email: facts.customer.email || known.customer.email,
        phone: facts.customer.phone || known.customer.phone,
      },
      shipTo: facts.shipTo ?? known.shipTo,
      billTo: facts.billTo ?? known.billTo,
    },
  };
}

/** The platform went back to an earlier status, or used a word we do not know: what we keep instead is told. */
export const keptStatus = (change: PackageChange): Happening[] =>
  change.reported === change.facts.status
    ? []
    : [{ orderId: change.orderId, kind: 'status_kept', data: { package: change.facts.externalId, status: change.reported, raw: change.facts.rawStatus } }];

/** Writes packages; the database itself refuses to let an older message win. */
export async function writePackages(tx: Tx, channel: OrderChannel, changes: readonly PackageChange[], via: Via): Promise<void> {
  const rows = changes.map(({ id, orderId, reported, leftBefore, facts }) => ({
    id,
    order_id: orderId,
    reported,
    left_before: leftBefore,
    external_id: facts.externalId,
    external_number: facts.externalNumber,
    store_front: facts.storeFront,
    raw_status: facts.rawStatus,
    modified_at: facts.modifiedAt,
    ordered_at: facts.orderedAt,
    ship_by: facts.shipBy,
    origin_external_ids: facts.originExternalIds,
    cargo_provider: facts.cargoProvider,
    tracking_number: facts.trackingNumber,
    tracking_link: facts.trackingLink,
    customer_name: facts.customer.name,
    customer_email: facts.customer.email,
    customer_phone: facts.customer.phone,
    ship_to: facts.shipTo,
    bill_to: facts.billTo,
    total_minor: facts.totalMinor,
    discount_minor: facts.discountMinor,
    currency: facts.currency,
  }));
  await tx.run(sql`
    insert into channel_order as known (id, channel_id, order_id, external_id, external_number, store_front, status, reported, raw_status, modified_at, ordered_at, ship_by,
      origin_external_ids, cargo_provider, tracking_number, tracking_link, customer_name, customer_email, customer_phone, ship_to, bill_to, total_minor, discount_minor,
      currency, left_before, raw, received_by, created_at, updated_at)
    select id, ${channel.id}, order_id, external_id, external_number, store_front, reported, reported, raw_status, modified_at, ordered_at, ship_by,
      origin_external_ids, cargo_provider, tracking_number, tracking_link, customer_name, customer_email, customer_phone, ship_to, bill_to, total_minor, discount_minor,
      currency, left_before, raw, ${via}, ${tx.now}, ${tx.now}
    from rows from (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as (
      id uuid, order_id uuid, reported text, left_before boolean, external_id text, external_number text, store_front text, raw_status text, modified_at timestamptz,
      ordered_at timestamptz, ship_by timestamptz, origin_external_ids text[], cargo_provider text, tracking_number text, tracking_link text, customer_name text,
      customer_email text, customer_phone text, ship_to jsonb, bill_to jsonb, total_minor bigint, discount_minor bigint, currency text), unnest(${changes.map((change) => change.facts.raw)}::jsonb[])) as told(
      id, order_id, reported, left_before, external_id, external_number, store_front, raw_status, modified_at, ordered_at, ship_by, origin_external_ids, cargo_provider,
      tracking_number, tracking_link, customer_name, customer_email, customer_phone, ship_to, bill_to, total_minor, discount_minor, currency, raw)
    order by external_id
    on conflict (channel_id, external_id) do update set reported = excluded.reported, raw_status = excluded.raw_status, modified_at = excluded.modified_at,
      ordered_at = excluded.ordered_at, ship_by = excluded.ship_by, origin_external_ids = excluded.origin_external_ids, cargo_provider = excluded.cargo_provider,
      tracking_number = excluded.tracking_number, tracking_link = excluded.tracking_link, customer_name = excluded.customer_name, customer_email = excluded.customer_email,
      customer_phone = excluded.customer_phone, ship_to = excluded.ship_to, bill_to = excluded.bill_to, total_minor = excluded.total_minor, discount_minor = excluded.discount_minor,
      currency = excluded.currency, raw = excluded.raw, updated_at = excluded.updated_at
    where known.modified_at < excluded.modified_at`);
}

/**
 * Writes the lines of these packages as the newest message tells them, with the products found for them; a product a line has already stays.
 * A line the message no longer names counts as cancelled. Returns the lines that got their product only now, and what the timeline says.
 */
export async function writeLines(tx: Tx, channel: OrderChannel, changes: readonly PackageChange[]): Promise<{ mapped: Set<string>; told: Happening[] }> {
  const lines = changes.flatMap(({ id: packageId, orderId, facts }) => facts.lines.map((line) => ({ packageId, orderId, line })));
  const matches = await findProducts(
    tx,
    lines.map(({ orderId, line }) => ({ ...line, orderId, channelId: channel.id })),
  );
  const rows = lines.map(({ packageId, orderId, line }, n) => ({
    id: tx.newId(),
    order_id: orderId,
    channel_order_id: packageId,
    external_id: line.externalId,
    position: line.position,
    product_external_id: line.productExternalId,
    sku: line.sku,
    barcode: line.barcode,
    title: line.title,
    quantity: line.quantity,
    unit_price_minor: line.unitPriceMinor,
    total_minor: line.totalMinor,
    discount_minor: line.discountMinor,
    vat_rate: line.vatRate,
    currency: line.currency,
    cancelled: line.cancelled,
    product_id: matches[n]?.productId ?? null,
    matched_by: matches[n]?.by ?? null,
    match_problem: matches[n]?.problem ?? null,
  }));
  const written = await tx.rows<{
    id: string;
    order_id: string;
    title: string;
    sku: string;
    barcode: string;
    now_mapped: boolean;
    now_unmapped: boolean;
    match: Match;
  }>(sql`
    insert into order_line as known (id, order_id, channel_order_id, external_id, position, product_external_id, sku, barcode, title, quantity, unit_price_minor, total_minor,
      discount_minor, vat_rate, currency, cancelled, state, product_id, matched_by, match_problem)
    select id, order_id, channel_order_id, external_id, position, product_external_id, sku, barcode, title, quantity, unit_price_minor, total_minor, discount_minor, vat_rate,
      currency, cancelled, 'open', product_id, matched_by, match_problem
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as line(id uuid, order_id uuid, channel_order_id uuid, external_id text, position integer, product_external_id text,
      sku text, barcode text, title text, quantity numeric, unit_price_minor bigint, total_minor bigint, discount_minor bigint, vat_rate numeric, currency text, cancelled boolean,
      product_id uuid, matched_by text, match_problem text)
    on conflict (channel_order_id, external_id) do update set position = excluded.position, product_external_id = excluded.product_external_id, sku = excluded.sku,
      barcode = excluded.barcode, title = excluded.title, quantity = excluded.quantity, unit_price_minor = excluded.unit_price_minor, total_minor = excluded.total_minor,
      discount_minor = excluded.discount_minor, vat_rate = excluded.vat_rate, currency = excluded.currency, cancelled = excluded.cancelled,
      product_id = coalesce(known.product_id, excluded.product_id),
      matched_by = case when known.product_id is null then excluded.matched_by else known.matched_by end,
      match_problem = case when known.product_id is null then excluded.match_problem end
    -- Most news are about the package; a line that is told as before is not written again.
    where (known.position, known.product_external_id, known.sku, known.barcode, known.title, known.quantity, known.unit_price_minor, known.total_minor, known.discount_minor,
        known.vat_rate, known.currency, known.cancelled)
      is distinct from (excluded.position, excluded.product_external_id, excluded.sku, excluded.barcode, excluded.title, excluded.quantity, excluded.unit_price_minor,
        excluded.total_minor, excluded.discount_minor, excluded.vat_rate, excluded.currency, excluded.cancelled)
      or (known.product_id is null and (excluded.product_id is not null or known.match_problem is distinct from excluded.match_problem))
    returning known.id, known.order_id, known.title, known.sku, known.barcode,
      old.id is not null and old.product_id is null and new.product_id is not null as now_mapped,
      new.product_id is null and old.match_problem is distinct from new.match_problem as now_unmapped,
      jsonb_build_object('productId', new.product_id, 'by', new.matched_by, 'problem', new.match_problem) as match`);
  const known = changes.filter((change) => !change.isNew);
  if (known.length > 0) {
    const named = known.flatMap(({ id, facts }) => facts.lines.map((line) => ({ id, line: line.externalId })));
    await tx.run(sql`
      update order_line as line set cancelled = true
      where line.channel_order_id = any(${known.map((change) => change.id)}::uuid[]) and not line.cancelled
        and (line.channel_order_id, line.external_id) not in (select * from unnest(${named.map((one) => one.id)}::uuid[], ${named.map((one) => one.line)}::text[]))`);
  }
  return {
    mapped: new Set(written.filter((line) => line.now_mapped).map((line) => line.id)),
    // A line that is known at once is nothing to tell.
    told: written.filter((line) => line.now_mapped || line.now_unmapped).map((line) => tellMatch(line.order_id, line, line.match)),
  };
}
