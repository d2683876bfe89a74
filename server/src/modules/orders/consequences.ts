import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { settle } from '../inventory/inventory.ts';
import type { ReleaseCause, StockWish } from '../inventory/inventory.ts';
import { foldOrder } from './fold.ts';
import type { Fold, FoldLine, FoldOrder, FoldPackage, Folded } from './fold.ts';
import { hasLeft } from './status.ts';
import { writeTimeline } from './timeline.ts';
import type { Happening } from './timeline.ts';

/** Locks orders in the order of their ids. Everything about an order, its packages, lines and promises is written under this lock. */
export async function lockOrders(tx: Tx, orderIds: readonly string[]): Promise<void> {
  await tx.run(sql`select 1 from "order" where id = any(${orderIds}::uuid[]) order by id for update`);
}

type StoredOrder = FoldOrder & Folded;

interface Known {
  orders: StoredOrder[];
  packages: Map<string, FoldPackage[]>;
  lines: Map<string, FoldLine[]>;
}

async function readOrders(tx: Tx, orderIds: readonly string[]): Promise<Known> {
  const orders = await tx.rows<StoredOrder>(sql`
    select id, number, status, problem, customer_name, customer_email, customer_phone, ship_to, bill_to, total_minor, discount_minor, line_count, unit_count::float8 as unit_count,
      ordered_at, ship_by, shipped_at, delivered_at, cancelled_at
    from "order" where id = any(${orderIds}::uuid[])`);
  const packages = await tx.rows<FoldPackage>(sql`
    select id, order_id, external_id, status, reported, raw_status, modified_at, ordered_at, ship_by, origin_external_ids, customer_name, customer_email, customer_phone,
      ship_to, bill_to, total_minor, discount_minor, left_before
    from channel_order where order_id = any(${orderIds}::uuid[])`);
  const lines = await tx.rows<FoldLine>(sql`
    select id, order_id, channel_order_id, position, sku, barcode, title, quantity::float8 as quantity, state, cancelled, oversold, product_id
    from order_line where order_id = any(${orderIds}::uuid[]) order by channel_order_id, position`);
  return { orders, packages: Map.groupBy(packages, (one) => one.order_id ?? ''), lines: Map.groupBy(lines, (one) => one.order_id) };
}

interface StockWork {
  release: { orderLineId: string; cause: ReleaseCause }[];
  reserve: StockWish[];
  ship: string[];
}

/** Which lines got or lost their product just now; their stock follows even though their state stays. */
export interface Remapped {
  mapped?: ReadonlySet<string>;
  unmapped?: ReadonlySet<string>;
}

/** What an order needs of the stock, and what its timeline tells about it. */
function stockWork(lines: readonly FoldLine[], fold: Fold, leftBefore: ReadonlySet<string>, changed: Remapped): StockWork {
  const work: StockWork = { release: [], reserve: [], ship: [] };
  for (const line of lines) {
    const state = fold.lines.get(line.id) ?? line.state;
    if (changed.unmapped?.has(line.id) === true) work.release.push({ orderLineId: line.id, cause: 'remapped' });
    if (line.product_id === null || leftBefore.has(line.channel_order_id)) continue;
    const wish = { orderLineId: line.id, productId: line.product_id, quantity: line.quantity };
    if (state === 'open') work.reserve.push(wish);
    else if (state === 'cancelled' || state === 'superseded') {
      if (line.state === 'open') work.release.push({ orderLineId: line.id, cause: state === 'superseded' ? 'split' : 'cancelled' });
    } else if (line.state === 'open' || line.state === 'cancelled' || line.state === 'superseded' || changed.mapped?.has(line.id) === true) {
      // Seen for the first time after it left: promised and taken in one go.
      work.reserve.push(wish);
      work.ship.push(line.id);
    }
  }
  return work;
}

const units = (lines: readonly FoldLine[], ids: ReadonlySet<string>): number =>
  Math.round(lines.filter((line) => ids.has(line.id)).reduce((sum, line) => sum + line.quantity, 0) * 1000) / 1000;

function tell(
  order: StoredOrder,
  packages: readonly FoldPackage[],
  lines: readonly FoldLine[],
  fold: Fold,
  work: StockWork,
  oversold: ReadonlySet<string>,
  fresh: ReadonlySet<string>,
  mapped: ReadonlySet<string>,
): Happening[] {
  const happenings: Happening[] = [];
  const say = (kind: Happening['kind'], data: Happening['data']): void => void happenings.push({ orderId: order.id, kind, data });
  for (const one of packages) {
    const now = fold.packages.get(one.id) ?? one.status;
    if (now === one.status || fresh.has(one.id)) continue;
    if (now === 'superseded') say('package_replaced', { package: one.external_id });
    else say('package_status', { package: one.external_id, from: one.status, to: now, raw: one.raw_status });
  }
  for (const line of lines) {
    if (line.state === 'open' && fold.lines.get(line.id) === 'cancelled' && line.cancelled && !hasLeft(order.status))
      say('line_cancelled', { line: line.title, sku: line.sku });
  }
  const promised = new Set(
    work.reserve
      .map((wish) => wish.orderLineId)
      .filter(
        (id) =>
          !work.ship.includes(id) && lines.some((line) => line.id === id && (fresh.has(line.channel_order_id) || line.state !== 'open' || mapped.has(line.id))),
      ),
  );
  if (promised.size > 0) say('stock_reserved', { lines: promised.size, units: units(lines, promised) });
  const short = lines.filter((line) => oversold.has(line.id) && !line.oversold && fold.lines.get(line.id) === 'open').length;
  if (short > 0) say('stock_oversold', { lines: short });
  for (const [cause, ended] of Map.groupBy(work.release, (one) => one.cause)) {
    const ids = new Set(ended.map((one) => one.orderLineId).filter((id) => !fresh.has(lines.find((line) => line.id === id)?.channel_order_id ?? '')));
    if (ids.size > 0) say('stock_released', { lines: ids.size, units: units(lines, ids), cause });
  }
  if (work.ship.length > 0) say('stock_taken', { lines: work.ship.length, units: units(lines, new Set(work.ship)) });
  if (fold.order.status !== order.status && !packages.every((one) => fresh.has(one.id))) say('order_status', { from: order.status, to: fold.order.status });
  return happenings;
}

