import { expect, test } from 'vitest';
import { channelWorld } from '../../../test/channel-world.ts';
import type { ChannelWorld } from '../../../test/channel-world.ts';
import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import { ConnectorError } from '../../kit/errors.ts';
import { connectStore, setWrites, updateStore } from './connection.ts';
import { claimPushes } from './pushes.ts';
import { getConnector } from './stores.ts';

const item = (sku: string, quantity: number) => ({ externalId: sku.toLowerCase(), barcode: '', sku, title: `Thing ${sku}`, quantity });
const sentValues = (world: ChannelWorld, account: string) =>
  world.acme.of(account).pushes.map((items) => items.map((one) => `${one.externalId}=${one.quantity}`).join(' '));
const turn = (world: ChannelWorld, id: string, on: boolean, stockSource?: 'ours' | 'channel') =>
  world.db.transaction((tx) => setWrites(tx, systemActor, getConnector(world.app, 'acme'), { id, on, stockSource }));
const health = (world: ChannelWorld, id: string) =>
  world.db.one<{ health: string; health_message: string }>(sql`select health, health_message from channel where id = ${id}`);

test('nothing is sent while writes are off, and turning them on asks whose stock counts', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 7);
  world.acme.offer('one', item('CZV', 3));
  const channel = await world.connect('one');
  await world.stock(product, 6);
  await world.pass(10);
  expect(sentValues(world, 'one')).toEqual([]);
  await expect(turn(world, channel, true)).rejects.toMatchObject({ code: 'channel.stock_source_required', field: 'stockSource' });
  await turn(world, channel, true, 'ours');
  await world.pass(5);
  expect(sentValues(world, 'one')).toEqual(['czv=6']);
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'confirmed', wanted: 6, confirmed: 6 });
});

test('a sale lowers the stock on every other store, and each is confirmed', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 20);
  for (const account of ['one', 'two']) world.acme.offer(account, item('CZV', 20));
  const channels = [await world.connect('one', 'ours'), await world.connect('two', 'ours')];
  expect(sentValues(world, 'one')).toEqual([]);
  await world.stock(product, 19);
  await world.settle();
  expect([world.acme.quantity('one', 'czv'), world.acme.quantity('two', 'czv')]).toEqual([19, 19]);
  expect(await world.listing(channels[0] ?? '', product)).toMatchObject({ state: 'sending' });
  await world.pass(5);
  for (const channel of channels) {
    expect(await world.push(channel, 'czv')).toMatchObject({ state: 'confirmed', confirmed: 19 });
    expect(await world.listing(channel, product)).toMatchObject({ state: 'live' });
  }
});

test("the channel's quantities become opening stock of what never moved, and of nothing else", async () => {
  const world = await channelWorld();
  const fresh = await world.product('FRESH');
  const known = await world.product('KNOWN', null, 2);
  world.acme.offer('one', item('FRESH', 11), item('KNOWN', 50));
  await world.connect('one', 'channel');
  await world.pass(5);
  const stock = (id: string) => world.db.maybe<{ available: number }>(sql`select available::int from product_stock where product_id = ${id}`);
  expect(await stock(fresh)).toEqual({ available: 11 });
  expect(await stock(known)).toEqual({ available: 2 });
  expect(sentValues(world, 'one')).toEqual(['known=2']);
  expect(await world.db.rows(sql`select cause, delta::int from stock_movement where note like 'As Acme%'`)).toEqual([{ cause: 'opening', delta: 11 }]);
});

test('many changes become one push with the newest value, near-zero ones first', async () => {
  const world = await channelWorld({ maxItems: 2 });
  const ids = await Promise.all(['A', 'B', 'C'].map((sku) => world.product(sku, null, 30)));
  world.acme.offer('one', item('A', 30), item('B', 30), item('C', 30));
  await world.connect('one', 'ours');
  for (const quantity of [29, 28, 27]) await world.stock(ids[0] ?? '', quantity);
  await world.stock(ids[1] ?? '', 40);
  await world.stock(ids[2] ?? '', 1);
  await world.settle();
  expect(sentValues(world, 'one')).toEqual(['c=1 a=27', 'b=40']);
});

