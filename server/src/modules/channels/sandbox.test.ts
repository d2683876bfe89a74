import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { startSandbox } from '../../../../sandbox/index.ts';
import { testApp } from '../../../test/app.ts';
import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import { startWorker } from '../../worker.ts';
import { setOnHand } from '../inventory/inventory.ts';
import type { Store } from './contract.ts';

/* The real connector against the simulated platform, with the workers running as in production. */

const SELLERS = [
  { sellerId: 111, front: 'RO' },
  { sellerId: 222, front: 'DE' },
] as const;
const BARCODES = Array.from({ length: 60 }, (_, index) => String(8_690_000_000_000 + index));

async function until<T>(what: string, look: () => Promise<T | undefined | false>, patienceMs = 30_000): Promise<T> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}`);
    await sleep(50);
  }
}

async function shop() {
  const sandbox = await startSandbox();
  const control = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    (await (
      await fetch(`${sandbox.url}/__sandbox${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
    ).json()) as T;
  await control('POST', '/world', {
    trendyol: {
      sellers: SELLERS.map(({ sellerId, front }) => ({ sellerId, apiKey: 'key', apiSecret: 'secret', storeFronts: [front], tier: 'international' })),
      products: SELLERS.flatMap(({ sellerId, front }) =>
        BARCODES.map((barcode) => ({
          sellerId,
          storeFront: front,
          barcode,
          stockCode: `S-${barcode}`,
          title: `Thing ${barcode}`,
          salePrice: 10,
          listPrice: 12,
          quantity: 20,
        })),
      ),
    },
  });
  const api = await testApp({ endpoints: { trendyol: `${sandbox.url}/trendyol/integration` } });
  const { app } = api;
  await app.db.run(
    sql`insert into company (id, name, is_default, created_at) values (${'00000000-0000-7000-8000-000000000001'}, 'Levant Home SRL', true, now()) on conflict do nothing`,
  );
  const products = await app.db.transaction(async (tx) => {
    const ids = BARCODES.map(() => tx.newId());
    await tx.run(sql`
      insert into product (id, sku, barcode, title, status, price_minor, currency, created_at, updated_at)
      select id, 'SKU-' || barcode, barcode, 'Thing ' || barcode, 'active', 1000, 'RON', ${tx.now}, ${tx.now} from unnest(${ids}::uuid[], ${BARCODES}::text[]) as one(id, barcode)`);
    return ids;
  });
  const jobs = await startWorker(app);
  afterAll(async () => {
    await jobs.stop();
    await sandbox.close();
  });
  const stock = (changes: readonly { productId: string; quantity: number }[]) =>
    app.db.transaction((tx) => setOnHand(tx, systemActor, { cause: 'count', note: '' }, changes));
  const there = async (seller: (typeof SELLERS)[number], barcode: string): Promise<number | undefined> =>
    (await control<{ items: { quantity: number }[] }>('GET', `/world?sellerId=${seller.sellerId}&what=products&storeFront=${seller.front}&barcode=${barcode}`))
      .items[0]?.quantity;
  const stores: Store[] = [];
  for (const { sellerId, front } of SELLERS) {
    const { body } = await api.call<Store>('POST', '/api/trendyol/stores', {
      credentials: { sellerId: String(sellerId), apiKey: 'key', apiSecret: 'secret' },
      settings: { productStoreFront: front, batchPollSeconds: 3 },
    });
    stores.push(body);
    await until('its products are read', async () => (await api.call<Store>('GET', `/api/trendyol/stores/${body.id}`)).body.pulledAt ?? undefined);
  }
  const confirmed = () =>
    until(
      'every wish is confirmed',
      async () => {
        const { events } = await app.db.one<{ events: number }>(sql`select count(*)::int as events from event where subscriber = 'channels.stock'`);
        const { open } = await app.db.one<{ open: number }>(sql`select count(*)::int as open from push where state <> 'confirmed'`);
        return events === 0 && open === 0;
      },
      90_000,
    );
  return { api, app, control, products, stock, there, stores, confirmed };
}

test(
  'two stores are connected, the first gives the opening stock, and from then on a change reaches both and is confirmed, through every fault of the platform',
  { timeout: 180_000 },
  async () => {
    const { api, app, control, products, stock, there, stores, confirmed } = await shop();
    expect(stores.map((store) => [store.mark, store.currency])).toEqual([
      ['RO', 'RON'],
      ['DE', 'EUR'],
    ]);
    expect((await api.call<Store>('GET', `/api/trendyol/stores/${stores[0]?.id}`)).body).toMatchObject({ productCount: 60, mappedCount: 60, health: 'ok' });
    for (const store of stores)
      expect(await api.call('POST', `/api/trendyol/stores/${store.id}/writes`, { on: true, stockSource: 'channel' })).toMatchObject({
        status: 200,
        body: { writes: 'on' },
      });
    expect(await app.db.one(sql`select count(*)::int as count, min(available)::int as least, max(available)::int as most from product_stock`)).toEqual({
      count: 60,
      least: 20,
      most: 20,
    });

    const [first, second, ...others] = products;
    await stock([
      { productId: first ?? '', quantity: 1 },
      { productId: second ?? '', quantity: 13 },
    ]);
    await confirmed();
    for (const seller of SELLERS) expect([await there(seller, BARCODES[0] ?? ''), await there(seller, BARCODES[1] ?? '')]).toEqual([1, 13]);

    // No answer after the write took effect, half a JSON, a platform that is down, one that throttles, one that hangs up: one for each request to come.
    const faults = [
      { kind: 'apply_then_fail', status: 500 },
      { kind: 'truncate' },
      { kind: 'status', status: 503 },
      { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
      { kind: 'drop' },
    ];
    for (const fault of faults)
      await control('POST', '/faults', { platform: 'trendyol', match: { method: 'POST', path: '/price-and-inventory' }, times: 1, ...fault });
    for (const [index, productId] of others.slice(0, 8).entries()) {
      await stock([{ productId, quantity: 3 + index }]);
      await sleep(300);
    }
    await confirmed();
    for (const seller of SELLERS) for (let index = 0; index < 8; index++) expect(await there(seller, BARCODES[index + 2] ?? '')).toBe(3 + index);
  },
);
