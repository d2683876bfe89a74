import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../../../test/database.ts';
import { systemActor } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Database } from '../../kit/db.ts';
import { newId } from '../../kit/ids.ts';
import { createCompany, putFxRate } from '../accounts/accounts.ts';
import { readToday, search } from './reads.ts';

/* A Sunday, 11:48 in Bucharest (two hours ahead of UTC). */
const now = new Date('2026-11-22T09:48:00Z');
const shop = { timeZone: 'Europe/Bucharest', currency: 'RON' };

let db: Database;
const companies: string[] = [];
const channels: string[] = [];

interface Sale {
  channel: number;
  at: string;
  total: number;
  currency: string;
  status?: string;
  shipBy?: string;
  customer?: string;
  problem?: string;
}
let count = 20_000;
async function sell(sale: Sale): Promise<string> {
  const id = newId();
  count++;
  await db.run(sql`
    insert into "order" (id, number, channel_id, company_id, external_number, status, problem, customer_name, currency, total_minor, line_count, unit_count, ordered_at, ship_by, received_by, created_at, updated_at)
    values (${id}, ${String(count)}, ${channels[sale.channel]}, ${companies[sale.channel]}, ${`EXT-${count}`}, ${sale.status ?? 'new'}, ${sale.problem ?? null}, ${sale.customer ?? 'Elena Marinescu'},
      ${sale.currency}, ${sale.total}, 1, 1, ${sale.at}, ${sale.shipBy ?? null}, 'poll', now(), now())`);
  return id;
}

beforeAll(async () => {
  db = await testDatabase({ clock: { now: () => now } });
  for (const [index, name] of ['Shop SRL', 'Shop GmbH'].entries()) {
    companies.push((await db.transaction((tx) => createCompany(tx, systemActor, { name, country: 'RO', currency: 'RON', isDefault: index === 0 }))).id);
    const id = newId();
    await db.run(sql`
      insert into channel (id, platform, name, mark, series, currency, company_id, account_key, credentials_sealed, created_at, updated_at, health, health_message, health_at)
      values (${id}, 'acme', ${`Store ${index}`}, ${`S${index}`}, ${index + 1}, ${index === 1 ? 'EUR' : 'RON'}, ${companies[index]}, ${`acme ${index}`}, '', now(), now(),
        ${index === 1 ? 'auth_failed' : 'ok'}, ${index === 1 ? 'The platform refuses our key.' : ''}, ${now})`);
    channels.push(id);
  }
  await db.transaction((tx) => putFxRate(tx, systemActor, { source: 'manual', base: 'EUR', quote: 'RON', onDate: '2026-11-01', value: '5.00' }));
  await sell({ channel: 0, at: '2026-11-22T08:00:00Z', total: 10_000, currency: 'RON', shipBy: '2026-11-22T09:00:00Z' });
  await sell({ channel: 1, at: '2026-11-21T22:30:00Z', total: 2000, currency: 'EUR', shipBy: '2026-11-22T20:00:00Z' });
  await sell({ channel: 0, at: '2026-11-21T21:30:00Z', total: 77_700, currency: 'RON', status: 'shipped' });
  await sell({ channel: 0, at: '2026-11-22T07:00:00Z', total: 99_900, currency: 'RON', status: 'cancelled' });
  await sell({ channel: 0, at: '2026-11-15T06:00:00Z', total: 4000, currency: 'RON', status: 'delivered' });
  await sell({ channel: 0, at: '2026-11-15T15:00:00Z', total: 5000, currency: 'RON', status: 'delivered', customer: 'Mehmet Aydın' });
  await sell({ channel: 0, at: '2026-11-20T15:00:00Z', total: 100, currency: 'RON', problem: 'needs_mapping', shipBy: '2026-11-23T09:00:00Z' });
});

test('today begins at midnight in the zone of the shop, adds up in its currency and leaves cancelled orders out', async () => {
  const today = await readToday(db, systemActor, shop, now, 1);
  // 100.00 RON at 10:00 and 20.00 EUR at 00:30; the order of 23:30 yesterday and the cancelled one do not count.
  expect(today.sales).toMatchObject({ total: { amount: '200.00', currency: 'RON' }, orders: 2 });
  expect(today.sales.steps.slice(0, 13)).toEqual([10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 10_000, 20_000, 20_000, null]);
});

test('it is compared with the same hours of the same weekday before, while the curve shows that whole day', async () => {
  const { sales } = await readToday(db, systemActor, shop, now, 1);
  expect(sales).toMatchObject({ previousTotal: { amount: '40.00', currency: 'RON' }, previousOrders: 1 });
  expect(sales.previousSteps[23]).toBe(9000);
});

