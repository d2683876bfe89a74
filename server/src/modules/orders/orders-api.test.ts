import { beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../kit/db.ts';
import { testApp } from '../../../test/app.ts';
import type { TestApp } from '../../../test/app.ts';
import { makeChannel, makeCompany, makeLine, makeProduct, makeRecord } from '../../../test/orders.ts';
import type { TestChannel } from '../../../test/orders.ts';
import { ingest } from './orders.ts';
import type { OrderDetail } from './orders.ts';

let shop: TestApp;
let ours: TestChannel;
let theirs: TestChannel;
let product: { id: string };
const now = new Date('2026-03-02T10:00:00Z');

interface List {
  items: { id: string; number: string; externalNumber: string; problem: string | null; customerName: string | null }[];
  nextCursor: string | null;
  total?: number;
}

beforeAll(async () => {
  shop = await testApp({ clock: { now: () => now } });
  const { db } = shop.app;
  ours = await makeChannel(db);
  theirs = await makeChannel(db, { companyId: await makeCompany(db) });
  const known = await makeProduct(db, { stock: 100 });
  product = known;
  const line = (): ReturnType<typeof makeLine>[] => [makeLine({ barcode: known.barcode })];
  const day = (n: number): Date => new Date(Date.UTC(2026, 1, n, 9));
  await db.transaction(async (tx) => {
    await ingest(
      tx,
      ours,
      [
        ...Array.from({ length: 5 }, (_, n) => makeRecord({ externalNumber: `OURS-${n}`, orderedAt: day(n + 1), lines: line(), shipBy: null })),
        makeRecord({ externalNumber: 'LATE', orderedAt: day(10), lines: line(), shipBy: new Date(now.getTime() - 60_000) }),
        makeRecord({ externalNumber: 'TODAY', orderedAt: day(11), lines: line(), shipBy: new Date('2026-03-02T21:30:00Z') }),
        makeRecord({ externalNumber: 'TOMORROW', orderedAt: day(12), lines: line(), shipBy: new Date('2026-03-02T22:30:00Z') }),
        makeRecord({ externalNumber: 'STRANGE', orderedAt: day(13), customer: { name: 'Zoe Kaya', email: 'zoe@example.com', phone: '' } }),
        makeRecord({ externalNumber: 'GONE', orderedAt: day(14), lines: line(), status: 'delivered' }),
      ],
      'poll',
    );
    await ingest(tx, theirs, [makeRecord({ externalNumber: 'THEIRS', lines: line() })], 'poll');
  });
  await db.run(sql`update shop set time_zone = 'Europe/Bucharest'`);
});

const list = async (query = '', as?: string): Promise<List> =>
  (await shop.call<List>('GET', `/api/orders?limit=50&${query}`, undefined, as === undefined ? {} : { as })).body;
const numbers = async (query: string): Promise<string[]> => (await list(query)).items.map((item) => item.externalNumber);

describe('the list of orders', () => {
  test('comes newest first, in pages that neither overlap nor leave out', async () => {
    const all: string[] = [];
    let cursor: string | null = null;
    do {
      const page: List = (await shop.call<List>('GET', `/api/orders?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`)).body;
      all.push(...page.items.map((item) => item.externalNumber));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(all).toEqual(['THEIRS', 'GONE', 'STRANGE', 'TOMORROW', 'TODAY', 'LATE', 'OURS-4', 'OURS-3', 'OURS-2', 'OURS-1', 'OURS-0']);
    expect((await list()).total).toBe(11);
  });

  test('filters by status, store, platform, problem and deadline, and sorts by deadline', async () => {
    expect(await numbers('status=delivered')).toEqual(['GONE']);
    expect(await numbers('status=open')).toHaveLength(10);
    expect(await numbers(`channelId=${theirs.id}`)).toEqual(['THEIRS']);
    expect(await numbers('platform=nowhere')).toEqual([]);
    expect(await numbers('problem=needs_mapping')).toEqual(['STRANGE']);
    expect(await numbers('deadline=late')).toEqual(['LATE']);
    expect(await numbers('deadline=today')).toEqual(['TODAY']);
    expect((await numbers('sort=deadline')).slice(0, 3)).toEqual(['LATE', 'TODAY', 'TOMORROW']);
  });

  test('finds an order by its numbers, and by its customer only for those who may see customers', async () => {
    expect(await numbers('search=strange')).toEqual(['STRANGE']);
    const [strange] = (await list('search=STRANGE')).items;
    expect(await numbers(`search=${strange?.number ?? ''}`)).toEqual(['STRANGE']);
    expect(await numbers('search=zoe%20ka')).toEqual(['STRANGE']);
    expect(await numbers('search=zoe@example.com')).toEqual(['STRANGE']);
    const viewer = await shop.keyFor('viewer');
    expect((await list('search=zoe%20ka', viewer)).items).toEqual([]);
    const [seen] = (await list('search=STRANGE', viewer)).items;
    expect(seen).toMatchObject({ customerName: null });
    expect((await shop.call<OrderDetail>('GET', `/api/orders/${seen?.id ?? ''}`, undefined, { as: viewer })).body.customer).toBeNull();
    expect(await numbers('search=%25')).toEqual([]);
  });

  test('is counted', async () => {
    expect((await shop.call('GET', '/api/orders/counts')).body).toMatchObject({
      byStatus: { new: 10, delivered: 1, cancelled: 0 },
      late: 1,
      today: 1,
      needsMapping: 1,
      oversold: 0,
      quarantined: 0,
    });
    expect((await shop.call('GET', `/api/orders/counts?channelId=${theirs.id}`)).body).toMatchObject({ byStatus: { new: 1 }, needsMapping: 0 });
  });

  test('refuses what is no filter', async () => {
    for (const query of ['cursor=abc', 'status=lost', 'limit=0', 'channelId=1', 'deadline=never'])
      expect((await shop.call('GET', `/api/orders?${query}`)).status, query).toBe(400);
  });
});

test('orders of other companies do not exist for somebody limited to one', async () => {
  const [foreign] = (await list(`channelId=${theirs.id}`)).items;
  const as = await shop.keyFor('order_desk', [ours.company_id]);
  expect((await list('', as)).items.map((item) => item.externalNumber)).not.toContain('THEIRS');
  expect((await shop.call('GET', `/api/orders/${foreign?.id ?? ''}`, undefined, { as })).status).toBe(404);
  const detail = (await shop.call<OrderDetail>('GET', `/api/orders/${foreign?.id ?? ''}`)).body;
  expect((await shop.call('POST', `/api/orders/${detail.id}/lines/${detail.lines[0]?.id ?? ''}/map`, { productId: product.id }, { as })).status).toBe(404);
  expect((await shop.call('GET', '/api/orders/counts', undefined, { as })).body).toMatchObject({ byStatus: { new: 9 } });
});

test('a line is mapped by hand, once, and the order says who did it', async () => {
  const [strange] = (await list('search=STRANGE')).items;
  const before = (await shop.call<OrderDetail>('GET', `/api/orders/${strange?.id ?? ''}`)).body;
  const path = `/api/orders/${before.id}/lines/${before.lines[0]?.id ?? ''}/map`;
  expect((await shop.call('POST', path, { productId: before.id })).status).toBe(404);
  const mapped = await shop.call<OrderDetail>('POST', path, { productId: product.id }, { headers: { 'idempotency-key': 'map-1' } });
  expect(mapped.body).toMatchObject({
    problem: null,
    lines: [{ product: { id: product.id }, stock: 'reserved' }],
    timeline: [{ kind: 'stock_reserved' }, { kind: 'line_mapped', actorName: 'test owner' }, {}, {}],
  });
  expect((await shop.call<OrderDetail>('POST', path, { productId: product.id }, { headers: { 'idempotency-key': 'map-1' } })).body).toEqual(mapped.body);
  expect((await shop.call<OrderDetail>('POST', path, { productId: product.id })).body.timeline).toHaveLength(mapped.body.timeline.length);
});
