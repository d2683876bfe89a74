import { systemActor } from '../server/src/kit/actor.ts';
import type { Db } from '../server/src/kit/db.ts';
import { listProducts } from '../server/src/modules/catalog/list.ts';
import { encodeCursor } from '../server/src/kit/page.ts';
import { apiKeyFor, atLeast, atMost, benchDatabase, fire, median, startKaravan, startProgram } from './measure.ts';
import type { Bench, Load } from './measure.ts';

type Query = (text: string, values?: unknown[]) => Promise<unknown>;

/** Products with price, tags, stock, a picture and their state on three stores, written straight into the tables. */
async function fill(query: Query, rows: number): Promise<void> {
  await query("insert into company (id, name, is_default, created_at) values (uuidv7(), 'Bench', true, now())");
  await query(`
    insert into channel (id, platform, name, mark, series, currency, company_id, account_key, credentials_sealed, created_at, updated_at)
    select uuidv7(), 'trendyol', 'Store ' || n, 'S' || n, n, 'RON', (select id from company), 'account ' || n, '', now(), now() from generate_series(1, 3) n`);
  await query(
    "insert into category (id, name, path, created_at, updated_at) select uuidv7(), 'Category ' || n, 'Category ' || n, now(), now() from generate_series(1, 40) n",
  );
  await query('create temp table made as select n, uuidv7() as id from generate_series(1, $1::int) n', [rows]);
  await query(`
    insert into product (id, sku, barcode, title, brand, category_id, tags, status, price_minor, currency, created_at, updated_at)
    select made.id, 'BENCH-' || lpad(n::text, 7, '0'), (4000000000000 + n)::text, 'Product ' || n || ' in blue, size ' || n % 40, 'Brand ' || n % 200, categories.ids[1 + n % 40],
      array['tag' || n % 30, 'season' || n % 7], case when n % 10 = 0 then 'draft' else 'active' end, 1990 + n % 50000, 'RON',
      timestamptz '2026-01-01' + make_interval(secs => n), timestamptz '2026-01-01' + make_interval(secs => n)
    from made, (select array_agg(id) as ids from category) as categories`);
  await query("insert into product_image (id, product_id, position, url) select uuidv7(), id, 0, 'https://pictures.example/' || n || '.jpg' from made");
  await query('insert into product_stock (product_id, available, on_hand, reserved, synced_at) select id, n % 300, n % 300 + n % 4, n % 4, now() from made');
  await query(`
    insert into listing (id, channel_id, product_id, state, created_at, updated_at)
    select uuidv7(), channel.id, made.id, (array['live', 'live', 'live', 'sending', 'refused'])[1 + n % 5], now(), now() from made, channel where (n + series) % 3 > 0`);
  await query('vacuum analyze');
}

/** The list's own statement, caught on its way to the database. */
async function statementOf(): Promise<{ text: string; values: unknown[] }> {
  let caught: { text: string; values: unknown[] } | undefined;
  const db = {
    prepared: async (_name: string, text: string, values: readonly unknown[]) => {
      caught = { text, values: [...values] };
      return [];
    },
  } as unknown as Db;
  await listProducts(db, systemActor, { limit: 50, sort: 'newest' });
  if (caught === undefined) throw new Error('the list did not use a prepared statement');
  return caught;
}

/** `list`: the newest 50 of N products over 8 connections, beside a bare server with the same statement; page 5,000 beside page 1; exact SKU. */
export const listBench: Bench = async ({ rows, say }) => {
  const db = await benchDatabase();
  // One connection, since the products are made by way of a temporary table.
  say(`${rows.toLocaleString('en')} products`);
  await fill(db.one, rows);
  const karavan = await startKaravan(db.url, 'api');
  const bare = await startProgram('bench/bare-list.ts', { DATABASE_URL: db.url, STATEMENT: JSON.stringify(await statementOf()) }, /listening on (\S+)/);
  try {
    const headers = { authorization: `Bearer ${await apiKeyFor(db.url)}` };
    const pages = Math.min(5000, Math.floor(rows / 50) - 1);
    const [far] = await db.query('select id, created_at from product order by created_at desc, id desc offset $1 limit 1', [pages * 50 - 1]);
    if (far === undefined) throw new Error('there are too few products for a second page');
    const cursor = encodeCursor('newest', [(far['created_at'] as Date).toISOString(), far['id'] as string]);
    const list = `${karavan.url}/api/products?limit=50`;
    const rounds: { ours: Load; bare: Load; far: Load; sku: Load }[] = [];
    for (let round = 0; round < 4; round++) {
      const one = {
        bare: await fire(bare.url, {}),
        ours: await fire(list, headers),
        far: await fire(`${list}&cursor=${cursor}`, headers),
        sku: await fire(`${karavan.url}/api/products?limit=50&search=BENCH-${String(rows / 2).padStart(7, '0')}`, headers),
      };
      say(
        `round ${round}: ${Math.round(one.ours.perSecond)} req/s, bare ${Math.round(one.bare.perSecond)}, page ${pages} ${Math.round(one.far.perSecond)}, exact SKU ${Math.round(one.sku.perSecond)}`,
      );
      // The first round warms both up.
      if (round > 0) rounds.push(one);
    }
    const of = (pick: (round: (typeof rounds)[number]) => number): number => median(rounds.map(pick));
    return [
      atLeast(
        `newest 50 of ${rows.toLocaleString('en')}`,
        'req/s',
        of((one) => one.ours.perSecond),
        of((one) => one.bare.perSecond),
        0.4,
      ),
      atMost(
        `page ${pages.toLocaleString('en')} beside page 1, 97.5th percentile`,
        'ms',
        of((one) => one.far.p975),
        of((one) => one.ours.p975),
        1.3,
      ),
      atLeast(
        'exact SKU',
        'req/s',
        of((one) => one.sku.perSecond),
        of((one) => one.ours.perSecond),
        1,
      ),
    ];
  } finally {
    await bare.stop();
    await karavan.stop();
    await db.stop();
  }
};
