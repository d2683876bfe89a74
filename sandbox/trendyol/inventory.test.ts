import { afterEach, describe, expect, it } from 'vitest';
import { addProducts, openBench, order, product, SELLER, START } from '../testing.ts';
import type { Bench, Body, Reply } from '../testing.ts';

const WRITE = `/inventory/sellers/${SELLER}/products/price-and-inventory`;
const BATCH = `/product/sellers/${SELLER}/products/batch-requests`;
const HOUR = 3_600_000;

let bench: Bench | undefined;
async function open(options: Parameters<typeof openBench>[0] = {}): Promise<Bench> {
  bench = await openBench(options);
  await addProducts(bench, product('A'), product('B'), product('A', { storeFront: 'DE' }), product('NEW', { approved: false }));
  return bench;
}
afterEach(async () => {
  await bench?.sandbox.close();
  bench = undefined;
});

const write = (one: Bench, items: unknown, headers = {}): Promise<Reply> => one.trendyol('POST', WRITE, { body: { items }, headers });
/** Writes, waits and polls until the batch is final. */
async function settle(one: Bench, items: unknown): Promise<Body> {
  const { json } = await write(one, items);
  await one.advance(5000);
  await one.trendyol('GET', `${BATCH}/${json.batchRequestId}`);
  return (await one.trendyol('GET', `${BATCH}/${json.batchRequestId}`)).json;
}

