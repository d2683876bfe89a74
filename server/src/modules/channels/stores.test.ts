import { expect, test } from 'vitest';
import { channelWorld } from '../../../test/channel-world.ts';
import { sql } from '../../kit/db.ts';
import type { Channel, ChannelProduct, MappingItem, Platform, PlatformStats, ProductListing, Store } from './contract.ts';

const body = (account = 'one', more: object = {}) => ({ credentials: { account, key: 'right-key' }, ...more });

test('platforms are data: forms, capabilities and how to connect, without anything secret', async () => {
  const { api } = await channelWorld();
  const { body: answer } = await api.call<{ items: Platform[] }>('GET', '/api/platforms');
  expect(answer.items).toEqual([
    expect.objectContaining({ platform: 'acme', name: 'Acme', capabilities: ['products', 'stock'], hasTestMode: false, storeCount: 0 }),
  ]);
  expect(answer.items[0]?.credentials.map((field) => [field.name, field.kind])).toEqual([
    ['account', 'text'],
    ['key', 'secret'],
  ]);
});

test('a store is connected with its own name, mark and colour; its secret is never shown again', async () => {
  const { api, db } = await channelWorld();
  const first = await api.call<Store>('POST', '/api/acme/stores', body());
  expect(first.status).toBe(201);
  expect(first.body).toMatchObject({
    name: 'Acme one',
    mark: 'RO',
    currency: 'RON',
    series: 1,
    writes: 'off',
    stockSource: null,
    health: 'unknown',
    version: 1,
  });
  expect(first.body.credentials).toEqual([
    { name: 'account', isSet: true, value: 'one' },
    { name: 'key', isSet: true, value: null },
  ]);
  const second = await api.call<Store>('POST', '/api/acme/stores', body('one', { settings: { front: 'DE' }, name: 'Germany', mark: 'DE' }));
  expect(second.body).toMatchObject({ name: 'Germany', series: 2, currency: 'EUR' });
  for (const path of ['/api/acme/stores', '/api/channels', `/api/acme/stores/${first.body.id}`, '/api/acme'])
    expect(JSON.stringify((await api.call('GET', path)).body)).not.toContain('right-key');
  const everything = await db.rows(
    sql`select to_jsonb(channel) as row from channel union all select to_jsonb(change_entry) from change_entry union all select to_jsonb(run) from run`,
  );
  expect(JSON.stringify(everything)).not.toContain('right-key');
});

test.each([
  ['an empty account', { credentials: { account: '', key: 'right-key' } }, 400, 'credentials.account'],
  ['no key', { credentials: { account: 'one' } }, 400, 'credentials.key'],
  ['a key of the wrong kind', { credentials: { account: 'one', key: 7 } }, 400, 'credentials.key'],
  ['an unknown credential', { credentials: { account: 'one', key: 'right', more: 'x' } }, 400, 'credentials.more'],
  ['an unknown front', { ...body(), settings: { front: 'XX' } }, 400, 'settings.front'],
  ['a negative buffer', { ...body(), stockRule: { buffer: -1 } }, 400, 'stockRule.buffer'],
  ['a share over all', { ...body(), stockRule: { sharePercent: 101 } }, 400, 'stockRule.sharePercent'],
  ['no credentials', {}, 400, 'credentials'],
  ['a list', { credentials: [] }, 400, 'credentials'],
])('%s is refused and names its field', async (_case, input, status, field) => {
  const { api } = await channelWorld();
  const answer = await api.call('POST', '/api/acme/stores', input);
  expect(answer).toMatchObject({ status, body: { code: 'input.invalid', field } });
});

test('an account is connected once, a name is used once, and an archived store frees both', async () => {
  const { api } = await channelWorld();
  const { body: store } = await api.call<Store>('POST', '/api/acme/stores', body());
  expect(await api.call('POST', '/api/acme/stores', body('one', { name: 'Twin' }))).toMatchObject({
    status: 409,
    body: { code: 'channel.already_connected', name: 'Acme one' },
  });
  expect(await api.call('POST', '/api/acme/stores', body('two', { name: 'Acme one' }))).toMatchObject({
    status: 409,
    body: { code: 'channel.name_taken', field: 'name' },
  });
  expect(await api.call('DELETE', `/api/acme/stores/${store.id}`)).toMatchObject({ status: 204 });
  expect(await api.call('GET', `/api/acme/stores/${store.id}`)).toMatchObject({ status: 404 });
  const again = await api.call<Store>('POST', '/api/acme/stores', body());
  expect(again).toMatchObject({ status: 201, body: { series: 2 } });
});

