import { setTimeout as sleep } from 'node:timers/promises';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { apiKeyFor, atLeast, below, benchDatabase, median, startKaravan } from './measure.ts';
import type { Bench } from './measure.ts';

const heading = 'SKU,Barcode,Title,Description,Brand,Category,Tags,Status,Price,Currency,Compare-at price,Weight (g),Warehouse location';

/** Rows as a seller's file has them: two in three with a description of some length, tags, a category of forty. */
function* csvRows(rows: number, price: number): Generator<string> {
  for (let n = 0; n < rows; n++) {
    yield `BENCH-${String(n).padStart(7, '0')},${4_000_000_000_000 + n},"Product ${n} in blue, size ${n % 40}","${n % 3 === 0 ? '' : `<p>Made of cotton in batch ${n}. ${'Soft, light and washable. '.repeat(6)}</p>`}",Brand ${n % 200},Group ${n % 8} > Kind ${n % 40},"tag${n % 30}, tag${n % 7}",active,${price + (n % 500)}.90,RON,,${100 + (n % 900)},A-${n % 90}-${n % 9}\n`;
  }
}

function csvText(rows: number, price: number): Buffer {
  return Buffer.from(`${heading}\n${[...csvRows(rows, price)].join('')}`);
}

/** The least that putting the same rows into PostgreSQL can cost: COPY to an unlogged staging table and one merge into a table with the product's indexes. */
async function bareCopyAndMerge(url: string, file: Buffer): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      'drop table if exists bare_product; create table bare_product (like product including indexes including defaults including constraints)',
    );
    const began = performance.now();
    await client.query('begin');
    await client.query(
      'create temp table staging (sku text, barcode text, title text, description text, brand text, category text, tags text, status text, price numeric, currency text, compare_at numeric, weight numeric, location text) on commit drop',
    );
    await pipeline(Readable.from([file]), client.query(copyFrom('copy staging from stdin with (format csv, header true)')));
    await client.query(`
      insert into bare_product (id, sku, barcode, title, description, brand, tags, status, price_minor, currency, weight_grams, warehouse_location, created_at, updated_at)
      select uuidv7(), sku, barcode, title, coalesce(description, ''), brand, string_to_array(tags, ', '), status, (price * 100)::bigint, currency, weight, location, now(), now() from staging
      on conflict (sku) do update set title = excluded.title, price_minor = excluded.price_minor, updated_at = excluded.updated_at`);
    await client.query('commit');
    return (performance.now() - began) / 1000;
  } finally {
    await client.end();
  }
}

/** `import`: a CSV of N rows from upload to the end of the run, beside COPY + merge of the same rows in the same database. */
export const importBench: Bench = async ({ rows, say }) => {
  const db = await benchDatabase();
  const karavan = await startKaravan(db.url, 'both');
  try {
    const headers = { authorization: `Bearer ${await apiKeyFor(db.url)}` };
    const importOnce = async (file: Buffer): Promise<{ seconds: number; outcome: Record<string, number> }> => {
      const began = performance.now();
      const response = await fetch(`${karavan.url}/api/products/import?filename=bench.csv`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'text/csv' },
        body: new Uint8Array(file),
      });
      let run = (await response.json()) as { id: string; state: string; outcome: Record<string, number>; error: string | null };
      while (run.state !== 'done') {
        if (run.state === 'failed' || response.status >= 400) throw new Error(JSON.stringify(run));
        await sleep(100);
        run = (await (await fetch(`${karavan.url}/api/runs/${run.id}`, { headers })).json()) as typeof run;
      }
      return { seconds: (performance.now() - began) / 1000, outcome: run.outcome };
    };
    say('the first 5,000 rows, to warm up');
    await importOnce(csvText(5_000, 10));
    const ratios: { ours: number; bare: number }[] = [];
    let peakAfterFirst = 0;
    for (let round = 0; round < 3; round++) {
      await db.query('truncate product, variant_group, category cascade');
      const file = csvText(rows, 20 + round);
      const bare = rows / (await bareCopyAndMerge(db.url, file));
      const { seconds, outcome } = await importOnce(file);
      if (outcome['created'] !== rows) throw new Error(`expected ${rows} created: ${JSON.stringify(outcome)}`);
      ratios.push({ ours: rows / seconds, bare });
      say(`round ${round + 1}: ${Math.round(rows / seconds)} rows/s, bare ${Math.round(bare)} rows/s`);
      if (round === 0) peakAfterFirst = (await karavan.memory()).peak;
    }
    const again = await importOnce(csvText(rows, 22));
    if (again.outcome['unchanged'] !== rows) throw new Error(`the same file changed something: ${JSON.stringify(again.outcome)}`);
    const changed = await importOnce(csvText(rows, 60));
    const peak = (await karavan.memory()).peak;
    return [
      atLeast(`${rows.toLocaleString('en')} new rows`, 'rows/s', median(ratios.map((one) => one.ours)), median(ratios.map((one) => one.bare)), 0.25),
      { metric: 'the same file again (nothing changes)', value: rows / again.seconds, unit: 'rows/s', limit: null, ratio: null, target: '', holds: true },
      { metric: 'every price changed', value: rows / changed.seconds, unit: 'rows/s', limit: null, ratio: null, target: '', holds: true },
      below('growth of the highest memory after the first import', 'MB', peak - peakAfterFirst, 150),
    ];
  } finally {
    await karavan.stop();
    await db.stop();
  }
};
