import { afterEach, describe, expect, it } from 'vitest';
import { addProducts, openBench, product, SELLER, START } from '../testing.ts';
import type { Bench, Body, Reply } from '../testing.ts';

const APPROVED = `/product/sellers/${SELLER}/products/approved`;
const INVENTORY = `${APPROVED}/inventory-and-price`;
const UNAPPROVED = `/product/sellers/${SELLER}/products/unapproved`;
const DAY = 86_400_000;

let bench: Bench | undefined;
const open = async (...products: Record<string, unknown>[]): Promise<Bench> => {
  bench = await openBench();
  if (products.length > 0) await addProducts(bench, ...products);
  return bench;
};
afterEach(async () => {
  await bench?.sandbox.close();
  bench = undefined;
});

const colour = (attributeValue: string): object => ({ attributeId: 47, attributeName: 'Culoare', attributeValue });
const size = (attributeValue: string): object => ({ attributeId: 338, attributeName: 'Mărime', attributeValue, attributeValueId: 4295 });
const barcodes = ({ json }: Reply): string[] => json.content.flatMap((card) => card.variants.map((variant) => variant.barcode));

describe('approved products', () => {
  it('are cards of one model and colour, with the sizes as variants', async () => {
    const shirt = { productMainId: 'M', brand: 'EXEMPLU', category: { id: 604, name: 'Tricou' } };
    const one = await open(
      product('M-BLACK-S', { ...shirt, attributes: [colour('Negru'), size('S')] }),
      product('M-BLACK-M', { ...shirt, attributes: [colour('Negru'), size('M')], quantity: 0 }),
      product('M-RED-S', { ...shirt, attributes: [colour('Roșu'), size('S')], archived: true }),
    );
    const { json } = await one.trendyol('GET', `${APPROVED}?orderByDirection=ASC`);
    expect(json).toMatchObject({ totalElements: 2, totalPages: 1, page: 0, size: 50 });
    expect(json.content).toMatchObject([
      {
        productMainId: 'M',
        brand: { name: 'EXEMPLU' },
        category: { id: 604, name: 'Tricou' },
        attributes: [{ attributeId: 47, attributeValue: 'Negru' }],
        variants: [
          {
            barcode: 'M-BLACK-S',
            supplierId: SELLER,
            stock: { quantity: 10 },
            price: { salePrice: 99.9, listPrice: 129.9 },
            onSale: true,
            archived: false,
            vatRate: 21,
            attributes: [{ attributeId: 338, attributeValue: 'S', attributeValueId: 4295 }],
          },
          { barcode: 'M-BLACK-M', stock: { quantity: 0 }, onSale: false },
        ],
      },
      { variants: [{ barcode: 'M-RED-S', archived: true, onSale: false }] },
    ]);
  });

  it('are filtered by what they are', async () => {
    const one = await open(
      product('A', { stockCode: 'SKU' }),
      product('B', { locked: true }),
      product('C', { blacklisted: true, brand: { id: 7, name: 'Seven' } }),
      product('D', { quantity: 0, createdAt: START - 5 * DAY }),
      product('DE', { storeFront: 'DE' }),
    );
    const find = async (query: string): Promise<string[]> => barcodes(await one.trendyol('GET', `${APPROVED}?orderByDirection=ASC&${query}`)).toSorted();
    expect(await find('')).toEqual(['A', 'B', 'C', 'D']);
    expect(await find('barcode=A')).toEqual(['A']);
    expect(await find('barcodes=A,C,NONE,DE')).toEqual(['A', 'C']);
    expect(await find('stockCode=SKU')).toEqual(['A']);
    expect(await find('status=onSale')).toEqual(['A']);
    expect(await find('status=notOnSale')).toEqual(['B', 'C', 'D']);
    expect(await find('status=locked')).toEqual(['B']);
    expect(await find('brandIds=7,8')).toEqual(['C']);
    expect(await find(`dateQueryType=VARIANT_CREATED_DATE&endDate=${START - DAY}`)).toEqual(['D']);
  });

  it('show the whole card to a barcode filter, or only the variant when switched', async () => {
    const one = await open(product('S', { productMainId: 'M' }), product('M', { productMainId: 'M' }));
    expect(barcodes(await one.trendyol('GET', `${INVENTORY}?barcode=S`))).toEqual(['S', 'M']);
    await one.set('POST', '/switches', { trendyol: { filteredVariants: 'matching', deliveryKey: 'deliveryOptions' } });
    expect(barcodes(await one.trendyol('GET', `${APPROVED}?barcode=S`))).toEqual(['S']);
    expect((await one.trendyol('GET', APPROVED)).json.content[0]?.variants[0]).toHaveProperty('deliveryOptions');
  });

  it.each([
    'size=101',
    'size=0',
    'page=-1',
    'page=x',
    'status=sold',
    'orderByDirection=UP',
    'startDate=2026',
    `startDate=${START}&endDate=1`,
    'nextPageToken=zzz',
    'nextPageToken=eyJzb3J0IjpbIngiXX0=',
    'contentId=abc',
    `barcodes=${Array.from({ length: 51 }, (_, i) => i).join(',')}`,
  ])('refuse %s', async (query) => {
    const one = await open(product('A'));
    const reply = await one.trendyol('GET', `${APPROVED}?${query}`);
    if (query === 'startDate=2026') expect(reply.status).toBe(200);
    else expect(reply).toMatchObject({ status: 400, json: { errors: [{ errorCode: '400' }] } });
  });

  it('are reached by pages to 10,000 and by token beyond, each once', async () => {
    const one = await open(...Array.from({ length: 10_250 }, (_, i) => product(`P${i}`)));
    expect((await one.trendyol('GET', `${INVENTORY}?page=101&size=100`)).status).toBe(400);
    const seen = new Set<string>();
    let token: string | null = null;
    let count = 0;
    for (let page = 0; page <= 100; page++) {
      const reply = await one.trendyol('GET', `${INVENTORY}?page=${page}&size=100`);
      expect(reply.json.totalElements).toBe(10_250);
      for (const barcode of barcodes(reply)) seen.add(barcode);
      count += reply.json.content.length;
      token = reply.json.nextPageToken;
    }
    while (token) {
      const reply: Reply = await one.trendyol('GET', `${INVENTORY}?size=100&nextPageToken=${encodeURIComponent(token)}`);
      for (const barcode of barcodes(reply)) seen.add(barcode);
      count += reply.json.content.length;
      token = reply.json.nextPageToken;
    }
    expect([count, seen.size]).toEqual([10_250, 10_250]);
  });

  it('keep their place by token in both directions and under a filter', async () => {
    const one = await open(...Array.from({ length: 25 }, (_, i) => product(`P${i}`, { createdAt: START - (i % 5) * 1000, quantity: i % 2 })));
    for (const query of ['orderByDirection=ASC', 'orderByDirection=DESC', 'status=onSale']) {
      const seen: string[] = [];
      let token: string | null = null;
      do {
        const reply: Reply = await one.trendyol('GET', `${APPROVED}?size=4&${query}${token ? `&nextPageToken=${encodeURIComponent(token)}` : ''}`);
        seen.push(...barcodes(reply));
        token = reply.json.nextPageToken;
      } while (token);
      expect(seen.length).toBe(query === 'status=onSale' ? 12 : 25);
      expect(new Set(seen).size).toBe(seen.length);
    }
  });
});

