import type { APIRequestContext } from '@playwright/test';
import { expect } from './fixtures.ts';
import type { Shop } from './fixtures.ts';

/** Shoppers and sellers on the simulated marketplace, and what the shop knows of them. */

const answerOf = async <T>(answer: { ok: () => boolean; text: () => Promise<string>; json: () => Promise<unknown> }): Promise<T> => {
  expect(answer.ok(), answer.ok() ? '' : await answer.text()).toBe(true);
  return (await answer.json()) as T;
};

export interface Seller {
  sellerId: number;
  storeFronts: string[];
}

export async function sellerOf(api: APIRequestContext, shop: Shop, storeFront: string): Promise<Seller> {
  const { trendyol } = await answerOf<{ trendyol: { sellers: Seller[] } }>(await api.get(`${shop.sandbox}/world`));
  const seller = trendyol.sellers.find((one) => one.storeFronts.includes(storeFront));
  if (seller === undefined) throw new Error(`no seller on ${storeFront}`);
  return seller;
}

export interface Good {
  barcode: string;
  stockCode: string;
  title: string;
  quantity: number;
}

/** What stands on a store front, the first thousand. */
export async function goodsOf(api: APIRequestContext, shop: Shop, storeFront: string): Promise<Good[]> {
  const { sellerId } = await sellerOf(api, shop, storeFront);
  const { items } = await answerOf<{ items: Good[] }>(
    await api.get(`${shop.sandbox}/world?sellerId=${sellerId}&what=products&storeFront=${storeFront}&size=1000`),
  );
  return items;
}

/** Somebody with that family name buys; answers the platform's order number. */
export async function buy(
  api: APIRequestContext,
  shop: Shop,
  storeFront: string,
  lines: { barcode: string; quantity: number }[],
  lastName: string,
): Promise<string> {
  const { sellerId } = await sellerOf(api, shop, storeFront);
  const order = { trendyol: { sellerId, storeFront, lines, customer: { firstName: 'Zoe', lastName } } };
  const { packages } = await answerOf<{ packages: { orderNumber: string }[] }>(await api.post(`${shop.sandbox}/world/orders`, { data: order }));
  return packages[0]?.orderNumber ?? '';
}

/** A new account on the marketplace with these goods. */
export async function openAccount(
  api: APIRequestContext,
  shop: Shop,
  account: { sellerId: number; apiKey: string; apiSecret: string; storeFront: string; goods: readonly (Omit<Good, 'quantity'> & { quantity: number })[] },
): Promise<void> {
  const { sellerId, apiKey, apiSecret, storeFront, goods } = account;
  const products = goods.map((good) => ({ sellerId, storeFront, ...good, salePrice: 20, listPrice: 20, images: [] }));
  await answerOf(
    await api.post(`${shop.sandbox}/world`, {
      data: { trendyol: { sellers: [{ sellerId, apiKey, apiSecret, storeFronts: [storeFront], tier: 'international' }], products } },
    }),
  );
}

/** Reads the orders of all stores now instead of at the next poll. */
export async function readOrders(api: APIRequestContext): Promise<void> {
  await answerOf(await api.post('/api/trendyol/sync', { data: {} }));
}

export interface Offer {
  id: string;
  channelId: string;
  barcode: string;
  title: string;
  product: { id: string; sku: string } | null;
  stock: { state: string; wanted: number; confirmed: number | null } | null;
}

/** Products as the shop knows them on a store. */
export async function offersOn(api: APIRequestContext, channelId: string, query = ''): Promise<Offer[]> {
  return (await answerOf<{ items: Offer[] }>(await api.get(`/api/trendyol/products?channelId=${channelId}&limit=200${query}`))).items;
}

export async function storeId(api: APIRequestContext, name: string): Promise<string> {
  const { items } = await answerOf<{ items: { id: string; name: string }[] }>(await api.get('/api/channels'));
  const store = items.find((one) => one.name === name);
  if (store === undefined) throw new Error(`no store ${name}`);
  return store.id;
}
