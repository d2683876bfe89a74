import { z } from 'zod';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ChannelOrderRecord, Connector } from '../../connectors/connector.ts';
import { sql } from '../../kit/db.ts';
import { ConnectorError } from '../../kit/errors.ts';
import { testApp } from '../../../test/app.ts';
import type { TestApp } from '../../../test/app.ts';
import { makeLine, makeProduct, makeRecord } from '../../../test/orders.ts';
import { planPull, planSweep, stretches } from './pull.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const source = { everyMs: 5 * MINUTE, overlapMs: 30 * MINUTE, maxWindowMs: 2 * DAY, historyMs: 10 * DAY };

test('a span is cut into stretches no longer than the platform allows', () => {
  const [from, to] = [new Date('2026-03-01T00:00:00Z'), new Date('2026-03-06T00:00:00Z')];
  expect(stretches('RO', from, to, 2 * DAY).map((one) => [one.from.slice(0, 10), one.to.slice(0, 10)])).toEqual([
    ['2026-03-01', '2026-03-03'],
    ['2026-03-03', '2026-03-05'],
    ['2026-03-05', '2026-03-06'],
  ]);
  expect(stretches('RO', to, from, 2 * DAY)).toEqual([]);
});

test('a pull goes on where the last one stopped, first reads the history, and says what the history no longer holds', () => {
  const now = new Date('2026-03-20T00:00:00Z');
  const marks = new Map([
    ['orders:RO', new Date('2026-03-19T12:00:00Z')],
    ['orders:DE', new Date('2026-03-01T00:00:00Z')],
  ]);
  const plan = planPull(source, ['RO', 'DE', 'BG'], marks, now);
  expect(plan.left.filter((one) => one.storeFront === 'RO')).toEqual([{ storeFront: 'RO', from: '2026-03-19T11:30:00.000Z', to: '2026-03-20T00:00:00.000Z' }]);
  expect([plan.left.find((one) => one.storeFront === 'DE')?.from, plan.left.find((one) => one.storeFront === 'BG')?.from]).toEqual([
    '2026-03-10T00:00:00.000Z',
    '2026-03-10T00:00:00.000Z',
  ]);
  expect(plan.gaps).toEqual([{ storeFront: 'DE', from: '2026-03-01T00:00:00.000Z', to: '2026-03-10T00:00:00.000Z' }]);
  // A clock that was set back reads the overlap again instead of nothing.
  expect(planPull(source, ['RO'], new Map([['orders:RO', new Date(now.getTime() + DAY)]]), now).left).toEqual([
    { storeFront: 'RO', from: '2026-03-19T23:30:00.000Z', to: '2026-03-20T00:00:00.000Z' },
  ]);
  expect(planSweep(source, ['RO', 'BG'], marks, now).left.map((one) => [one.storeFront, one.to])).toEqual([
    ['RO', '2026-03-15T00:00:00.000Z'],
    ['RO', '2026-03-17T00:00:00.000Z'],
    ['RO', '2026-03-19T00:00:00.000Z'],
    ['RO', '2026-03-19T12:00:00.000Z'],
  ]);
});

/** A platform in memory: tells the packages of a store front that changed in the window, newest first, three at a time. */
function market(): {
  connector: Connector;
  packages: ChannelOrderRecord[];
  unreadable: { externalId: string; reason: string; raw: unknown }[];
  fail: ConnectorError[];
  asked: string[];
} {
  const state = {
    packages: [] as ChannelOrderRecord[],
    unreadable: [] as { externalId: string; reason: string; raw: unknown }[],
    fail: [] as ConnectorError[],
    asked: [] as string[],
  };
  const connector: Connector = {
    manifest: {
      platform: 'market',
      kind: 'marketplace',
      name: 'Market',
      mark: 'M',
      baseUrl: 'http://127.0.0.1:9',
      credentials: [],
      settings: [],
      credentialsSchema: z.strictObject({ key: z.string() }),
      settingsSchema: z.strictObject({}),
      orders: source,
      howToConnect: '',
    },
    accountKey: (credentials) => String(credentials['key']),
    describe: (credentials) => ({ name: `Market ${String(credentials['key'])}`, mark: 'M', currency: 'RON' }),
    quotaAccount: (credentials) => String(credentials['key']),
    quotas: () => [],
    test: async () => ({ ok: true, message: '', facts: [] }),
    orders: {
      storeFronts: () => ['RO', 'DE'],
      async pull(_store, window, cursor) {
        const failure = state.fail.shift();
        if (failure !== undefined) throw failure;
        state.asked.push(`${window.storeFront} ${window.from.toISOString().slice(0, 10)} ${JSON.stringify(cursor ?? 0)}`);
        const all = state.packages
          .filter((one) => one.storeFront === window.storeFront && one.modifiedAt >= window.from && one.modifiedAt <= window.to)
          .toSorted((a, b) => b.modifiedAt.getTime() - a.modifiedAt.getTime());
        const at = typeof cursor === 'number' ? cursor : 0;
        return { items: all.slice(at, at + 3), unreadable: state.unreadable.splice(0), next: at + 3 < all.length ? at + 3 : null };
      },
    },
  };
  return { connector, ...state };
}

