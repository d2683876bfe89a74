import { afterEach, describe, expect, it } from 'vitest';
import { openBench, SELLER } from './testing.ts';
import type { Bench } from './testing.ts';

const STREAM = `/order/sellers/${SELLER}/orders/stream`;

let bench: Bench | undefined;
const open = async (options: Parameters<typeof openBench>[0] = {}): Promise<Bench> => (bench = await openBench(options));
afterEach(async () => {
  await bench?.sandbox.close();
  bench = undefined;
});

describe('quotas', () => {
  it('refuses the 51st call in ten seconds, lets it through again later, and remembers the worst window', async () => {
    const { set, trendyol, advance } = await open({ quotas: true });
    const path = `/product/sellers/${SELLER}/products/approved`;
    const statuses = (await Promise.all(Array.from({ length: 51 }, () => trendyol('GET', path)))).map((reply) => reply.status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(50);
    const refused = await trendyol('GET', path);
    expect(refused).toMatchObject({ status: 429, json: { errors: [{ key: 'too.many.requests', message: 'too.many.requests', errorCode: '429' }] } });
    expect(refused.headers.get('retry-after')).toBeNull();
    expect((await trendyol('GET', `${path}/inventory-and-price`)).status).toBe(200);
    await advance(1000);
    expect((await trendyol('GET', path)).status).toBe(200);
    const { buckets } = await set('GET', '/quota');
    expect(buckets.find((bucket) => bucket.key.endsWith('/products/approved'))).toMatchObject({
      limit: 50,
      maxInWindow: 53,
      accepted: 51,
      refused: 2,
      exceeded: true,
    });
    await advance(60_000);
    expect((await set('GET', '/quota')).buckets.every((bucket) => bucket.used === 0)).toBe(true);
  });

  it('never lets more than the limit into any ten seconds when windows slide', async () => {
    const { set, trendyol, advance } = await open({ quotas: true });
    await set('POST', '/switches', { trendyol: { quotaShape: 'sliding' } });
    const path = `/product/sellers/${SELLER}/products/approved?size=1`;
    for (let i = 0; i < 50; i++) await trendyol('GET', path);
    await advance(9999);
    expect((await trendyol('GET', path)).status).toBe(429);
    await advance(1);
    expect((await trendyol('GET', path)).status).toBe(200);
  });

  it('holds the minute limit of a group across its routes, by tier', async () => {
    const { set, trendyol } = await open({ quotas: true });
    for (let i = 0; i < 15; i++) {
      expect((await trendyol('GET', STREAM)).status).toBe(200);
      expect((await trendyol('GET', `/order/sellers/${SELLER}/v2/orders`)).status).toBe(200);
    }
    expect((await trendyol('GET', STREAM)).status).toBe(429);
    await set('POST', '/world', {
      trendyol: { sellers: [{ sellerId: SELLER, apiKey: 'key', apiSecret: 's3cret:x', storeFronts: ['RO'], tier: 'international' }] },
    });
    await set('DELETE', '/quota');
    for (let i = 0; i < 50; i++) expect((await trendyol('GET', STREAM)).status).toBe(200);
  });

  it('only counts when told so', async () => {
    const { set, trendyol } = await open({ quotas: true });
    await set('POST', '/quota', { enforce: false });
    const replies = await Promise.all(Array.from({ length: 60 }, () => trendyol('GET', STREAM)));
    expect(replies.every((reply) => reply.status === 200)).toBe(true);
  });
});
