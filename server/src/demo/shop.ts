import { systemActor } from '../kit/actor.ts';
import type { App } from '../app.ts';
import { sql } from '../kit/db.ts';
import { drain } from '../kit/jobs.ts';
import { closeChangeSet, openChangeSet } from '../modules/accounts/changes.ts';
import { createCompany, createUser, getShop, putFxRate, saveShop } from '../modules/accounts/accounts.ts';
import { createProducts, ensureCategories } from '../modules/catalog/catalog.ts';
import { connectStore, getConnector, setWrites } from '../modules/channels/channels.ts';
import { ensureItems, setOnHand } from '../modules/inventory/inventory.ts';
import { raiseWatermark } from '../modules/sync/sync.ts';
import { assortment } from './assortment.ts';
import type { DemoProduct } from './assortment.ts';

/** The control side of the sandbox. */
export interface Market {
  world(body: unknown): Promise<void>;
  orders(body: unknown): Promise<void>;
  demand(body: unknown): Promise<void>;
}

export function openMarket(sandboxUrl: string): Market {
  const post = async (path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${sandboxUrl}/__sandbox/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The simulated market refused ${path}: ${await response.text()}`);
  };
  return { world: (body) => post('world', body), orders: (body) => post('world/orders', body), demand: (body) => post('world/demand', body) };
}

const EUR_RON = '5.0915';
const sellers = [
  {
    sellerId: 402_118,
    apiKey: 'demo-key-ro',
    apiSecret: 'demo-secret-ro',
    storeFronts: ['RO'],
    front: 'RO',
    name: 'Trendyol RO',
    mark: 'RO',
    share: 3,
    perMinute: 2,
    past: 620,
  },
  {
    sellerId: 402_119,
    apiKey: 'demo-key-de',
    apiSecret: 'demo-secret-de',
    storeFronts: ['DE'],
    front: 'DE',
    name: 'Trendyol DE',
    mark: 'DE',
    share: 2,
    perMinute: 0.6,
    past: 160,
  },
] as const;
type Seller = (typeof sellers)[number];
const HISTORY_MS = 13 * 24 * 3600 * 1000;

/** What stands on a store front at the beginning: most of the shop, a few things under codes we do not know, one thing twice. */
function offered(products: readonly DemoProduct[], seller: Seller): Record<string, unknown>[] {
  const inEuro = (minor: number): number => Math.round(minor / Number(EUR_RON)) / 100;
  return products
    .filter((_, index) => index % 4 < seller.share)
    .map((product, index) => {
      const unknown = index % 331 === 7;
      const price = seller.front === 'RO' ? product.priceMinor / 100 : inEuro(product.priceMinor * 1.08);
      return {
        sellerId: seller.sellerId,
        storeFront: seller.front,
        barcode: unknown ? `OLD${product.barcode.slice(5)}` : product.barcode,
        stockCode: unknown ? `ARCHIVE-${product.sku}` : product.sku,
        title: product.options['Colour'] === undefined ? product.groupTitle : `${product.groupTitle}, ${product.options['Colour'].toLowerCase()}`,
        productMainId: product.group,
        brand: product.brand,
        category: product.category[1],
        attributes: [
          ...(product.options['Colour'] === undefined ? [] : [{ attributeId: 47, attributeName: 'Colour', attributeValue: product.options['Colour'] }]),
          ...(product.options['Size'] === undefined ? [] : [{ attributeId: 338, attributeName: 'Size', attributeValue: product.options['Size'] }]),
        ],
        salePrice: price,
        listPrice: price,
        quantity: product.stock,
        images: [product.image],
      };
    });
}

/** Goods of the marketplaces as Karavan last saw them, after a restart of both. */
async function remembered(app: App, seller: Seller): Promise<Record<string, unknown>[]> {
  const rows = await app.db.rows<{
    barcode: string;
    sku: string;
    title: string;
    brand: string;
    category: string;
    price: number;
    quantity: number;
    image_url: string;
  }>(sql`
    select cp.barcode, cp.sku, cp.title, cp.brand, cp.category, coalesce(cp.price_minor, 100) as price, coalesce(cp.quantity, 0)::float8 as quantity, cp.image_url
    from channel_product cp join channel on channel.id = cp.channel_id
    where channel.account_key like ${`${seller.sellerId}%`} and cp.barcode <> ''`);
  return rows.map((row) => ({
    sellerId: seller.sellerId,
    storeFront: seller.front,
    barcode: row.barcode,
    stockCode: row.sku,
    title: row.title,
    brand: row.brand || 'Levant Home',
    category: row.category || 'Home',
    salePrice: row.price / 100,
    listPrice: row.price / 100,
    quantity: row.quantity,
    images: row.image_url === '' ? [] : [row.image_url],
  }));
}

const toSeller = ({ sellerId, apiKey, apiSecret, storeFronts }: Seller) => ({ sellerId, apiKey, apiSecret, storeFronts, tier: 'international' });

/** People, companies and rates of the demo. Returns the ids of the two companies. */
async function createPeople(app: App, demo: { email: string; password: string }): Promise<Record<Seller['front'], string>> {
  return app.db.transaction(async (tx) => {
    await saveShop(tx, systemActor, { name: 'Levant Home', timeZone: 'Europe/Bucharest', currency: 'RON', demo: true });
    const ro = await createCompany(tx, systemActor, { name: 'Levant Home SRL', country: 'RO', currency: 'RON', isDefault: true });
    const de = await createCompany(tx, systemActor, { name: 'Levant Home GmbH', country: 'DE', currency: 'EUR' });
    await createUser(tx, systemActor, { email: demo.email, name: 'Ioana Petrescu', password: demo.password, role: 'owner' });
    await putFxRate(tx, systemActor, {
      source: 'manual',
      base: 'EUR',
      quote: 'RON',
      onDate: new Date(tx.now.getTime() - 60 * 86_400_000).toISOString().slice(0, 10),
      value: EUR_RON,
    });
    return { RO: ro.id, DE: de.id };
  });
}

/** The whole assortment with pictures, costs and counted stock. */
async function createAssortment(app: App, products: readonly DemoProduct[]): Promise<void> {
  await app.db.transaction(async (tx) => {
    const changeSetId = await openChangeSet(tx, systemActor, { kind: 'import', reason: 'The demo shop' });
    const categories = await ensureCategories(tx, changeSetId, [...new Set(products.map((product) => product.category.join(' / ')))]);
    const ids = await createProducts(
      tx,
      changeSetId,
      products.map((product) => ({
        sku: product.sku,
        barcode: product.barcode,
        title: product.title,
        description: product.description,
        brand: product.brand,
        categoryId: categories.get(product.category.join(' / ')) ?? null,
        group: { handle: product.group, title: product.groupTitle },
        options: product.options,
        attributes: {},
        tags: product.tags,
        status: 'active',
        price: { amount: (product.priceMinor / 100).toFixed(2), currency: product.currency },
        compareAtPrice: product.compareAtMinor === null ? null : { amount: (product.compareAtMinor / 100).toFixed(2), currency: product.currency },
        vatRate: product.category[0] === 'Pantry' ? 11 : 21,
        weightGrams: product.weightGrams,
        warehouseLocation: product.location,
        images: [{ url: product.image, alt: product.title }],
        cost: { amount: product.unitCost, currency: product.currency },
      })),
    );
    await closeChangeSet(tx, changeSetId);
    await ensureItems(
      tx,
      systemActor,
      products.map((product, index) => ({ productId: ids[index] ?? '', sku: product.sku, name: product.title, location: product.location })),
    );
    await setOnHand(
      tx,
      systemActor,
      { cause: 'opening', note: 'First count' },
      products.map((product, index) => ({ productId: ids[index] ?? '', quantity: product.stock })),
    );
  });
}

/** Orders of the last two weeks, most of them on their way or delivered, the newest still to be sent. */
async function placePastOrders(market: Market): Promise<void> {
  for (const seller of sellers) {
    const { sellerId, front } = seller;
    await market.orders({
      trendyol: {
        sellerId,
        storeFront: front,
        count: seller.past,
        spreadMs: HISTORY_MS,
        progress: { pickingMs: 3 * 3_600_000, shippedMs: 20 * 3_600_000, deliveredMs: 60 * 3_600_000 },
        force: true,
      },
    });
    await market.orders({ trendyol: { sellerId, storeFront: front, count: 14, spreadMs: 30 * 3_600_000 } });
  }
}

const startDemand = async (market: Market): Promise<void> => {
  for (const seller of sellers) {
    await market.demand({
      trendyol: {
        sellerId: seller.sellerId,
        storeFront: seller.front,
        ordersPerMinute: seller.perMinute,
        progress: { pickingMs: 240_000, shippedMs: 900_000, deliveredMs: 5_400_000 },
        cancelShare: 0.04,
      },
    });
  }
};

/** Fills an empty installation, or brings the market back to what it was when we stopped; then shoppers begin to buy. */
export async function fillShop(app: App, market: Market, demo: { email: string; password: string }): Promise<void> {
  if ((await getShop(app.db)).demo) {
    for (const seller of sellers) await market.world({ trendyol: { sellers: [toSeller(seller)], products: await remembered(app, seller) } });
    return startDemand(market);
  }
  const products = assortment();
  const companies = await createPeople(app, demo);
  await createAssortment(app, products);
  for (const seller of sellers) {
    await market.world({ trendyol: { sellers: [toSeller(seller)], products: offered(products, seller) } });
  }
  await placePastOrders(market);
  const connector = getConnector(app, 'trendyol');
  for (const seller of sellers) {
    const id = await app.db.transaction((tx) =>
      connectStore(
        tx,
        systemActor,
        { connector, vault: app.vault },
        {
          name: seller.name,
          mark: seller.mark,
          companyId: companies[seller.front],
          credentials: { sellerId: String(seller.sellerId), apiKey: seller.apiKey, apiSecret: seller.apiSecret },
          settings: { productStoreFront: seller.front, orderPollMinutes: 1 },
        },
      ),
    );
    await drain(app.loops);
    await app.db.transaction(async (tx) => {
      await setWrites(tx, systemActor, connector, { id, on: true, stockSource: 'ours' });
      // There was nothing before: the first look need not go back three months.
      await raiseWatermark(tx, id, `orders:${seller.front}`, new Date(tx.now.getTime() - HISTORY_MS));
    });
  }
  await startDemand(market);
}