test('a refused item fails with the reason of the platform, the others go on, and its next value is tried again', async () => {
  const world = await channelWorld();
  const [bad, good] = [await world.product('BAD', null, 30), await world.product('GOOD', null, 30)];
  world.acme.offer('one', item('BAD', 30), item('GOOD', 30));
  world.acme.of('one').refused.set('bad', 'This product is locked.');
  const channel = await world.connect('one', 'ours');
  await world.stock(bad, 20);
  await world.stock(good, 20);
  await world.pass(5);
  expect(await world.push(channel, 'bad')).toMatchObject({ state: 'failed', error: 'This product is locked.', confirmed: 30 });
  expect(await world.listing(channel, bad)).toEqual({ state: 'refused', error: 'This product is locked.' });
  expect(await world.push(channel, 'good')).toMatchObject({ state: 'confirmed', confirmed: 20 });
  world.acme.of('one').refused.clear();
  await world.stock(bad, 19);
  await world.pass(5);
  expect(await world.push(channel, 'bad')).toMatchObject({ state: 'confirmed', confirmed: 19, error: null });
});

test('one poisoned item among many is found by halving; all others arrive', async () => {
  const world = await channelWorld();
  const skus = Array.from({ length: 16 }, (_, index) => `P${index}`);
  const ids = await Promise.all(skus.map((sku) => world.product(sku, null, 30)));
  world.acme.offer('one', ...skus.map((sku) => item(sku, 30)));
  const channel = await world.connect('one', 'ours');
  world.acme.of('one').poison.add('p11');
  for (const id of ids) await world.stock(id, 25);
  await world.pass(5);
  expect(await world.push(channel, 'p11')).toMatchObject({ state: 'failed', error: 'p11 cannot be read.' });
  const states = await world.db.rows(sql`select state, count(*)::int as count from push group by state order by state`);
  expect(states).toEqual([
    { state: 'confirmed', count: 15 },
    { state: 'failed', count: 1 },
  ]);
  expect(sentValues(world, 'one').length).toBeLessThan(12);
});

test('a store whose every request is refused is left alone for a while instead of failing item by item', async () => {
  const world = await channelWorld();
  const skus = Array.from({ length: 60 }, (_, index) => `P${index}`);
  const ids = await Promise.all(skus.map((sku) => world.product(sku, null, 30)));
  world.acme.offer('one', ...skus.map((sku) => item(sku, 30)));
  await world.connect('one', 'ours');
  for (const sku of skus) world.acme.of('one').poison.add(sku.toLowerCase());
  for (const id of ids) await world.stock(id, 25);
  await world.settle();
  expect(world.acme.of('one').pushes.length).toBeLessThan(40);
  const { waiting } = await world.db.one<{ waiting: number }>(sql`select count(*)::int as waiting from push where state = 'wanted'`);
  expect(waiting).toBeGreaterThan(30);
});

test('when the limit is reached the pushes wait until the platform said, and nothing is lost', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 30);
  world.acme.offer('one', item('CZV', 30));
  const channel = await world.connect('one', 'ours');
  world.acme
    .of('one')
    .failures.push({ error: new ConnectorError('rate_limited', 'Too many requests.', { retryAt: new Date(world.clock.now().getTime() + 40_000) }) });
  await world.stock(product, 20);
  await world.pass(30);
  expect(sentValues(world, 'one')).toEqual([]);
  expect(await health(world, channel)).toMatchObject({ health: 'waiting' });
  await world.pass(15);
  expect(sentValues(world, 'one')).toEqual(['czv=20']);
  expect(await health(world, channel)).toMatchObject({ health: 'ok' });
});

