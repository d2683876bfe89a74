import { beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../kit/db.ts';
import { testApp } from '../../../test/app.ts';
import type { TestApp } from '../../../test/app.ts';
import { makeProduct } from '../../../test/orders.ts';
import { checkLedger } from './inventory.ts';

let shop: TestApp;

interface Item {
  id: string;
  sku: string;
  onHand: number;
  available: number;
  version: number;
}
interface List {
  items: Item[];
  nextCursor: string | null;
  total?: number;
}

beforeAll(async () => {
  shop = await testApp();
  for (const [n, stock] of [3, 0, 12, 7, 1].entries()) await makeProduct(shop.app.db, { sku: `ITEM-${n}`, stock });
  await makeProduct(shop.app.db, { sku: 'NO-ITEM' });
});

const list = async (query: string): Promise<List> => (await shop.call<List>('GET', `/api/inventory?${query}`)).body;
const itemOf = async (sku: string): Promise<Item> => {
  const [item] = (await list(`search=${sku}`)).items;
  if (item === undefined) throw new Error(`no item ${sku}`);
  return item;
};

describe('the list of items', () => {
  test('is sorted and paged by SKU, name and available in both directions', async () => {
    expect((await list('')).items.map((item) => item.sku)).toEqual(['ITEM-0', 'ITEM-1', 'ITEM-2', 'ITEM-3', 'ITEM-4']);
    for (const [sort, direction, expected] of [
      ['available', 'asc', [0, 1, 3, 7, 12]],
      ['available', 'desc', [12, 7, 3, 1, 0]],
    ] as const) {
      const seen: number[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: List = await list(`limit=2&sort=${sort}&direction=${direction}${cursor === '' ? '' : `&cursor=${cursor}`}`);
        seen.push(...page.items.map((item) => item.available));
        cursor = page.nextCursor;
      }
      expect(seen).toEqual(expected);
    }
    expect((await list('sort=name')).total).toBe(5);
  });

  test('shows what is out of stock, below its reorder point, or takes nothing', async () => {
    expect((await list('filter=out_of_stock')).items.map((item) => item.sku)).toEqual(['ITEM-1']);
    expect((await list('filter=unmapped')).items).toEqual([]);
    const item = await itemOf('ITEM-3');
    const saved = await shop.call<Item>('PUT', `/api/inventory/${item.id}`, { version: item.version, reorderPoint: 7, location: 'A-12-3' });
    expect(saved.body).toMatchObject({ reorderPoint: 7, location: 'A-12-3', version: item.version + 1 });
    expect((await list('filter=below_reorder_point')).items.map((one) => one.sku)).toEqual(['ITEM-3']);
    const stale = await shop.call('PUT', `/api/inventory/${item.id}`, { version: item.version, reorderPoint: null, location: '' });
    expect(stale).toMatchObject({ status: 409, body: { code: 'resource.stale', current: { reorderPoint: 7 } } });
  });
});

describe('stock by hand', () => {
  test('adds, takes and counts with a note, never below nothing, and every change can be taken back', async () => {
    const { id } = await itemOf('ITEM-0');
    expect((await shop.call('POST', `/api/inventory/${id}/adjust`, { delta: 2, cause: 'receipt', note: 'Delivery 7' })).body).toMatchObject({ onHand: 5 });
    expect(await shop.call('POST', `/api/inventory/${id}/adjust`, { delta: -6 })).toMatchObject({ status: 409, body: { code: 'stock.below_zero' } });
    expect((await shop.call('POST', `/api/inventory/${id}/adjust`, { quantity: 4, cause: 'count', note: 'Shelf' })).body).toMatchObject({
      onHand: 4,
      lastMovedAt: expect.any(String),
    });
    const moves = await shop.call<{ items: { changeSetId: string }[] }>('GET', `/api/inventory/${id}/movements`);
    expect(moves.body.items).toMatchObject([
      { delta: -1, balance: 4, cause: 'count', note: 'Shelf', actorName: 'test owner', order: null },
      { delta: 2, balance: 5, cause: 'receipt' },
      { delta: 3, balance: 3, cause: 'opening' },
    ]);
    const undone = await shop.call('POST', `/api/changes/${moves.body.items[0]?.changeSetId ?? ''}/undo`, {});
    expect(undone.status, JSON.stringify(undone.body)).toBe(200);
    expect(await itemOf('ITEM-0')).toMatchObject({ onHand: 5 });
    expect((await shop.call('POST', `/api/inventory/${id}/adjust`, { quantity: 5, cause: 'count' })).status).toBe(200);
    expect((await shop.call<{ items: unknown[] }>('GET', `/api/inventory/${id}/movements`)).body.items).toHaveLength(4);
    expect(await checkLedger(shop.app.db)).toEqual([]);
  });

  test('refuses what is no quantity, both at once, and whoever may not', async () => {
    const { id } = await itemOf('ITEM-2');
    for (const body of [
      {},
      { delta: 1, quantity: 1 },
      { quantity: -1 },
      { delta: 0.0001 },
      { delta: 1e12 },
      { delta: '1' },
      { delta: 1, cause: 'sale' },
      { delta: 1, note: 'x'.repeat(501) },
    ]) {
      expect((await shop.call('POST', `/api/inventory/${id}/adjust`, body)).status, JSON.stringify(body)).toBe(400);
    }
    expect((await shop.call('POST', '/api/inventory/01a202ba-cb1f-767c-aba3-d0251a38b0e6/adjust', { delta: 1 })).status).toBe(404);
    expect((await shop.call('POST', `/api/inventory/${id}/adjust`, { delta: 1 }, { as: await shop.keyFor('viewer') })).status).toBe(403);
  });
});

test('products are mapped to items, and their stock is worked out anew on demand', async () => {
  const unmapped = await shop.call<{ items: { product: { id: string; sku: string } }[] }>('GET', '/api/products/inventory-mapping?show=unmapped');
  expect(unmapped.body.items).toMatchObject([{ product: { sku: 'NO-ITEM' }, item: null, available: null }]);
  const productId = unmapped.body.items[0]?.product.id;
  const { id: itemId } = await itemOf('ITEM-4');
  expect((await shop.call('POST', '/api/products/inventory-mapping', { productId, itemId })).body).toMatchObject({
    item: { sku: 'ITEM-4' },
    available: 1,
    mappedBy: 'test owner',
  });
  expect((await shop.call('POST', '/api/products/inventory-mapping', { productId: itemId, itemId })).status).toBe(404);
  expect((await shop.call('POST', '/api/products/inventory-mapping', { productId: itemId })).status).toBe(404);
  await shop.app.db.run(sql`update product_stock set available = 99 where product_id = ${productId}`);
  expect((await shop.call('POST', '/api/products/sync-stock', {})).body).toEqual({ checked: 6, corrected: 1, unmapped: 0 });
  expect((await shop.call('POST', '/api/products/sync-stock', { productIds: [productId] })).body).toEqual({ checked: 1, corrected: 0, unmapped: 0 });
});

test('a product file sets stock and reorder points, refuses what is no number, and is undone', async () => {
  const csv =
    'SKU,Title,Status,Price,Currency,Stock,Reorder point\nFILE-1,One,active,10.00,RON,8,2\nFILE-2,Two,active,10.00,RON,minus,\nITEM-2,Known,active,10.00,RON,20,\n';
  const run = await shop.call<{ id: string }>('POST', '/api/products/import?filename=stock.csv', csv, { headers: { 'content-type': 'text/csv' } });
  expect(run.status, JSON.stringify(run.body)).toBe(202);
  await shop.settle();
  expect(await itemOf('FILE-1')).toMatchObject({ onHand: 8, reorderPoint: 2 });
  expect(await itemOf('ITEM-2')).toMatchObject({ onHand: 20, name: 'Known' });
  expect((await list('search=FILE-2')).items).toEqual([]);
  const done = await shop.call<{ changeSetId: string; outcome: { firstProblems: unknown[] } }>('GET', `/api/runs/${run.body.id}`);
  expect(done.body.outcome.firstProblems).toMatchObject([{ sku: 'FILE-2', column: 'Stock', value: 'minus' }]);
  const undone = await shop.call('POST', `/api/changes/${done.body.changeSetId}/undo`, {});
  expect(undone.status, JSON.stringify(undone.body)).toBe(200);
  await shop.settle();
  expect(await itemOf('ITEM-2')).toMatchObject({ onHand: 12 });
  expect((await list('search=FILE-1')).items).toEqual([]);
  expect(await checkLedger(shop.app.db)).toEqual([]);
});

test('a product made by hand gets an item of its own, once, and can be counted', async () => {
  const made = await shop.call<{ id: string }>('POST', '/api/products', { sku: 'HAND-1', title: 'Made by hand', price: { amount: '9.00', currency: 'RON' } });
  const first = await shop.call<{ item: { id: string; sku: string } }>('POST', '/api/products/inventory-mapping', { productId: made.body.id });
  expect(first.body.item).toMatchObject({ sku: 'HAND-1' });
  const again = await shop.call<{ item: { id: string } }>('POST', '/api/products/inventory-mapping', { productId: made.body.id });
  expect(again.body.item.id).toBe(first.body.item.id);
  expect((await shop.call('POST', `/api/inventory/${first.body.item.id}/adjust`, { quantity: 7, cause: 'count' })).status).toBe(200);
  expect((await shop.call('GET', `/api/products/${made.body.id}`)).body).toMatchObject({ stock: { available: 7, onHand: 7, reserved: 0 } });
});
