import { expect, test } from 'vitest';
import { channelWorld } from '../../../test/channel-world.ts';
import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import { openChangeSet } from '../accounts/changes.ts';
import { chooseMatch, mapChannelProduct, undoMapping } from './mapping.ts';

const item = (externalId: string, more: { barcode?: string; sku?: string; quantity?: number } = {}) => ({
  externalId,
  barcode: '',
  sku: '',
  title: `Thing ${externalId}`,
  quantity: 5,
  ...more,
});
const by = (product: string, how: 'listing' | 'barcode' | 'sku') => ({ product_id: product, by: how });

test.each([
  ['nothing fits', [], { problem: 'none' }],
  ['the barcode fits', [by('a', 'barcode')], { productId: 'a' }],
  ['the SKU fits', [by('a', 'sku')], { productId: 'a' }],
  ['barcode and SKU agree', [by('a', 'barcode'), by('a', 'sku')], { productId: 'a' }],
  ['barcode and SKU disagree', [by('a', 'barcode'), by('b', 'sku')], { problem: 'ambiguous' }],
  ['two products have the barcode', [by('a', 'barcode'), by('b', 'barcode')], { problem: 'ambiguous' }],
  ['a listing of ours decides over both', [by('a', 'barcode'), by('c', 'listing'), by('b', 'sku')], { productId: 'c' }],
  ['two listings claim it', [by('a', 'listing'), by('b', 'listing')], { problem: 'ambiguous' }],
] as const)('when %s', (_case, candidates, match) => {
  expect(chooseMatch(candidates)).toEqual(match);
});

test('a connected store is read, matched exactly and never guessed; reading again changes nothing', async () => {
  const world = await channelWorld({ pageSize: 2 });
  const cezve = await world.product('CZV-350', '8690412350176');
  const towel = await world.product('TWL-1');
  await world.product('DOUBLE-A', '111');
  await world.product('DOUBLE-B', '111');
  world.acme.offer(
    'one',
    item('e1', { barcode: '8690412350176' }),
    item('e2', { sku: 'TWL-1' }),
    item('e3', { barcode: '111' }),
    item('e4', { sku: 'unknown' }),
    item('e5', { sku: 'twl-1' }),
  );
  const channel = await world.connect('one');
  const read = () =>
    world.db.rows<{ external_id: string }>(
      sql`select external_id, product_id, mapped_by, match_problem from channel_product where channel_id = ${channel} order by external_id`,
    );
  const first = await read();
  expect(first).toEqual([
    { external_id: 'e1', product_id: cezve, mapped_by: 'automatic', match_problem: null },
    { external_id: 'e2', product_id: towel, mapped_by: 'automatic', match_problem: null },
    { external_id: 'e3', product_id: null, mapped_by: null, match_problem: 'ambiguous' },
    { external_id: 'e4', product_id: null, mapped_by: null, match_problem: 'none' },
    { external_id: 'e5', product_id: null, mapped_by: null, match_problem: 'none' },
  ]);
  expect(await world.listing(channel, cezve)).toEqual({ state: 'live', error: '' });
  await world.pull(channel);
  expect(await read()).toEqual(first);
  const run = await world.db.one(sql`select state, done, total, outcome->'mapped' as mapped from run order by created_at limit 1`);
  expect(run).toEqual({ state: 'done', done: 5, total: 5, mapped: 2 });
});

test('what a complete read no longer finds is marked, and comes back when it is found again', async () => {
  const world = await channelWorld();
  const cezve = await world.product('CZV');
  world.acme.offer('one', item('e1', { sku: 'CZV' }), item('e2'));
  const channel = await world.connect('one');
  const gone = world.acme.of('one').products.get('e1');
  world.acme.of('one').products.delete('e1');
  await world.pull(channel);
  expect(await world.db.rows(sql`select external_id from channel_product where missing_since is not null`)).toEqual([{ external_id: 'e1' }]);
  expect(await world.listing(channel, cezve)).toMatchObject({ state: 'ended' });
  if (gone !== undefined) world.acme.offer('one', gone);
  await world.pull(channel);
  expect(await world.db.rows(sql`select external_id from channel_product where missing_since is not null`)).toEqual([]);
  expect(await world.listing(channel, cezve)).toMatchObject({ state: 'live' });
});

test('a read that finds nothing at all marks nothing as gone', async () => {
  const world = await channelWorld();
  world.acme.offer('one', item('e1'));
  const channel = await world.connect('one');
  world.acme.of('one').products.clear();
  await world.pull(channel);
  expect(await world.db.rows(sql`select 1 from channel_product where missing_since is not null`)).toEqual([]);
});

test('a product made after the store was read is matched at once', async () => {
  const world = await channelWorld();
  world.acme.offer('one', item('e1', { barcode: '333' }));
  await world.connect('one');
  const late = await world.product('LATE', '333');
  await world.db.transaction(async (tx) => tx.emit('product.created', [late]));
  await world.settle();
  expect(await world.db.one(sql`select product_id from channel_product`)).toEqual({ product_id: late });
});

test('a mapping by hand is undone whole, and what a person parted is not joined again', async () => {
  const world = await channelWorld();
  const right = await world.product('RIGHT');
  const wrong = await world.product('CODE-1', null, 4);
  world.acme.offer('one', item('e1', { sku: 'CODE-1' }));
  const channel = await world.connect('one', 'ours');
  await world.pass(5);
  const { id } = await world.db.one<{ id: string }>(sql`select id from channel_product`);
  expect(world.acme.quantity('one', 'e1')).toBe(4);

  await world.db.transaction((tx) => mapChannelProduct(tx, systemActor, 'acme', { channelProductId: id, productId: right }));
  expect(await world.listing(channel, wrong)).toBeUndefined();
  expect(await world.listing(channel, right)).toBeDefined();
  expect(await world.db.rows(sql`select 1 from push`)).toEqual([]);

  const set = await world.db.one<{ id: string }>(sql`select id from change_set where kind = 'mapping'`);
  const undone = await world.db.transaction(async (tx) =>
    undoMapping(tx, systemActor, { changeSetId: set.id, undoSetId: await openChangeSet(tx, systemActor, { kind: 'undo', reason: 'Undo' }) }),
  );
  expect(undone).toEqual({ restored: 1, conflicts: [], conflictCount: 0 });
  expect(await world.db.one(sql`select product_id, mapped_by from channel_product`)).toEqual({ product_id: wrong, mapped_by: 'automatic' });
  const again = await world.db.transaction(async (tx) =>
    undoMapping(tx, systemActor, { changeSetId: set.id, undoSetId: await openChangeSet(tx, systemActor, { kind: 'undo', reason: 'Undo' }) }),
  );
  expect(again.conflictCount).toBe(1);

  await world.db.transaction((tx) => mapChannelProduct(tx, systemActor, 'acme', { channelProductId: id, productId: null }));
  await world.pull(channel);
  expect(await world.db.one(sql`select product_id, match_problem from channel_product`)).toEqual({ product_id: null, match_problem: 'none' });
  await world.stock(wrong, 9);
  await world.pass(5);
  expect(world.acme.quantity('one', 'e1')).toBe(4);
});
