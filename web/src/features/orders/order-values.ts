import type { OrderDetail, OrderEvent, OrderLine } from '../../../../server/src/modules/orders/contract.ts';
import type { Money } from '../../lib/format.ts';
import type { State } from '../../ui/glyph.tsx';

const placesOf = (money: Money): number => money.amount.split('.')[1]?.length ?? 0;
const toMinor = (money: Money): number => Math.round(Number(money.amount) * 10 ** placesOf(money));
const fromMinor = (minor: number, like: Money): Money => ({ amount: (minor / 10 ** placesOf(like)).toFixed(placesOf(like)), currency: like.currency });

export const plus = (one: Money, other: Money): Money => fromMinor(toMinor(one) + toMinor(other), one);
export const minus = (money: Money): Money => fromMinor(-toMinor(money), money);
export const isZero = (money: Money): boolean => toMinor(money) === 0;

/** Lines that are still part of what is sold; of an order that was cancelled whole, all it once was. */
export function standing(lines: readonly OrderLine[]): OrderLine[] {
  const once = lines.filter((line) => line.state !== 'superseded');
  const kept = once.filter((line) => line.state !== 'cancelled');
  return kept.length > 0 ? kept : once;
}

/** VAT that the totals of these lines contain, by rate; lines whose rate the platform does not tell are left out. */
export function vatIn(lines: readonly OrderLine[]): { rate: string; amount: Money }[] {
  const groups = Map.groupBy(
    standing(lines).filter((line) => line.vatRate !== null),
    (line) => String(Number(line.vatRate)),
  );
  return [...groups].flatMap(([rate, group]) => {
    const [first] = group;
    if (first === undefined) return [];
    const gross = group.reduce((sum, line) => sum + toMinor(line.total), 0);
    return [{ rate, amount: fromMinor(Math.round(gross - gross / (1 + Number(rate) / 100)), first.total) }];
  });
}

/** Lines that wait for a person to say which product they are. */
export const unmapped = (order: Pick<OrderDetail, 'lines'>): OrderLine[] => order.lines.filter((line) => line.product === null && line.state === 'open');

export type StepId = 'received' | 'reserved' | 'handed' | 'delivered' | 'notDelivered' | 'cancelled' | 'returned';

export interface OrderStep {
  id: StepId;
  state: State;
  /** When it happened. */
  at?: string;
  /** What stands under it instead of a time. */
  note?: 'needsMapping' | 'oversold' | 'released' | 'before' | 'due' | 'late' | 'unpaid';
}

const eventAt = (timeline: readonly OrderEvent[], kind: OrderEvent['kind']): string | undefined => timeline.find((event) => event.kind === kind)?.at;

/** The stations of an order: received, reserved, handed over, delivered; or where it ended instead. */
export function stepsOf(order: OrderDetail, now: number): OrderStep[] {
  const { status, timeline } = order;
  const received: OrderStep = { id: 'received', state: 'good', at: order.orderedAt };
  const reserved = reservedStep(order);
  if (status === 'cancelled') return [received, reserved, { id: 'cancelled', state: 'none', at: order.cancelledAt ?? eventAt(timeline, 'order_status') }];
  const left = status === 'shipped' || status === 'delivered' || status === 'delivery_failed' || status === 'returned';
  const late = order.shipBy !== null && new Date(order.shipBy).getTime() < now;
  const handed: OrderStep = left
    ? { id: 'handed', state: 'good', at: order.shippedAt ?? undefined }
    : late
      ? { id: 'handed', state: 'bad', note: 'late' }
      : { id: 'handed', state: status === 'processing' ? 'moving' : 'none', note: status === 'pending' ? 'unpaid' : order.shipBy === null ? undefined : 'due' };
  const end: OrderStep =
    status === 'delivery_failed'
      ? { id: 'notDelivered', state: 'bad', at: eventAt(timeline, 'order_status') }
      : {
          id: 'delivered',
          state: status === 'delivered' || (status === 'returned' && order.deliveredAt !== null) ? 'good' : status === 'shipped' ? 'moving' : 'none',
          at: order.deliveredAt ?? undefined,
        };
  return status === 'returned'
    ? [received, reserved, handed, end, { id: 'returned', state: 'attention', at: eventAt(timeline, 'order_status') }]
    : [received, reserved, handed, end];
}

function reservedStep({ problem, lines, timeline, status }: OrderDetail): OrderStep {
  if (problem === 'needs_mapping' || unmapped({ lines }).length > 0) return { id: 'reserved', state: 'attention', note: 'needsMapping' };
  if (problem === 'oversold') return { id: 'reserved', state: 'attention', note: 'oversold' };
  const kept = standing(lines);
  if (kept.length > 0 && kept.every((line) => line.stock === 'before')) return { id: 'reserved', state: 'none', note: 'before' };
  if (status === 'cancelled') return { id: 'reserved', state: 'none', note: eventAt(timeline, 'stock_reserved') === undefined ? undefined : 'released' };
  const at = eventAt(timeline, 'stock_covered') ?? eventAt(timeline, 'stock_reserved');
  const held = kept.some((line) => line.stock === 'reserved' || line.stock === 'taken');
  return { id: 'reserved', state: held || at !== undefined ? 'good' : 'none', at };
}

/** Packages that stand, then those that were replaced, each with its lines. */
export const packagesOf = (order: Pick<OrderDetail, 'packages' | 'lines'>) =>
  order.packages
    .map((pack) => ({ pack, lines: order.lines.filter((line) => line.packageId === pack.id), isReplaced: pack.status === 'superseded' }))
    .toSorted((a, b) => Number(a.isReplaced) - Number(b.isReplaced));
