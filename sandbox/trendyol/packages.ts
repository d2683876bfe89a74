import type { Customer } from '../world/customers.ts';
import type { Product } from './catalog.ts';
import type { Front } from './market.ts';

/** One unit of a line, in minor units: what the customer pays for it is gross − seller discount − Trendyol discount. */
export interface Unit {
  itemId: number;
  sellerDiscount: number;
  tyDiscount: number;
}

export interface Line {
  lineId: number;
  product: Product;
  /** Per unit, in minor units, VAT included. */
  gross: number;
  units: readonly Unit[];
  cancelledBy: string;
  cancelReason: string;
  cancelReasonCode: number;
}

/** A shipment package: what the API serves as an order. */
export interface Package {
  id: number;
  orderNumber: string;
  shipmentNumber: number;
  front: Front;
  status: string;
  /** True instant. */
  orderedAt: number;
  lastModified: number;
  history: { createdDate: number; status: string }[];
  lines: readonly Line[];
  /** A number is a shopper of the world, made when looked at. */
  customer: Customer | number;
  /** Digits; may be beyond 2^53. */
  trackingNumber: string;
  createdBy: 'order-creation' | 'cancel' | 'split' | 'transfer';
  originIds: readonly number[] | null;
}

/** Statuses a package may have, in the order of the ordinary way through. */
export const MAIN_PATH = ['Awaiting', 'Created', 'Picking', 'Invoiced', 'Shipped', 'AtCollectionPoint', 'Delivered'] as const;
export const STATUSES: ReadonlySet<string> = new Set([...MAIN_PATH, 'Verified', 'UnDelivered', 'Returned', 'Cancelled', 'UnSupplied', 'UnPacked']);
export const CANCELLED: ReadonlySet<string> = new Set(['Cancelled', 'UnSupplied']);
/** The seller may still refuse, split or cancel. */
export const BEFORE_SHIPPING: ReadonlySet<string> = new Set(['Awaiting', 'Verified', 'Created', 'Picking', 'Invoiced']);

const SKIPPED_BY_DEFAULT: ReadonlySet<string> = new Set(['Invoiced', 'AtCollectionPoint']);

/** The statuses passed from one to the other, the last included; undefined when there is no way. */
export function wayTo(from: string, to: string): string[] | undefined {
  if (from === to) return undefined;
  const path: readonly string[] = MAIN_PATH;
  const start = from === 'Verified' ? 0 : path.indexOf(from);
  const end = path.indexOf(to);
  if (to === 'Verified') return from === 'Awaiting' ? [to] : undefined;
  if (from === 'UnDelivered') return to === 'Delivered' || to === 'Returned' ? [to] : undefined;
  if (start >= 0 && end > start) return path.slice(start + 1, end + 1).filter((status) => status === to || !SKIPPED_BY_DEFAULT.has(status));
  if (CANCELLED.has(to) || to === 'UnPacked') return BEFORE_SHIPPING.has(from) ? [to] : undefined;
  if (to === 'UnDelivered') {
    if (from === 'Shipped' || from === 'AtCollectionPoint') return [to];
    const shipped = wayTo(from, 'Shipped');
    return shipped && [...shipped, to];
  }
  return undefined;
}

export interface Totals {
  gross: number;
  sellerDiscount: number;
  tyDiscount: number;
}

/** Sums over the units of a line, in minor units. */
export function lineTotals(line: Line): Totals {
  let sellerDiscount = 0;
  let tyDiscount = 0;
  for (const unit of line.units) {
    sellerDiscount += unit.sellerDiscount;
    tyDiscount += unit.tyDiscount;
  }
  return { gross: line.gross * line.units.length, sellerDiscount, tyDiscount };
}

export function packageTotals(lines: readonly Line[]): Totals {
  const totals = { gross: 0, sellerDiscount: 0, tyDiscount: 0 };
  for (const line of lines) {
    const each = lineTotals(line);
    totals.gross += each.gross;
    totals.sellerDiscount += each.sellerDiscount;
    totals.tyDiscount += each.tyDiscount;
  }
  return totals;
}

export const netOf = (totals: Totals): number => totals.gross - totals.sellerDiscount - totals.tyDiscount;
