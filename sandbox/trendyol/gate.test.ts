import { afterEach, describe, expect, it } from 'vitest';
import { openBench, SELLER } from '../testing.ts';
import type { Bench } from '../testing.ts';

const STREAM = `/order/sellers/${SELLER}/orders/stream`;
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

let bench: Bench | undefined;
const open = async (options: Parameters<typeof openBench>[0] = {}): Promise<Bench> => (bench = await openBench(options));
afterEach(async () => {
  await bench?.sandbox.close();
  bench = undefined;
});

describe('User-Agent', () => {
  it.each(['', 'curl/8', 'Karavan', `${SELLER} - `, `${SELLER} - My Shop!`, `${SELLER} - ${'A'.repeat(31)}`, '999 - Karavan'])(
    '"%s" is forbidden with a page',
    async (agent) => {
      const { trendyol } = await open();
      const reply = await trendyol('GET', STREAM, { headers: { 'user-agent': agent } });
      expect(reply.status).toBe(403);
      expect(reply.headers.get('content-type')).toContain('text/html');
      expect(reply.text).toContain('<html>');
    },
  );

  it('is looked at less closely, and refused as JSON, when switched', async () => {
    const { set, trendyol } = await open();
    await set('POST', '/switches', { trendyol: { userAgentRule: 'present', forbiddenBody: 'json' } });
    expect((await trendyol('GET', STREAM, { headers: { 'user-agent': 'anything' } })).status).toBe(200);
    expect((await trendyol('GET', STREAM, { headers: { 'user-agent': ' ' } })).json.error).toBe('Forbidden');
  });
});

describe('keys', () => {
  it.each([undefined, 'Bearer x', 'Basic ###', basic('key'), basic('key:wrong'), basic('wrong:s3cret:x')])('%s is not let in', async (authorization) => {
    const { trendyol } = await open();
    const reply = await trendyol('GET', STREAM, { headers: { authorization } });
    expect(reply).toMatchObject({ status: 401, json: { exception: 'ClientApiAuthenticationException', errors: [{ errorCode: '' }] } });
    expect(typeof reply.json.timestamp).toBe('number');
  });

  it('of one seller do not open another', async () => {
    const { set, trendyol } = await open();
    await set('POST', '/world', { trendyol: { sellers: [{ sellerId: 77, apiKey: 'other', apiSecret: 'x', storeFronts: ['RO'] }] } });
    const reply = await trendyol('GET', '/order/sellers/77/orders/stream', { headers: { 'user-agent': '77 - Karavan' } });
    expect(reply).toMatchObject({ status: 401, json: { exception: 'TrendyolAuthorizationException' } });
  });
});

describe('store fronts', () => {
  it.each([[undefined], ['HU'], ['PL'], ['xx'], ['TR'], ['GR']])('%s is refused for a seller of RO and DE', async (storefrontcode) => {
    const { trendyol } = await open();
    expect(await trendyol('GET', STREAM, { headers: { storefrontcode } })).toMatchObject({
      status: 400,
      json: { errors: [{ key: 'invalid.storefrontcode', errorCode: '400' }] },
    });
  });

  it("a known one that is not the seller's may be told otherwise, an unknown one never", async () => {
    const { set, trendyol } = await open();
    await set('POST', '/switches', { trendyol: { storeFrontErrorKey: 'supplier.api.supplier.not.found' } });
    const key = async (storefrontcode: string): Promise<string | undefined> =>
      (await trendyol('GET', STREAM, { headers: { storefrontcode } })).json.errors[0]?.key;
    expect([await key('GR'), await key('HU')]).toEqual(['supplier.api.supplier.not.found', 'invalid.storefrontcode']);
  });

  it('may be left out by a seller in TR, and "1" means TR only when switched', async () => {
    const { set, trendyol } = await open({ seller: { storeFronts: ['TR'] } });
    expect((await trendyol('GET', STREAM, { headers: { storefrontcode: undefined } })).status).toBe(200);
    expect((await trendyol('GET', STREAM, { headers: { storefrontcode: '1' } })).status).toBe(400);
    await set('POST', '/switches', { trendyol: { acceptTrAsOne: true } });
    expect((await trendyol('GET', STREAM, { headers: { storefrontcode: '1' } })).status).toBe(200);
  });
});

describe('routes', () => {
  it('answer 404, 405 and 426 for what is not there, not so, or closed', async () => {
    const { set, trendyol } = await open();
    expect((await trendyol('GET', `/order/sellers/${SELLER}/nothing`)).status).toBe(404);
    expect((await trendyol('DELETE', STREAM)).status).toBe(405);
    expect((await trendyol('GET', `/order/sellers/${SELLER}/orders`)).status).toBe(426);
    await set('POST', '/switches', { trendyol: { v1Orders: '404' } });
    expect((await trendyol('GET', `/order/sellers/${SELLER}/orders`)).status).toBe(404);
  });

  it('refuse unreadable paths and outsized bodies, and live on', async () => {
    const { trendyol, sandbox } = await open();
    expect((await trendyol('GET', `/product/sellers/${SELLER}/product/%ff`)).status).toBe(400);
    const big = await trendyol('POST', `/inventory/sellers/${SELLER}/products/price-and-inventory`, { body: 'x'.repeat(9 * 1024 * 1024) });
    expect(big.status).toBe(504);
    expect((await fetch(`${sandbox.url}/elsewhere`)).status).toBe(404);
    expect((await trendyol('GET', STREAM)).status).toBe(200);
  });
});
