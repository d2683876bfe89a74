import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConnectorError } from '../../kit/errors.ts';
import { type HttpAnswer, type HttpClient, parseJson } from '../../kit/http-client.ts';
import { toMoney } from '../../kit/money.ts';
import type { ChannelOrderRecord, PullPage, PushItem, Store } from '../connector.ts';
import { openClient } from './client.ts';
import { trendyol } from './index.ts';
import { toAddress, toOrderedAt, toStatus } from './map.ts';
import { toState } from './map-product.ts';
import { batchSchema, packageSchema, type WireAddress } from './schemas.ts';
import { quotaRules, type Settings, settingsSchema } from './settings.ts';
import { toBatchAnswer } from './stock.ts';

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8');
const settings = (changes: object = {}): Settings => settingsSchema.parse(changes);
const requests: { path: string; headers: Readonly<Record<string, string>>; query: object; json: unknown }[] = [];

/** A store whose platform gives these answers in turn. */
function storeAnswering(answers: readonly { status?: number; text: string }[], changes: object = {}): Store {
  const left = [...answers];
  const http: HttpClient = {
    async request(request): Promise<HttpAnswer> {
      requests.push({ path: request.path, headers: request.headers ?? {}, query: request.query ?? {}, json: request.json });
      const { status = 200, text } = left.length > 1 ? left.shift()! : left[0]!;
      return { status, headers: {}, text, body: parseJson(text) };
    },
    close: async () => undefined,
  };
  const credentials = { sellerId: '123456', apiKey: 'key', apiSecret: 'secret', integratorName: 'SelfIntegration' };
  return { channelId: 'c', credentials, settings: settings(changes), testMode: false, http, now: () => new Date(1794303010000) };
}
const window = { storeFront: 'RO', from: new Date(1794000000000), to: new Date(1794400000000) };
const orders = (name: string): Promise<PullPage<ChannelOrderRecord>> => trendyol.orders!.pull(storeAnswering([{ text: fixture(name) }]), window, null);

