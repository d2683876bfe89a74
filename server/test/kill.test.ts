import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/index.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { sql } from '../src/kit/db.ts';
import { checkLedger } from '../src/modules/inventory/inventory.ts';
import { testApp } from './app.ts';
import type { TestApp } from './app.ts';

/* The worker is killed with -9 at seeded moments while an import runs, orders arrive at two stores and stock goes out. Afterwards nothing may be lost or doubled. */

const KILLS = 30;
const SOLD_PRODUCTS = 120;
const IMPORT_ROWS = 15_000;
const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let sandbox: Sandbox;
let target: TestApp;
const sellers = [
  { sellerId: 111111, apiKey: 'a', apiSecret: 'as', storeFronts: ['RO'], front: 'RO' },
  { sellerId: 222222, apiKey: 'b', apiSecret: 'bs', storeFronts: ['DE'], front: 'DE' },
];

/** Small repeatable generator: the moments of death are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const control = async <T = unknown>(path: string, body?: unknown): Promise<T> => {
  const response = await fetch(
    `${sandbox.url}/__sandbox${path}`,
    body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  // 409: a package of one piece cannot be split, one that is gone cannot be cancelled; then it stays as it is.
  if (!response.ok && response.status !== 409) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
};

/** Whatever happens to the test, none of its workers outlives it. */
const alive = new Set<ChildProcess>();

