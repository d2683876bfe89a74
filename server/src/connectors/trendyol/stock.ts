import { Decimal } from 'decimal.js';
import { ConnectorError } from '../../kit/errors.ts';
import type { HttpAnswer } from '../../kit/http-client.ts';
import { minorFromNumber, type Money, toMoney } from '../../kit/money.ts';
import type { BatchAnswer, PushAnswer, PushItem, PushResult, Store } from '../connector.ts';
import { openClient } from './client.ts';
import { batchSchema, levelsSchema, listSchema, sentSchema, type WireBatch } from './schemas.ts';
import { currencyOf, groups, type Settings } from './settings.ts';

export const MAX_ITEMS = 1000;
const MAX_QUANTITY = 20_000;
const READ_BARCODES = 50;
const MINUTE = 60_000;

/** The same body again within 15 minutes is refused, and this text is all that is known of the refusal. */
const isRepeat = (answer: HttpAnswer): boolean => answer.status >= 300 && /15 dakika boyunca ayn/i.test(answer.text);

interface WireItem {
  barcode: string;
  quantity?: number;
  salePrice?: number;
  listPrice?: number;
}

/** What the platform would refuse anyway is refused here, with the reason; the rest goes out in one request. */
export async function pushStock(store: Store, items: readonly PushItem[]): Promise<PushAnswer> {
  if (items.length > MAX_ITEMS) throw new Error(`At most ${MAX_ITEMS} items go into one request.`);
  const client = openClient(store);
  const storeFront = client.settings.productStoreFront;
  const currency = currencyOf(storeFront, client.settings);
  const refused: PushResult[] = [];
  const sent: PushItem[] = [];
  const wire: WireItem[] = [];
  for (const item of items) {
    const problem = problemOf(item, currency);
    if (problem !== undefined) {
      refused.push({ pushId: item.pushId, state: 'refused', reasons: [problem] });
      continue;
    }
    sent.push(item);
    // Prices always travel as a pair: without a list price of its own the product shows no crossed-out one.
    const price = item.price === undefined ? {} : { salePrice: Number(item.price.amount), listPrice: Number((item.listPrice ?? item.price).amount) };
    wire.push({ barcode: item.barcode, ...(item.quantity === undefined ? {} : { quantity: item.quantity }), ...price });
  }
  if (wire.length === 0) return { batchId: null, results: refused };

  const answer = await client.call({
    method: 'POST',
    path: '/inventory/sellers/{s}/products/price-and-inventory',
    storeFront,
    group: groups.inventory,
    json: { items: wire },
    accept: isRepeat,
  });
  if (isRepeat(answer)) {
    // Taken once already; whether every value of it arrived is for the read-back to tell.
    const reasons = ['Trendyol already received exactly these values within the last 15 minutes.'];
    return { batchId: null, results: [...refused, ...sent.map((item) => ({ pushId: item.pushId, state: 'unknown' as const, reasons }))] };
  }
  const batch = sentSchema.safeParse(answer.body);
  if (!batch.success)
    throw new ConnectorError('bad_response', 'Trendyol took the update but gave no number to follow it by.', { inDoubt: true, cause: batch.error });
  return { batchId: batch.data.batchRequestId, results: refused, pollAfterMs: client.settings.batchPollSeconds * 1000 };
}

function problemOf(item: PushItem, currency: string): string | undefined {
  const { quantity, price, listPrice } = item;
  if (item.barcode === '') return 'The product has no barcode on Trendyol.';
  if (quantity === undefined && price === undefined)
    return listPrice === undefined ? 'There is nothing to send.' : 'Trendyol takes a list price only together with a price.';
  if (quantity !== undefined && !Number.isInteger(quantity)) return `Trendyol takes whole pieces, not ${quantity}.`;
  if (quantity !== undefined && (quantity < 0 || quantity > MAX_QUANTITY)) return `Trendyol takes 0 to 20,000 pieces, not ${quantity}.`;
  const foreign = [price, listPrice].find((each) => each !== undefined && each.currency !== currency);
  if (foreign !== undefined) return `The store sells in ${currency}, not in ${foreign.currency}.`;
  if (price !== undefined && listPrice !== undefined && new Decimal(listPrice.amount).lt(price.amount)) return 'The list price is below the price.';
  return undefined;
}