describe('an order as the platform sends it', () => {
  test('is read with exact amounts, the true time and the whole tracking number', async () => {
    const page = await orders('orders-stream');
    expect(page.next).toEqual({ nextCursor: '4b1f6a52-7c0e-4f3e-9a53-2f8f1d2b7c11', from: 1794000000000, to: 1794400000000 });
    expect(page.unreadable).toEqual([]);
    const { raw, ...order } = page.items[0]!;
    expect(raw).toMatchObject({ somethingNewSinceYesterday: { deep: [1, { er: true }] }, cargoTrackingNumber: '72800999000012345678' });
    const lei = (amount: string): object => ({ amount, currency: 'RON' });
    const address = { name: 'Ioana Exemplu', company: '', street: 'Str. Exemplu 10', city: 'Dumbravita', region: 'Timis', postalCode: '307160', country: 'RO' };
    expect(order).toEqual({
      externalId: '3412345678',
      externalNumber: '10912345678',
      storeFront: 'RO',
      status: 'processing',
      rawStatus: 'Picking',
      modifiedAt: new Date(1794305100000),
      orderedAt: new Date(1794303005000),
      shipBy: new Date(1794517140000),
      originExternalIds: [],
      customer: { name: 'Ioana Exemplu', email: 'pf+abc123de@trendyolmail.com', phone: '7xxxxxxxx' },
      shipTo: { ...address, phone: '7xxxxxxxx' },
      billTo: { ...address, phone: '' },
      lines: [
        {
          externalId: '5812345678',
          productExternalId: '5941234567899',
          sku: 'TRB-0042-M-NG',
          barcode: '5941234567899',
          title: 'Tricou bumbac organic, M',
          quantity: 2,
          unitPrice: lei('89.90'),
          total: lei('179.80'),
          discount: lei('20.00'),
          vatRate: '21',
          cancelled: false,
        },
      ],
      total: lei('179.80'),
      discount: lei('20.00'),
      cargoProvider: 'FAN Courier',
      trackingNumber: '72800999000012345678',
      trackingLink: 'https://tracking.trendyol.com/?id=72800999000012345678',
    });
  });

  test('odd ones are read as what they are, unreadable ones are set aside', async () => {
    const page = await orders('orders-special');
    expect(page.next).toBeNull();
    const byId = new Map(page.items.map((order) => [order.externalId, order]));
    expect(byId.get('3412345001')).toMatchObject({
      status: 'pending',
      rawStatus: 'Awaiting',
      shipTo: null,
      billTo: null,
      customer: { name: '', email: '', phone: '' },
      trackingNumber: '',
    });
    expect(byId.get('3412345002')).toMatchObject({ status: 'unknown', rawStatus: 'Teleported', trackingNumber: '7280099900001234' });
    expect(byId.get('3412345003')).toMatchObject({ status: 'superseded', externalNumber: '10912345003' });
    expect(byId.get('3412345004')).toMatchObject({ status: 'new', externalNumber: '10912345003', originExternalIds: ['3412345003'] });
    expect(byId.get('3412345005')).toMatchObject({
      status: 'processing',
      total: { amount: '850.00', currency: 'TRY' },
      discount: { amount: '150.00' },
      shipTo: { street: 'Caddebostan Mah., Bağdat Cad. 5, Daire 3', city: 'İstanbul', region: 'Kadıköy' },
      billTo: { company: 'Örnek Ltd. Şti.', taxNumber: '1234567890', taxOffice: 'Kadıköy' },
    });
    expect(byId.get('11650604')).toMatchObject({
      status: 'delivered',
      total: { amount: '99.90' },
      discount: { amount: '7.90' },
      lines: [{ externalId: '56040534', sku: 'OLD-1', unitPrice: { amount: '99.90' }, total: { amount: '99.90' }, discount: { amount: '7.90' }, vatRate: '8' }],
    });
    expect(page.items).toHaveLength(6);
    expect(page.unreadable).toEqual([
      {
        externalId: '3412345007',
        reason: expect.stringContaining('orderDate') as unknown,
        raw: expect.objectContaining({ orderNumber: '10912345007' }) as unknown,
      },
      { externalId: 'unknown', reason: expect.stringMatching(/\S/) as unknown, raw: 'not even an object' },
    ]);
  });

  test('later pages are asked for with the window of the first, however late', async () => {
    await trendyol.orders!.pull(storeAnswering([{ text: fixture('orders-special') }]), { ...window, to: new Date() }, { nextCursor: 'abc', from: 1, to: 2 });
    expect(requests.at(-1)?.query).toEqual({ lastModifiedStartDate: 1, lastModifiedEndDate: 2, size: 200, nextCursor: 'abc' });
  });

  test('a stream that says more but not where is a bad response, not the end', async () => {
    const store = storeAnswering([{ text: '{"hasMore":true,"nextCursor":null,"content":[]}' }]);
    await expect(trendyol.orders!.pull(store, window, null)).rejects.toMatchObject({ kind: 'bad_response' });
  });

  test('line totals meet the package total whatever the cents of the units', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 0, max: 1000 })), { minLength: 1, maxLength: 6 }),
        async (units) => {
          const price = units.reduce((sum, [cents]) => sum + cents, 0);
          const discount = units.reduce((sum, [, cents]) => sum + cents, 0);
          const text = JSON.stringify({
            hasMore: false,
            content: [
              {
                shipmentPackageId: 1,
                orderNumber: '1',
                orderDate: 1,
                lastModifiedDate: 1,
                status: 'Created',
                currencyCode: 'RON',
                packageTotalPrice: price / 100,
                packageTotalDiscount: discount / 100,
                lines: [
                  {
                    lineId: 1,
                    quantity: units.length,
                    lineUnitPrice: Math.round(price / units.length) / 100,
                    discountDetails: units.map(([cents, off]) => ({ lineItemPrice: cents / 100, lineItemSellerDiscount: off / 100, lineItemTyDiscount: 0 })),
                  },
                ],
              },
            ],
          });
          const [order] = (await trendyol.orders!.pull(storeAnswering([{ text }]), window, null)).items;
          expect(order!.lines[0]!.total).toEqual(toMoney(price, 'RON'));
          expect(order!.lines[0]!.total).toEqual(order!.total);
          expect(order!.lines[0]!.discount).toEqual(order!.discount);
        },
      ),
      { numRuns: 50 },
    ));
});

