import { check, flag, integer, list, number, object, optional, page, text } from '../input.ts';
import { ControlError } from '../platform.ts';
import { isOnSale } from './catalog.ts';
import { letProgress, randomBasket } from './demand.ts';
import type { Demand, DemandFlows, Progress } from './demand.ts';
import { minorUnits } from './fronts.ts';
import { advance, cancelPart, defaultGroups, placeOrder, split } from './lifecycle.ts';
import type { Wanted } from './lifecycle.ts';
import { currencyOf, sourceOf } from './market.ts';
import type { Front, Market } from './market.ts';
import { customerOf } from './package-json.ts';
import { CANCELLED, lineTotals, netOf, packageTotals, STATUSES } from './packages.ts';
import type { Package } from './packages.ts';
import { frontCode, readCustomer, readProgress, readShares, requireFront } from './world-input.ts';

const MAX_ORDERS = 1_000_000;

/** The truth about the world, past any fault or masking. */
export function viewWorld(market: Market, query: URLSearchParams): unknown {
  const what = query.get('what');
  if (what === null) {
    const sellers = [...market.sellers.values()].map(({ sellerId, apiKey, apiSecret, tier, fronts }) => {
      const counts = (count: (front: Front) => number): number => [...fronts.values()].reduce((sum, front) => sum + count(front), 0);
      return {
        sellerId,
        apiKey,
        apiSecret,
        storeFronts: [...fronts.keys()],
        tier,
        products: counts((front) => front.catalog.products.size),
        packages: counts((front) => front.packages.size),
      };
    });
    return { sellers };
  }
  const sellerId = Number(query.get('sellerId'));
  const seller = market.sellers.get(sellerId);
  if (!seller) throw new ControlError(404, `there is no seller ${query.get('sellerId')}`);
  const code = query.get('storeFront');
  const fronts = code === null ? [...seller.fronts.values()] : [requireFront(market, sellerId, code)];
  const has = (name: string, value: unknown): boolean => query.get(name) === null || query.get(name) === String(value);
  if (what === 'products') {
    const found = fronts.flatMap((front) => {
      const barcode = query.get('barcode');
      const one = barcode === null ? undefined : front.catalog.products.get(barcode);
      const products = barcode === null ? [...front.catalog.products.values()] : one ? [one] : [];
      return products.filter((product) => has('stockCode', product.stockCode)).map((product) => ({ product, front }));
    });
    const shown = page(found, query);
    return { ...shown, items: shown.items.map(({ product, front }) => productTruth(product, front)) };
  }
  if (what === 'packages') {
    const all = [...market.packages.values()].filter(
      (parcel) =>
        fronts.includes(parcel.front) && has('status', parcel.status) && has('orderNumber', parcel.orderNumber) && has('shipmentPackageId', parcel.id),
    );
    const shown = page(all, query);
    return { ...shown, items: shown.items.map((parcel) => packageTruth(market, parcel)) };
  }
  throw new ControlError(400, 'what: must be products or packages');
}

function productTruth(product: Parameters<typeof isOnSale>[0], front: Front): unknown {
  const { barcode, stockCode, title, productMainId, salePrice, listPrice, quantity, approved, archived, locked, stockModifiedAt, priceModifiedAt, card } =
    product;
  return {
    sellerId: front.seller.sellerId,
    storeFront: front.facts.code,
    barcode,
    stockCode,
    title,
    productMainId,
    contentId: card?.contentId ?? null,
    salePrice,
    listPrice,
    quantity,
    approved,
    archived,
    locked,
    onSale: isOnSale(product),
    stockModifiedAt,
    priceModifiedAt,
  };
}

function packageTruth(market: Market, parcel: Package): unknown {
  const currency = currencyOf(market, parcel.front);
  const factor = minorUnits(currency);
  const lines = parcel.lines.map((line) => ({
    lineId: line.lineId,
    barcode: line.product.barcode,
    stockCode: line.product.stockCode,
    quantity: line.units.length,
    total: netOf(lineTotals(line)) / factor,
  }));
  const {
    id: shipmentPackageId,
    orderNumber,
    status,
    orderedAt,
    lastModified: lastModifiedDate,
    createdBy,
    originIds: originPackageIds,
    trackingNumber: cargoTrackingNumber,
    front,
  } = parcel;
  const total = netOf(packageTotals(parcel.lines)) / factor;
  return {
    shipmentPackageId,
    orderNumber,
    sellerId: front.seller.sellerId,
    storeFront: front.facts.code,
    status,
    orderedAt,
    lastModifiedDate,
    currency,
    total,
    createdBy,
    originPackageIds,
    cargoTrackingNumber,
    customer: customerOf(market, parcel),
    lines,
  };
}