describe('a price and stock write', () => {
  it('is taken at once, carried out later and shown unfinished first, without a top status', async () => {
    const one = await open();
    const { status, json } = await write(one, [
      { barcode: 'A', quantity: 17, salePrice: 94.9, listPrice: 129.9 },
      { barcode: 'NONE', quantity: 1 },
    ]);
    expect(status).toBe(200);
    expect(json.batchRequestId).toMatch(new RegExp(`^[0-9a-f-]{36}-${Math.floor(START / 1000)}$`));
    expect(await one.quantityOf('A')).toBe(10);
    const poll = async (): Promise<Body> => (await one.trendyol('GET', `${BATCH}/${json.batchRequestId}`)).json;
    expect(await poll()).toMatchObject({ itemCount: 2, failedItemCount: 0, items: [{ status: 'IN_PROGRESS' }, { status: 'IN_PROGRESS' }] });
    await one.advance(1500);
    expect(await one.quantityOf('A')).toBe(17);
    expect((await poll()).items.map((item) => item.status)).toEqual(['IN_PROGRESS', 'IN_PROGRESS']);
    const done = await poll();
    expect(done).not.toHaveProperty('status');
    expect(done).toMatchObject({
      batchRequestId: json.batchRequestId,
      batchRequestType: 'ProductInventoryUpdate',
      sourceType: 'API',
      creationDate: START,
      lastModification: START + 1500,
      itemCount: 2,
      failedItemCount: 1,
      items: [
        {
          requestItem: {
            barcode: 'A',
            quantity: 17,
            salePrice: 94.9,
            listPrice: 129.9,
            updateRequestDate: new Date(START).toISOString().replace('Z', '+00:00'),
          },
          status: 'SUCCESS',
          failureReasons: [],
        },
        { requestItem: { barcode: 'NONE' }, status: 'FAILED', failureReasons: [expect.stringContaining('NONE')] },
      ],
    });
    const { items } = await one.set('GET', `/world?sellerId=${SELLER}&what=products&storeFront=RO&barcode=A`);
    expect(items).toMatchObject([{ quantity: 17, salePrice: 94.9, listPrice: 129.9, stockModifiedAt: START + 1500 }]);
    expect(await one.quantityOf('A', 'DE')).toBe(10);
  });

  it('fails item by item for what cannot be', async () => {
    const one = await open();
    const { items, failedItemCount } = await settle(one, [
      { barcode: 'A', quantity: 20_000 },
      { barcode: 'A', quantity: 20_001 },
      { barcode: 'A', quantity: -1 },
      { barcode: 'A' },
      { barcode: 'A', salePrice: 50, listPrice: 40 },
      { barcode: 'A', salePrice: 50 },
      { barcode: 'A', salePrice: 0, listPrice: 0 },
      { barcode: 'NEW', quantity: 5 },
      { barcode: 'B', quantity: 0 },
    ]);
    expect(items.map((item) => item.status)).toEqual(['SUCCESS', 'FAILED', 'FAILED', 'FAILED', 'FAILED', 'FAILED', 'FAILED', 'FAILED', 'SUCCESS']);
    expect(items.every((item) => (item.status === 'FAILED') === item.failureReasons.length > 0)).toBe(true);
    expect(failedItemCount).toBe(7);
    expect([await one.quantityOf('A'), await one.quantityOf('B')]).toEqual([20_000, 0]);
  });

  it('is absolute: it overwrites what orders took meanwhile', async () => {
    const one = await open();
    await write(one, [{ barcode: 'A', quantity: 8 }]);
    await order(one, [['A', 1]]);
    expect(await one.quantityOf('A')).toBe(9);
    await one.advance(2000);
    expect(await one.quantityOf('A')).toBe(8);
  });

  it.each([
    ['{"items":[{"barcode":"A","quantity"', 400],
    ['', 400],
    ['[]', 400],
    ['null', 400],
    ['{"items":{}}', 400],
    ['{"items":[]}', 400],
    ['{"items":[null]}', 400],
    ['{"items":[[]]}', 400],
    ['{"items":[{"quantity":1}]}', 400],
    ['{"items":[{"barcode":5,"quantity":1}]}', 400],
    ['{"items":[{"barcode":"A","quantity":"1"}]}', 400],
    ['{"items":[{"barcode":"A","quantity":1.5}]}', 400],
    ['{"items":[{"barcode":"A","salePrice":{}}]}', 400],
    [JSON.stringify({ items: Array.from({ length: 1001 }, (_, i) => ({ barcode: `X${i}`, quantity: 1 })) }), 400],
  ] as const)('refuses %s', async (body, status) => {
    const one = await open();
    const reply = await one.trendyol('POST', WRITE, { body });
    expect(reply).toMatchObject({ status, json: { errors: [{ key: expect.any(String), message: expect.any(String), errorCode: '400' }] } });
    await one.advance(5000);
    expect(await one.quantityOf('A')).toBe(10);
  });

  it('takes 1000 items and no other content type', async () => {
    const one = await open();
    expect(
      (
        await write(
          one,
          Array.from({ length: 1000 }, (_, i) => ({ barcode: `X${i}`, quantity: 1 })),
        )
      ).status,
    ).toBe(200);
    expect((await write(one, [{ barcode: 'A', quantity: 1 }], { 'content-type': 'text/plain' })).status).toBe(415);
  });
});

describe('the 15-minute rule', () => {
  it('refuses the same body, also with its fields in another order, until 15 minutes are over', async () => {
    const one = await open();
    expect((await write(one, [{ barcode: 'A', quantity: 5, salePrice: 9, listPrice: 9 }])).status).toBe(200);
    await one.advance(14 * 60_000);
    const again = await write(one, [{ salePrice: 9, listPrice: 9, quantity: 5, barcode: 'A' }]);
    expect(again).toMatchObject({ status: 400, json: { errors: [{ message: '15 dakika boyunca aynı isteği tekrarlı olarak atamazsınız!' }] } });
    expect((await write(one, [{ barcode: 'A', quantity: 6, salePrice: 9, listPrice: 9 }])).status).toBe(200);
    await one.advance(60_000);
    expect((await write(one, [{ barcode: 'A', quantity: 5, salePrice: 9, listPrice: 9 }])).status).toBe(200);
  });

  it('looks at one store front, or at the whole seller when switched', async () => {
    const one = await open();
    const body = [{ barcode: 'A', quantity: 5 }];
    expect((await write(one, body)).status).toBe(200);
    expect((await write(one, body, { storefrontcode: 'DE' })).status).toBe(200);
    await one.set('POST', '/switches', { trendyol: { repeatScope: 'seller' } });
    const other = [{ barcode: 'A', quantity: 4 }];
    expect((await write(one, other)).status).toBe(200);
    expect((await write(one, other, { storefrontcode: 'DE' })).status).toBe(400);
  });

  it('also holds after a write whose answer was lost', async () => {
    const one = await open();
    await one.set('POST', '/faults', { platform: 'trendyol', kind: 'apply_then_fail' });
    expect((await write(one, [{ barcode: 'A', quantity: 5 }])).status).toBe(500);
    expect((await write(one, [{ barcode: 'A', quantity: 5 }])).status).toBe(400);
  });
});

