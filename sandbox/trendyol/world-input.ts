import { check, flag, integer, list, number, object, oneOf, optional, text } from '../input.ts';
import { ControlError } from '../platform.ts';
import type { Customer } from '../world/customers.ts';
import type { Attribute, Named, Product } from './catalog.ts';
import { DEFAULT_PROGRESS } from './demand.ts';
import type { Progress } from './demand.ts';
import { FRONTS } from './fronts.ts';
import type { Share } from './lifecycle.ts';
import { addFront, TIERS } from './market.ts';
import type { Front, Market, Seller } from './market.ts';

export function frontCode(value: unknown, name: string): string {
  const code = text(value, name);
  check(FRONTS.has(code), name, `one of ${[...FRONTS.keys()].join(', ')}`);
  return code;
}

export function requireFront(market: Market, sellerId: number, code: string): Front {
  const seller = market.sellers.get(sellerId);
  if (!seller) throw new ControlError(404, `there is no seller ${sellerId}`);
  const front = seller.fronts.get(code);
  if (!front) throw new ControlError(404, `seller ${sellerId} does not sell on ${code}`);
  return front;
}

/** Adds sellers and products; all of it, or nothing when something is wrong. */
export function addWorld(market: Market, input: unknown): { sellers: number; products: number } {
  const given = object(input, 'trendyol');
  const sellers = (optional(given.sellers, 'sellers', list) ?? []).map((each, i) => readSeller(each, `sellers[${i}]`));
  const willSell = new Map([...market.sellers.values()].map((seller) => [seller.sellerId, new Set(seller.fronts.keys())]));
  for (const { seller, codes } of sellers) willSell.set(seller.sellerId, new Set([...(willSell.get(seller.sellerId) ?? []), ...codes]));
  const now = market.frame.clock.now();
  const products = (optional(given.products, 'products', list) ?? []).map((each, i) => {
    const name = `products[${i}]`;
    const row = object(each, name);
    const sellerId = integer(row.sellerId, `${name}.sellerId`);
    const code = frontCode(row.storeFront, `${name}.storeFront`);
    if (!willSell.get(sellerId)?.has(code)) throw new ControlError(404, `${name}: there is no seller ${sellerId} on ${code}`);
    return { sellerId, code, row: readProduct(row, name) };
  });

  for (const { seller, codes } of sellers) {
    const known = market.sellers.get(seller.sellerId);
    const { apiKey, apiSecret, tier, crossCountry } = seller;
    const kept = known ? Object.assign(known, { apiKey, apiSecret, tier, crossCountry }) : seller;
    market.sellers.set(kept.sellerId, kept);
    for (const code of codes) addFront(market, kept, code);
  }
  for (const { sellerId, code, row } of products) putProduct(market, requireFront(market, sellerId, code), row, now);
  return { sellers: sellers.length, products: products.length };
}

function readSeller(input: unknown, name: string): { seller: Seller; codes: string[] } {
  const given = object(input, name);
  const codes = list(given.storeFronts, `${name}.storeFronts`).map((each) => frontCode(each, `${name}.storeFronts`));
  const crossCountry = optional(given.crossCountry, `${name}.crossCountry`, object) ?? {};
  const seller: Seller = {
    sellerId: integer(given.sellerId, `${name}.sellerId`),
    apiKey: text(given.apiKey, `${name}.apiKey`),
    apiSecret: text(given.apiSecret, `${name}.apiSecret`),
    tier: optional(given.tier, `${name}.tier`, (value, at) => oneOf(value, at, TIERS)) ?? '50k',
    crossCountry: Object.fromEntries(
      Object.entries(crossCountry).map(([to, from]) => [frontCode(to, `${name}.crossCountry`), frontCode(from, `${name}.crossCountry`)]),
    ),
    fronts: new Map(),
    orders: new Map(),
  };
  check(codes.length > 0, `${name}.storeFronts`, 'a list with at least one store front');
  check(!seller.apiKey.includes(':'), `${name}.apiKey`, 'a text without ":"');
  return { seller, codes };
}

type ProductRow = Omit<Product, 'createdAt' | 'modifiedAt' | 'stockModifiedAt' | 'priceModifiedAt' | 'variantId' | 'card' | 'vatRate'> & {
  createdAt: number | undefined;
  vatRate: number | undefined;
};