/** Orders by lines or by number; see the README for the fields. */
export function addOrders(market: Market, input: unknown): unknown {
  const given = object(input, 'trendyol');
  const front = requireFront(market, integer(given.sellerId, 'sellerId'), frontCode(given.storeFront, 'storeFront'));
  const now = market.frame.clock.now();
  const at = optional(given.at, 'at', integer) ?? now;
  const status = optional(given.status, 'status', text) ?? 'Created';
  check(STATUSES.has(status), 'status', `one of ${[...STATUSES].join(', ')}`);
  const progress = optional(given.progress, 'progress', readProgress);
  const count = optional(given.count, 'count', integer);
  if (count !== undefined) {
    check(given.lines === undefined, 'count', 'given without lines');
    check(count > 0 && count <= MAX_ORDERS, 'count', `from 1 to ${MAX_ORDERS}`);
    const spreadMs = optional(given.spreadMs, 'spreadMs', integer) ?? 0;
    check(spreadMs >= 0, 'spreadMs', '0 or more');
    return addRandom(market, front, count, { at, spreadMs, status, progress });
  }
  const products = sourceOf(front).catalog.products;
  const lines = list(given.lines, 'lines').map((each, i): Wanted => {
    const line = object(each, `lines[${i}]`);
    const barcode = text(line.barcode, `lines[${i}].barcode`);
    const product = products.get(barcode);
    if (!product) throw new ControlError(404, `lines[${i}]: there is no product ${barcode} on ${front.facts.code}`);
    const quantity = optional(line.quantity, `lines[${i}].quantity`, integer) ?? 1;
    check(quantity > 0 && quantity <= 1000, `lines[${i}].quantity`, 'from 1 to 1000');
    return { product, quantity };
  });
  check(lines.length > 0, 'lines', 'a list with at least one line');
  const customer = optional(given.customer, 'customer', (value, name) => readCustomer(market, value, name));
  const parcel = placeOrder(market, front, lines, { at, status, customer, force: optional(given.force, 'force', flag) });
  if (progress) letProgress(market, parcel, progress);
  return { packages: [receipt(parcel)] };
}

function addRandom(
  market: Market,
  front: Front,
  count: number,
  options: { at: number; spreadMs: number; status: string; progress: Progress | undefined },
): unknown {
  const packages = [];
  for (let i = 0; i < count; i++) {
    const basket = randomBasket(market, front);
    if (!basket) return { packages, soldOut: true };
    const at = options.at - Math.floor((options.spreadMs * (count - 1 - i)) / count);
    const parcel = placeOrder(market, front, basket, { at, status: options.status });
    if (options.progress) letProgress(market, parcel, options.progress);
    packages.push(receipt(parcel));
  }
  return { packages };
}

const receipt = (parcel: Package): { shipmentPackageId: number; orderNumber: string } => ({
  shipmentPackageId: parcel.id,
  orderNumber: parcel.orderNumber,
});

/** Moves a package on, cancels it or part of it, or splits it. Undefined when there is none with this id. */
export function changePackage(market: Market, id: string, input: unknown): unknown {
  const parcel = market.packages.get(Number(id));
  if (!parcel) return undefined;
  const given = object(input, 'body');
  const status = text(given.status, 'status');
  const at = optional(given.at, 'at', integer) ?? market.frame.clock.now();
  const force = optional(given.force, 'force', flag) ?? false;
  check(force || STATUSES.has(status), 'status', `one of ${[...STATUSES].join(', ')}, or any text with force`);
  const shares = optional(given.lines, 'lines', readShares);
  const groups = optional(given.split, 'split', list)?.map((group, i) => readShares(group, `split[${i}]`));
  let successors: Package[] = [];
  if (status === 'UnPacked' && !force) successors = split(market, parcel, groups ?? defaultGroups(parcel), at);
  else if (shares && CANCELLED.has(status)) successors = cancelPart(market, parcel, status, shares, at);
  else advance(market, parcel, status, at, force);
  return { package: packageTruth(market, parcel), successors: successors.map((each) => packageTruth(market, each)) };
}

export function setDemand(market: Market, flows: DemandFlows, input: unknown): Demand {
  const given = object(input, 'trendyol');
  const sellerId = integer(given.sellerId, 'sellerId');
  const storeFront = optional(given.storeFront, 'storeFront', frontCode);
  if (storeFront !== undefined) requireFront(market, sellerId, storeFront);
  const ordersPerMinute = number(given.ordersPerMinute, 'ordersPerMinute');
  check(ordersPerMinute >= 0 && ordersPerMinute <= 60_000, 'ordersPerMinute', 'from 0 to 60000');
  const cancelShare = optional(given.cancelShare, 'cancelShare', number) ?? 0;
  check(cancelShare >= 0 && cancelShare <= 1, 'cancelShare', 'between 0 and 1');
  return flows.set({ sellerId, storeFront, ordersPerMinute, progress: optional(given.progress, 'progress', readProgress), cancelShare });
}