/** A worker process of its own; resolves when it works. */
async function startWorkerProcess(): Promise<{ kill(): Promise<void> }> {
  const { config } = target.app;
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      DATABASE_URL: config.databaseUrl,
      KARAVAN_SECRET: config.secret,
      KARAVAN_ROLES: 'worker',
      KARAVAN_DEMO: 'off',
      LOG_LEVEL: 'fatal',
      KARAVAN_ENDPOINTS: JSON.stringify(config.endpoints),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  alive.add(child);
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
    child.stdout.once('data', () => resolve());
  });
  return {
    kill: () =>
      new Promise((resolve) => {
        alive.delete(child);
        child.removeAllListeners('exit');
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

const upload = async (csv: string): Promise<string> => {
  const answer = await target.call<{ id: string }>('POST', '/api/products/import?filename=kill.csv', csv, { headers: { 'content-type': 'text/csv' } });
  expect(answer.status).toBe(202);
  return answer.body.id;
};

const soldSku = (n: number): string => `SOLD-${n}`;
const barcodeOf = (n: number): string => String(8_690_000_000_000 + n);

beforeAll(async () => {
  sandbox = await startSandbox({ seed: 7, quotas: false });
  // The platform refuses the same request for 15 minutes; what follows from that takes longer than a test may.
  await control('/switches', { trendyol: { repeatScope: 'off' } });
  target = await testApp({ endpoints: { trendyol: `${sandbox.url}/trendyol/integration` } });
  const products = Array.from({ length: SOLD_PRODUCTS }, (_, n) => n);
  await upload(
    `SKU,Barcode,Title,Status,Price,Currency,Stock\n${products.map((n) => `${soldSku(n)},${barcodeOf(n)},Sold ${n},active,50.00,RON,1000`).join('\n')}\n`,
  );
  await target.settle();
  await control('/world', {
    trendyol: {
      sellers,
      products: sellers.flatMap((seller) =>
        products.map((n) => ({
          sellerId: seller.sellerId,
          storeFront: seller.front,
          barcode: barcodeOf(n),
          stockCode: soldSku(n),
          title: `Sold ${n}`,
          salePrice: 50,
          listPrice: 60,
          quantity: 900,
        })),
      ),
    },
  });
  for (const seller of sellers) {
    const store = await target.call<{ id: string }>('POST', '/api/trendyol/stores', {
      name: `Store ${seller.front}`,
      credentials: { sellerId: String(seller.sellerId), apiKey: seller.apiKey, apiSecret: seller.apiSecret },
      settings: { productStoreFront: seller.front },
    });
    expect(store.status, JSON.stringify(store.body)).toBe(201);
    await target.settle();
    const on = await target.call('POST', `/api/trendyol/stores/${store.body.id}/writes`, { on: true, stockSource: 'ours' });
    expect(on.status, JSON.stringify(on.body)).toBe(200);
  }
}, 120_000);
afterAll(async () => {
  for (const child of alive) child.kill('SIGKILL');
  await sandbox.close();
});

interface Parcel {
  shipmentPackageId: number;
  orderNumber: string;
  status: string;
  lines: { barcode: string; quantity: number }[];
}

test(`killing the worker ${KILLS} times loses and doubles nothing`, { timeout: 420_000 }, async () => {
  const { app } = target;
  const random = seeded(20261122);
  const importRun = await upload(
    `SKU,Title,Status,Price,Currency,Stock\n${Array.from({ length: IMPORT_ROWS }, (_, n) => `BULK-${n},Bulk ${n},active,1${n % 10}.00,RON,${n % 50}`).join('\n')}\n`,
  );
  for (let kill = 0; kill < KILLS; kill++) {
    for (const seller of sellers) {
      const { packages } = await control<{ packages: { shipmentPackageId: number }[] }>('/world/orders', {
        trendyol: { sellerId: seller.sellerId, storeFront: seller.front, count: 8 },
      });
      for (const [index, parcel] of packages.entries()) {
        const fate = ['Created', 'Picking', 'Shipped', 'Cancelled', 'UnPacked', 'Delivered'][Math.floor(random() * 6)];
        if (index < 5 && fate !== 'Created') await control(`/world/packages/${parcel.shipmentPackageId}`, { status: fate });
      }
    }
    await target.call('POST', '/api/trendyol/sync', {});
    const worker = await startWorkerProcess();
    await sleep(random() * 900);
    await worker.kill();
  }
  // A living worker finishes what the dead ones left.
  const worker = await startWorkerProcess();
  const leftOver = async (): Promise<number> =>
    (
      await app.db.one<{ left: number }>(sql`
        select (select count(*) from run where state in ('queued', 'running', 'waiting'))
          + (select count(*) from push where state <> 'confirmed') + (select count(*) from event) as left`)
    ).left;
  const calm = async (): Promise<void> => {
    for (const until = Date.now() + 150_000; (await leftOver()) > 0; await sleep(500)) {
      if (Date.now() < until) continue;
      const runs = await app.db.rows(sql`select kind, state, error, retry_at, leased_until, now() from run where state in ('queued', 'running', 'waiting')`);
      const pushes = await app.db.rows(sql`select state, count(*), min(error) as error, min(due_at) as due from push group by 1`);
      throw new Error(`work is left over: ${JSON.stringify({ runs, pushes })}`);
    }
  };
  await calm();
  await target.call('POST', '/api/trendyol/sync', {});
  await calm();
  await worker.kill();
  const imported = await app.db.one<{ count: number; skus: number }>(
    sql`select count(*) as count, count(distinct sku) as skus from product where sku like 'BULK-%'`,
  );
  expect(imported).toEqual({ count: IMPORT_ROWS, skus: IMPORT_ROWS });
  const run = await target.call<{ state: string; outcome: { created: number; refused: number } }>('GET', `/api/runs/${importRun}`);
  expect(run.body).toMatchObject({ state: 'done', outcome: { created: IMPORT_ROWS, refused: 0 } });
  expect(await checkLedger(app.db)).toEqual([]);

  const sold = new Map<string, number>();
  for (const seller of sellers) {
    const { items } = await control<{ items: Parcel[] }>(`/world?sellerId=${seller.sellerId}&what=packages&storeFront=${seller.front}&page=0&size=100000`);
    const ours = await app.db.rows<{ external_id: string; external_number: string; status: string; lines: number }>(sql`
      select o.external_id, o.external_number, o.status, (select count(*) from order_line where channel_order_id = o.id) as lines
      from channel_order o join channel c on c.id = o.channel_id where c.account_key like ${`${seller.sellerId}%`}`);
    expect(ours.map((row) => row.external_id).toSorted()).toEqual(items.map((item) => String(item.shipmentPackageId)).toSorted());
    const orders = await app.db.one<{ orders: number }>(
      sql`select count(*) as orders from "order" o join channel c on c.id = o.channel_id where c.account_key like ${`${seller.sellerId}%`}`,
    );
    expect(orders.orders).toBe(new Set(items.map((item) => item.orderNumber)).size);
    for (const item of items) {
      if (['Cancelled', 'UnSupplied', 'UnPacked'].includes(item.status)) continue;
      for (const line of item.lines) sold.set(line.barcode, (sold.get(line.barcode) ?? 0) + line.quantity);
    }
  }
  const available = await app.db.rows<{ barcode: string; available: number }>(sql`
    select barcode, available::float8 as available from product join product_stock on product_id = product.id where sku like 'SOLD-%' order by barcode`);
  expect(available.map((row) => [row.barcode, row.available])).toEqual(available.map((row) => [row.barcode, 1000 - (sold.get(row.barcode) ?? 0)]));
  for (const seller of sellers) {
    const { items } = await control<{ items: { barcode: string; quantity: number }[] }>(
      `/world?sellerId=${seller.sellerId}&what=products&storeFront=${seller.front}&page=0&size=1000`,
    );
    const there = new Map(items.map((item) => [item.barcode, item.quantity]));
    expect(available.map((row) => [row.barcode, there.get(row.barcode)])).toEqual(available.map((row) => [row.barcode, row.available]));
  }
});
