import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/index.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import type { Jobs } from '../src/kit/jobs.ts';
import { connectors } from '../src/connectors/registry.ts';
import { startWorker } from '../src/worker.ts';
import { testApp } from './app.ts';
import type { TestApp } from './app.ts';

/* The way through, from a file to a sale and back, with the real connector, the simulated platform and running workers. */

const sellers = [
  { sellerId: 111111, apiKey: 'a', apiSecret: 'as', storeFronts: ['RO'], front: 'RO', tier: 'international' },
  { sellerId: 222222, apiKey: 'b', apiSecret: 'bs', storeFronts: ['DE'], front: 'DE', tier: 'international' },
] as const;
const barcode = (n: number): string => String(8_690_000_000_000 + n);

let sandbox: Sandbox;
let target: TestApp;
let jobs: Jobs;

const control = async <T = unknown>(path: string, body?: unknown): Promise<T> => {
  const response = await fetch(
    `${sandbox.url}/__sandbox${path}`,
    body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
};

/** What the store really offers. */
const there = async (index: 0 | 1, n: number): Promise<number | undefined> => {
  const { sellerId, front } = sellers[index];
  return (await control<{ items: { quantity: number }[] }>(`/world?sellerId=${sellerId}&what=products&storeFront=${front}&barcode=${barcode(n)}`)).items[0]
    ?.quantity;
};

/** Looks again and again until it is so; after half a minute says what it is instead. */
async function eventually<T>(look: () => Promise<T>, wanted: T): Promise<void> {
  for (const until = Date.now() + 30_000; Date.now() < until; await sleep(100)) {
    if ((await look()) === wanted) return;
  }
  expect(await look()).toBe(wanted);
}

const syncOrders = async (): Promise<void> => {
  const { body } = await target.call<{ runs: { id: string }[] }>('POST', '/api/trendyol/sync', {});
  for (const run of body.runs) await eventually(async () => (await target.call<{ state: string }>('GET', `/api/runs/${run.id}`)).body.state, 'done');
};
const stockOf = async (n: number): Promise<{ available: number; onHand: number; reserved: number } | undefined> =>
  (await target.call<{ items: { stock: { available: number; onHand: number; reserved: number } }[] }>('GET', `/api/products?search=${barcode(n)}`)).body
    .items[0]?.stock;

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 3, quotas: false });
  // Without the pauses that a real platform asks for: they are tested where they are made.
  target = await testApp({
    connectors: connectors.map((connector) => ({ ...connector, quotas: () => [] })),
    endpoints: { trendyol: `${sandbox.url}/trendyol/integration` },
  });
  jobs = await startWorker(target.app);
  const products = Array.from({ length: 5 }, (_, n) => n);
  await control('/world', {
    trendyol: {
      sellers,
      products: sellers.flatMap((seller) =>
        products.map((n) => ({
          sellerId: seller.sellerId,
          storeFront: seller.front,
          barcode: barcode(n),
          stockCode: `F-${n}`,
          title: `Flow ${n}`,
          salePrice: 50,
          listPrice: 60,
          quantity: 40,
        })),
      ),
    },
  });
  const csv = `SKU,Barcode,Title,Status,Price,Currency,Stock\n${products.map((n) => `F-${n},${barcode(n)},Flow ${n},active,50.00,RON,25`).join('\n')}\n`;
  await target.call('POST', '/api/products/import?filename=flow.csv', csv, { headers: { 'content-type': 'text/csv' } });
  for (const seller of sellers) {
    const store = await target.call<{ id: string }>('POST', '/api/trendyol/stores', {
      name: `Store ${seller.front}`,
      credentials: { sellerId: String(seller.sellerId), apiKey: seller.apiKey, apiSecret: seller.apiSecret },
      settings: { productStoreFront: seller.front },
    });
    await eventually(
      async () => (await target.call<{ mappedCount: number }>('GET', `/api/trendyol/stores/${store.body.id}`)).body.mappedCount,
      products.length,
    );
    expect(await there(0, 0), 'nothing is written before a person says so').toBe(seller.front === 'RO' ? 40 : 25);
    await target.call('POST', `/api/trendyol/stores/${store.body.id}/writes`, { on: true, stockSource: 'ours' });
    await eventually(() => there(seller.front === 'RO' ? 0 : 1, 0), 25);
  }
  await syncOrders();
}, 120_000);
afterAll(async () => {
  await jobs.stop();
  await sandbox.close();
});

test('a sale on one store becomes an order, reserves, lowers the other store, and moves stock when it ships', { timeout: 90_000 }, async () => {
  const { packages } = await control<{ packages: { shipmentPackageId: number; orderNumber: string }[] }>('/world/orders', {
    trendyol: { sellerId: sellers[0].sellerId, storeFront: 'RO', lines: [{ barcode: barcode(1), quantity: 3 }] },
  });
  await syncOrders();
  const list = await target.call<{ items: { id: string; status: string; externalNumber: string; problem: null }[] }>(
    'GET',
    `/api/orders?search=${packages[0]?.orderNumber}`,
  );
  expect(list.body.items).toMatchObject([{ status: 'new', problem: null }]);
  expect(await stockOf(1)).toEqual({ available: 22, onHand: 25, reserved: 3 });
  await eventually(() => there(1, 1), 22);
  expect(await there(0, 1)).toBe(22);

  await control(`/world/packages/${packages[0]?.shipmentPackageId}`, { status: 'Shipped' });
  await syncOrders();
  expect(await stockOf(1)).toEqual({ available: 22, onHand: 22, reserved: 0 });
  const { body } = await target.call<{ status: string; timeline: { kind: string }[] }>('GET', `/api/orders/${list.body.items[0]?.id}`);
  expect(body.status).toBe('shipped');
  expect(body.timeline.map((event) => event.kind)).toContain('stock_taken');
});

test('an order that came and was cancelled between two looks leaves no store with too little', { timeout: 90_000 }, async () => {
  const { packages } = await control<{ packages: { shipmentPackageId: number }[] }>('/world/orders', {
    trendyol: { sellerId: sellers[0].sellerId, storeFront: 'RO', lines: [{ barcode: barcode(2), quantity: 4 }] },
  });
  await control(`/world/packages/${packages[0]?.shipmentPackageId}`, { status: 'Cancelled' });
  expect(await there(0, 2), 'the platform lowered its quantity by itself and did not raise it again').toBe(21);
  await sleep(20);
  await syncOrders();
  expect(await stockOf(2)).toEqual({ available: 25, onHand: 25, reserved: 0 });
  await eventually(() => there(0, 2), 25);
});