test('a store is changed on its newest version only; credentials left out stay', async () => {
  const { api } = await channelWorld();
  const { body: store } = await api.call<Store>('POST', '/api/acme/stores', body());
  const path = `/api/acme/stores/${store.id}`;
  const changed = await api.call<Store>('PUT', path, { version: 1, name: 'Renamed', stockRule: { buffer: 2 }, credentials: { key: '' } });
  expect(changed.body).toMatchObject({ name: 'Renamed', version: 2, stockRule: { buffer: 2, sharePercent: 100, cap: null } });
  expect(await api.call('PUT', path, { version: 1, name: 'Late' })).toMatchObject({
    status: 409,
    body: { code: 'resource.stale', current: { name: 'Renamed', version: 2 } },
  });
  expect(await api.call('POST', `${path}/test`)).toMatchObject({ status: 200, body: { ok: true, facts: [{ label: 'Products', value: '0' }] } });
  expect(await api.call('PUT', path, { version: 2, credentials: { key: 'wrong' } })).toMatchObject({ status: 200 });
  expect(await api.call('POST', `${path}/test`)).toMatchObject({ status: 200, body: { ok: false, field: 'key', message: 'The key is not valid.' } });
});

test('credentials can be tried before they are kept, and leave nothing behind', async () => {
  const { api, db } = await channelWorld();
  expect(await api.call('POST', '/api/acme/test', body())).toMatchObject({ status: 200, body: { ok: true } });
  expect(await api.call('POST', '/api/acme/test', { credentials: { account: 'one', key: 'wrong' } })).toMatchObject({ body: { ok: false, field: 'key' } });
  expect(await api.call('POST', '/api/acme/test', { credentials: { account: 'one', key: 'x' } })).toMatchObject({
    status: 400,
    body: { field: 'credentials.key', detail: expect.stringContaining('at least three characters') },
  });
  expect(await db.rows(sql`select 1 from channel`)).toEqual([]);
});

test('an unknown platform and what a platform cannot do are 404', async () => {
  const { api } = await channelWorld();
  expect(await api.call('GET', '/api/nowhere')).toMatchObject({ status: 404, body: { code: 'resource.not_found' } });
  expect(await api.call('GET', '/api/nowhere/stores')).toMatchObject({ status: 404 });
  expect(await api.call('POST', '/api/nowhere/stores', body())).toMatchObject({ status: 404 });
  const { body: store } = await api.call<Store>('POST', '/api/acme/stores', body());
  expect(await api.call('POST', `/api/nowhere/stores/${store.id}/writes`, { on: true })).toMatchObject({ status: 404 });
});

test('other companies do not see a store, and roles without the right may not connect or map', async () => {
  const { api, db, clock } = await channelWorld();
  const other = '00000000-0000-7000-8000-000000000002';
  await db.run(sql`insert into company (id, name, created_at) values (${other}, 'Other', ${clock.now()})`);
  const { body: store } = await api.call<Store>('POST', '/api/acme/stores', body());
  const stranger = { as: await api.keyFor('manager', [other]) };
  expect((await api.call<{ items: Channel[] }>('GET', '/api/channels', undefined, stranger)).body.items).toEqual([]);
  for (const [method, path] of [
    ['GET', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['POST', '/test'],
    ['POST', '/pull'],
    ['POST', '/writes'],
  ] as const) {
    const answer = await api.call(
      method,
      `/api/acme/stores/${store.id}${path}`,
      method === 'GET' ? undefined : method === 'PUT' ? { version: 1 } : path === '/writes' ? { on: false } : undefined,
      stranger,
    );
    expect([method, path, answer.status]).toEqual([method, path, 404]);
  }
  expect(await api.call('POST', '/api/acme/stores', body(), stranger)).toMatchObject({ status: 409, body: { name: 'a store of another company' } });
  expect((await api.call<Store>('POST', '/api/acme/stores', body('two'), stranger)).body.companyId).toBe(other);
  const viewer = { as: await api.keyFor('viewer') };
  expect(await api.call('POST', '/api/acme/stores', body('three'), viewer)).toMatchObject({ status: 403 });
  expect(await api.call('GET', '/api/acme/products', undefined, { as: null })).toMatchObject({ status: 401 });
});

test('channel products are listed by title with search and filters, page after page', async () => {
  const { api, acme, settle, product } = await channelWorld();
  await product('KNOWN', '555', 3);
  acme.offer(
    'one',
    ...Array.from({ length: 7 }, (_, index) => ({
      externalId: `e${index}`,
      barcode: `b${index}`,
      sku: `S-${index}`,
      title: `Towel ${index}`,
      quantity: index,
    })),
    { externalId: 'k', barcode: '555', sku: '', title: 'Cezve 100%', quantity: 3 },
  );
  const { body: store } = await api.call<Store>('POST', '/api/acme/stores', body());
  await settle();
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { body: { items: ChannelProduct[]; nextCursor: string | null; total?: number } } = await api.call(
      'GET',
      `/api/acme/products?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`,
    );
    if (cursor === null) expect(page.body.total).toBe(8);
    seen.push(...page.body.items.map((item) => item.title));
    cursor = page.body.nextCursor;
  } while (cursor !== null);
  expect(seen).toEqual(['Cezve 100%', ...Array.from({ length: 7 }, (_, index) => `Towel ${index}`)]);
  const titles = async (query: string): Promise<string[]> =>
    (await api.call<{ items: ChannelProduct[] }>('GET', `/api/acme/products?${query}`)).body.items.map((item) => item.title);
  expect(await titles('search=555')).toEqual(['Cezve 100%']);
  expect(await titles('search=S-3')).toEqual(['Towel 3']);
  expect(await titles('search=e4')).toEqual(['Towel 4']);
  expect(await titles('search=towel%205')).toEqual(['Towel 5']);
  expect(await titles('search=100%25')).toEqual(['Cezve 100%']);
  expect(await titles('search=%25%25')).toEqual([]);
  expect(await titles('mapped=yes')).toEqual(['Cezve 100%']);
  expect(await titles('mapped=no')).toHaveLength(7);
  expect(await titles(`channelId=${store.id}&status=rejected`)).toEqual([]);
  expect(await api.call('GET', '/api/acme/products?cursor=bm9uc2Vuc2U')).toMatchObject({ status: 400, body: { field: 'cursor' } });
  const { body: stats } = await api.call<PlatformStats>('GET', '/api/acme/stats');
  expect(stats).toMatchObject({ products: { total: 8, live: 8, mapped: 1, unmapped: 7, ambiguous: 0, missing: 0 }, ordersToday: null });
});

