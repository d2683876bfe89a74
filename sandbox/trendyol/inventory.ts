import { createHash } from 'node:crypto';
import type { Answer } from '../platform.ts';
import { readItems } from './batches.ts';
import type { BatchItem, Batches } from './batches.ts';
import type { Product } from './catalog.ts';
import type { Front, Market } from './market.ts';
import { productError } from './refusals.ts';
import { say } from './request.ts';
import type { Request, Route } from './request.ts';

const REPEAT_MS = 15 * 60_000;
const MAX_QUANTITY = 20_000;
const PRICES_PER_MINUTE = 30;
const MINUTE_MS = 60_000;

interface Item {
  barcode: string;
  quantity: number | undefined;
  salePrice: number | undefined;
  listPrice: number | undefined;
}

/** Price and stock writes: taken at once, carried out as a batch. */
export function inventoryRoutes(market: Market, batches: Batches): Route[] {
  const accepted = new Map<string, number>();
  const priceTimes = new Map<Product, number[]>();
  return [
    {
      method: 'POST',
      pattern: '/inventory/sellers/{s}/products/price-and-inventory',
      group: 'inventory',
      run: (request) => update(request, market, batches, accepted, priceTimes),
    },
  ];
}

function update(request: Request, market: Market, batches: Batches, accepted: Map<string, number>, priceTimes: Map<Product, number[]>): Answer {
  const raw = readItems(request);
  if (!Array.isArray(raw)) return raw;
  const wrong = raw.map(typeProblem).find((problem) => problem !== undefined);
  if (wrong !== undefined) return productError(400, 'invalid.request.body', wrong);
  const items = raw.map(toItem);
  if (market.switches.badItem === 'reject-request') {
    const problem = items.map((item) => rangeProblem(request, item)).find((each) => each !== undefined);
    if (problem !== undefined) return productError(400, 'invalid.item', problem);
  }

  const now = market.frame.clock.now();
  for (const [key, at] of accepted) {
    if (now - at < REPEAT_MS) break;
    accepted.delete(key);
  }
  const { seller, front } = request;
  const scope = market.switches.repeatScope === 'seller' ? '' : front.facts.code;
  const key = createHash('sha1')
    .update(`${seller.sellerId}/${scope}/${canonical(raw)}`)
    .digest('base64');
  const last = accepted.get(key);
  if (last !== undefined && now - last < REPEAT_MS && market.switches.repeatScope !== 'off')
    return productError(400, 'repeated.request', '15 dakika boyunca aynı isteği tekrarlı olarak atamazsınız!');
  accepted.set(key, now);

  const updateRequestDate = new Date(now).toISOString().replace('Z', '+00:00');
  const rows = items.map((item): BatchItem => {
    const { barcode, quantity = null, salePrice = null, listPrice = null } = item;
    return { requestItem: { updateRequestDate, quantity, salePrice, listPrice, barcode }, status: 'IN_PROGRESS', failureReasons: [] };
  });
  const batch = batches.start(seller, 'ProductInventoryUpdate', rows, () => {
    items.forEach((item, i) => {
      const row = rows[i]!;
      const problem = rangeProblem(request, item) ?? apply(request, market, front, item, priceTimes, request.silentDrop);
      row.status = problem === undefined ? 'SUCCESS' : 'FAILED';
      if (problem !== undefined) row.failureReasons.push(problem);
    });
  });
  return { status: 200, body: { batchRequestId: batch.id } };
}

/** What cannot be read as an item at all. */
function typeProblem(item: Record<string, unknown>): string | undefined {
  if (typeof item.barcode !== 'string' || item.barcode === '') return 'JSON parse error: barcode must be a text';
  for (const name of ['quantity', 'salePrice', 'listPrice'] as const) {
    const value = item[name];
    if (value !== undefined && value !== null && typeof value !== 'number') return `JSON parse error: ${name} must be a number`;
  }
  if (typeof item.quantity === 'number' && !Number.isInteger(item.quantity)) return 'JSON parse error: quantity must be a whole number';
  return undefined;
}

function toItem(item: Record<string, unknown>): Item {
  const given = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
  return { barcode: String(item.barcode), quantity: given(item.quantity), salePrice: given(item.salePrice), listPrice: given(item.listPrice) };
}

/** What an item says that can never be right, whatever the product. */
function rangeProblem(request: Request, item: Item): string | undefined {
  const { quantity, salePrice, listPrice } = item;
  if (quantity === undefined && salePrice === undefined && listPrice === undefined) return say(request, 'Nothing to update', 'Güncellenecek bilgi yok');
  if (quantity !== undefined && (quantity < 0 || quantity > MAX_QUANTITY))
    return say(request, `Quantity must be between 0 and ${MAX_QUANTITY}`, `Stok 0 ile ${MAX_QUANTITY} arasında olmalıdır`);
  if ((salePrice !== undefined && salePrice <= 0) || (listPrice !== undefined && listPrice <= 0))
    return say(request, 'Price must be more than zero', 'Fiyat sıfırdan büyük olmalıdır');
  const isOne = (salePrice === undefined) !== (listPrice === undefined);
  if (isOne && request.market.switches.singlePrice === 'fail')
    return say(request, 'salePrice and listPrice must be sent together', 'salePrice ve listPrice birlikte gönderilmelidir');
  if (salePrice !== undefined && listPrice !== undefined && listPrice < salePrice)
    return say(request, 'List price must not be lower than sale price', 'Liste fiyatı satış fiyatından düşük olamaz');
  return undefined;
}

/** Writes an item to its product, or says why not. */
function apply(request: Request, market: Market, front: Front, item: Item, priceTimes: Map<Product, number[]>, silentDrop: boolean): string | undefined {
  const product = front.catalog.products.get(item.barcode);
  if (!product) return say(request, `Barcode not found: ${item.barcode}`, `Barkod bulunamadı: ${item.barcode}`);
  if (!product.approved) return say(request, 'Product is not approved', 'Ürün onaylı değil');
  const now = market.frame.clock.now();
  const salePrice = item.salePrice ?? product.salePrice;
  const listPrice = item.listPrice ?? product.listPrice;
  if (listPrice < salePrice) return say(request, 'List price must not be lower than sale price', 'Liste fiyatı satış fiyatından düşük olamaz');
  const isPriced = item.salePrice !== undefined || item.listPrice !== undefined;
  if (isPriced) {
    const times = (priceTimes.get(product) ?? []).filter((at) => now - at < MINUTE_MS);
    if (times.length >= PRICES_PER_MINUTE)
      return say(
        request,
        `More than ${PRICES_PER_MINUTE} price updates in a minute`,
        `Bir dakikada en fazla ${PRICES_PER_MINUTE} fiyat güncellemesi yapılabilir`,
      );
    priceTimes.set(product, [...times, now]);
  }
  if (silentDrop) return undefined;
  if (isPriced) {
    product.salePrice = salePrice;
    product.listPrice = listPrice;
    product.priceModifiedAt = now;
  }
  if (item.quantity !== undefined) {
    product.quantity = item.quantity;
    product.stockModifiedAt = now;
  }
  product.modifiedAt = now;
  if (product.card) product.card.modifiedAt = now;
  return undefined;
}

/** The same text for bodies that say the same, whatever the order of their fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}
