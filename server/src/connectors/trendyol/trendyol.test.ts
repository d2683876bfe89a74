import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox } from '../../../../sandbox/index.ts';
import { createHttpClient, type HttpClient } from '../../kit/http-client.ts';
import type { Store } from '../connector.ts';
import { type Account, type Capability, marketplaceContract, type Trouble } from '../contract-suite.ts';
import { trendyol } from './index.ts';

let sandbox: Awaited<ReturnType<typeof startSandbox>>;
const clients: HttpClient[] = [];
let lastSeller = 500_000;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, seed: 1, quotas: false });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await sandbox.close();
});

async function control<T>(path: string, body?: unknown): Promise<T> {
  const response = await fetch(
    `${sandbox.url}/__sandbox/${path}`,
    body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

const paths: Record<Capability, { method: string; path: string }> = {
  products: { method: 'GET', path: '/products/unapproved' },
  orders: { method: 'GET', path: '/orders/stream' },
  push: { method: 'POST', path: '/price-and-inventory' },
  result: { method: 'GET', path: '/batch-requests/' },
  read: { method: 'GET', path: '/inventory-and-price' },
};
const troubles: Record<Trouble, object> = {
  throttled: { kind: 'status', status: 429, headers: { 'retry-after': '30' }, times: 1 },
  failing: { kind: 'status', status: 500, times: 1 },
  silent: { kind: 'timeout', times: -1 },
  truncated: { kind: 'truncate', times: 1 },
  empty: { kind: 'empty', times: 1 },
  lost: { kind: 'apply_then_fail', status: 502, times: 1 },
};

interface Opened extends Account {
  sellerId: number;
  storeWith(changes: { credentials?: object; settings?: object }): Store;
}

async function open(storeFronts: readonly string[] = ['RO'], settings: object = {}): Promise<Opened> {
  const sellerId = ++lastSeller;
  await control('world', { trendyol: { sellers: [{ sellerId, apiKey: `key-${sellerId}`, apiSecret: `secret-${sellerId}`, storeFronts }] } });
  const good = { sellerId: String(sellerId), apiKey: `key-${sellerId}`, apiSecret: `secret-${sellerId}`, integratorName: 'SelfIntegration' };
  const http = createHttpClient({
    baseUrl: `${sandbox.url}/trendyol/integration`,
    account: trendyol.quotaAccount(good, {}),
    rules: [],
    now: () => new Date(),
    timeoutMs: 400,
    maxWaitMs: 1500,
  });
  clients.push(http);
  const storeWith: Opened['storeWith'] = (changes) => ({
    channelId: 'test',
    credentials: trendyol.manifest.credentialsSchema.parse({ ...good, ...changes.credentials }),
    settings: trendyol.manifest.settingsSchema.parse({ productStoreFront: storeFronts[0], ...settings, ...changes.settings }),
    testMode: false,
    http,
    now: () => new Date(),
  });
  const start = Date.now();
  const fault = (capability: Capability, what: object): Promise<unknown> =>
    control('faults', { platform: 'trendyol', match: paths[capability], sellerId, ...what });
  return {
    sellerId,
    storeWith,
    connector: trendyol,
    store: storeWith({}),
    deadStore: storeWith({ credentials: { apiSecret: 'revoked' } }),
    manyProducts: 230,
    manyOrders: 450,
    async addProducts(products) {
      await control('world', {
        trendyol: {
          products: products.map(({ barcode, quantity }) => ({
            sellerId,
            storeFront: storeFronts[0],
            barcode,
            stockCode: `SKU-${barcode}`,
            title: `Produs ${barcode}`,
            salePrice: 94.9,
            listPrice: 129.9,
            quantity,
          })),
        },
      });
    },
    async addOrders(barcode, count) {
      const made: string[] = [];
      for (let i = 0; i < count; i++) {
        const { packages } = await control<{ packages: { shipmentPackageId: number }[] }>('world/orders', {
          trendyol: { sellerId, storeFront: storeFronts[0], lines: [{ barcode, quantity: 1 }] },
        });
        made.push(...packages.map((each) => String(each.shipmentPackageId)));
      }
      return made;
    },
    window: () => ({ storeFront: storeFronts[0]!, from: new Date(start - 3_600_000), to: new Date(Date.now() + 7_200_000) }),
    emptyWindow: () => ({ storeFront: storeFronts[0]!, from: new Date(start - 7_200_000), to: new Date(start - 3_600_000) }),
    make: async (capability, trouble) => void (await fault(capability, troubles[trouble])),
    async spoil(what) {
      if (what === 'orders') {
        const good = { shipmentPackageId: 1, orderNumber: '1', orderDate: Date.now(), lastModifiedDate: Date.now(), status: 'Created', lines: [] };
        await fault('orders', {
          kind: 'status',
          status: 200,
          times: 1,
          body: { hasMore: false, nextCursor: null, size: 200, content: [{ ...good, shipmentPackageId: 2, lines: 'none' }, good] },
        });
      } else {
        const good = { barcode: 'A-1', title: 'x', status: 'rejected' };
        await fault('products', {
          kind: 'status',
          status: 200,
          times: 1,
          body: { totalElements: 2, totalPages: 1, page: 0, size: 200, content: [{ ...good, barcode: '' }, good] },
        });
      }
    },
    async quantityOf(barcode) {
      const { items } = await control<{ items: { barcode: string; quantity: number }[] }>(`world?sellerId=${sellerId}&what=products&barcode=${barcode}`);
      return items.find((each) => each.barcode === barcode)!.quantity;
    },
    settle: async () => void (await control('clock', { advanceMs: 10_000 })),
  };
}

marketplaceContract('Trendyol', () => open());

describe('the connection test of Trendyol', () => {
  test('tells a store front that is not open from wrong keys', async () => {
    const { storeWith } = await open(['RO']);
    expect(await trendyol.test(storeWith({ settings: { productStoreFront: 'DE' } }))).toMatchObject({
      ok: false,
      field: 'productStoreFront',
      message: expect.stringContaining('DE is not available') as unknown,
    });
    expect(await trendyol.test(storeWith({ settings: { orderStoreFronts: ['RO', 'BG'] } }))).toMatchObject({ ok: false, field: 'orderStoreFronts' });
  });

  test('tells keys of another seller from wrong keys', async () => {
    const { storeWith } = await open();
    const other = await open();
    expect(await trendyol.test(storeWith({ credentials: { sellerId: String(other.sellerId) } }))).toMatchObject({ ok: false, field: 'sellerId' });
    expect(await trendyol.test(storeWith({ credentials: { apiKey: 'nonsense' } }))).toMatchObject({ ok: false, field: 'apiSecret' });
  });

  test('a page of the gateway is a blocked server, not wrong keys', async () => {
    const { store, sellerId } = await open();
    await control('faults', { platform: 'trendyol', kind: 'status', status: 403, body: '<html>403</html>', sellerId, times: 1 });
    expect(await trendyol.test(store)).toMatchObject({ ok: false, message: expect.stringContaining('blocked this server') as unknown });
  });
});

describe('peculiar to Trendyol', () => {
  test('the same values again within 15 minutes count as taken, and reading back confirms them', async () => {
    const { store, addProducts, settle } = await open();
    await addProducts([{ barcode: 'A-1', quantity: 10 }]);
    const items = [{ pushId: 'p1', externalId: 'A-1', barcode: 'A-1', quantity: 6 }];
    expect((await trendyol.stock!.push(store, items)).batchId).not.toBeNull();
    await settle();
    expect(await trendyol.stock!.push(store, items)).toMatchObject({ batchId: null, results: [{ pushId: 'p1', state: 'unknown' }] });
    expect(await trendyol.stock!.read(store, items)).toMatchObject([{ externalId: 'A-1', quantity: 6 }]);
  });

  test('price and list price travel with the stock', async () => {
    const { store, addProducts, settle } = await open();
    await addProducts([{ barcode: 'A-1', quantity: 10 }]);
    const ron = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'RON' });
    const items = [{ pushId: 'p1', externalId: 'A-1', barcode: 'A-1', quantity: 6, price: ron('79.90'), listPrice: ron('99.90') }];
    await trendyol.stock!.push(store, items);
    await settle();
    expect(await trendyol.stock!.read(store, items)).toEqual([{ externalId: 'A-1', quantity: 6, price: ron('79.90') }]);
  });

  test('more than fifty products are read back in several calls', async () => {
    const { store, addProducts } = await open();
    const barcodes = Array.from({ length: 120 }, (_, i) => `B-${i}`);
    await addProducts(barcodes.map((barcode, i) => ({ barcode, quantity: i })));
    const levels = await trendyol.stock!.read(
      store,
      barcodes.map((barcode) => ({ externalId: barcode, barcode })),
    );
    expect(levels.map((level) => level.quantity).toSorted((a, b) => a! - b!)).toEqual(barcodes.map((_, i) => i));
  });

  test('a catalogue beyond 10,000 cards is read to its end through the page token', async () => {
    const { store, sellerId, addProducts } = await open();
    const count = 10_150;
    await addProducts(Array.from({ length: count }, (_, i) => ({ barcode: `C-${i}`, quantity: 1 })));
    const seen = new Set<string>();
    let cursor: unknown = null;
    do {
      const page = await trendyol.products!.pull(store, cursor);
      for (const item of page.items) seen.add(item.externalId);
      cursor = page.next;
    } while (cursor !== null);
    expect(seen.size).toBe(count);
    const { entries } = await control<{ entries: { query: unknown }[] }>(`log?path=/products/approved&sellerId=${sellerId}`);
    expect(entries).toHaveLength(102);
    expect(JSON.stringify(entries.at(-1)!.query)).toContain('nextPageToken');
  }, 60_000);

  test('a split order: the old package is superseded, its successors name it', async () => {
    const { store, addProducts, addOrders, window } = await open();
    await addProducts([{ barcode: 'A-1', quantity: 10 }]);
    await addOrders('A-1', 1);
    const { packages } = await control<{ packages: { shipmentPackageId: number }[] }>('world/orders', {
      trendyol: { sellerId: Number((store.credentials as { sellerId: string }).sellerId), storeFront: 'RO', lines: [{ barcode: 'A-1', quantity: 2 }] },
    });
    const old = String(packages[0]!.shipmentPackageId);
    await control(`world/packages/${old}`, { status: 'UnPacked' });
    const { items } = await trendyol.orders!.pull(store, window(), null);
    expect(items.find((each) => each.externalId === old)?.status).toBe('superseded');
    const successors = items.filter((each) => each.originExternalIds.includes(old));
    expect(successors.map((each) => each.lines[0]?.quantity)).toEqual([1, 1]);
    expect(new Set(items.filter((each) => each.externalId === old || successors.includes(each)).map((each) => each.externalNumber)).size).toBe(1);
  });

  test('a waiting order hides its buyer and is reserved only', async () => {
    const { store, sellerId, addProducts, window } = await open();
    await addProducts([{ barcode: 'A-1', quantity: 10 }]);
    await control('world/orders', { trendyol: { sellerId, storeFront: 'RO', lines: [{ barcode: 'A-1', quantity: 1 }], status: 'Awaiting' } });
    const { items, unreadable } = await trendyol.orders!.pull(store, window(), null);
    expect(unreadable).toEqual([]);
    expect(items).toMatchObject([{ status: 'pending', shipTo: null, billTo: null, customer: { name: '', email: '', phone: '' } }]);
  });

  test('an order’s own store front is asked with its own code', async () => {
    const { store, addProducts } = await open(['DE']);
    await addProducts([{ barcode: 'A-1', quantity: 10 }]);
    const [product] = (await trendyol.products!.pull(store, { list: 'approved', page: 0 })).items;
    expect(product).toMatchObject({ currency: 'EUR', price: { amount: '94.90', currency: 'EUR' }, status: 'live', sku: 'SKU-A-1' });
  });
});