test('the mapping list shows ambiguous ones first with suggestions; a mapping by hand is told and undone', async () => {
  const { api, acme, settle, product } = await channelWorld();
  const [first] = [await product('D-1', '777'), await product('D-2', '777'), await product('ZEBRA')];
  acme.offer(
    'one',
    { externalId: 'a', barcode: '', sku: '', title: 'Product ZEBRA striped', quantity: 1 },
    { externalId: 'z', barcode: '777', sku: '', title: 'Zzz', quantity: 1 },
  );
  await api.call('POST', '/api/acme/stores', body());
  await settle();
  const { body: list } = await api.call<{ items: MappingItem[] }>('GET', '/api/acme/mapping');
  expect(list.items.map((item) => [item.externalId, item.matchProblem, item.candidates.map((one) => `${one.sku} by ${one.reason}`).toSorted()])).toEqual([
    ['z', 'ambiguous', ['D-1 by barcode', 'D-2 by barcode']],
    ['a', 'none', expect.arrayContaining(['ZEBRA by title'])],
  ]);
  const mapped = await api.call<ChannelProduct>('POST', '/api/acme/mapping', { channelProductId: list.items[0]?.id, productId: first });
  expect(mapped).toMatchObject({ status: 200, body: { product: { sku: 'D-1' }, mappedBy: 'test owner', matchProblem: null } });
  expect(await api.call('POST', '/api/acme/mapping', { channelProductId: first, productId: first })).toMatchObject({ status: 404 });
  expect(await api.call('POST', '/api/acme/mapping', { channelProductId: list.items[0]?.id, productId: list.items[0]?.id })).toMatchObject({ status: 404 });
  const { body: changes } = await api.call<{ items: { id: string; kind: string }[] }>('GET', '/api/changes?limit=20');
  const change = changes.items.find((one) => one.kind === 'mapping');
  expect(await api.call('POST', `/api/changes/${change?.id}/undo`)).toMatchObject({ status: 200, body: { restored: 1 } });
  const { body: channels } = await api.call<{ items: Channel[] }>('GET', '/api/channels');
  expect(channels.items[0]?.problems).toEqual({ unmapped: 2, ambiguous: 1, failed: 0, inDoubt: 0 });
});

test('the product page shows wanted, sent, confirmed and seen per store', async () => {
  const { api, acme, connect, stock, pass, product } = await channelWorld();
  const cezve = await product('CZV', null, 20);
  for (const account of ['one', 'two']) acme.offer(account, { externalId: 'czv', barcode: '', sku: 'CZV', title: 'Cezve', quantity: 20 });
  await connect('one', 'ours');
  await connect('two');
  await stock(cezve, 12);
  await pass(5);
  const { body: shown } = await api.call<{ items: ProductListing[] }>('GET', `/api/products/${cezve}/channels`);
  expect(
    shown.items.map((one) => [one.channel.name, one.state, one.channelProducts[0]?.fields[0]?.shouldBe, one.channelProducts[0]?.fields[0]?.push?.state]),
  ).toEqual([
    ['Acme one', 'live', 12, 'confirmed'],
    ['Acme two', 'live', 12, undefined],
  ]);
  expect(shown.items[0]?.channelProducts[0]?.fields[0]?.push).toMatchObject({ wanted: 12, sent: 12, confirmed: 12, dueAt: null, error: null });
  expect(await api.call('GET', '/api/products/00000000-0000-7000-8000-00000000dead/channels')).toMatchObject({ status: 404 });
});

test('a click that comes twice connects, maps and pulls once', async () => {
  const { api } = await channelWorld();
  const headers = { 'idempotency-key': 'one-click' };
  const first = await api.call<Store>('POST', '/api/acme/stores', body(), { headers });
  const second = await api.call<Store>('POST', '/api/acme/stores', body(), { headers });
  expect(second).toMatchObject({ status: 201, body: { id: first.body.id } });
  const pulls = await Promise.all([1, 2].map(() => api.call<{ runId: string }>('POST', `/api/acme/stores/${first.body.id}/pull`)));
  expect(pulls.map((answer) => answer.status)).toEqual([202, 202]);
  expect(pulls[0]?.body.runId).toBe(pulls[1]?.body.runId);
});
