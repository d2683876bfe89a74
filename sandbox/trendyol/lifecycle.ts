import { ControlError } from '../platform.ts';
import { customer, CUSTOMERS_PER_COUNTRY } from '../world/customers.ts';
import type { Customer } from '../world/customers.ts';
import type { Product } from './catalog.ts';
import { minorUnits } from './fronts.ts';
import { currencyOf } from './market.ts';
import type { Front, Market } from './market.ts';
import { BEFORE_SHIPPING, CANCELLED, wayTo } from './packages.ts';
import type { Line, Package, Unit } from './packages.ts';

export interface Wanted {
  product: Product;
  quantity: number;
}

const AWAITING_MS = 67_000;
const STEP_MS = 3_600_000;
const DISCOUNTED_SHARE = 0.4;
const TRENDYOL_DISCOUNT_SHARE = 0.5;

/** Takes an order: lowers the stock, makes the package and passes it to `status`. */
export function placeOrder(
  market: Market,
  front: Front,
  wanted: readonly Wanted[],
  options: { at: number; status: string; customer?: Customer | undefined; force?: boolean | undefined },
): Package {
  const now = market.frame.clock.now();
  const draw = market.drawFor(front.seller);
  const needed = new Map<Product, number>();
  for (const { product, quantity } of wanted) needed.set(product, (needed.get(product) ?? 0) + quantity);
  for (const [product, quantity] of needed) {
    if (product.quantity < quantity && !options.force)
      throw new ControlError(409, `${product.barcode}: only ${product.quantity} left on ${front.facts.code}, ${quantity} wanted`);
  }
  for (const [product, quantity] of needed) {
    product.quantity = Math.max(0, product.quantity - quantity);
    product.stockModifiedAt = now;
  }
  const buyer = options.customer ?? draw.int(0, CUSTOMERS_PER_COUNTRY - 1);
  const isCommercial = (typeof buyer === 'object' ? buyer : customer(market.customerSeed, front.facts.code, buyer)).company !== '';
  const factor = minorUnits(currencyOf(market, front));
  const parcel: Package = {
    id: market.ids.packageId(),
    orderNumber: market.ids.orderNumber(),
    shipmentNumber: market.ids.shipmentNumber(),
    front,
    status: options.status,
    orderedAt: options.at,
    lastModified: options.at,
    history: firstHistory(options.status, options.at, now),
    lines: wanted.map(({ product, quantity }) => ({
      lineId: market.ids.lineId(),
      product,
      gross: Math.round(product.salePrice * factor),
      units: units(market, front, Math.round(product.salePrice * factor), quantity, isCommercial),
      cancelledBy: '',
      cancelReason: '',
      cancelReasonCode: 0,
    })),
    customer: buyer,
    trackingNumber: '',
    createdBy: 'order-creation',
    originIds: null,
  };
  parcel.lastModified = parcel.history.at(-1)?.createdDate ?? options.at;
  parcel.trackingNumber = trackingNumber(market, parcel);
  store(market, parcel);
  return parcel;
}

/** Statuses up to the wanted one, an hour apart, never later than now. */
function firstHistory(status: string, at: number, now: number): Package['history'] {
  const way = status === 'Awaiting' ? [] : (wayTo('Awaiting', status) ?? [status]);
  const step = Math.max(0, Math.min(STEP_MS, Math.floor((now - at) / Math.max(1, way.length))));
  const first = Math.min(AWAITING_MS, step);
  return way.length === 0 ? [{ createdDate: at, status }] : way.map((each, i) => ({ createdDate: i === 0 ? at : at + first + step * (i - 1), status: each }));
}

/** Discounts of a line's units. The line's discount is spread so that units differ by a cent or two, as on the platform. */
function units(market: Market, front: Front, gross: number, quantity: number, isCommercial: boolean): Unit[] {
  const draw = market.drawFor(front.seller);
  const share = draw.chance(DISCOUNTED_SHARE) ? draw.pick([0.05, 0.1, 0.15]) : 0;
  const sum = Math.round(gross * quantity * share) + (share > 0 && gross > 100 ? draw.int(0, 1) : 0);
  const ty = isCommercial && draw.chance(TRENDYOL_DISCOUNT_SHARE) ? Math.round(gross * 0.05) : 0;
  const made: Unit[] = [];
  let left = sum;
  for (let i = 0; i < quantity; i++) {
    const even = Math.floor(left / (quantity - i));
    const own = i === quantity - 1 ? left : Math.min(left, even + (even > 1 ? draw.int(0, 1) : 0));
    left -= own;
    made.push({ itemId: market.ids.itemId(), sellerDiscount: own, tyDiscount: ty });
  }
  return made;
}

/** Sixteen digits, or twenty (beyond 2^53) for every fifth package. */
function trackingNumber(market: Market, parcel: Package): string {
  const prefix = parcel.front.facts.trackingPrefix;
  const big = market.switches.bigTrackingNumbers && parcel.id % 5 === 0;
  return prefix + String(parcel.id).padStart(big ? 17 : 13, '0');
}

function store(market: Market, parcel: Package): void {
  market.packages.set(parcel.id, parcel);
  const { orders } = parcel.front.seller;
  const siblings = orders.get(parcel.orderNumber);
  if (siblings) siblings.push(parcel);
  else orders.set(parcel.orderNumber, [parcel]);
  parcel.front.packages.touch(parcel);
}