test('refused credentials stop the store, its pushes wait without failing, and new credentials send them', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 30);
  world.acme.offer('one', item('CZV', 30));
  const channel = await world.connect('one', 'ours');
  world.acme.of('one').refusesKey = true;
  await world.stock(product, 20);
  await world.pass(60, 10);
  expect(await health(world, channel)).toMatchObject({ health: 'auth_failed', health_message: expect.stringContaining('refuses these credentials') });
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'wanted', wanted: 20 });
  await expect(turn(world, channel, true)).rejects.toMatchObject({ code: 'channel.credentials_refused' });
  world.acme.of('one').refusesKey = false;
  const { version } = await world.db.one<{ version: number }>(sql`select version from channel where id = ${channel}`);
  await world.db.transaction((tx) =>
    updateStore(
      tx,
      systemActor,
      { connector: getConnector(world.app, 'acme'), vault: world.app.vault },
      { id: channel, version, credentials: { key: 'renewed' } },
      async () => new Error('stale') as never,
    ),
  );
  await world.pass(5);
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'confirmed', confirmed: 20 });
  expect(await health(world, channel)).toMatchObject({ health: 'ok' });
});

test('a connection test that works again sends what waited for the credentials', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 30);
  world.acme.offer('one', item('CZV', 30));
  const channel = await world.connect('one', 'ours');
  world.acme.of('one').refusesKey = true;
  await world.stock(product, 20);
  await world.pass(5);
  world.acme.of('one').refusesKey = false;
  expect(await world.api.call('POST', `/api/acme/stores/${channel}/test`)).toMatchObject({ body: { ok: true } });
  await world.pass(5);
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'confirmed', confirmed: 20 });
});

test.each([
  ['was applied', true],
  ['was not applied', false],
])('a time-out after which the write %s is in doubt, and the newest value is sent again', async (_case, applied) => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 30);
  world.acme.offer('one', item('CZV', 30));
  const channel = await world.connect('one', 'ours');
  world.acme.of('one').failures.push({ error: new ConnectorError('unavailable', 'No answer.', { inDoubt: true }), applied });
  await world.stock(product, 20);
  await world.settle();
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'in_doubt', confirmed: 30 });
  expect(await world.listing(channel, product)).toMatchObject({ state: 'sending' });
  await world.stock(product, 18);
  await world.pass(30);
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'confirmed', confirmed: 18 });
  expect(world.acme.quantity('one', 'czv')).toBe(18);
  expect(world.acme.of('one').reads).toBeGreaterThan(0);
});

test('an unreachable platform is asked less and less often, and other stores are not held up', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 30);
  for (const account of ['one', 'two']) world.acme.offer(account, item('CZV', 30));
  const down = await world.connect('one', 'ours');
  const up = await world.connect('two', 'ours');
  let tries = 0;
  world.acme.of('one').onPush = () => {
    tries++;
    throw new ConnectorError('unavailable', 'Could not be reached.');
  };
  await world.stock(product, 20);
  await world.pass(240, 5);
  expect(tries).toBeLessThan(6);
  expect(await world.push(down, 'czv')).toMatchObject({ state: 'wanted' });
  expect(await health(world, down)).toMatchObject({ health: 'failing' });
  expect(await world.push(up, 'czv')).toMatchObject({ state: 'confirmed', confirmed: 20 });
});

test('a sender that dies after sending leaves the push in doubt; the newest value goes out again', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 30);
  world.acme.offer('one', item('CZV', 30));
  const channel = await world.connect('one', 'ours');
  await world.stock(product, 20);
  await world.once('channels.stock');
  // The process is killed between the platform's answer and our record of it.
  const batch = await world.db.transaction((tx) => claimPushes(tx, channel, 10));
  expect(batch?.items).toMatchObject([{ externalId: 'czv', quantity: 20 }]);
  await world.stock(product, 12);
  await world.pass(50, 10);
  expect(sentValues(world, 'one')).toEqual([]);
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'sending', wanted: 12, sent: 20 });
  await world.pass(20);
  expect(sentValues(world, 'one')).toEqual(['czv=12']);
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'confirmed', confirmed: 12 });
  expect(await world.db.rows(sql`select state from push_batch order by id`)).toEqual([{ state: 'lost' }, { state: 'done' }]);
});