describe('inventory-and-price', () => {
  it('is the connection test: one row with price and stock', async () => {
    const one = await open(product('A', { quantity: 7 }));
    const { status, json } = await one.trendyol('GET', `${INVENTORY}?page=0&size=1`);
    expect(status).toBe(200);
    expect(json.content).toMatchObject([
      {
        contentId: expect.any(Number),
        productMainId: 'A',
        variants: [
          {
            variantId: expect.any(Number),
            barcode: 'A',
            salePrice: 99.9,
            listPrice: 129.9,
            quantity: 7,
            stockCode: 'SKU-A',
            stockLastModifiedDate: START,
          },
        ],
      },
    ]);
  });

  it('of a shop without products is an empty page', async () => {
    const one = await open();
    expect((await one.trendyol('GET', INVENTORY)).json).toEqual({
      totalElements: 0,
      totalPages: 0,
      page: 0,
      size: 50,
      nextPageToken: null,
      content: [],
    });
  });
});

describe('unapproved products', () => {
  it('are flat rows with their state, until they are approved', async () => {
    const one = await open(product('WAIT', { approved: false }), product('BAD', { approved: false, rejectReasons: ['Imagine neclară'] }), product('OK'));
    const rows = async (query: string): Promise<Body['content']> => (await one.trendyol('GET', `${UNAPPROVED}?${query}`)).json.content;
    expect((await rows('size=1000')).map((row) => [row.barcode, row.status])).toEqual([
      ['WAIT', 'pendingApproval'],
      ['BAD', 'rejected'],
    ]);
    expect(await rows('status=rejected')).toMatchObject([
      { barcode: 'BAD', rejectReasonDetails: [{ rejectReason: 'Imagine neclară' }], images: [{ url: expect.any(String) }], supplierId: SELLER },
    ]);
    expect(await rows('barcodes=WAIT,OK')).toHaveLength(1);
    const { json } = await one.trendyol('GET', `${UNAPPROVED}?size=1`);
    expect((await rows(`size=5&nextPageToken=${encodeURIComponent(json.nextPageToken ?? '')}`)).map((row) => row.barcode)).toEqual(['BAD']);
    expect((await one.trendyol('GET', `${UNAPPROVED}?size=1001`)).status).toBe(400);
    await addProducts(one, product('WAIT', { approved: true }));
    expect(await rows('')).toHaveLength(1);
    expect(barcodes(await one.trendyol('GET', `${APPROVED}?barcode=WAIT`))).toEqual(['WAIT']);
  });
});

describe('one product', () => {
  it('tells its state, or that there is none', async () => {
    const one = await open(product('A b/ç', { archived: true }), product('NEW', { approved: false }));
    const get = (barcode: string): Promise<Reply> => one.trendyol('GET', `/product/sellers/${SELLER}/product/${encodeURIComponent(barcode)}`);
    expect((await get('A b/ç')).json).toEqual({
      barcode: 'A b/ç',
      approved: true,
      approvedDate: START,
      archived: true,
      listingId: expect.stringMatching(/^[0-9a-f]{32}$/),
      contentId: expect.any(Number),
    });
    expect((await get('NEW')).json).toMatchObject({ approved: false, contentId: null, listingId: null });
    expect(await get('NONE')).toMatchObject({ status: 404, json: { errors: [{ key: 'product.not.found', errorCode: '404' }] } });
  });
});
