import { afterEach, describe, expect, it } from 'vitest';
import { addProducts, openBench, order, product, SELLER, START } from '../testing.ts';
import type { Bench } from '../testing.ts';

const STREAM = `/order/sellers/${SELLER}/orders/stream`;
const HOUR = 3_600_000;

let bench: Bench | undefined;
async function open(options: Parameters<typeof openBench>[0] = {}): Promise<Bench> {
  bench = await openBench(options);
  await addProducts(bench, product('A', { quantity: 100 }), product('B', { quantity: 100 }), product('A', { storeFront: 'DE', quantity: 40 }));
  return bench;
}
afterEach(async () => {
  await bench?.sandbox.close();
  bench = undefined;
});

describe('orders', () => {
  it('lower the stock of their store front by themselves, and only there', async () => {
    const one = await open();
    await order(one, [
      ['A', 3],
      ['A', 1],
      ['B', 2],
    ]);
    expect([await one.quantityOf('A'), await one.quantityOf('B'), await one.quantityOf('A', 'DE')]).toEqual([96, 98, 40]);
  });

  it('beyond the stock are refused whole, unless forced', async () => {
    const one = await open();
    const body = { trendyol: { sellerId: SELLER, storeFront: 'DE', lines: [{ barcode: 'A', quantity: 41 }] } };
    expect((await one.control('POST', '/world/orders', body)).status).toBe(409);
    expect(await one.quantityOf('A', 'DE')).toBe(40);
    await one.set('POST', '/world/orders', { trendyol: { ...body.trendyol, force: true } });
    expect(await one.quantityOf('A', 'DE')).toBe(0);
  });

  it('come by the thousand until everything is sold, unit for unit', async () => {
    const one = await open();
    const made = await one.set('POST', '/world/orders', { trendyol: { sellerId: SELLER, storeFront: 'RO', count: 10_000 } });
    expect(made.soldOut).toBe(true);
    const { items } = await one.set('GET', `/world?sellerId=${SELLER}&what=packages`);
    expect(items.flatMap((each) => each.lines).reduce((sum, line) => sum + line.quantity, 0)).toBe(200);
    expect([await one.quantityOf('A'), await one.quantityOf('B')]).toEqual([0, 0]);
  });

  it("of a cross-country store front sell the source's products", async () => {
    const one = await open({ seller: { storeFronts: ['RO', 'DE', 'BG'], crossCountry: { BG: 'RO' } } });
    await order(one, [['A', 2]], { storeFront: 'BG' });
    expect(await one.quantityOf('A')).toBe(98);
    const { json } = await one.trendyol('GET', STREAM, { headers: { storefrontcode: 'BG' } });
    expect(json.content).toMatchObject([{ currencyCode: 'EUR', orderCountryCode: 'BG' }]);
    expect((await one.trendyol('GET', STREAM)).json.content).toEqual([]);
  });
});

