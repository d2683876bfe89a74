import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testApp } from '../../../test/app.ts';
import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import { closeChangeSet, openChangeSet } from '../accounts/changes.ts';
import { createProducts, updateProducts } from './catalog.ts';
import type { ProductDraft } from './catalog.ts';
import type { Product, ProductItem, ProductSort } from './contract.ts';
import { listProducts } from './list.ts';

const { app, call, keyFor, server, settle } = await testApp();
const { db } = app;
const price = { amount: '10.00', currency: 'RON' };

const make = (drafts: readonly ProductDraft[]): Promise<string[]> =>
  db.transaction(async (tx) => {
    const changeSetId = await openChangeSet(tx, systemActor, { kind: 'test', reason: 'test' });
    const ids = await createProducts(tx, changeSetId, drafts);
    await closeChangeSet(tx, changeSetId);
    return ids;
  });
const skus = async (query: string): Promise<string[]> => {
  const { status, body } = await call<{ items: ProductItem[] }>('GET', `/api/products?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items.map((item) => item.sku);
};

test('a product is made, read, changed and deleted', async () => {
  const made = await call<Product>('POST', '/api/products', {
    sku: ' LAMP-1 ',
    title: 'Table\nlamp',
    price,
    compareAtPrice: { amount: '0', currency: 'RON' },
    barcode: '0400000000015',
    tags: ['new', 'new'],
    vatRate: 19,
    weightGrams: 1200.5,
    options: { Colour: 'Blue' },
    group: { handle: 'lamp', title: 'Lamp' },
    images: [{ url: 'https://a.example/1.jpg', alt: 'Front' }],
    cost: { amount: '4.123456', currency: 'EUR' },
  });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    sku: 'LAMP-1',
    title: 'Table lamp',
    price,
    compareAtPrice: null,
    barcodeKind: 'internal',
    tags: ['new'],
    vatRate: 19,
    weightGrams: 1200.5,
    status: 'draft',
    version: 1,
    group: { handle: 'lamp', title: 'Lamp', optionNames: ['Colour'] },
    images: [{ url: 'https://a.example/1.jpg', alt: 'Front' }],
    cost: { amount: '4.123456', currency: 'EUR' },
  });
  const { id } = made.body;
  const saved = await call<Product>('PUT', `/api/products/${id}`, { version: 1, title: 'Desk lamp', barcode: null, images: [] });
  expect(saved.body).toMatchObject({ version: 2, title: 'Desk lamp', barcode: null, images: [], tags: ['new'] });
  expect((await call<Product>('PUT', `/api/products/${id}`, { version: 2, title: 'Desk lamp' })).body.version).toBe(2);
  const changes = await db.rows(sql`select op, after from change_entry where entity_id = ${id} and entity_kind = 'product' order by change_set_id`);
  expect(changes).toEqual([
    { op: 'create', after: null },
    { op: 'update', after: { title: 'Desk lamp', barcode: null, barcode_kind: null, images: [] } },
  ]);
  expect((await call('DELETE', `/api/products/${id}`)).status).toBe(200);
  expect((await call('GET', `/api/products/${id}`)).status).toBe(404);
});

test('two people saving the same version: the second sees both versions and nothing is lost', async () => {
  const [id] = await make([{ sku: 'STALE', title: 'One', price }]);
  await call('PUT', `/api/products/${id}`, { version: 1, title: 'Mine' });
  const second = await call('PUT', `/api/products/${id}`, { version: 1, title: 'Yours' });
  expect(second.status).toBe(409);
  expect(second.body).toMatchObject({
    code: 'resource.stale',
    field: 'version',
    yours: { title: 'Yours', version: 1 },
    current: { title: 'Mine', version: 2 },
  });
});

test('a SKU is given once and never changes', async () => {
  const [id] = await make([{ sku: 'FIXED', title: 'One', price }]);
  const other = await call('PUT', `/api/products/${id}`, { version: 1, sku: 'OTHER', title: 'Two' });
  expect([other.status, other.body['code'], other.body['field']]).toEqual([409, 'product.sku_immutable', 'sku']);
  expect((await call('PUT', `/api/products/${id}`, { version: 1, sku: 'FIXED', title: 'Two' })).status).toBe(200);
  const taken = await call('POST', '/api/products', { sku: 'FIXED', title: 'Three', price });
  expect([taken.status, taken.body['code'], taken.body['field']]).toEqual([409, 'product.sku_taken', 'sku']);
  await expect(
    make([
      { sku: 'TWIN', title: 'A', price },
      { sku: 'TWIN', title: 'B', price },
    ]),
  ).rejects.toMatchObject({ code: 'product.sku_taken' });
  expect(await skus('search=TWIN')).toEqual([]);
});

test.each([
  ['more places than the currency has', { price: { amount: '1.005', currency: 'RON' } }, 'price.amount'],
  ['a negative price', { price: { amount: '-1', currency: 'RON' } }, 'price'],
  ['two currencies', { price, compareAtPrice: { amount: '1', currency: 'EUR' } }, 'compareAtPrice.currency'],
  ['an unknown category', { categoryId: '00000000-0000-7000-8000-00000000abcd' }, 'categoryId'],
  ['a rounded barcode', { barcode: '5.94E+12' }, 'barcode'],
  ['NUL in the title', { title: 'a\u0000b' }, 'title'],
  ['an address of a script', { images: [{ url: 'javascript:alert(1)' }] }, 'images.0.url'],
  ['a tag with a comma', { tags: ['a,b'] }, 'tags.0'],
])('%s is refused with the field', async (_name, wrong, field) => {
  const { status, body } = await call('POST', '/api/products', { sku: 'WRONG', title: 'x', price, ...wrong });
  expect([status, body['code'], body['field']]).toEqual([400, 'input.invalid', field]);
});

test('costs are masked from whoever may not read them, and cannot be set', async () => {
  const [id] = await make([{ sku: 'COST', title: 'One', price, cost: { amount: '2', currency: 'RON' } }]);
  const viewer = await keyFor('viewer');
  expect((await call<Product>('GET', `/api/products/${id}`, undefined, { as: viewer })).body.cost).toBeNull();
  expect((await call<Product>('GET', `/api/products/${id}`)).body.cost).toMatchObject({ amount: '2', currency: 'RON' });
  expect((await call('POST', '/api/products', { sku: 'V', title: 'x', price }, { as: viewer })).status).toBe(403);
  expect((await call('GET', '/api/products', undefined, { as: null })).status).toBe(401);
});

test('a product that a store or an order refers to is archived, not deleted', async () => {
  const [id] = await make([
    { sku: 'USED', title: 'One', price },
    { sku: 'PART', title: 'Two', price },
  ]);
  const [parent] = await make([{ sku: 'KIT', title: 'Kit', price }]);
  await db.run(sql`insert into product_recipe (parent_product_id, component_product_id, quantity) values (${parent}, ${id}, 2)`);
  const refused = await call('DELETE', `/api/products/${id}`);
  expect([refused.status, refused.body['code']]).toEqual([409, 'product.in_use']);
  expect(refused.body['detail']).toContain('part of another product');
});

test('the tree of categories is made, renamed, moved and emptied', async () => {
  const create = async (name: string, parentId: string | null) =>
    (await call<{ id: string; version: number }>('POST', '/api/categories', { name, parentId })).body;
  const home = await create('Home', null);
  const kitchen = await create('Kitchen', home.id);
  const plates = await create('Plates_100%', kitchen.id);
  const garden = await create('Garden', null);
  expect((await call('POST', '/api/categories', { name: 'Kitchen', parentId: home.id })).body['code']).toBe('category.name_taken');
  expect((await call('POST', '/api/categories', { name: 'A / B' })).status).toBe(400);
  expect((await call('PUT', `/api/categories/${home.id}`, { version: 1, parentId: plates.id })).body['code']).toBe('category.cycle');
  expect((await call('PUT', `/api/categories/${kitchen.id}`, { version: 1, name: 'Cuisine 😀', parentId: garden.id })).status).toBe(200);
  const paths = async () => (await call<{ items: { path: string }[] }>('GET', '/api/categories')).body.items.map((item) => item.path);
  expect(await paths()).toEqual(['Garden', 'Garden / Cuisine 😀', 'Garden / Cuisine 😀 / Plates_100%', 'Home']);
  expect((await call('PUT', `/api/categories/${kitchen.id}`, { version: 2, name: 'K', parentId: null })).status).toBe(200);
  expect(await paths()).toEqual(['Garden', 'Home', 'K', 'K / Plates_100%']);
  await make([{ sku: 'PLATE', title: 'Plate', price, categoryId: plates.id }]);
  expect((await call('DELETE', `/api/categories/${plates.id}`)).body).toMatchObject({ code: 'category.not_empty', products: 1, children: 0 });
  expect(await skus(`category=${kitchen.id}`)).toEqual(['PLATE']);
  expect(await skus(`category=${garden.id}`)).toEqual([]);
  expect((await call('DELETE', `/api/categories/${home.id}`)).status).toBe(200);
});

test('search finds the exact SKU or barcode first, else all words of the title or the beginning of the SKU', async () => {
  await make([
    { sku: 'FIND-1', title: 'Oak chair with 50% wool', price, barcode: '4006381333931' },
    { sku: 'FIND-10', title: 'Oak table', price },
    { sku: 'OTHER-1', title: 'Chair like FIND-1', price },
  ]);
  expect(await skus('search=FIND-1')).toEqual(['FIND-1']);
  expect(await skus('search=find-1')).toEqual(['FIND-1']);
  expect(await skus('search=4006381333931')).toEqual(['FIND-1']);
  expect((await skus('search=oak')).toSorted()).toEqual(['FIND-1', 'FIND-10']);
  expect(await skus('search=chair+oak')).toEqual(['FIND-1']);
  expect((await skus('search=find-')).toSorted()).toEqual(['FIND-1', 'FIND-10', 'OTHER-1']);
  expect(await skus('search=50%25')).toEqual(['FIND-1']);
  expect(await skus('search=5_%25')).toEqual([]);
});

test('filters narrow the list, one by one and together', async () => {
  await make([
    { sku: 'F1', title: 'Filter one', price: { amount: '5', currency: 'EUR' }, brand: 'Filterco', tags: ['fa', 'fb'], status: 'active' },
    { sku: 'F2', title: 'Filter two', price: { amount: '15', currency: 'EUR' }, brand: 'Filterco', tags: ['fa'], status: 'archived' },
  ]);
  expect(await skus('brand=Filterco&sort=sku')).toEqual(['F1', 'F2']);
  expect(await skus('tag=fa&tag=fb')).toEqual(['F1']);
  expect(await skus('tag[]=fa&tag[]=fb')).toEqual(['F1']);
  expect(await skus('brand=Filterco&status=archived')).toEqual(['F2']);
  expect(await skus('brand=Filterco&priceMin=10&currency=EUR')).toEqual(['F2']);
  expect(await skus('brand=Filterco&priceMax=10&currency=EUR')).toEqual(['F1']);
  expect(await skus('brand=Filterco&state=none&sort=sku')).toEqual(['F1', 'F2']);
  expect(await skus('brand=Filterco&state=live')).toEqual([]);
  await db.run(sql`
    insert into product_stock (product_id, available, on_hand, reserved, synced_at) select id, case sku when 'F1' then 3 else 0 end, 3, 0, now() from product where brand = 'Filterco'
    on conflict (product_id) do update set available = excluded.available`);
  expect(await skus('brand=Filterco&stock=in')).toEqual(['F1']);
  expect(await skus('brand=Filterco&stock=out')).toEqual(['F2']);
  expect(await skus('brand=Filterco&stockBelow=4&sort=-available')).toEqual(['F1', 'F2']);
  expect((await call('GET', '/api/products/ids?brand=Filterco')).body['ids']).toHaveLength(2);
  expect((await call('GET', '/api/products?brand=Filterco&total=true')).body).toMatchObject({ total: 2, totalIsMore: false });
  expect((await call('GET', '/api/products/tags?search=fa')).body).toEqual({ items: [{ tag: 'fa', products: 2 }] });
  expect((await call('GET', '/api/products/brands?search=filt')).body).toEqual({ items: ['Filterco'] });
  for (const wrong of ['sort=rank', 'limit=0', 'limit=9999', 'cursor=abc', 'category=x', 'status=sold', 'state=gone', 'priceMin=x', 'total=maybe']) {
    expect([wrong, (await call('GET', `/api/products?${wrong}`)).status]).toEqual([wrong, 400]);
  }
});

test('pages of every sort visit every product exactly once, in order, with ties and unknown stock', async () => {
  await db.pool.query('truncate product, variant_group, category, change_set, event cascade');
  const one = fc.record({
    title: fc.constantFrom('a', 'B', 'b', 'ă', 'Z'),
    minor: fc.integer({ min: 0, max: 3 }),
    available: fc.option(fc.constantFrom(-1, 0, 0.5, 7)),
    day: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 25 }), fc.integer({ min: 1, max: 7 }), async (rows, limit) => {
      await db.pool.query('delete from product');
      const ids = await make(rows.map((row, at) => ({ sku: `P${at}`, title: row.title, price: { amount: (row.minor / 100).toFixed(2), currency: 'RON' } })));
      await db.run(sql`
        update product set created_at = at.day, updated_at = at.day from unnest(${ids}::uuid[], ${rows.map((row) => `2026-01-0${row.day}`)}::timestamptz[]) as at(id, day) where product.id = at.id`);
      await db.run(sql`
        insert into product_stock (product_id, available, on_hand, reserved, synced_at)
        select id, pieces, 0, 0, now() from unnest(${ids}::uuid[], ${rows.map((row) => row.available)}::numeric[]) as stock(id, pieces) where pieces is not null`);
      for (const sort of [
        'newest',
        '-newest',
        'updated',
        '-updated',
        'title',
        '-title',
        'sku',
        '-sku',
        'price',
        '-price',
        'available',
        '-available',
      ] as ProductSort[]) {
        const seen: ProductItem[] = [];
        for (let cursor: string | undefined; ;) {
          const page = await listProducts(db, systemActor, { limit, cursor, sort });
          seen.push(...page.items);
          if (page.nextCursor === null) break;
          cursor = page.nextCursor;
        }
        expect([sort, seen.map((item) => item.id).toSorted()]).toEqual([sort, ids.toSorted()]);
        const whole = (await listProducts(db, systemActor, { limit: 200, sort })).items.map((item) => item.id);
        expect([sort, seen.map((item) => item.id)]).toEqual([sort, whole]);
        const keys = seen
          .map((item) => (sort.endsWith('available') ? (item.stock?.available ?? Number.NaN) : sort.endsWith('price') ? Number(item.price.amount) : 0))
          .filter((key) => !Number.isNaN(key));
        expect(keys).toEqual(keys.toSorted((a, b) => (sort.startsWith('-') ? b - a : a - b)));
      }
    }),
    { numRuns: 12 },
  );
}, 120_000);

test('changing many products at once touches the named fields of those that differ', async () => {
  await make([
    { sku: 'M1', title: 'One', price, brand: 'A' },
    { sku: 'M2', title: 'Two', price, brand: 'B' },
  ]);
  const changed = await db.transaction(async (tx) => {
    const changeSetId = await openChangeSet(tx, systemActor, { kind: 'test', reason: 'test' });
    return updateProducts(tx, changeSetId, [
      { sku: 'M1', brand: 'B' },
      { sku: 'M2', brand: 'B' },
      { sku: 'NONE', brand: 'B' },
    ]);
  });
  expect(changed).toHaveLength(1);
  expect((await call<{ items: ProductItem[] }>('GET', '/api/products?search=M1')).body.items[0]).toMatchObject({ brand: 'B', title: 'One', version: 2 });
});

test('a file sent in becomes a run; what it refused and the products come back as files', async () => {
  const send = (body: string, query = '', type = 'text/csv') =>
    call('POST', `/api/products/import?filename=new.csv${query}`, body, { headers: { 'content-type': type } });
  const started = await send('SKU,Title,Price,Stock\nUP-1,Upload one,5,7\nUP-2,,5,\n');
  expect(started.status).toBe(202);
  expect(started.body).toMatchObject({ kind: 'catalog.import', title: 'Import of new.csv', total: 2 });
  await settle();
  const id = started.body['id'] as string;
  const run = await call('GET', `/api/runs/${id}`);
  expect(run.body).toMatchObject({
    state: 'done',
    done: 2,
    failed: 1,
    outcome: { created: 1, refused: 1, firstProblems: [{ row: 3, sku: 'UP-2', column: 'Title' }] },
  });
  const problems = await call<string>('GET', `/api/products/import/${id}/problems`);
  expect(problems.headers.get('content-type')).toContain('text/csv');
  expect(problems.body).toContain('"3","UP-2","Title","","is empty; a product needs a title"');
  const exported = await call<string>('GET', '/api/products/export?search=UP-1');
  expect(exported.body.split('\n')).toHaveLength(3);
  expect((await call<Product>('GET', `/api/products?search=UP-1`)).body).toMatchObject({ items: [{ stock: { onHand: 7 } }] });
  const undone = await call('POST', `/api/changes/${run.body['changeSetId'] as string}/undo`);
  expect(undone.body).toMatchObject({ conflictCount: 0 });
  expect(await skus('search=UP-1')).toEqual([]);

  expect((await send('', '')).body['code']).toBe('import.file_empty');
  expect((await send('a,b\n1,2\n')).body['code']).toBe('import.headings_unknown');
  expect((await send('SKU,Title\nA,B\n', '&profile=x')).body['code']).toBe('import.profile_unknown');
  expect((await send('SKU,Title\nA,B\n', '&currency=lei')).status).toBe(400);
  expect((await send('--x\r\n', '', 'multipart/form-data; boundary=x')).status).toBe(400);
  expect((await call('POST', '/api/products/import', 'SKU\nA\n', { as: await keyFor('viewer'), headers: { 'content-type': 'text/csv' } })).status).toBe(403);
  expect((await call('GET', '/api/products/import/nope/problems')).status).toBe(400);
  expect((await call('GET', '/api/products/import/00000000-0000-7000-8000-00000000abcd/problems')).status).toBe(404);
  const large = await server.inject({
    method: 'POST',
    url: '/api/products/import',
    headers: { 'content-type': 'text/csv', 'content-length': String(600 * 1024 * 1024), authorization: `Bearer ${await keyFor('owner')}` },
  });
  expect([large.statusCode, large.json().code]).toEqual([413, 'body.too_large']);
});