describe('the table of statuses', () => {
  test.each([
    ['Awaiting', 'pending'],
    ['Verified', 'pending'],
    ['Created', 'new'],
    ['Picking', 'processing'],
    ['Invoiced', 'processing'],
    ['Shipped', 'shipped'],
    ['AtCollectionPoint', 'shipped'],
    ['UnDelivered', 'delivery_failed'],
    ['Delivered', 'delivered'],
    ['Returned', 'returned'],
    ['Cancelled', 'cancelled'],
    ['UnSupplied', 'cancelled'],
    ['UnPacked', 'superseded'],
    ['AT_COLLECTION_POINT', 'shipped'],
    ['UNPACKED', 'superseded'],
    ['Repack', 'unknown'],
    ['', 'unknown'],
  ])('%s is %s', (wire, ours) => expect(toStatus(wire)).toBe(ours));
});

describe('the time of an order', () => {
  const at = 1794303005000;
  const hours = 3_600_000;
  const history = [
    { createdDate: at + 20_000, status: 'Awaiting' },
    { createdDate: at + 90_000, status: 'Created' },
  ];
  test.each([
    ['three hours ahead of its history is Istanbul time', at + 3 * hours, history, 'RO', 'detect', at],
    ['in step with its history is already right', at, history, 'RO', 'detect', at],
    ['ahead of a first entry that came late is Istanbul time too', at + 3 * hours, [{ createdDate: at + 1.5 * hours, status: 'Created' }], 'RO', 'detect', at],
    ['without history, in Türkiye, is Istanbul time', at + 3 * hours, [], 'TR', 'detect', at],
    ['without history but after the last change is Istanbul time', at + 3 * hours, [], 'RO', 'detect', at],
    ['is taken as sent when the store says so', at + 3 * hours, history, 'RO', 'utc', at + 3 * hours],
    ['is moved when the store says so', at, history, 'RO', 'istanbul', at - 3 * hours],
  ] as const)('%s', (_what, orderDate, packageHistories, storeFront, mode, expected) => {
    expect(toOrderedAt({ orderDate, packageHistories: [...packageHistories], lastModifiedDate: at + 60_000 }, storeFront, mode)).toEqual(new Date(expected));
  });
});

describe('addresses', () => {
  const wire = (parts: Partial<WireAddress>): WireAddress => packageSchema.shape.shipmentAddress.parse({ id: 5, ...parts }) as WireAddress;
  test('without street and city it is not filled in yet', () => expect(toAddress(wire({ countryCode: 'RO' }))).toBeNull());
  test('masked or with id 0 it is none', () => {
    expect(toAddress(wire({ id: '0', address1: 'Str. 1', city: 'Cluj' }))).toBeNull();
    expect(toAddress(wire({ fullName: '*** ***', address1: 'Str. 1', city: 'Cluj' }))).toBeNull();
  });
  test('a Gulf address has a state, and its short address when there is no street', () => {
    expect(toAddress(wire({ fullName: 'A B', shortAddress: 'RRRD2929', city: 'Riyadh', stateName: 'Riyadh Province', countryCode: 'SA' }))).toMatchObject({
      street: 'RRRD2929',
      region: 'Riyadh Province',
    });
  });
  test('two equal address lines are one', () =>
    expect(toAddress(wire({ address1: 'Str. 1', address2: 'Str. 1', city: 'Cluj' }))).toMatchObject({ street: 'Str. 1' }));
});