describe('packages', () => {
  it('move forward with their history, never backward', async () => {
    const one = await open();
    const { shipmentPackageId: id } = await order(one, [['A', 1]]);
    await one.advance(HOUR);
    await one.set('POST', `/world/packages/${id}`, { status: 'Delivered' });
    const { content } = (await one.trendyol('GET', STREAM)).json;
    expect(content).toMatchObject([{ status: 'Delivered', lastModifiedDate: START + HOUR }]);
    expect(content).toMatchObject([{ packageHistories: [{ status: 'Created' }, { status: 'Picking' }, { status: 'Shipped' }, { status: 'Delivered' }] }]);
    for (const status of ['Picking', 'Cancelled', 'UnPacked', 'Delivered'])
      expect((await one.control('POST', `/world/packages/${id}`, { status })).status).toBe(409);
    await one.set('POST', `/world/packages/${id}`, { status: 'Teleported', force: true });
    expect((await one.trendyol('GET', STREAM)).json.content[0]?.status).toBe('Teleported');
  });

  it('may come back undelivered', async () => {
    const one = await open();
    const { shipmentPackageId: id } = await order(one, [['A', 1]], { status: 'Shipped' });
    for (const status of ['UnDelivered', 'Returned']) await one.set('POST', `/world/packages/${id}`, { status });
    expect((await one.trendyol('GET', STREAM)).json.content[0]?.status).toBe('Returned');
  });

  it('say who cancelled them, and give stock back only when switched', async () => {
    const one = await open();
    const a = await order(one, [['A', 5]]);
    await one.set('POST', `/world/packages/${a.shipmentPackageId}`, { status: 'Cancelled' });
    expect((await one.trendyol('GET', STREAM)).json.content).toMatchObject([
      { status: 'Cancelled', lines: [{ cancelledBy: 'customer', orderLineItemStatusName: 'Cancelled' }] },
    ]);
    expect(await one.quantityOf('A')).toBe(95);
    await one.set('POST', '/switches', { trendyol: { cancelRestoresStock: true } });
    const b = await order(one, [['A', 5]]);
    await one.set('POST', `/world/packages/${b.shipmentPackageId}`, { status: 'UnSupplied' });
    expect(await one.quantityOf('A')).toBe(95);
  });

  it('split into successors that together hold the same units', async () => {
    const one = await open();
    const made = await order(
      one,
      [
        ['A', 3],
        ['B', 1],
      ],
      { status: 'Picking' },
    );
    await one.advance(1000);
    const { successors } = await one.set('POST', `/world/packages/${made.shipmentPackageId}`, {
      status: 'UnPacked',
      split: [[{ barcode: 'A', quantity: 2 }]],
    });
    expect(successors.map((each) => each.lines.map((line) => [line.barcode, line.quantity]))).toEqual([
      [['A', 2]],
      [
        ['A', 1],
        ['B', 1],
      ],
    ]);
    const answer = await one.trendyol('GET', STREAM);
    const { content } = answer.json;
    expect(content).toHaveLength(3);
    const old = content.find((each) => each.shipmentPackageId === made.shipmentPackageId);
    expect(old?.status).toBe('UnPacked');
    for (const each of content.filter((parcel) => parcel !== old)) {
      expect(each).toMatchObject({
        status: 'Picking',
        orderNumber: made.orderNumber,
        createdBy: 'split',
        originPackageIds: [made.shipmentPackageId],
        lastModifiedDate: START + 1000,
      });
    }
    // Read from the text: parsed numbers beyond 2^53 would fall together.
    expect(new Set(answer.text.match(/"cargoTrackingNumber":\d+/g)).size).toBe(3);
    expect(await one.quantityOf('A')).toBe(97);
  });

  it('split by themselves by line, or a single line in two, but never one unit', async () => {
    const one = await open();
    const split = (id: number): ReturnType<Bench['control']> => one.control('POST', `/world/packages/${id}`, { status: 'UnPacked' });
    const two = await order(one, [
      ['A', 1],
      ['B', 1],
    ]);
    expect((await split(two.shipmentPackageId)).json.successors).toHaveLength(2);
    const three = await order(one, [['A', 3]]);
    expect((await split(three.shipmentPackageId)).json.successors.map((each) => each.lines[0]?.quantity)).toEqual([1, 2]);
    const single = await order(one, [['A', 1]]);
    expect((await split(single.shipmentPackageId)).status).toBeGreaterThanOrEqual(400);
    expect((await one.set('GET', `/world?sellerId=${SELLER}&what=packages&shipmentPackageId=${single.shipmentPackageId}`)).items[0]?.status).toBe('Created');
  });

  it('cancelled in part leave the rest to a successor', async () => {
    const one = await open();
    const made = await order(one, [['A', 3]]);
    const body = { status: 'Cancelled', lines: [{ barcode: 'A', quantity: 1 }] };
    const result = await one.set('POST', `/world/packages/${made.shipmentPackageId}`, body);
    expect(result).toMatchObject({
      package: { status: 'UnPacked' },
      successors: [{ status: 'Created', createdBy: 'cancel', originPackageIds: [made.shipmentPackageId], lines: [{ barcode: 'A', quantity: 2 }] }],
    });
    const [rest] = result.successors;
    expect(await one.set('POST', `/world/packages/${rest?.shipmentPackageId}`, { status: 'Cancelled', lines: [{ barcode: 'A', quantity: 2 }] })).toMatchObject({
      package: { status: 'Cancelled' },
      successors: [],
    });
    expect((await one.control('POST', `/world/packages/${made.shipmentPackageId}`, body)).status).toBe(409);
  });
});

describe('demand', () => {
  it('brings orders at its rate on the virtual clock until it is stopped', async () => {
    const one = await open();
    await addProducts(one, product('C', { quantity: 1_000_000 }));
    await one.set('POST', '/world/demand', { trendyol: { sellerId: SELLER, storeFront: 'RO', ordersPerMinute: 10 } });
    await one.advance(HOUR);
    const count = async (): Promise<number> => (await one.set('GET', `/world?sellerId=${SELLER}&what=packages`)).total;
    const arrived = await count();
    expect(arrived).toBeGreaterThan(500);
    expect(arrived).toBeLessThan(700);
    const { content } = (await one.trendyol('GET', `${STREAM}?size=200`)).json;
    expect(content.every((each) => each.lastModifiedDate > START && each.lastModifiedDate <= START + HOUR)).toBe(true);
    expect(new Set(content.map((each) => each.lastModifiedDate)).size).toBeGreaterThan(150);
    await one.set('POST', '/world/demand', { trendyol: { sellerId: SELLER, storeFront: 'RO', ordersPerMinute: 0 } });
    await one.advance(HOUR);
    expect(await count()).toBe(arrived);
    expect(await one.set('GET', '/world/demand')).toEqual({ trendyol: [] });
  });

  it('takes its orders to the door', async () => {
    const one = await open();
    await one.set('POST', '/world/demand', { trendyol: { sellerId: SELLER, ordersPerMinute: 0.5, progress: true, cancelShare: 0.2 } });
    await one.advance(HOUR);
    await one.set('POST', '/world/demand', { trendyol: { sellerId: SELLER, ordersPerMinute: 0 } });
    const statuses = async (): Promise<Set<string>> =>
      new Set((await one.set('GET', `/world?sellerId=${SELLER}&what=packages`)).items.map((each) => each.status));
    expect(await statuses()).toContain('Picking');
    await one.advance(72 * HOUR);
    expect(await statuses()).toEqual(new Set(['Delivered', 'Cancelled']));
  });
});