describe('reading a store', () => {
  let now: Date;
  let shop: TestApp;
  let platform: ReturnType<typeof market>;
  let storeId: string;

  beforeEach(async () => {
    now = new Date('2026-03-01T08:00:00Z');
    platform = market();
    shop = await testApp({ clock: { now: () => now }, connectors: [platform.connector] });
    await shop.app.db.run(sql`insert into company (id, name, is_default, created_at) values (uuidv7(), 'Shop SRL', true, ${now}) on conflict do nothing`);
    const store = await shop.call<{ id: string }>('POST', '/api/market/stores', { credentials: { key: 'one' } });
    expect(store.status, JSON.stringify(store.body)).toBe(201);
    storeId = store.body.id;
    await shop.settle();
  });

  const at = (minutes: number): Date => new Date(Date.parse('2026-03-01T08:00:00Z') + minutes * MINUTE);
  const tick = async (schedule: string): Promise<void> => {
    await shop.app.schedules.find((one) => one.name === schedule)?.tick();
    await shop.settle();
  };
  const runs = (kind: string): Promise<{ state: string; outcome: Record<string, unknown>; error: string | null }[]> =>
    shop.app.db.rows(sql`select state, outcome, error from run where kind = ${kind} order by created_at desc, id desc`);
  const orders = async (): Promise<number> => (await shop.app.db.one<{ count: number }>(sql`select count(*) as count from "order"`)).count;

  test('page by page and store front by store front, as often as the manifest says', async () => {
    await tick('orders.poll');
    expect(await runs('orders.pull')).toMatchObject([{ state: 'done', outcome: { read: 0 } }]);
    now = at(4);
    platform.packages.push(...Array.from({ length: 7 }, (_, n) => makeRecord({ modifiedAt: at(n / 10) })), makeRecord({ storeFront: 'DE', modifiedAt: at(1) }));
    await tick('orders.poll');
    expect(await orders()).toBe(0);
    now = at(6);
    platform.asked.length = 0;
    await tick('orders.poll');
    expect(await orders()).toBe(8);
    expect(platform.asked).toEqual(['RO 2026-03-01 0', 'RO 2026-03-01 3', 'RO 2026-03-01 6', 'DE 2026-03-01 0']);
    expect((await runs('orders.pull'))[0]).toMatchObject({ state: 'done', outcome: { read: 8, created: 8 } });
    now = at(12);
    await tick('orders.poll');
    expect((await runs('orders.pull'))[0]).toMatchObject({ state: 'done', outcome: { read: 8, created: 0, unchanged: 8 } });
    expect(await orders()).toBe(8);
  });

  test('goes on after a failure where it stopped, and after a downtime reads all that the platform still knows', async () => {
    await tick('orders.poll');
    platform.packages.push(...Array.from({ length: 9 }, (_, n) => makeRecord({ modifiedAt: at(60 + n) })));
    now = at(25 * 60 * 24);
    platform.packages.push(makeRecord({ modifiedAt: new Date(now.getTime() - 3 * DAY) }));
    platform.fail.push(new ConnectorError('unavailable', 'The platform does not answer.'));
    await tick('orders.poll');
    expect((await runs('orders.pull'))[0]).toMatchObject({ state: 'waiting', error: 'The platform does not answer.' });
    now = new Date(now.getTime() + MINUTE);
    await shop.settle();
    const [run] = await runs('orders.pull');
    expect(run).toMatchObject({ state: 'done', outcome: { created: 1 } });
    expect(run?.outcome['gaps']).toMatchObject([{ storeFront: 'RO', from: '2026-03-01T08:00:00.000Z' }, { storeFront: 'DE' }]);
  });

  test('what the connector cannot read is kept aside and does not stop the page', async () => {
    platform.packages.push(makeRecord({ modifiedAt: at(0) }));
    platform.unreadable.push({ externalId: 'P-broken', reason: 'lines: expected a list', raw: { odd: true } });
    await tick('orders.poll');
    expect(await orders()).toBe(1);
    const list = await shop.call<{ items: unknown[] }>('GET', '/api/orders/quarantine');
    expect(list.body.items).toMatchObject([{ externalId: 'P-broken', reason: 'lines: expected a list', channel: { id: storeId } }]);
  });

  test('the daily sweep finds what no poll saw, and counts it', async () => {
    await tick('orders.poll');
    now = at(3 * 60);
    await tick('orders.poll');
    now = at(24 * 60 + 1);
    await tick('orders.poll');
    // It changed hours ago, but the platform's list did not show it then.
    platform.packages.push(makeRecord({ modifiedAt: at(120) }));
    await tick('orders.sweep');
    expect(await runs('orders.sweep')).toMatchObject([{ state: 'done', outcome: { found: 1 } }]);
    expect(await shop.app.db.one(sql`select received_by from "order"`)).toEqual({ received_by: 'sweep' });
  });

  test('"read now" answers with the run, twice with the same one, and refuses what is not there', async () => {
    platform.packages.push(makeRecord({ modifiedAt: at(0) }));
    const first = await shop.call<{ id: string; runs: unknown[] }>('POST', '/api/market/sync', {});
    expect(first.status, JSON.stringify(first.body)).toBe(202);
    expect(first.body.runs).toHaveLength(1);
    expect((await shop.call<{ id: string }>('POST', '/api/market/sync', { channelId: storeId, what: 'orders' })).body.id).toBe(first.body.id);
    expect((await shop.call('POST', '/api/nowhere/sync', {})).status).toBe(404);
    expect((await shop.call('POST', '/api/market/sync', { channelId: '01a202ba-cb1f-767c-aba3-d0251a38b0e6' })).status).toBe(404);
    expect((await shop.call('POST', '/api/market/sync', { what: 'weather' })).status).toBe(400);
    expect((await shop.call('POST', '/api/market/sync', {}, { as: await shop.keyFor('viewer') })).status).toBe(403);
    await shop.settle();
    const list = await shop.call<{ items: { id: string; lineCount: number }[]; total: number }>('GET', '/api/orders');
    expect(list.body).toMatchObject({ total: 1, items: [{ lineCount: 1, customerName: 'Ana Pop', channel: { id: storeId } }] });
    const there = await shop.call<{ items: unknown[] }>('GET', '/api/market/orders');
    expect(there.body.items).toMatchObject([{ status: 'new', order: { id: list.body.items[0]?.id } }]);
    expect((await shop.call('GET', '/api/nowhere/orders')).status).toBe(404);
  });

  test('a sale lowers the stock that the API shows, and the item tells which order it went to', async () => {
    const product = await makeProduct(shop.app.db, { stock: 5 });
    platform.packages.push(makeRecord({ modifiedAt: at(0), lines: [makeLine({ barcode: product.barcode, quantity: 2 })] }));
    await tick('orders.poll');
    const items = await shop.call<{ items: { id: string }[] }>('GET', `/api/inventory?search=${product.sku}`);
    expect(items.body.items).toMatchObject([{ onHand: 5, reserved: 2, available: 3, product: { id: product.id } }]);
    const id = items.body.items[0]?.id ?? '';
    expect((await shop.call('GET', `/api/inventory/${id}`)).body).toMatchObject({
      promises: [{ quantity: 2, order: { channelId: storeId } }],
      products: [{ quantity: 1, available: 3 }],
    });
    const [sold] = platform.packages;
    if (sold !== undefined) platform.packages[0] = { ...sold, status: 'shipped', modifiedAt: at(6) };
    now = at(7);
    await tick('orders.poll');
    const moves = await shop.call<{ items: unknown[] }>('GET', `/api/inventory/${id}/movements?limit=1`);
    expect(moves.body).toMatchObject({
      items: [{ delta: -2, balance: 3, cause: 'sale', actorName: 'Karavan', order: { number: expect.any(String) } }],
      nextCursor: expect.any(String),
    });
  });
});