function readProduct(given: Record<string, unknown>, name: string): ProductRow {
  const at = (field: string): string => `${name}.${field}`;
  const barcode = text(given.barcode, at('barcode'));
  check(barcode.length <= 40, at('barcode'), 'at most 40 characters');
  const salePrice = number(given.salePrice, at('salePrice'));
  const listPrice = number(given.listPrice, at('listPrice'));
  check(salePrice > 0 && listPrice >= salePrice, at('salePrice'), 'more than 0 and at most listPrice');
  const quantity = integer(given.quantity, at('quantity'));
  check(quantity >= 0, at('quantity'), '0 or more');
  return {
    barcode,
    stockCode: text(given.stockCode, at('stockCode')),
    title: text(given.title, at('title')),
    productMainId: optional(given.productMainId, at('productMainId'), text) ?? barcode,
    brand: named(given.brand, at('brand'), 1_450_012, 'EXEMPLU'),
    category: named(given.category, at('category'), 604, 'Textile'),
    description: optional(given.description, at('description'), text),
    images: (optional(given.images, at('images'), list) ?? [`https://cdn.dsmcdn.com/sandbox/${encodeURIComponent(barcode)}_org_zoom.jpg`]).map((each) =>
      typeof each === 'string' ? each : text(object(each, at('images')).url, at('images')),
    ),
    attributes: (optional(given.attributes, at('attributes'), list) ?? []).map((each) => readAttribute(each, at('attributes'))),
    salePrice,
    listPrice,
    quantity,
    vatRate: optional(given.vatRate, at('vatRate'), number),
    origin: optional(given.origin, at('origin'), text) ?? null,
    commission: optional(given.commission, at('commission'), number) ?? 16.5,
    dimensionalWeight: optional(given.dimensionalWeight, at('dimensionalWeight'), number) ?? 1,
    approved: optional(given.approved, at('approved'), flag) ?? true,
    rejectReasons: (optional(given.rejectReasons, at('rejectReasons'), list) ?? []).map((each) => text(each, at('rejectReasons'))),
    archived: optional(given.archived, at('archived'), flag) ?? false,
    locked: optional(given.locked, at('locked'), flag) ?? false,
    lockReason: optional(given.lockReason, at('lockReason'), text) ?? null,
    blacklisted: optional(given.blacklisted, at('blacklisted'), flag) ?? false,
    hasViolation: optional(given.hasViolation, at('hasViolation'), flag) ?? false,
    createdAt: optional(given.createdAt, at('createdAt'), integer),
  };
}

function readAttribute(input: unknown, name: string): Attribute {
  const given = object(input, name);
  const read: Attribute = {
    attributeId: integer(given.attributeId, `${name}.attributeId`),
    attributeName: optional(given.attributeName, `${name}.attributeName`, text) ?? '',
    attributeValue: text(given.attributeValue, `${name}.attributeValue`),
  };
  const valueId = optional(given.attributeValueId, `${name}.attributeValueId`, integer);
  return valueId === undefined ? read : { ...read, attributeValueId: valueId };
}

/** A brand or category: `{id, name}`, or a text that gets an id of its own. */
function named(value: unknown, name: string, fallbackId: number, fallbackName: string): Named {
  if (value === undefined || value === null) return { id: fallbackId, name: fallbackName };
  if (typeof value !== 'string') {
    const given = object(value, name);
    return { id: integer(given.id, `${name}.id`), name: text(given.name, `${name}.name`) };
  }
  let id = 0;
  for (const letter of value) id = (id * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return { id: 1000 + id, name: value };
}

function putProduct(market: Market, front: Front, row: ProductRow, now: number): void {
  const { catalog } = front;
  const vatRate = row.vatRate ?? front.facts.vatRate;
  const known = catalog.products.get(row.barcode);
  if (known) {
    const { approved, productMainId, ...changes } = row;
    const createdAt = row.createdAt ?? known.createdAt;
    const stockModifiedAt = row.quantity === known.quantity ? known.stockModifiedAt : now;
    Object.assign(known, changes, { vatRate, createdAt, modifiedAt: now, stockModifiedAt, priceModifiedAt: now });
    // The model of an approved card never changes, and approval is never taken back.
    if (!known.approved) {
      known.productMainId = productMainId;
      if (approved) catalog.approve(known);
    }
    if (known.card) known.card.modifiedAt = now;
    return;
  }
  const createdAt = row.createdAt ?? now;
  catalog.add({
    ...row,
    vatRate,
    createdAt,
    modifiedAt: createdAt,
    stockModifiedAt: createdAt,
    priceModifiedAt: createdAt,
    variantId: market.ids.variantId(),
    card: undefined,
  });
}

/** A buyer named by the caller. */
export function readCustomer(market: Market, input: unknown, name: string): Customer {
  const given = object(input, name);
  const word = (field: string, fallback: string): string => optional(given[field], `${name}.${field}`, text) ?? fallback;
  const addressId = market.ids.addressId();
  return {
    id: 1_000_000_000 + addressId,
    addressId,
    firstName: word('firstName', 'Ioana'),
    lastName: word('lastName', 'Exemplu'),
    email: word('email', `pf+${addressId}@trendyolmail.com`),
    phone: word('phone', '700000000'),
    city: word('city', 'Cluj-Napoca'),
    county: word('county', 'Cluj'),
    countyId: 35,
    postalCode: word('postalCode', '400001'),
    address1: word('address1', 'Str. Exemplu 10'),
    address2: word('address2', ''),
    company: word('company', ''),
    taxNumber: optional(given.taxNumber, `${name}.taxNumber`, text) ?? null,
    taxOffice: null,
    identityNumber: null,
  };
}

export function readShares(value: unknown, name: string): Share[] {
  const shares = list(value, name).map((each) => {
    const given = object(each, name);
    const quantity = optional(given.quantity, `${name}.quantity`, integer) ?? 1;
    check(quantity > 0, `${name}.quantity`, 'more than 0');
    return { barcode: text(given.barcode, `${name}.barcode`), quantity };
  });
  check(shares.length > 0, name, 'a list with at least one line');
  return shares;
}

export function readProgress(value: unknown, name: string): Progress | undefined {
  if (typeof value === 'boolean') return value ? DEFAULT_PROGRESS : undefined;
  const given = object(value, name);
  const ms = (field: keyof Progress): number => {
    const read = optional(given[field], `${name}.${field}`, number) ?? DEFAULT_PROGRESS[field];
    check(read >= 0, `${name}.${field}`, '0 or more');
    return read;
  };
  return { pickingMs: ms('pickingMs'), shippedMs: ms('shippedMs'), deliveredMs: ms('deliveredMs') };
}
