import type { OrderProblem, OrderStatus, PackageStatus } from './contract.ts';
import { hasLeft, lineState, orderStatus, standing } from './status.ts';
import type { LineState } from './status.ts';
import type { ChannelOrderRow, OrderLineRow, OrderRow } from './tables.ts';

/* An order is what its packages say, folded together: the same packages give the same order, in whatever order they came. */

export type FoldPackage = Pick<
  ChannelOrderRow,
  | 'id'
  | 'order_id'
  | 'external_id'
  | 'status'
  | 'reported'
  | 'raw_status'
  | 'modified_at'
  | 'ordered_at'
  | 'ship_by'
  | 'origin_external_ids'
  | 'customer_name'
  | 'customer_email'
  | 'customer_phone'
  | 'ship_to'
  | 'bill_to'
  | 'total_minor'
  | 'discount_minor'
  | 'left_before'
>;
export type FoldLine = Pick<
  OrderLineRow,
  'id' | 'order_id' | 'channel_order_id' | 'position' | 'sku' | 'barcode' | 'title' | 'state' | 'cancelled' | 'oversold' | 'product_id'
> & { quantity: number };
export type FoldOrder = Pick<OrderRow, 'id' | 'number' | 'status' | 'shipped_at' | 'delivered_at' | 'cancelled_at'>;

/** Everything of an order that follows from its packages. */
export interface Folded {
  status: OrderStatus;
  problem: OrderProblem | null;
  customer_name: string;
  customer_email: string;
  customer_phone: string;
  ship_to: unknown;
  bill_to: unknown;
  total_minor: number;
  discount_minor: number;
  line_count: number;
  unit_count: number;
  ordered_at: Date;
  ship_by: Date | null;
  shipped_at: Date | null;
  delivered_at: Date | null;
  cancelled_at: Date | null;
}

export interface Fold {
  order: Folded;
  packages: Map<string, PackageStatus>;
  lines: Map<string, LineState>;
}

const earliest = (dates: readonly (Date | null)[]): Date | null => {
  const known = dates.filter((date) => date !== null);
  return known.length === 0 ? null : new Date(Math.min(...known.map((date) => date.getTime())));
};

/** Whether a line's missing product keeps stock from being right. */
export const needsProduct = (state: LineState, productId: string | null, leftBefore: boolean): boolean =>
  productId === null && !leftBefore && (state === 'open' || state === 'shipped');

/** Folds the packages and lines of one order. Packages must not be empty. */
export function foldOrder(order: FoldOrder, packages: readonly FoldPackage[], lines: readonly FoldLine[]): Fold {
  const origins = new Set(packages.flatMap((one) => one.origin_external_ids));
  const statuses = new Map(packages.map((one) => [one.id, standing(one.reported, origins.has(one.external_id))]));
  const states = new Map(lines.map((line) => [line.id, lineState(line.state, statuses.get(line.channel_order_id) ?? 'unknown', line.cancelled)]));
  const leftBefore = new Set(packages.filter((one) => one.left_before).map((one) => one.id));

  // Newest word first; ids settle what the platform changed at the same instant.
  const newest = packages.toSorted((a, b) => b.modified_at.getTime() - a.modified_at.getTime() || (a.external_id < b.external_id ? 1 : -1));
  const stand = newest.filter((one) => statuses.get(one.id) !== 'superseded');
  const alive = stand.filter((one) => statuses.get(one.id) !== 'cancelled');
  // A dissolved package counts only while its successors are not here; a cancelled one only when nothing else is left.
  const counted = alive.length > 0 ? alive : stand.length > 0 ? stand : newest;
  const countedIds = new Set(counted.map((one) => one.id));
  const countedLines = lines.filter((line) => countedIds.has(line.channel_order_id) && (alive.length === 0 || states.get(line.id) !== 'cancelled'));
  const told = <K extends keyof FoldPackage>(field: K): FoldPackage[K] | undefined =>
    [...stand, ...newest].find((one) => one[field] !== '' && one[field] !== null)?.[field];

  const status = orderStatus([...statuses.values()]) ?? order.status;
  const since = (before: Date | null, reached: boolean): Date | null => (reached ? (before ?? newest[0]?.modified_at ?? null) : null);
  const problem: OrderProblem | null = lines.some((line) =>
    needsProduct(states.get(line.id) ?? line.state, line.product_id, leftBefore.has(line.channel_order_id)),
  )
    ? 'needs_mapping'
    : lines.some((line) => line.oversold && states.get(line.id) === 'open')
      ? 'oversold'
      : null;
  return {
    packages: statuses,
    lines: states,
    order: {
      status,
      problem,
      customer_name: told('customer_name') ?? '',
      customer_email: told('customer_email') ?? '',
      customer_phone: told('customer_phone') ?? '',
      ship_to: told('ship_to') ?? null,
      bill_to: told('bill_to') ?? null,
      total_minor: counted.reduce((sum, one) => sum + one.total_minor, 0),
      discount_minor: counted.reduce((sum, one) => sum + one.discount_minor, 0),
      line_count: countedLines.length,
      unit_count: Math.round(countedLines.reduce((sum, line) => sum + line.quantity, 0) * 1000) / 1000,
      ordered_at: earliest(packages.map((one) => one.ordered_at)) ?? new Date(0),
      ship_by: earliest(counted.map((one) => one.ship_by)),
      shipped_at: since(order.shipped_at, hasLeft(status)),
      delivered_at: since(order.delivered_at, status === 'delivered'),
      cancelled_at: since(order.cancelled_at, status === 'cancelled'),
    },
  };
}