/** Result of a price and stock batch. It has no status of its own: it is finished when every item is. Kept for 4 hours. */
export async function batchResult(store: Store, batchId: string, items: readonly PushItem[]): Promise<BatchAnswer> {
  const client = openClient(store);
  const answer = await client.call({
    method: 'GET',
    path: `/product/sellers/{s}/products/batch-requests/${encodeURIComponent(batchId)}`,
    storeFront: client.settings.productStoreFront,
    group: groups.batch,
    accept: ({ status }) => status === 404,
  });
  if (answer.status === 404) return { state: 'unknown', results: [] };
  const batch = batchSchema.safeParse(answer.body);
  if (!batch.success) throw new ConnectorError('bad_response', 'Trendyol’s result of the update could not be read.', { cause: batch.error });
  return toBatchAnswer(batch.data, items, client.settings, store.now());
}

/** Pure reading of a batch: an empty envelope is unknown, missing or undecided items are still running, whatever the top status says. */
export function toBatchAnswer(batch: WireBatch, items: readonly PushItem[], settings: Settings, now: Date): BatchAnswer {
  const rows = batch.items ?? [];
  if (rows.length === 0 && (batch.itemCount ?? undefined) === undefined && !batch.status && !batch.creationDate) return { state: 'unknown', results: [] };
  const decided = new Map<string, PushResult>();
  const running = new Set<string>();
  for (const row of rows) {
    const barcode = row.requestItem?.barcode ?? '';
    const state = row.status === 'SUCCESS' ? 'confirmed' : row.status === 'FAILED' ? 'refused' : undefined;
    if (state === undefined) running.add(barcode);
    else decided.set(barcode, { pushId: '', state, reasons: state === 'refused' ? reasonsOf(row.failureReasons) : [] });
  }
  const finished = rows.length > 0 && running.size === 0 && rows.length >= (batch.itemCount ?? 0) && batch.status !== 'IN_PROGRESS';
  const results = items.flatMap((item): PushResult[] => {
    const result = running.has(item.barcode) ? undefined : decided.get(item.barcode);
    if (result !== undefined) return [{ ...result, pushId: item.pushId }];
    return finished ? [{ pushId: item.pushId, state: 'unknown', reasons: ['Trendyol’s result does not mention this product.'] }] : [];
  });
  if (finished) return { state: 'finished', results };
  // Every few seconds for the first minute, then minutes apart until the platform forgets.
  const age = batch.creationDate ? now.getTime() - batch.creationDate : 0;
  return { state: 'running', results, pollAfterMs: age < MINUTE ? settings.batchPollSeconds * 1000 : age < 10 * MINUTE ? MINUTE : 5 * MINUTE };
}

const reasonsOf = (reasons: readonly unknown[] | null | undefined): string[] => {
  const words = (reasons ?? []).filter((reason): reason is string => typeof reason === 'string' && reason.trim() !== '');
  return words.length > 0 ? words : ['Trendyol refused this without a reason.'];
};

/** Stock and price as they stand, 50 barcodes a call. Only approved products answer; others are left out. */
export async function readLevels(
  store: Store,
  items: readonly { externalId: string; barcode: string }[],
): Promise<{ externalId: string; quantity: number | null; price: Money | null }[]> {
  const client = openClient(store);
  const storeFront = client.settings.productStoreFront;
  const currency = currencyOf(storeFront, client.settings);
  const asked = new Map(items.filter((item) => item.barcode !== '').map((item) => [item.barcode, item.externalId]));
  const barcodes = [...asked.keys()];
  const levels: { externalId: string; quantity: number | null; price: Money | null }[] = [];
  for (let start = 0; start < barcodes.length; start += READ_BARCODES) {
    for (let page = 0, pages = 1; page < pages; page++) {
      const answer = await client.call({
        method: 'GET',
        path: '/product/sellers/{s}/products/approved/inventory-and-price',
        storeFront,
        group: groups.levels,
        query: { barcodes: barcodes.slice(start, start + READ_BARCODES).join(','), page, size: 100 },
      });
      const list = listSchema.safeParse(answer.body);
      const cards = list.success ? levelsSchema.array().safeParse(list.data.content) : undefined;
      if (cards?.success !== true)
        throw new ConnectorError('bad_response', 'Trendyol’s list of stock and prices could not be read.', { cause: cards?.error ?? list.error });
      for (const variant of cards.data.flatMap((card) => card.variants)) {
        const externalId = asked.get(variant.barcode);
        // A card answers with all its variants, asked for or not.
        if (externalId === undefined || !asked.delete(variant.barcode)) continue;
        const { quantity, salePrice } = variant;
        levels.push({
          externalId,
          quantity: quantity ?? null,
          price: salePrice === null || salePrice === undefined ? null : toMoney(minorFromNumber(salePrice, currency), currency),
        });
      }
      pages = Math.min(list.data?.totalPages ?? 1, READ_BARCODES);
    }
  }
  return levels;
}
