import { afterEach, describe, expect, it } from 'vitest';
import { addProducts, openBench, product, SELLER } from './testing.ts';
import type { Bench } from './testing.ts';

const STREAM = `/order/sellers/${SELLER}/orders/stream`;
const WRITE = `/inventory/sellers/${SELLER}/products/price-and-inventory`;

let bench: Bench | undefined;
const open = async (options: Parameters<typeof openBench>[0] = {}): Promise<Bench> => (bench = await openBench(options));
afterEach(async () => {
  await bench?.sandbox.close();
  bench = undefined;
});

describe('faults', () => {
  it('answers a status as often as told, with its headers and the platform body, and passes others', async () => {
    const { set, trendyol } = await open();
    await set('POST', '/faults', {
      platform: 'trendyol',
      kind: 'status',
      status: 429,
      headers: { 'Retry-After': '3' },
      match: { path: '/orders/stream' },
      times: 2,
    });
    const [first, other, second, third] = [
      await trendyol('GET', STREAM),
      await trendyol('GET', `/product/sellers/${SELLER}/products/approved`),
      await trendyol('GET', STREAM),
      await trendyol('GET', STREAM),
    ];
    expect([first.status, other.status, second.status, third.status]).toEqual([429, 200, 429, 200]);
    expect(first.headers.get('retry-after')).toBe('3');
    expect(first.json.errors).toMatchObject([{ key: 'too.many.requests' }]);
    expect(await set('GET', '/faults')).toEqual([]);
  });

  it('waits for the requests before it, keeps to one seller, and stays until removed', async () => {
    const { set, trendyol } = await open();
    await set('POST', '/faults', { platform: 'trendyol', kind: 'status', status: 503, sellerId: 999, times: -1 });
    const { id } = await set('POST', '/faults', {
      platform: 'trendyol',
      kind: 'status',
      status: 500,
      match: { method: 'get', path: '/orders/*' },
      afterRequests: 1,
      times: -1,
    });
    expect([(await trendyol('GET', STREAM)).status, (await trendyol('GET', STREAM)).status, (await trendyol('GET', STREAM)).status]).toEqual([200, 500, 500]);
    expect(await set('DELETE', `/faults?id=${id}`)).toEqual({ removed: 1 });
    expect((await trendyol('GET', STREAM)).status).toBe(200);
  });

  it('truncates, empties, drops and never answers', async () => {
    const { set, trendyol } = await open();
    const once = (kind: string): Promise<unknown> => set('POST', '/faults', { platform: 'trendyol', kind });
    const whole = await trendyol('GET', STREAM);
    await once('truncate');
    const half = await trendyol('GET', STREAM);
    expect(half.status).toBe(200);
    expect(() => JSON.parse(half.text)).toThrow(SyntaxError);
    expect(half.text).toBe(whole.text.slice(0, Math.floor(whole.text.length / 2)));
    await once('empty');
    expect(await trendyol('GET', STREAM)).toMatchObject({ status: 200, text: '' });
    await once('drop');
    await expect(trendyol('GET', STREAM)).rejects.toThrow();
    await once('timeout');
    await expect(trendyol('GET', STREAM, { signal: AbortSignal.timeout(150) })).rejects.toThrow(/timeout/i);
    const { entries } = await set('GET', '/log');
    expect(entries.map((entry) => [entry.fault, entry.status])).toEqual([
      [undefined, 200],
      ['truncate', 200],
      ['empty', 200],
      ['drop', 0],
      ['timeout', 0],
    ]);
  });

  it('applies a write and fails, refuses a write and applies nothing, or loses it silently', async () => {
    const { set, trendyol, advance, quantityOf } = await open();
    await addProducts(bench!, product('A'));
    const write = (quantity: number): ReturnType<Bench['trendyol']> => trendyol('POST', WRITE, { body: { items: [{ barcode: 'A', quantity }] } });
    const fault = (fields: object): Promise<unknown> => set('POST', '/faults', { platform: 'trendyol', match: { path: 'price-and-inventory' }, ...fields });

    await fault({ kind: 'apply_then_fail' });
    expect((await write(7)).status).toBe(500);
    await advance(5000);
    expect(await quantityOf('A')).toBe(7);

    await fault({ kind: 'status', status: 500 });
    expect((await write(6)).status).toBe(500);
    await advance(5000);
    expect(await quantityOf('A')).toBe(7);

    await fault({ kind: 'silent_drop' });
    const { json } = await write(5);
    await advance(5000);
    const poll = (): ReturnType<Bench['trendyol']> => trendyol('GET', `/product/sellers/${SELLER}/products/batch-requests/${json.batchRequestId}`);
    await poll();
    expect((await poll()).json.items).toMatchObject([{ status: 'SUCCESS' }]);
    expect(await quantityOf('A')).toBe(7);
  });

  it('applies a write whose caller never hears of it, and delays an answer', async () => {
    const { set, trendyol, advance, quantityOf } = await open();
    await addProducts(bench!, product('A'));
    await set('POST', '/faults', [
      // oxlint-disable-next-line unicorn/no-thenable -- a fault is data, never awaited
      { platform: 'trendyol', kind: 'apply_then_fail', then: 'timeout' },
      { platform: 'trendyol', kind: 'delay', delayMs: 120 },
    ]);
    await expect(trendyol('POST', WRITE, { body: { items: [{ barcode: 'A', quantity: 3 }] }, signal: AbortSignal.timeout(100) })).rejects.toThrow(/timeout/i);
    await advance(5000);
    expect(await quantityOf('A')).toBe(3);
    const started = performance.now();
    expect((await trendyol('GET', STREAM)).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(115);
  });

  it('hits by chance the same way for the same seed', async () => {
    const run = async (): Promise<number[]> => {
      const { set, trendyol, sandbox } = await openBench({ seed: 5 });
      await set('POST', '/faults', { platform: 'trendyol', kind: 'status', times: -1, probability: 0.5 });
      const seen = [];
      for (let i = 0; i < 20; i++) seen.push((await trendyol('GET', STREAM)).status);
      await sandbox.close();
      return seen;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await run()).toEqual(first);
  });

  it.each([
    [{ kind: 'status' }, 'platform'],
    [{ platform: 'ebay', kind: 'status' }, 'platform'],
    [{ platform: 'trendyol', kind: 'boom' }, 'kind'],
    [{ platform: 'trendyol', kind: 'drop', times: 0 }, 'times'],
    [[], undefined],
  ])('refuses %j', async (body, field) => {
    const { control } = await open();
    const reply = await control('POST', '/faults', body);
    if (field === undefined) expect(reply.status).toBe(200);
    else expect(reply).toMatchObject({ status: 400, json: { error: expect.stringContaining(field) } });
  });
});
