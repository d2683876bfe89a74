import { setTimeout as sleep } from 'node:timers/promises';
import { above, apiKeyFor, BENCH_SECRET, benchDatabase, startProgram } from './measure.ts';
import type { Bench } from './measure.ts';

const ORDERS = 10_000;
const PRODUCTS = 5_000;
const seller = { sellerId: 123456, apiKey: 'bench-key', apiSecret: 'bench-secret', storeFronts: ['RO'] };

/** `orders-in`: orders waiting in the sandbox, without its quota, become orders with reservations. */
export const ordersInBench: Bench = async ({ say }) => {
  const db = await benchDatabase();
  const sandbox = await startProgram('sandbox/main.ts', {}, /listening on (\S+)/, ['--port', '0', '--no-quotas']);
  const karavan = await startProgram(
    'bench/unthrottled.ts',
    {
      DATABASE_URL: db.url,
      KARAVAN_SECRET: BENCH_SECRET,
      KARAVAN_ENDPOINTS: JSON.stringify({ trendyol: `${sandbox.url}/trendyol/integration` }),
      LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
    },
    /ready: (\S+)/,
  );
  try {
    const headers = { authorization: `Bearer ${await apiKeyFor(db.url)}`, 'content-type': 'application/json' };
    const call = async <T>(method: string, url: string, body?: unknown, type = 'application/json'): Promise<T> => {
      const response = await fetch(url, {
        method,
        headers: { ...headers, 'content-type': type },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text.slice(0, 500)}`);
      return (text === '' ? undefined : JSON.parse(text)) as T;
    };
    const untilDone = async (id: string): Promise<{ state: string; error: string | null }> => {
      for (;;) {
        const run = await call<{ state: string; error: string | null }>('GET', `${karavan.url}/api/runs/${id}`);
        if (run.state === 'done') return run;
        if (run.state === 'failed') throw new Error(run.error ?? 'failed');
        await sleep(50);
      }
    };
    const products = Array.from({ length: PRODUCTS }, (_, n) => ({ n, sku: `BENCH-${n}`, barcode: String(8_690_000_000_000 + n) }));
    say(`${PRODUCTS} products here and there`);
    const csv = `SKU,Barcode,Title,Status,Price,Currency,Stock\n${products.map((one) => `${one.sku},${one.barcode},Product ${one.n},active,50.00,RON,100000`).join('\n')}\n`;
    await untilDone((await call<{ id: string }>('POST', `${karavan.url}/api/products/import?filename=bench.csv`, csv, 'text/csv')).id);
    await call('POST', `${sandbox.url}/__sandbox/world`, {
      trendyol: {
        sellers: [seller],
        products: products.map((one) => ({
          sellerId: seller.sellerId,
          storeFront: 'RO',
          barcode: one.barcode,
          stockCode: one.sku,
          title: `Product ${one.n}`,
          salePrice: 50,
          listPrice: 50,
          quantity: 20_000,
        })),
      },
    });
    const store = await call<{ id: string }>('POST', `${karavan.url}/api/trendyol/stores`, {
      credentials: { sellerId: String(seller.sellerId), apiKey: seller.apiKey, apiSecret: seller.apiSecret },
      settings: { productStoreFront: 'RO' },
    });
    for (;;) {
      const { mappedCount } = await call<{ mappedCount: number }>('GET', `${karavan.url}/api/trendyol/stores/${store.id}`);
      if (mappedCount === PRODUCTS) break;
      await sleep(200);
    }
    // What the first reading of the empty order list does must not be measured.
    const idle = async (): Promise<void> => {
      while ((await call<{ items: unknown[] }>('GET', `${karavan.url}/api/runs?state=active`)).items.length > 0) await sleep(100);
    };
    await idle();
    say(`${ORDERS} orders are placed`);
    await call('POST', `${sandbox.url}/__sandbox/world/orders`, {
      trendyol: { sellerId: seller.sellerId, storeFront: 'RO', count: ORDERS, spreadMs: 3_600_000 },
    });
    const began = performance.now();
    const run = await call<{ id: string }>('POST', `${karavan.url}/api/trendyol/sync`, { channelId: store.id });
    await untilDone(run.id);
    const seconds = (performance.now() - began) / 1000;
    const [counts] = await db.query(
      'select count(*)::int as orders, (select count(*)::int from stock_reservation where released_at is null) as reserved, (select count(*)::int from order_line) as lines, (select count(*)::int from "order" where problem is not null) as problems from "order"',
    );
    if (counts?.['orders'] !== ORDERS || counts['reserved'] !== counts['lines'] || counts['problems'] !== 0)
      throw new Error(`orders were lost or not reserved: ${JSON.stringify(counts)}`);
    return [above(`${ORDERS.toLocaleString('en')} orders from the platform to reserved stock`, 'orders/s', ORDERS / seconds, 200)];
  } finally {
    await karavan.stop();
    await sandbox.stop();
    await db.stop();
  }
};