test('a result about an older value never closes a newer wish', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 30);
  world.acme.offer('one', item('CZV', 30));
  const channel = await world.connect('one', 'ours');
  world.acme.of('one').slowPolls = 3;
  await world.stock(product, 20);
  await world.settle();
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'sent', sent: 20 });
  world.acme.of('one').failures.push({ error: new ConnectorError('rate_limited', 'Later.', { retryAt: new Date(world.clock.now().getTime() + 30_000) }) });
  await world.stock(product, 10);
  await world.pass(20);
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'wanted', wanted: 10, confirmed: 30 });
  await world.pass(20);
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'confirmed', confirmed: 10 });
});

test.each(['at_once', 'batch'] as const)(
  'a sale while the request is on its way (%s): its answer confirms nothing, and the newer value follows',
  async (mode) => {
    const world = await channelWorld();
    const product = await world.product('CZV', null, 30);
    world.acme.offer('one', item('CZV', 30));
    const channel = await world.connect('one', 'ours');
    world.acme.of('one').mode = mode;
    world.acme.of('one').onPush = async () => {
      world.acme.of('one').onPush = async () => {
        expect(await world.push(channel, 'czv')).toMatchObject({ confirmed: 30 });
      };
      await world.stock(product, 10);
      await world.once('channels.stock');
      expect(await world.push(channel, 'czv')).toMatchObject({ state: 'sending', wanted: 10, sent: 20 });
    };
    await world.stock(product, 20);
    await world.pass(6);
    expect(sentValues(world, 'one')).toEqual(['czv=20', 'czv=10']);
    expect(await world.push(channel, 'czv')).toMatchObject({ state: 'confirmed', confirmed: 10 });
  },
);

test('a write that is taken and dropped is never called confirmed', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 30);
  world.acme.offer('one', item('CZV', 30));
  const channel = await world.connect('one', 'ours');
  world.acme.of('one').dropped.add('czv');
  await world.stock(product, 1);
  await world.pass(30);
  expect(await world.push(channel, 'czv')).toMatchObject({ wanted: 1, confirmed: 30, error: 'The platform took 1 but still shows 30.' });
  expect(await world.listing(channel, product)).toEqual({ state: 'differs', error: 'The platform took 1 but still shows 30.' });
  expect(sentValues(world, 'one').length).toBeGreaterThan(1);
  world.acme.of('one').dropped.clear();
  await world.pass(1800, 10);
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'confirmed', confirmed: 1, error: null });
  expect(await world.listing(channel, product)).toMatchObject({ state: 'live' });
});

test('a forgotten batch is settled by reading back', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 30);
  world.acme.offer('one', item('CZV', 30));
  const channel = await world.connect('one', 'ours');
  world.acme.of('one').forgetful = true;
  await world.stock(product, 20);
  await world.pass(5);
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'confirmed', confirmed: 20 });
  expect(world.acme.of('one').reads).toBe(1);
  expect(sentValues(world, 'one')).toEqual(['czv=20']);
});

test('writes turned off between two batches: the second is never sent', async () => {
  const world = await channelWorld({ maxItems: 1 });
  const ids = [await world.product('A', null, 30), await world.product('B', null, 30)];
  world.acme.offer('one', item('A', 30), item('B', 30));
  const channel = await world.connect('one', 'ours');
  world.acme.of('one').onPush = () => turn(world, channel, false);
  for (const id of ids) await world.stock(id, 20);
  await world.pass(10);
  expect(sentValues(world, 'one')).toHaveLength(1);
  world.acme.of('one').onPush = () => undefined;
  await turn(world, channel, true);
  await world.pass(5);
  expect([world.acme.quantity('one', 'a'), world.acme.quantity('one', 'b')]).toEqual([20, 20]);
});