/** Passes a package on; the steps in between enter its history. With `force` any text is a status and any way is open. */
export function advance(market: Market, parcel: Package, status: string, at: number, force = false): void {
  const way = wayTo(parcel.status, status) ?? (force ? [status] : undefined);
  if (!way) throw new ControlError(409, `package ${parcel.id} is ${parcel.status} and cannot become ${status}`);
  if (CANCELLED.has(status)) {
    const by =
      status === 'UnSupplied'
        ? { cancelledBy: 'seller', cancelReason: 'Out of stock', cancelReasonCode: 500 }
        : { cancelledBy: 'customer', cancelReason: 'Changed my mind', cancelReasonCode: 401 };
    parcel.lines = parcel.lines.map((line) => ({ ...line, ...by }));
    restoreStock(market, parcel.lines, at);
  }
  way.forEach((step, i) => parcel.history.push({ createdDate: at - (way.length - 1 - i), status: step }));
  parcel.status = status;
  parcel.lastModified = at;
  parcel.front.packages.touch(parcel);
}

function restoreStock(market: Market, lines: readonly Line[], at: number): void {
  if (!market.switches.cancelRestoresStock) return;
  for (const line of lines) {
    line.product.quantity += line.units.length;
    line.product.stockModifiedAt = at;
  }
}

/** Part of a package by barcode: how many units of it. */
export interface Share {
  barcode: string;
  quantity: number;
}

/** Dissolves a package into successors; what the groups leave over forms one more. */
export function split(market: Market, parcel: Package, groups: readonly (readonly Share[])[], at: number): Package[] {
  requireOpen(parcel);
  let rest = parcel.lines;
  const parts: Line[][] = [];
  for (const group of groups) {
    const [taken, left] = divide(rest, group);
    if (taken.length > 0) parts.push(taken);
    rest = left;
  }
  if (rest.length > 0) parts.push([...rest]);
  if (parts.length < 2) throw new ControlError(409, `package ${parcel.id} cannot be split into one`);
  close(parcel, 'UnPacked', at);
  return parts.map((lines) => succeed(market, parcel, lines, 'split', at));
}

/** The division made when none is asked for: one successor per line, or the units of a single line in two. */
export function defaultGroups(parcel: Package): Share[][] {
  const [only] = parcel.lines;
  if (parcel.lines.length > 1) return parcel.lines.map((line) => [{ barcode: line.product.barcode, quantity: line.units.length }]);
  return only ? [[{ barcode: only.product.barcode, quantity: Math.floor(only.units.length / 2) }]] : [];
}

/** Cancels some units: the package closes and the rest goes on in a successor. */
export function cancelPart(market: Market, parcel: Package, status: string, shares: readonly Share[], at: number): Package[] {
  requireOpen(parcel);
  const [gone, rest] = divide(parcel.lines, shares);
  if (rest.length === 0) {
    advance(market, parcel, status, at);
    return [];
  }
  restoreStock(market, gone, at);
  close(parcel, market.switches.partialCancelOld, at);
  return [succeed(market, parcel, rest, 'cancel', at)];
}

function requireOpen(parcel: Package): void {
  if (!BEFORE_SHIPPING.has(parcel.status)) throw new ControlError(409, `package ${parcel.id} is ${parcel.status}; only an unshipped one can be divided`);
}

function close(parcel: Package, status: string, at: number): void {
  parcel.history.push({ createdDate: at, status });
  parcel.status = status;
  parcel.lastModified = at;
  parcel.front.packages.touch(parcel);
}

/** Lines with the wanted units, and lines with the others. */
function divide(lines: readonly Line[], shares: readonly Share[]): [Line[], Line[]] {
  const wanted = new Map<string, number>();
  for (const { barcode, quantity } of shares) wanted.set(barcode, (wanted.get(barcode) ?? 0) + quantity);
  const taken: Line[] = [];
  const left: Line[] = [];
  for (const line of lines) {
    const want = wanted.get(line.product.barcode) ?? 0;
    const count = Math.min(want, line.units.length);
    wanted.set(line.product.barcode, want - count);
    if (count > 0) taken.push({ ...line, units: line.units.slice(0, count) });
    if (count < line.units.length) left.push({ ...line, units: line.units.slice(count) });
  }
  for (const [barcode, missing] of wanted) {
    if (missing > 0) throw new ControlError(409, `the package has ${missing} fewer of ${barcode} than asked for`);
  }
  return [taken, left];
}

function succeed(market: Market, parcel: Package, lines: readonly Line[], createdBy: 'split' | 'cancel', at: number): Package {
  // `close` already wrote the last entry of the predecessor; the successor goes on where that one stood before.
  const history = parcel.history.slice(0, -1);
  const successor: Package = {
    ...parcel,
    id: market.ids.packageId(),
    shipmentNumber: market.ids.shipmentNumber(),
    status: history.at(-1)?.status ?? 'Created',
    lastModified: at,
    history,
    lines,
    createdBy,
    originIds: [parcel.originIds?.[0] ?? parcel.id],
  };
  successor.trackingNumber = trackingNumber(market, successor);
  store(market, successor);
  return successor;
}