test('seven days are seven steps beside the seven before', async () => {
  const { sales } = await readToday(db, systemActor, shop, now, 7);
  expect(sales.steps).toHaveLength(7);
  expect(sales.steps[6]).toBe(10_000 + 10_000 + 77_700 + 100);
  expect(sales.previousTotal.amount).toBe('90.00');
});

test('channels stand in the order of connection with sales in their own currency and orders of 14 days', async () => {
  const { channels: rows } = await readToday(db, systemActor, shop, now, 1);
  expect(rows.map((row) => row.name)).toEqual(['Store 0', 'Store 1']);
  expect(rows[1]).toMatchObject({ sales: { amount: '20.00', currency: 'EUR' }, inHome: { amount: '100.00', currency: 'RON' }, orders: 1 });
  expect(rows[0]?.days.slice(-3)).toEqual([1, 1, 1]);
});

test('orders to send are counted by deadline and the most urgent comes first', async () => {
  const { toSend } = await readToday(db, systemActor, shop, now, 1);
  expect(toSend).toMatchObject({ late: 1, today: 1, tomorrow: 1, later: 0 });
  expect(toSend.orders.map((order) => order.shipBy)).toEqual(['2026-11-22T09:00:00.000Z', '2026-11-22T20:00:00.000Z', '2026-11-23T09:00:00.000Z']);
});

test('what is broken is listed, the worst first', async () => {
  const { broken } = await readToday(db, systemActor, shop, now, 1);
  expect(broken.map((one) => [one.severity, one.code, one.name])).toEqual([
    ['bad', 'channel_auth', 'Store 1'],
    ['attention', 'orders_unmapped', ''],
  ]);
});

test('who sees only orders is told only what is broken about orders', async () => {
  const { broken } = await readToday(db, { ...systemActor, rights: new Set(['orders.read']) }, shop, now, 1);
  expect(broken.map((one) => one.code)).toEqual(['orders_unmapped']);
});

test('a currency without a rate is said and not silently counted as nothing', async () => {
  const today = await readToday(db, systemActor, { ...shop, currency: 'TRY' }, now, 1);
  expect(
    today.broken
      .filter((one) => one.code === 'rate_missing')
      .map((one) => one.name)
      .toSorted(),
  ).toEqual(['EUR', 'RON']);
  expect(today.channels[0]?.inHome).toBeNull();
});

test('who is limited to a company sees and finds only that company', async () => {
  const actor: Actor = { ...systemActor, companyIds: [companies[1] ?? ''] };
  const today = await readToday(db, actor, shop, now, 1);
  expect(today.channels.map((row) => row.name)).toEqual(['Store 1']);
  expect(today.sales.orders).toBe(1);
  expect(today.toSend).toMatchObject({ late: 0, today: 1 });
  expect(await search(db, actor, 'EXT-20001', 8)).toEqual([]);
});

test('who may not see customers cannot find orders by their names', async () => {
  expect((await search(db, systemActor, 'mehmet', 8)).map((hit) => hit.title)).toEqual(['20006']);
  const actor: Actor = { ...systemActor, rights: new Set(['orders.read']) };
  expect(await search(db, actor, 'mehmet', 8)).toEqual([]);
  const [byNumber] = await search(db, actor, '20006', 8);
  expect(byNumber).toMatchObject({ kind: 'order', subtitle: 'Store 0' });
});

test('exact codes come before words, and wild characters are only characters', async () => {
  await db.run(sql`
    insert into product (id, sku, barcode, title, price_minor, currency, status, created_at, updated_at) values
      (${newId()}, 'BOWL', '111', 'Cobalt plate', 100, 'RON', 'active', now(), now()), (${newId()}, 'X-1', '222', 'Blue bowl 100% cotton', 100, 'RON', 'active', now(), now())`);
  expect((await search(db, systemActor, 'BOWL', 8)).map((hit) => hit.subtitle)).toEqual(['BOWL', 'X-1']);
  expect((await search(db, systemActor, '222', 8)).map((hit) => hit.subtitle)).toEqual(['X-1']);
  expect((await search(db, systemActor, '100%', 8)).map((hit) => hit.subtitle)).toEqual(['X-1']);
  expect(await search(db, systemActor, '%_%', 8)).toEqual([]);
  expect(await search(db, { ...systemActor, rights: new Set() }, 'BOWL', 8)).toEqual([]);
});