describe('price changes', () => {
  it('beyond 30 a minute per barcode fail as items', async () => {
    const one = await open();
    const prices = (from: number, count: number): object[] => Array.from({ length: count }, (_, i) => ({ barcode: 'A', salePrice: from + i, listPrice: 500 }));
    const { items } = await settle(one, [...prices(10, 32), { barcode: 'A', quantity: 3 }, { barcode: 'B', salePrice: 1, listPrice: 2 }]);
    expect(items.map((item) => item.status === 'FAILED')).toEqual([...Array.from({ length: 30 }, () => false), true, true, false, false]);
    await one.advance(60_000);
    expect((await settle(one, prices(100, 1))).items[0]?.status).toBe('SUCCESS');
  });
});

describe('batches', () => {
  it("are forgotten after four hours, and are nobody else's", async () => {
    const one = await open();
    const { json } = await write(one, [{ barcode: 'A', quantity: 5 }]);
    const nulls = {
      batchRequestId: null,
      status: null,
      creationDate: null,
      lastModification: null,
      sourceType: null,
      itemCount: null,
      failedItemCount: null,
      batchRequestType: null,
      items: null,
    };
    expect(await one.trendyol('GET', `${BATCH}/made-up-1`)).toMatchObject({ status: 200, json: nulls });
    await one.advance(4 * HOUR - 1);
    expect((await one.trendyol('GET', `${BATCH}/${json.batchRequestId}`)).json.batchRequestId).toBe(json.batchRequestId);
    await one.advance(1);
    expect((await one.trendyol('GET', `${BATCH}/${json.batchRequestId}`)).json).toEqual(nulls);
    await one.set('POST', '/switches', { trendyol: { unknownBatch: 'processing' } });
    expect((await one.trendyol('GET', `${BATCH}/x`)).json.status).toBe('PROCESSING');
  });

  it('may show no items, or half of them, before they are done', async () => {
    const one = await open();
    const items = [
      { barcode: 'A', quantity: 1 },
      { barcode: 'B', quantity: 1 },
    ];
    await one.set('POST', '/switches', { trendyol: { batchUnfinished: 'empty' } });
    const { json } = await write(one, items);
    await one.advance(5000);
    expect((await one.trendyol('GET', `${BATCH}/${json.batchRequestId}`)).json).toMatchObject({ itemCount: 2, items: [] });
    await one.set('POST', '/switches', { trendyol: { batchUnfinished: 'partial' } });
    const second = await write(one, [...items].reverse());
    await one.advance(5000);
    expect((await one.trendyol('GET', `${BATCH}/${second.json.batchRequestId}`)).json.items.map((item) => item.status)).toEqual(['SUCCESS', 'IN_PROGRESS']);
  });

  it('take as long as the switch says', async () => {
    const one = await open();
    await one.set('POST', '/switches', { trendyol: { batchDelayMs: 60_000, batchFirstPollUnfinished: false } });
    const { json } = await write(one, [{ barcode: 'A', quantity: 1 }]);
    await one.advance(59_999);
    expect(await one.quantityOf('A')).toBe(10);
    await one.advance(1);
    expect((await one.trendyol('GET', `${BATCH}/${json.batchRequestId}`)).json.items[0]?.status).toBe('SUCCESS');
  });
});
