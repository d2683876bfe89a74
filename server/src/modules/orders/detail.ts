import type { Address } from '../../connectors/connector.ts';
import { hasRight } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Db } from '../../kit/db.ts';
import { notFound } from '../../kit/errors.ts';
import { toMoney } from '../../kit/money.ts';
import type { LineStock, OrderDetail, OrderEventKind, OrderLine } from './contract.ts';
import { channelRef, toOrderBase, toPackage, visible } from './reads.ts';
import type { OrderListRow, PackageRow } from './reads.ts';

const TIMELINE_SHOWN = 500;

interface DetailRow extends OrderListRow {
  discount_minor: number;
  company_name: string;
  customer_email: string;
  customer_phone: string;
  ship_to: Address | null;
  bill_to: Address | null;
  shipped_at: Date | null;
  delivered_at: Date | null;
  cancelled_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

interface LineRow {
  id: string;
  channel_order_id: string;
  external_id: string;
  sku: string;
  barcode: string;
  title: string;
  quantity: number;
  unit_price_minor: number;
  discount_minor: number;
  total_minor: number;
  currency: string;
  vat_rate: string | null;
  state: OrderLine['state'];
  product: OrderLine['product'];
  matched_by: OrderLine['matchedBy'];
  match_problem: OrderLine['matchProblem'];
  oversold: boolean;
  left_before: boolean;
  held: 'open' | 'shipped' | 'released' | null;
  available: number | null;
}

function stockOf(row: LineRow): LineStock {
  if (row.left_before) return 'before';
  if (row.held === 'shipped') return 'taken';
  if (row.held === 'open') return row.oversold ? 'oversold' : 'reserved';
  return row.held === 'released' ? 'released' : 'none';
}

const toLine = (row: LineRow): OrderLine => ({
  id: row.id,
  packageId: row.channel_order_id,
  externalId: row.external_id,
  sku: row.sku,
  barcode: row.barcode,
  title: row.title,
  quantity: row.quantity,
  unitPrice: toMoney(row.unit_price_minor, row.currency),
  discount: toMoney(row.discount_minor, row.currency),
  total: toMoney(row.total_minor, row.currency),
  vatRate: row.vat_rate,
  state: row.state,
  product: row.product,
  matchedBy: row.matched_by,
  matchProblem: row.match_problem,
  stock: stockOf(row),
  available: row.available,
});

const toAddress = (address: Address | null): NonNullable<OrderDetail['customer']>['shipTo'] =>
  address === null
    ? null
    : {
        name: address.name ?? '',
        company: address.company ?? '',
        street: address.street ?? '',
        city: address.city ?? '',
        region: address.region ?? '',
        postalCode: address.postalCode ?? '',
        country: address.country ?? '',
        phone: address.phone ?? '',
        taxNumber: address.taxNumber ?? '',
        taxOffice: address.taxOffice ?? '',
      };

/** One order; other companies' orders do not exist for a limited actor, customers only for those who may see them. */
export async function getOrder(db: Db, actor: Actor, id: string): Promise<OrderDetail> {
  const row = await db.maybe<DetailRow>(sql`
    select sold.id, sold.number, sold.external_number, sold.company_id, sold.status, sold.problem, sold.customer_name, sold.customer_email, sold.customer_phone, sold.ship_to,
      sold.bill_to, sold.currency, sold.total_minor, sold.discount_minor, sold.line_count, sold.unit_count::float8 as unit_count, sold.ordered_at, sold.ship_by, sold.received_by,
      sold.shipped_at, sold.delivered_at, sold.cancelled_at, sold.created_at, sold.updated_at, company.name as company_name, ${channelRef}
    from "order" as sold join channel on channel.id = sold.channel_id join company on company.id = sold.company_id
    where sold.id = ${id} and ${visible(actor, sql`sold.company_id`)}`);
  if (row === undefined) throw notFound('order');
  const packages = await db.rows<PackageRow>(sql`
    select id, external_id, store_front, status, raw_status, origin_external_ids, cargo_provider, tracking_number, tracking_link, total_minor, currency, ordered_at, modified_at, received_by
    from channel_order where order_id = ${id} order by status = 'superseded', ordered_at, external_id`);
  const lines = await db.rows<LineRow>(sql`
    select line.id, line.channel_order_id, line.external_id, line.sku, line.barcode, line.title, line.quantity::float8 as quantity, line.unit_price_minor, line.discount_minor,
      line.total_minor, line.currency, line.vat_rate::float8::text as vat_rate, line.state, line.matched_by, line.match_problem, line.oversold, package.left_before,
      case when product.id is not null then jsonb_build_object('id', product.id, 'sku', product.sku, 'title', product.title,
        'imageUrl', (select image.url from product_image as image where image.product_id = product.id order by image.position limit 1)) end as product,
      (select case when bool_or(held.released_at is null) then 'open' when bool_or(held.release_cause = 'shipped') then 'shipped' else 'released' end
        from stock_reservation as held where held.order_line_id = line.id having count(*) > 0) as held,
      stock.available::float8 as available
    from order_line as line join channel_order as package on package.id = line.channel_order_id
    left join product on product.id = line.product_id left join product_stock as stock on stock.product_id = line.product_id
    where line.order_id = ${id} order by package.status = 'superseded', package.ordered_at, package.external_id, line.position, line.id`);
  const timeline = await db.rows<{ id: string; kind: OrderEventKind; message_data: Record<string, unknown>; actor_name: string; at: Date }>(sql`
    select id, kind, message_data, actor_name, at from order_event where order_id = ${id} order by at desc, id desc limit ${TIMELINE_SHOWN}`);
  return {
    ...toOrderBase(row, actor),
    discount: toMoney(row.discount_minor, row.currency),
    companyName: row.company_name,
    shippedAt: row.shipped_at?.toISOString() ?? null,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    cancelledAt: row.cancelled_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    customer: hasRight(actor, 'orders.customers')
      ? { name: row.customer_name, email: row.customer_email, phone: row.customer_phone, shipTo: toAddress(row.ship_to), billTo: toAddress(row.bill_to) }
      : null,
    lines: lines.map(toLine),
    packages: packages.map(toPackage),
    timeline: timeline.map((event) => ({ id: event.id, kind: event.kind, data: event.message_data, actorName: event.actor_name, at: event.at.toISOString() })),
  };
}