describe('products', () => {
  test('approved cards become one record per barcode; a variant without barcode is set aside', async () => {
    const page = await trendyol.products!.pull(storeAnswering([{ text: fixture('products-approved') }]), { list: 'approved', page: 0 });
    expect(page.next).toBeNull();
    expect(page.items[0]).toEqual({
      externalId: '5941234567899',
      barcode: '5941234567899',
      sku: 'TRB-0042-M-NG',
      title: 'Tricou bumbac organic',
      brand: 'EXEMPLU',
      category: 'Tricou',
      status: 'live',
      statusReason: '',
      price: { amount: '94.90', currency: 'RON' },
      listPrice: { amount: '129.90', currency: 'RON' },
      currency: 'RON',
      quantity: 17,
      url: 'https://www.trendyol.com/x/y-p-900100200?merchantId=123456',
      imageUrl: 'https://cdn.dsmcdn.com/x_org_zoom.jpg',
      attributes: { Culoare: 'Negru', Mărime: 'M' },
    });
    expect(page.items.slice(1)).toMatchObject([
      { status: 'blocked', statusReason: 'Locked: CriticalPriceError', quantity: null },
      { status: 'archived', brand: '', imageUrl: '' },
    ]);
    expect(page.unreadable).toMatchObject([{ reason: expect.stringContaining('barcode') as unknown }]);
  });

  test('unapproved ones say why, and the approved list follows', async () => {
    const page = await trendyol.products!.pull(storeAnswering([{ text: fixture('products-unapproved') }]), null);
    expect(page.next).toEqual({ list: 'approved', page: 0 });
    expect(page.items).toMatchObject([
      { status: 'rejected', statusReason: 'Imagine: Fundalul nu este alb', imageUrl: 'https://cdn.example.com/a.jpg', quantity: 25 },
      { status: 'pending', statusReason: 'Trendyol asks for a document: upload it in the seller panel', imageUrl: 'https://cdn.example.com/h.jpg' },
    ]);
  });

  const flags = { archived: false, locked: false, lockReason: '', blacklisted: false, hasViolation: false, docNeeded: false, onSale: true };
  test.each([
    [{}, 'live'],
    [{ onSale: false }, 'inactive'],
    [{ locked: true }, 'blocked'],
    [{ blacklisted: true }, 'blocked'],
    [{ hasViolation: true }, 'blocked'],
    [{ archived: true, locked: true }, 'archived'],
    [{ docNeeded: true }, 'live'],
    [{ onSale: undefined }, 'inactive'],
  ])('flags %j are %s', (changes, status) => expect(toState({ ...flags, ...changes })).toMatchObject({ status }));

  test('pages go up to 10,000 rows, then by token; without one nothing is silently left out', async () => {
    const rows = JSON.stringify({
      totalElements: 30_000,
      totalPages: 300,
      nextPageToken: 'more',
      content: Array.from({ length: 100 }, (_, i) => ({ contentId: i, variants: [] })),
    });
    const pull = (cursor: unknown, text = rows): Promise<PullPage<unknown>> => trendyol.products!.pull(storeAnswering([{ text }]), cursor);
    expect((await pull({ list: 'approved', page: 98 })).next).toEqual({ list: 'approved', page: 99 });
    expect((await pull({ list: 'approved', page: 99 })).next).toEqual({ list: 'approved', page: 100, token: 'more' });
    expect((await pull({ list: 'approved', page: 100, token: 'more' })).next).toEqual({ list: 'approved', page: 101, token: 'more' });
    expect(requests.at(-1)?.query).toEqual({ size: 100, nextPageToken: 'more' });
    await expect(pull({ list: 'approved', page: 99 }, rows.replace('"more"', 'null'))).rejects.toMatchObject({ kind: 'bad_response' });
  });
});

