import { hasRight } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { empty, join, raw, sql } from '../../kit/db.ts';
import type { Db, Sql } from '../../kit/db.ts';
import { toMoney } from '../../kit/money.ts';
import { COUNT_LIMIT, decodeCursor, toPage } from '../../kit/page.ts';
import type { Page } from '../../kit/page.ts';
import { orderStatus } from './contract.ts';
import type { ChannelOrder, Order, OrderCounts, OrderProblem, OrderSort, OrderStatus, PackageStatus } from './contract.ts';

/** Rows of companies the actor may see. */
export const visible = (actor: Actor, column: Sql): Sql => sql`(${actor.companyIds}::uuid[] is null or ${column} = any(${actor.companyIds}::uuid[]))`;

export const channelRef = sql`jsonb_build_object('id', channel.id, 'platform', channel.platform, 'name', channel.name, 'mark', channel.mark, 'series', channel.series) as channel`;

export interface OrderListRow {
  id: string;
  number: string;
  external_number: string;
  channel: Order['channel'];
  company_id: string;
  status: OrderStatus;
  problem: OrderProblem | null;
  customer_name: string;
  currency: string;
  total_minor: number;
  line_count: number;
  unit_count: number;
  ordered_at: Date;
  ship_by: Date | null;
  received_by: Order['receivedBy'];
}

/** What lists and details of orders have in common; customers only for those who may see them. */
export const toOrderBase = (row: OrderListRow, actor: Actor): Omit<Order, 'title'> => ({
  id: row.id,
  number: row.number,
  externalNumber: row.external_number,
  channel: row.channel,
  companyId: row.company_id,
  status: row.status,
  problem: row.problem,
  customerName: hasRight(actor, 'orders.customers') ? row.customer_name : null,
  total: toMoney(row.total_minor, row.currency),
  lineCount: row.line_count,
  unitCount: row.unit_count,
  orderedAt: row.ordered_at.toISOString(),
  shipBy: row.ship_by?.toISOString() ?? null,
  receivedBy: row.received_by,
});