test('writes turned off while halving a refused request: the halves stay', async () => {
  const world = await channelWorld();
  const ids = await Promise.all(['A', 'B', 'C', 'D'].map((sku) => world.product(sku, null, 30)));
  world.acme.offer('one', ...['A', 'B', 'C', 'D'].map((sku) => item(sku, 30)));
  const channel = await world.connect('one', 'ours');
  world.acme.of('one').poison.add('a');
  world.acme.of('one').onPush = async () => {
    await turn(world, channel, false);
    await new Promise((resolve) => setTimeout(resolve, 700));
  };
  for (const id of ids) await world.stock(id, 20);
  await world.settle();
  expect(sentValues(world, 'one')).toHaveLength(1);
  expect(await world.db.rows(sql`select distinct state from push`)).toEqual([{ state: 'wanted' }]);
});

test('a value raised behind our back is found by the next read of the store and lowered again', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 30);
  world.acme.offer('one', item('CZV', 30));
  const channel = await world.connect('one', 'ours');
  await world.stock(product, 20);
  await world.pass(5);
  const there = world.acme.of('one').products.get('czv');
  if (there !== undefined) there.quantity = 99;
  await world.pass(5);
  await world.pull(channel);
  await world.pass(5);
  expect(world.acme.quantity('one', 'czv')).toBe(20);
  expect(await world.push(channel, 'czv')).toMatchObject({ state: 'confirmed', confirmed: 20 });
});

test('several workers at once send every value once', async () => {
  const world = await channelWorld({ maxItems: 3 });
  const skus = Array.from({ length: 30 }, (_, index) => `P${index}`);
  const ids = await Promise.all(skus.map((sku) => world.product(sku, null, 50)));
  world.acme.offer('one', ...skus.map((sku) => item(sku, 50)));
  await world.connect('one', 'ours');
  world.acme.of('one').onPush = () => new Promise((resolve) => setTimeout(resolve, 5));
  await Promise.all(ids.map((id, index) => world.stock(id, 10 + index)));
  await Promise.all([world.settle(), world.settle(), world.settle()]);
  await world.pass(3);
  const sent = world.acme
    .of('one')
    .pushes.flat()
    .map((one) => one.externalId);
  expect(sent.toSorted()).toEqual(skus.map((sku) => sku.toLowerCase()).toSorted());
  expect(await world.db.rows(sql`select distinct state from push`)).toEqual([{ state: 'confirmed' }]);
});

test('a paused or disconnected store is sent nothing', async () => {
  const world = await channelWorld();
  const product = await world.product('CZV', null, 30);
  world.acme.offer('one', item('CZV', 30));
  const channel = await world.connect('one', 'ours');
  const { version } = await world.db.one<{ version: number }>(sql`select version from channel where id = ${channel}`);
  await world.db.transaction((tx) =>
    updateStore(
      tx,
      systemActor,
      { connector: getConnector(world.app, 'acme'), vault: world.app.vault },
      { id: channel, version, active: false },
      async () => new Error('stale') as never,
    ),
  );
  await world.stock(product, 20);
  await world.pass(5);
  expect(sentValues(world, 'one')).toEqual([]);
});

test('the same account is connected once', async () => {
  const world = await channelWorld();
  await world.connect('one');
  const again = world.db.transaction((tx) =>
    connectStore(
      tx,
      systemActor,
      { connector: getConnector(world.app, 'acme'), vault: world.app.vault },
      { name: 'Another name', credentials: { account: 'one', key: 'right' } },
    ),
  );
  await expect(again).rejects.toMatchObject({ code: 'channel.already_connected', data: { name: 'Acme one' } });
});