describe('a batch', () => {
  const batches = JSON.parse(fixture('batches')) as Record<string, unknown>;
  const items: PushItem[] = ['5941234567899', '5941234567905', '5941234567912'].map((barcode, i) => ({
    pushId: `p${i}`,
    externalId: barcode,
    barcode,
    quantity: 1,
  }));
  const read = (name: string, ageMs = 5000): unknown => toBatchAnswer(batchSchema.parse(batches[name]), items, settings(), new Date(1794303005000 + ageMs));
  const ok = (pushId: string): object => ({ pushId, state: 'confirmed', reasons: [] });

  test('without top status is finished when every item is', () => {
    expect(read('mixed')).toEqual({ state: 'finished', results: [ok('p0'), { pushId: 'p1', state: 'refused', reasons: ['Ürün bulunamadı'] }, ok('p2')] });
  });
  test('with undecided items is running and tells what is decided', () =>
    expect(read('halfway')).toEqual({ state: 'running', results: [ok('p0')], pollAfterMs: 4000 }));
  test('completed without items is still running, less often as time goes by', () => {
    expect(read('hasty')).toEqual({ state: 'running', results: [], pollAfterMs: 4000 });
    expect(read('hasty', 120_000)).toMatchObject({ pollAfterMs: 60_000 });
    expect(read('hasty', 3_600_000)).toMatchObject({ pollAfterMs: 300_000 });
  });
  test('completed with fewer items than sent is still running', () => expect(read('partial')).toMatchObject({ state: 'running', results: [ok('p0')] }));
  test('in progress is running', () => expect(read('inProgress')).toMatchObject({ state: 'running' }));
  test('all nulls is unknown', () => expect(read('forgotten')).toEqual({ state: 'unknown', results: [] }));
  test('that misses an item leaves it unknown', () => {
    expect(read('other')).toMatchObject({
      state: 'finished',
      results: [{ state: 'refused', reasons: [expect.any(String)] }, { state: 'unknown' }, { state: 'unknown' }],
    });
  });
});