const isOpen = sql`sold.status in ('pending', 'new', 'processing')`;
const like = (text: string): string => `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;

/** Open orders that are late, or due before midnight of the shop's zone. */
const dueWithin = (deadline: 'late' | 'today', now: Date, zone: string): Sql =>
  deadline === 'late'
    ? sql`${isOpen} and sold.ship_by < ${now}`
    : sql`${isOpen} and sold.ship_by >= ${now} and sold.ship_by < (date_trunc('day', ${now}::timestamptz at time zone ${zone}) + interval '1 day') at time zone ${zone}`;

/** Part of a number or name needs three letters for its index (order_words); less must be our whole number. */
function searchOf(actor: Actor, search: string): Sql {
  if (search.length < 3) return sql`sold.number = ${search}`;
  const people = hasRight(actor, 'orders.customers')
    ? sql`or sold.customer_name ilike ${like(search)} or sold.customer_email = ${search.toLowerCase()}`
    : empty;
  return sql`(sold.number ilike ${like(search)} or sold.external_number ilike ${like(search)} ${people})`;
}

export interface OrderFilter {
  limit: number;
  cursor?: string | undefined;
  search?: string | undefined;
  status?: 'open' | OrderStatus | undefined;
  channelId?: string | undefined;
  platform?: string | undefined;
  problem?: 'any' | OrderProblem | undefined;
  deadline?: 'late' | 'today' | undefined;
  sort: OrderSort;
}

/** Orders by time (order_newest, order_by_status, order_by_channel, order_problems) or by deadline (order_by_deadline). */
export async function listOrders(db: Db, actor: Actor, input: OrderFilter, present: { now: Date; zone: string }): Promise<Page<Order>> {
  const after = decodeCursor(input.cursor, input.sort, 2);
  const search = input.search === undefined || input.search === '' ? undefined : input.search;
  const where = join(
    [
      visible(actor, sql`sold.company_id`),
      ...(input.status === undefined ? [] : [input.status === 'open' ? isOpen : sql`sold.status = ${input.status}`]),
      ...(input.channelId === undefined ? [] : [sql`sold.channel_id = ${input.channelId}`]),
      ...(input.platform === undefined ? [] : [sql`sold.channel_id in (select id from channel where platform = ${input.platform})`]),
      ...(input.problem === undefined ? [] : [input.problem === 'any' ? sql`sold.problem is not null` : sql`sold.problem = ${input.problem}`]),
      ...(input.deadline === undefined ? [] : [dueWithin(input.deadline, present.now, present.zone)]),
      ...(input.sort === 'deadline' ? [sql`${isOpen} and sold.ship_by is not null`] : []),
      ...(search === undefined ? [] : [searchOf(actor, search)]),
    ],
    ' and ',
  );
  const key = raw(input.sort === 'newest' ? 'sold.ordered_at' : 'sold.ship_by');
  const direction = raw(input.sort === 'newest' ? 'desc' : 'asc');
  const rows = await db.rows<OrderListRow & { title: string | null }>(sql`
    select sold.id, sold.number, sold.external_number, sold.company_id, sold.status, sold.problem, sold.customer_name, sold.currency, sold.total_minor, sold.line_count,
      sold.unit_count::float8 as unit_count, sold.ordered_at, sold.ship_by, sold.received_by, ${channelRef},
      (select line.title from order_line as line where line.order_id = sold.id order by line.state = 'superseded', line.position, line.id limit 1) as title
    from (select * from "order" as sold where ${where}
        ${after === undefined ? empty : sql`and (${key}, sold.id) ${raw(input.sort === 'newest' ? '<' : '>')} (${String(after[0])}::timestamptz, ${after[1]}::uuid)`}
      order by ${key} ${direction}, sold.id ${direction} limit ${input.limit + 1}) as sold
    join channel on channel.id = sold.channel_id
    order by ${key} ${direction}, sold.id ${direction}`);
  const keyOf = (row: OrderListRow): string => (input.sort === 'newest' ? row.ordered_at : (row.ship_by ?? row.ordered_at)).toISOString();
  const page = toPage(
    rows,
    input.limit,
    input.sort,
    (row) => [keyOf(row), row.id],
    (row) => ({ ...toOrderBase(row, actor), title: row.title ?? '' }),
  );
  if (after !== undefined) return page;
  const { total } = await db.one<{ total: number }>(
    sql`select count(*)::int as total from (select from "order" as sold where ${where} limit ${COUNT_LIMIT + 1}) as counted`,
  );
  return { ...page, total: Math.min(total, COUNT_LIMIT), totalIsMore: total > COUNT_LIMIT };
}

/** How many orders stand where; each count stops at 10,000. */
export async function countOrders(db: Db, actor: Actor, channelId: string | undefined, present: { now: Date; zone: string }): Promise<OrderCounts> {
  const scope = sql`${visible(actor, sql`sold.company_id`)} and (${channelId ?? null}::uuid is null or sold.channel_id = ${channelId ?? null}::uuid)`;
  const count = (name: string, where: Sql): Sql =>
    sql`select ${name}::text as name, count(*)::int as count from (select from "order" as sold where ${where} and ${scope} limit ${COUNT_LIMIT}) as counted`;
  const rows = await db.rows<{ name: string; count: number }>(
    sql`${join(
      [
        ...orderStatus.options.map((status) => count(status, sql`sold.status = ${status}`)),
        count('late', dueWithin('late', present.now, present.zone)),
        count('today', dueWithin('today', present.now, present.zone)),
        count('needs_mapping', sql`sold.problem is not null and sold.problem = 'needs_mapping'`),
        count('oversold', sql`sold.problem is not null and sold.problem = 'oversold'`),
        sql`select 'quarantined', count(*)::int from (select from order_quarantine as message join channel on channel.id = message.channel_id
        where message.resolved_at is null and ${visible(actor, sql`channel.company_id`)} and (${channelId ?? null}::uuid is null or message.channel_id = ${channelId ?? null}::uuid) limit ${COUNT_LIMIT}) as counted`,
      ],
      ' union all ',
    )}`,
  );
  const counts = new Map(rows.map((row) => [row.name, row.count]));
  const of = (name: string): number => counts.get(name) ?? 0;
  return {
    byStatus: Object.fromEntries(orderStatus.options.map((status) => [status, of(status)])) as Record<OrderStatus, number>,
    late: of('late'),
    today: of('today'),
    needsMapping: of('needs_mapping'),
    oversold: of('oversold'),
    quarantined: of('quarantined'),
  };
}

export interface PackageRow {
  id: string;
  external_id: string;
  store_front: string;
  status: PackageStatus;
  raw_status: string;
  origin_external_ids: string[];
  cargo_provider: string;
  tracking_number: string;
  tracking_link: string;
  total_minor: number;
  currency: string;
  ordered_at: Date;
  modified_at: Date;
  received_by: Order['receivedBy'];
}

export const toPackage = (row: PackageRow): Omit<ChannelOrder, 'channel' | 'externalNumber' | 'order' | 'lineCount'> => ({
  id: row.id,
  externalId: row.external_id,
  storeFront: row.store_front,
  status: row.status,
  rawStatus: row.raw_status,
  originExternalIds: row.origin_external_ids,
  cargoProvider: row.cargo_provider,
  trackingNumber: row.tracking_number,
  trackingLink: row.tracking_link,
  total: toMoney(row.total_minor, row.currency),
  orderedAt: row.ordered_at.toISOString(),
  modifiedAt: row.modified_at.toISOString(),
  receivedBy: row.received_by,
});

/** Packages of a platform's stores, newest first (channel_order_list per store, merged). */
export async function listChannelOrders(
  db: Db,
  actor: Actor,
  input: {
    platform: string;
    limit: number;
    cursor?: string | undefined;
    channelId?: string | undefined;
    status?: PackageStatus | undefined;
    search?: string | undefined;
  },
): Promise<Page<ChannelOrder>> {
  const after = decodeCursor(input.cursor, 'newest', 2);
  const search = input.search === undefined || input.search === '' ? undefined : input.search;
  const rows = await db.rows<PackageRow & { channel: ChannelOrder['channel']; external_number: string; sold: ChannelOrder['order']; line_count: number }>(sql`
    select package.id, package.external_id, package.external_number, package.store_front, package.status, package.raw_status, package.origin_external_ids, package.cargo_provider,
      package.tracking_number, package.tracking_link, package.total_minor, package.currency, package.ordered_at, package.modified_at, package.received_by, ${channelRef},
      case when sold.id is not null then jsonb_build_object('id', sold.id, 'number', sold.number, 'status', sold.status, 'problem', sold.problem) end as sold,
      (select count(*)::int from order_line as line where line.channel_order_id = package.id) as line_count
    from channel
    cross join lateral (select * from channel_order as package where package.channel_id = channel.id
        ${input.status === undefined ? empty : sql`and package.status = ${input.status}`}
        ${search === undefined ? empty : sql`and (package.external_number = ${search} or package.external_id = ${search} or (package.tracking_number <> '' and package.tracking_number = ${search}))`}
        ${after === undefined ? empty : sql`and (package.ordered_at, package.id) < (${String(after[0])}::timestamptz, ${after[1]}::uuid)`}
      order by package.ordered_at desc, package.id desc limit ${input.limit + 1}) as package
    left join "order" as sold on sold.id = package.order_id
    where channel.platform = ${input.platform} and ${visible(actor, sql`channel.company_id`)} and (${input.channelId ?? null}::uuid is null or channel.id = ${input.channelId ?? null}::uuid)
    order by package.ordered_at desc, package.id desc limit ${input.limit + 1}`);
  return toPage(
    rows,
    input.limit,
    'newest',
    (row) => [row.ordered_at.toISOString(), row.id],
    (row) => ({
      ...toPackage(row),
      channel: row.channel,
      externalNumber: row.external_number,
      order: row.sold,
      lineCount: row.line_count,
    }),
  );
}

const waits = sql`line.product_id is null and line.state in ('open', 'shipped')`;

/** Lines without a product that these channel products may be (indexes order_line_waiting_listing, _barcode). */
export const waitingForChannelProducts = async (db: Db, ids: readonly string[]): Promise<{ id: string; order_id: string }[]> =>
  ids.length === 0
    ? []
    : db.rows(sql`
        select line.id, line.order_id from channel_product as there
        join order_line as line on ${waits} and ((line.product_external_id = there.external_id and line.product_external_id <> '') or (line.barcode = there.barcode and line.barcode <> ''))
        join channel_order as package on package.id = line.channel_order_id and package.channel_id = there.channel_id
        where there.id = any(${ids}::uuid[]) and there.product_id is not null`);

/** Lines without a product that have the barcode or SKU of these products (indexes order_line_waiting_barcode, _sku). */
export const waitingForProducts = async (db: Db, ids: readonly string[]): Promise<{ id: string; order_id: string }[]> =>
  ids.length === 0
    ? []
    : db.rows(sql`
        select line.id, line.order_id from product join order_line as line on ${waits} and line.barcode <> '' and line.barcode = product.barcode where product.id = any(${ids}::uuid[])
        union
        select line.id, line.order_id from product join order_line as line on ${waits} and line.sku <> '' and line.sku = product.sku where product.id = any(${ids}::uuid[])`);

/** Lines of these packages that have no product (index order_line_external_key). */
export const waitingOfPackages = async (db: Db, ids: readonly string[]): Promise<{ id: string; order_id: string }[]> =>
  ids.length === 0 ? [] : db.rows(sql`select line.id, line.order_id from order_line as line where line.channel_order_id = any(${ids}::uuid[]) and ${waits}`);

/** Stores that are connected and active, with the time of their last run of a kind (index run_subject). */
export const channelsToRead = (
  db: Db,
  kind: string,
): Promise<{ id: string; platform: string; name: string; company_id: string; settings: unknown; health: string; created_at: Date; last_at: Date | null }[]> =>
  db.rows(sql`
    select channel.id, channel.platform, channel.name, channel.company_id, channel.settings, channel.health, channel.created_at,
      (select run.created_at from run where run.subject_id = channel.id and run.kind = ${kind} order by run.created_at desc limit 1) as last_at
    from channel where channel.active and channel.archived_at is null order by channel.created_at, channel.id`);

/** Active stores of a platform that the actor may see. */
export const storesToSync = (
  db: Db,
  actor: Actor,
  platform: string,
  channelId: string | undefined,
): Promise<{ id: string; name: string; company_id: string; active: boolean }[]> =>
  db.rows(sql`
    select id, name, company_id, active from channel
    where platform = ${platform} and archived_at is null and ${visible(actor, sql`company_id`)} and (${channelId ?? null}::uuid is null or id = ${channelId ?? null}::uuid)
    order by created_at, id`);