const same = (a: unknown, b: unknown): boolean =>
  a instanceof Date && b instanceof Date
    ? a.getTime() === b.getTime()
    : typeof a === 'object' && typeof b === 'object' && a !== null && b !== null
      ? JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
      : a === b;
const sorted = (value: object): unknown => Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));

/**
 * Draws the consequences of what is now known of the packages of these locked orders: states of packages, lines and orders, promises and
 * movements of stock, problems, timeline. Repeating it changes nothing. `fresh` names packages just seen for the first time.
 */
export async function settleOrders(
  tx: Tx,
  actor: Actor,
  orderIds: readonly string[],
  changed: Remapped & { fresh?: ReadonlySet<string>; told?: readonly Happening[] } = {},
): Promise<void> {
  const fresh = changed.fresh ?? new Set<string>();
  const { orders, packages, lines } = await readOrders(tx, orderIds);
  const work: StockWork = { release: [], reserve: [], ship: [] };
  const plans = orders
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((order) => {
      const ownPackages = packages.get(order.id) ?? [];
      const ownLines = lines.get(order.id) ?? [];
      const leftBefore = new Set(ownPackages.filter((one) => one.left_before).map((one) => one.id));
      const fold = foldOrder(order, ownPackages, ownLines);
      const own = stockWork(ownLines, fold, leftBefore, changed);
      work.release.push(...own.release);
      work.reserve.push(...own.reserve);
      work.ship.push(...own.ship);
      return { order, packages: ownPackages, lines: ownLines, fold, work: own };
    });

  const oversold = new Set((await settle(tx, actor, work)).oversold);
  for (const plan of plans) {
    for (const line of plan.lines) {
      if (!oversold.has(line.id) || plan.fold.lines.get(line.id) !== 'open') continue;
      plan.fold.order.problem ??= 'oversold';
    }
  }
  await writeStates(tx, plans, oversold);
  await writeOrders(
    tx,
    plans.filter(({ order, fold }) => (Object.keys(fold.order) as (keyof Folded)[]).some((field) => !same(order[field], fold.order[field]))),
  );
  await writeTimeline(tx, actor, [
    ...(changed.told ?? []),
    ...plans.flatMap((plan) => tell(plan.order, plan.packages, plan.lines, plan.fold, plan.work, oversold, fresh, changed.mapped ?? new Set())),
  ]);
}

interface Plan {
  order: StoredOrder;
  packages: FoldPackage[];
  lines: FoldLine[];
  fold: Fold;
}

async function writeStates(tx: Tx, plans: readonly Plan[], oversold: ReadonlySet<string>): Promise<void> {
  const packages = plans.flatMap(({ packages: all, fold }) =>
    all.flatMap((one) => (fold.packages.get(one.id) === one.status ? [] : [{ id: one.id, status: fold.packages.get(one.id) }])),
  );
  if (packages.length > 0) {
    await tx.run(sql`
      update channel_order as own set status = now.status, updated_at = ${tx.now}
      from unnest(${packages.map((one) => one.id)}::uuid[], ${packages.map((one) => one.status)}::text[]) as now(id, status) where own.id = now.id`);
  }
  const lines = plans.flatMap(({ lines: all, fold }) =>
    all.flatMap((line) => {
      const state = fold.lines.get(line.id) ?? line.state;
      const short = state === 'open' && line.product_id !== null && (line.oversold || oversold.has(line.id));
      return state === line.state && short === line.oversold ? [] : [{ id: line.id, state, short }];
    }),
  );
  if (lines.length > 0) {
    await tx.run(sql`
      update order_line as line set state = now.state, oversold = now.short
      from unnest(${lines.map((line) => line.id)}::uuid[], ${lines.map((line) => line.state)}::text[], ${lines.map((line) => line.short)}::boolean[]) as now(id, state, short) where line.id = now.id`);
  }
}

async function writeOrders(tx: Tx, plans: readonly Plan[]): Promise<void> {
  if (plans.length === 0) return;
  await tx.run(sql`
    update "order" as own set status = now.status, problem = now.problem, customer_name = now.customer_name, customer_email = now.customer_email, customer_phone = now.customer_phone,
      ship_to = now.ship_to, bill_to = now.bill_to, total_minor = now.total_minor, discount_minor = now.discount_minor, line_count = now.line_count, unit_count = now.unit_count,
      ordered_at = now.ordered_at, ship_by = now.ship_by, shipped_at = now.shipped_at, delivered_at = now.delivered_at, cancelled_at = now.cancelled_at, updated_at = ${tx.now}
    from jsonb_to_recordset(${JSON.stringify(plans.map(({ order, fold }) => ({ id: order.id, ...fold.order })))}::jsonb) as now(
      id uuid, status text, problem text, customer_name text, customer_email text, customer_phone text, ship_to jsonb, bill_to jsonb, total_minor bigint, discount_minor bigint,
      line_count integer, unit_count numeric, ordered_at timestamptz, ship_by timestamptz, shipped_at timestamptz, delivered_at timestamptz, cancelled_at timestamptz)
    where own.id = now.id`);
}