describe('what goes out', () => {
  const refusedFor = async (changes: Partial<PushItem>): Promise<unknown> => {
    const item: PushItem = { pushId: 'p', externalId: 'A', barcode: 'A', quantity: 1, ...changes };
    const { results, batchId } = await trendyol.stock!.push(storeAnswering([{ text: '{"batchRequestId":"b"}' }]), [item]);
    return batchId === null ? results[0]?.reasons[0] : undefined;
  };
  const ron = (amount: string, currency = 'RON'): { amount: string; currency: string } => ({ amount, currency });
  test.each([
    [{ quantity: 20_000 }, undefined],
    [{ quantity: 20_001 }, '0 to 20,000'],
    [{ quantity: 1.5 }, 'whole pieces'],
    [{ barcode: '' }, 'no barcode'],
    [{ price: ron('10', 'EUR') }, 'sells in RON'],
    [{ price: ron('10'), listPrice: ron('9.99') }, 'below the price'],
    [{ price: ron('9.99'), listPrice: ron('10') }, undefined],
  ])('%j is refused: %s', async (changes, reason) => {
    const said = await refusedFor(changes);
    if (reason === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(reason);
  });

  test('a price alone is sent as both prices', async () => {
    await refusedFor({ quantity: undefined as never, price: ron('94.90') });
    expect(requests.at(-1)?.json).toEqual({ items: [{ barcode: 'A', salePrice: 94.9, listPrice: 94.9 }] });
  });

  test('headers are the ones the gateway asks for', async () => {
    await openClient(storeAnswering([{ text: '{}' }], { turkiyeHeader: '1' })).call({ method: 'GET', path: '/x/{s}', storeFront: 'GR' });
    expect(requests.at(-1)).toMatchObject({
      path: '/x/123456',
      headers: {
        'user-agent': '123456 - SelfIntegration',
        storefrontcode: 'GR',
        'accept-language': 'el',
        authorization: `Basic ${Buffer.from('key:secret').toString('base64')}`,
      },
    });
    await openClient(storeAnswering([{ text: '{}' }], { turkiyeHeader: '1', language: 'en' })).call({ method: 'GET', path: '/x', storeFront: 'TR' });
    expect(requests.at(-1)?.headers).toMatchObject({ storefrontcode: '1', 'accept-language': 'en' });
  });
});

describe('refusals', () => {
  const cases = JSON.parse(fixture('refusals')) as { name: string; status: number; body?: unknown; text?: string; kind: string; code: string }[];
  test.each(cases)('$name', async ({ status, body, text, kind, code }) => {
    const client = openClient(storeAnswering([{ status, text: text ?? JSON.stringify(body) }]));
    const error: unknown = await client.call({ method: 'GET', path: '/x', storeFront: 'RO' }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ConnectorError);
    expect(error).toMatchObject({ kind, code, inDoubt: false });
    expect((error as ConnectorError).message).toMatch(/^[A-Z].*[.…]|Barkod hatalı$/);
  });
});

describe('the manifest', () => {
  const { manifest } = trendyol;
  test('every field of the forms is known to its schema, and the defaults are accepted', () => {
    const defaults = Object.fromEntries(manifest.settings.map((field) => [field.name, field.defaultValue]));
    expect(manifest.settingsSchema.parse(defaults)).toEqual(defaults);
    expect(manifest.settingsSchema.parse({})).toEqual(defaults);
    expect(manifest.credentialsSchema.parse({ sellerId: ' 123456 ', apiKey: 'a', apiSecret: 'b' })).toEqual({
      sellerId: '123456',
      apiKey: 'a',
      apiSecret: 'b',
      integratorName: 'SelfIntegration',
    });
  });
  test.each([{ unknown: 1 }, { productStoreFront: 'HU' }, { orderStoreFronts: ['RO', 'RO'] }, { orderPollMinutes: 0 }, { tier: 'free' }])(
    'settings %j are refused',
    (input) => {
      expect(manifest.settingsSchema.safeParse(input).success).toBe(false);
    },
  );
  test.each([{ sellerId: 'abc' }, { sellerId: '../1' }, { integratorName: 'two words' }, { apiKey: '' }, { more: 1 }])(
    'credentials %j are refused',
    (input) => {
      expect(manifest.credentialsSchema.safeParse({ sellerId: '1', apiKey: 'a', apiSecret: 'b', ...input }).success).toBe(false);
    },
  );
  test('orders come from the products’ store front unless others are named', () => {
    expect(trendyol.orders!.storeFronts({ productStoreFront: 'DE' })).toEqual(['DE']);
    expect(trendyol.orders!.storeFronts({ productStoreFront: 'RO', orderStoreFronts: ['RO', 'BG'] })).toEqual(['RO', 'BG']);
    expect(trendyol.orders!.everyMs!({ orderPollMinutes: 7 })).toBe(420_000);
  });
  test('two store fronts of a seller are two stores that share their limits', () => {
    const credentials = { sellerId: '5', apiKey: 'a', apiSecret: 'b' };
    expect(trendyol.accountKey(credentials, { productStoreFront: 'RO' })).not.toBe(trendyol.accountKey(credentials, { productStoreFront: 'DE' }));
    expect(trendyol.quotaAccount(credentials, { productStoreFront: 'RO' })).toBe(trendyol.quotaAccount(credentials, { productStoreFront: 'DE' }));
    expect(trendyol.describe(credentials, { productStoreFront: 'BG', bulgariaCurrency: 'BGN' })).toEqual({
      name: 'Trendyol Bulgaria',
      mark: 'BG',
      currency: 'BGN',
    });
  });
  test('limits follow the tier in Türkiye and the international table elsewhere', () => {
    const per = (changes: object, group: string): number[] =>
      quotaRules(settings(changes))
        .filter((rule) => rule.group === group && rule.windowMs === 60_000)
        .map((rule) => rule.limit);
    expect(per({ productStoreFront: 'TR' }, 'inventory')).toEqual([350]);
    expect(per({ productStoreFront: 'TR', tier: '150k' }, 'read')).toEqual([1500]);
    expect(per({ productStoreFront: 'RO' }, 'inventory')).toEqual([]);
    expect(quotaRules(settings()).filter((rule) => rule.group === 'orders')).toEqual([{ group: 'orders', limit: 1, windowMs: 5000 }]);
  });
});
