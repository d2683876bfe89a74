import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/database.ts';
import { productFile } from '../../connectors/shopify/product-file.ts';
import { systemActor } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Database } from '../../kit/db.ts';
import { closeChangeSet, openChangeSet } from '../accounts/changes.ts';
import type { UndoResult } from '../accounts/changes.ts';
import { getRun } from '../sync/sync.ts';
import { createProducts, getProduct, saveProduct } from './catalog.ts';
import type { ProductDraft } from './catalog.ts';
import type { ImportOutcome, ImportProblem, Product } from './contract.ts';
import { exportProducts } from './export.ts';
import { receiveImport } from './import.ts';
import { importRuns } from './import-merge.ts';
import type { ImportExtension } from './import-merge.ts';
import { listProductIds } from './list.ts';
import { catalogUndo } from './undo.ts';

const db = await testDatabase();
const fresh = async (): Promise<void> => {
  await db.pool.query('truncate product, variant_group, category, product_import, run, change_set cascade');
};

interface Options {
  actor?: Actor;
  extensions?: readonly ImportExtension[];
  profile?: string;
  currency?: string;
  database?: Database;
}

const receive = (content: string | Buffer, { actor = systemActor, extensions = [], profile, currency, database = db }: Options) =>
  receiveImport(
    database,
    actor,
    { body: Readable.from([Buffer.from(content as string)]), filename: 'spring.csv', profile, currency },
    { extensions, profiles: [productFile] },
  );

/** Imports a file as the worker does and answers what came of it. */
async function importFile(
  content: string | Buffer,
  options: Options = {},
): Promise<{ outcome: ImportOutcome; problems: ImportProblem[]; changeSetId: string | null }> {
  const { id, subject_id: importId } = await receive(content, options);
  const kind = importRuns(db, options.extensions ?? []);
  while ((await kind.step(await getRun(db, systemActor, id), new AbortController().signal)) === 'more');
  const run = await getRun(db, systemActor, id);
  await db.transaction((tx) => kind.onEnd?.(tx, run, 'done') ?? Promise.resolve());
  const problems = await db.rows<ImportProblem>(
    sql`select row_number as row, sku, column_name as column, value, reason from import_problem where import_id = ${importId} order by row_number`,
  );
  return { outcome: run.outcome as ImportOutcome, problems, changeSetId: run.change_set_id };
}

async function exportFile(purpose: 'import' | 'spreadsheet' = 'import', actor: Actor = systemActor): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of await exportProducts(db, actor, {}, purpose)) parts.push(chunk);
  return Buffer.concat(parts).toString('utf8');
}

async function undo(changeSetId: string): Promise<UndoResult[]> {
  return db.transaction(async (tx) => {
    const undoSetId = await openChangeSet(tx, systemActor, { kind: 'undo', reason: 'Undo', undoOf: changeSetId });
    const results: UndoResult[] = [];
    for (const take of Object.values(catalogUndo).toReversed()) results.push(await take(tx, systemActor, { changeSetId, undoSetId }));
    await closeChangeSet(tx, undoSetId);
    return results;
  });
}

async function products(): Promise<Record<string, Product>> {
  const { ids } = await listProductIds(db, systemActor, {});
  const all = await Promise.all(ids.map((id) => getProduct(db, systemActor, id)));
  return Object.fromEntries(all.map((product) => [product.sku, product]));
}

/** What of a product an export carries: everything but the marks of when and as which row it was made. */
async function content(): Promise<unknown> {
  return Object.values(await products())
    .map(({ id: _id, version: _version, createdAt: _created, updatedAt: _updated, category, group, images, ...rest }) => ({
      ...rest,
      category: category?.path ?? null,
      group: group === null ? null : { handle: group.handle, title: group.title, names: group.optionNames.toSorted() },
      images: images.map(({ url, alt }) => ({ url, alt })),
    }))
    .toSorted((a, b) => (a.sku < b.sku ? -1 : 1));
}

const make = async (drafts: readonly ProductDraft[]): Promise<void> => {
  await db.transaction(async (tx) => {
    const changeSetId = await openChangeSet(tx, systemActor, { kind: 'test', reason: 'test' });
    await createProducts(tx, changeSetId, drafts);
    await closeChangeSet(tx, changeSetId);
  });
};

test('a product list makes products with categories, pictures and costs', async () => {
  await fresh();
  const { outcome, problems } = await importFile(
    'SKU;Title;Status;Price;Currency;Category;Tags;Image addresses;Cost;Barcode;Colour\nA-1;Blue lamp;Active;1.299,90;EUR;Home / Lamps;new, sale;https://a.example/1.jpg https://a.example/2.jpg;3,5;5940000000004;blue\nA-2;Red lamp;;12;;Home;;;;;\n',
  );
  expect(problems).toEqual([]);
  expect(outcome).toMatchObject({ profile: 'karavan', delimiter: ';', created: 2, updated: 0, refused: 0, ignoredColumns: ['Colour'] });
  expect(await products()).toMatchObject({
    'A-1': {
      title: 'Blue lamp',
      status: 'active',
      price: { amount: '1299.90', currency: 'EUR' },
      category: { path: 'Home / Lamps' },
      tags: ['new', 'sale'],
      barcodeKind: 'gs1',
      images: [{ url: 'https://a.example/1.jpg' }, { url: 'https://a.example/2.jpg' }],
      cost: { amount: '3.5', currency: 'EUR' },
    },
    'A-2': { title: 'Red lamp', status: 'draft', price: { amount: '12.00', currency: 'RON' }, category: { path: 'Home' }, cost: null },
  });
});

test('the same file twice changes nothing and leaves no change set', async () => {
  await fresh();
  const file =
    'SKU,Title,Price,Tags,Image addresses,Cost,Group,Option 1 name,Option 1 value\nA,One,1.50,x,https://a.example/1.jpg,2,g,Size,M\nB,Two,2,,,,g,Size,L\n';
  await importFile(file);
  const before = await products();
  const again = await importFile(file);
  expect(again.outcome).toMatchObject({ created: 0, updated: 0, unchanged: 2, refused: 0 });
  expect(again.changeSetId).toBeNull();
  expect(await products()).toEqual(before);
});

test('a file with some columns changes those alone; a blank cell empties', async () => {
  await fresh();
  await importFile('SKU,Title,Price,Brand,Tags\nA,One,1.50,Acme,x\n');
  const { outcome } = await importFile('SKU,Price,Brand\nA,2,\nNEW,3,\n');
  expect(outcome).toMatchObject({ created: 0, updated: 1, refused: 1 });
  expect(outcome.firstProblems[0]).toMatchObject({ row: 3, sku: 'NEW', reason: expect.stringContaining('title') });
  expect((await products())['A']).toMatchObject({ title: 'One', brand: '', tags: ['x'], price: { amount: '2.00' } });
});

test('wrong rows are refused with row, column, value and reason; the good ones are taken', async () => {
  await fresh();
  const { outcome, problems } = await importFile(
    [
      'SKU,Title,Price,Status,Barcode,Description',
      'GOOD-1,One,1,,,',
      'B1,,1,,,',
      'B2,Two,twelve,,,',
      'B3,Three,1.234,,,',
      'B4,Four,1,sold,,',
      'B5,Five,1,,5.94E+12,',
      'B6,Six,1,,12345678905,',
      'GOOD-1,Again,2,,,',
      `B7,Seven,1,,,${'x'.repeat(200_000)}`,
      'B8,Eig\u0000ht,1,,,',
      ',Nine,1,,,',
      'B10,Ten,1',
      'GOOD-2,"=HYPERLINK(""http://x"")",1,,,',
      'B11,Eleven,-5,,,',
    ].join('\n'),
  );
  expect(outcome).toMatchObject({ created: 2, refused: 12, problems: 12 });
  expect(problems.map((one) => [one.row, one.column, one.reason.slice(0, 24)])).toEqual([
    [3, 'Title', 'is empty; a product need'],
    [4, 'Price', 'is not an amount such as'],
    [5, 'Price', 'is not an amount of RON;'],
    [6, 'Status', 'is not draft, active or '],
    [7, 'Barcode', 'was rounded by a spreads'],
    [8, 'Barcode', 'has lost its leading zer'],
    [9, 'SKU', 'stands already in row 2;'],
    [10, 'Description', 'is longer than the 32,76'],
    [11, 'Title', 'contains characters that'],
    [12, 'SKU', 'is empty; a product is k'],
    [13, '', 'this row has 3 cells, bu'],
    [15, 'Price', 'is not an amount such as'],
  ]);
  expect((await products())['GOOD-2']?.title).toBe('=HYPERLINK("http://x")');
});

const headings =
  'Handle,Title,Body (HTML),Vendor,Product Category,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Price,Variant Compare At Price,Variant Barcode,Image Src,Image Position,Image Alt Text,Variant Image,Cost per item,Status';
test('a store export becomes variants with the pictures and texts of their product', async () => {
  await fresh();
  const { outcome } = await importFile(
    [
      headings,
      'shirt,Linen shirt,"<p>Soft,\nlight</p>",Acme,Clothing > Shirts,"summer, linen",TRUE,Size,S,Colour,Blue,SH-S,200.125,99.90,120,,https://c.example/1.jpg,1,Front,,40,active',
      "shirt,,,,,,,,M,,Blue,SH-M,210,99.90,0.00,'5940000000004,https://c.example/2.jpg,2,Back,https://c.example/m.jpg,40,",
      'shirt,,,,,,,,L,,Blue,,220,109.90,,,,,,,,',
      'shirt,,,,,,,,,,,,,,,,https://c.example/0.jpg,3,Side,,,',
      'mug,Mug,,Acme,,,TRUE,Title,Default Title,,,,300,25,,,,,,,,',
      ',,,,,,,,,,,,,,,,,,,,,',
    ].join('\n'),
  );
  expect(outcome).toMatchObject({ profile: 'shopify', created: 4, refused: 0, madeSkus: 2 });
  const all = await products();
  const shared = {
    title: 'Linen shirt',
    description: '<p>Soft,\nlight</p>',
    brand: 'Acme',
    category: { path: 'Clothing / Shirts' },
    tags: ['summer', 'linen'],
    status: 'active',
  };
  expect(all['SH-S']).toMatchObject({
    ...shared,
    options: { Size: 'S', Colour: 'Blue' },
    weightGrams: 200.125,
    price: { amount: '99.90', currency: 'RON' },
    compareAtPrice: { amount: '120.00' },
  });
  expect(all['SH-M']).toMatchObject({ ...shared, compareAtPrice: null, barcode: '5940000000004' });
  expect(all['SH-M']?.images.map((image) => image.url)).toEqual([
    'https://c.example/m.jpg',
    'https://c.example/1.jpg',
    'https://c.example/2.jpg',
    'https://c.example/0.jpg',
  ]);
  expect(all['shirt-l-blue']).toMatchObject({ ...shared, options: { Size: 'L', Colour: 'Blue' } });
  expect(all['SH-S']?.group).toMatchObject({ handle: 'shirt', title: 'Linen shirt', optionNames: ['Size', 'Colour'] });
  expect(new Set(['SH-S', 'SH-M', 'shirt-l-blue'].map((sku) => all[sku]?.group?.id)).size).toBe(1);
  expect(all['mug']).toMatchObject({ title: 'Mug', options: {}, group: null });
});

test('columns of other modules reach them with the products they belong to', async () => {
  await fresh();
  const seen: unknown[] = [];
  const extension: ImportExtension = {
    right: 'inventory.write',
    columns: { stock: ['Stock'] },
    async apply(_tx, _actor, _changeSetId, rows) {
      seen.push(...rows.map((row) => [row.sku, row.values]));
      return {
        rowProblems: rows
          .filter((row) => row.values['stock'] === 'many')
          .map((row) => ({ productId: row.productId, column: 'stock', value: 'many', reason: 'is not a number' })),
      };
    },
  };
  const file = 'SKU,Title,Price,Stock\nA,One,1,5\nB,Two,1,many\nC,Three,1,\n';
  const { outcome, problems } = await importFile(file, { extensions: [extension] });
  expect(seen).toEqual([
    ['A', { stock: '5' }],
    ['B', { stock: 'many' }],
  ]);
  expect(outcome).toMatchObject({ created: 3, refused: 0, problems: 1 });
  expect(problems).toEqual([{ row: 3, sku: 'B', column: 'Stock', value: 'many', reason: 'is not a number' }]);
  const editor: Actor = { kind: 'user', id: 'u', name: 'Editor', rights: new Set(['catalog.write']), companyIds: null };
  expect((await importFile(file, { extensions: [extension], actor: editor })).outcome.ignoredColumns).toEqual(['Stock']);
});

test('costs are left alone by whoever may not write them, and exported only to whoever may read them', async () => {
  await fresh();
  const editor: Actor = { kind: 'user', id: 'u', name: 'Editor', rights: new Set(['catalog.read', 'catalog.write']), companyIds: null };
  const { outcome } = await importFile('SKU,Title,Price,Cost\nA,One,1,5\n', { actor: editor });
  expect(outcome.ignoredColumns).toEqual(['Cost']);
  expect((await products())['A']?.cost).toBeNull();
  expect(await exportFile('import', editor)).not.toContain(',Cost,');
  expect(await exportFile()).toContain(',Cost,');
});

test('an import that is killed in the middle of a step goes on without doubles', async () => {
  await fresh();
  const rows = Array.from({ length: 12_000 }, (_, at) => `S${at},Title ${at},1.50,Cat ${at % 3}`);
  const { id } = await receive(`SKU,Title,Price,Category\n${rows.join('\n')}\n`, {});
  const kind = importRuns(db, []);
  // A step whose transaction never commits, as when the process dies before the end of it.
  const dying: Database = {
    ...db,
    transaction: (work) =>
      db.transaction(async (tx) => {
        await work(tx);
        throw new Error('killed');
      }),
  };
  const dies = importRuns(dying, []);
  for (let more = true; more;) {
    const run = await getRun(db, systemActor, id);
    await expect(dies.step(run, new AbortController().signal)).rejects.toThrow('killed');
    more = (await kind.step(run, new AbortController().signal)) === 'more';
  }
  const run = await getRun(db, systemActor, id);
  expect(run).toMatchObject({ done: 12_000, outcome: { created: 12_000, updated: 0, unchanged: 0, refused: 0 } });
  expect(await db.one(sql`select count(*) as products, count(distinct sku) as skus from product`)).toEqual({ products: 12_000, skus: 12_000 });
  expect(await db.one(sql`select count(*) as n from change_entry where entity_kind = 'product'`)).toEqual({ n: 12_000 });
}, 60_000);

test('a file that breaks off leaves nothing behind', async () => {
  await fresh();
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from(`SKU,Title,Price\n${Array.from({ length: 20_000 }, (_, at) => `S${at},Title,1`).join('\n')}\n`);
    throw new Error('connection lost');
  }
  await expect(
    receiveImport(db, systemActor, { body: broken(), filename: 'x.csv', profile: undefined, currency: undefined }, { extensions: [], profiles: [] }),
  ).rejects.toThrow('connection lost');
  expect(
    await db.one(sql`select (select count(*) from product_import) as files, (select count(*) from import_row) as rows, (select count(*) from run) as runs`),
  ).toEqual({ files: 0, rows: 0, runs: 0 });
});

test.each([
  ['unknown headings', 'Artikel,Preis\nA,1\n', {}, 'import.headings_unknown'],
  ['an unknown profile', 'SKU,Title\nA,One\n', { profile: 'nope' }, 'import.profile_unknown'],
  ['headings without rows', 'SKU,Title,Price\n', {}, 'import.file_empty'],
])('a file with %s is refused as a whole', async (_name, text, options, code) => {
  await expect(receive(text, options)).rejects.toMatchObject({ code, status: 400 });
});

test('undo of an import takes its products back, puts changed fields back and reports what was changed since', async () => {
  await fresh();
  await importFile('SKU,Title,Price,Brand,Image addresses,Cost\nOLD,Old,1,Acme,https://a.example/1.jpg,1\nOLD2,Old two,1,Acme,,\n');
  const before = await content();
  const { changeSetId } = await importFile(
    'SKU,Title,Price,Brand,Image addresses,Cost,Category,Group,Option 1 name,Option 1 value\nOLD,New,2,Best,https://a.example/2.jpg,2,A / B,g,Size,M\nOLD2,New two,2,Best,,,,,,\nN1,Fresh,1,,,,A / B,g,Size,S\n',
  );
  const results = await undo(changeSetId ?? '');
  expect(results.flatMap((one) => one.conflicts)).toEqual([]);
  expect(await content()).toEqual(before);
  expect(await db.one(sql`select (select count(*) from category) as categories, (select count(*) from variant_group) as groups`)).toEqual({
    categories: 0,
    groups: 0,
  });

  const second = await importFile('SKU,Title,Price\nOLD,Newer,3\nOLD2,Newer two,3\nN2,Fresh,1\nN3,Fresh too,1\n');
  const all = await products();
  const edit = (sku: string, title: string) =>
    db.transaction((tx) => saveProduct(tx, systemActor, { id: all[sku]?.id ?? '', version: all[sku]?.version ?? 0, title }));
  await edit('OLD', 'By hand');
  await edit('N2', 'By hand too');
  const conflicts = (await undo(second.changeSetId ?? '')).flatMap((one) => one.conflicts);
  expect(conflicts.map((one) => [one.label, one.reason])).toEqual([
    ['N2', 'It was changed since; delete or archive it by hand.'],
    ['OLD', 'Changed since, so it stays: title.'],
  ]);
  expect(await products()).toMatchObject({
    OLD: { title: 'By hand', price: { amount: '1.00' } },
    OLD2: { title: 'Old two', price: { amount: '1.00' } },
    N2: { title: 'By hand too' },
  });
  expect((await products())['N3']).toBeUndefined();
});

test('undoing an undo brings the deleted products back', async () => {
  await fresh();
  const { changeSetId } = await importFile('SKU,Title,Price,Image addresses,Cost\nA,One,1,https://a.example/1.jpg,4\n');
  const before = await content();
  await undo(changeSetId ?? '');
  expect(await content()).toEqual([]);
  const { id } = await db.one<{ id: string }>(sql`select id from change_set where undo_of = ${changeSetId}`);
  await undo(id);
  expect(await content()).toEqual(before);
});

test('a spreadsheet export lets no cell run as a formula and leaves numbers numbers', async () => {
  await fresh();
  await make([
    { sku: '=1+1', title: '+cmd', brand: '@x', description: '\tx', warehouseLocation: '-5', tags: ['＝1'], price: { amount: '1', currency: 'RON' } },
    { sku: 'OK', title: '-text', price: { amount: '1', currency: 'RON' } },
  ]);
  const text = await exportFile('spreadsheet');
  expect(text.startsWith('\ufeffSKU,')).toBe(true);
  expect(text).toContain(`"'=1+1","'+cmd"`);
  expect(text).toContain(`"'\tx"`);
  expect(text).toContain(`"'@x"`);
  expect(text).toContain(`"'-text"`);
  expect(text).toContain('"-5"');
  expect(text).toContain(`"'＝1"`);
  expect((await exportFile('import')).startsWith('SKU,')).toBe(true);
});

/* Anything a form can save. */
const line = (max: number) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: max })
    .map((text) =>
      text
        .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
        .toWellFormed()
        .trim(),
    )
    .filter((text) => text !== '');
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const names = (max: number) => fc.dictionary(line(8), line(12), { maxKeys: max, noNullPrototype: true });
const draft = fc.record({
  title: line(40),
  status: fc.constantFrom('draft' as const, 'active' as const, 'archived' as const),
  price: fc.record({ minor: fc.nat(9_999_999), currency: fc.constantFrom('RON', 'EUR', 'JPY', 'KWD') }).map(({ minor, currency }) => {
    const places = currency === 'JPY' ? 0 : currency === 'KWD' ? 3 : 2;
    return { amount: (minor / 10 ** places).toFixed(places), currency };
  }),
  description: fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll('\u0000', '').toWellFormed()),
  brand: maybe(line(12)),
  barcode: maybe(fc.constantFrom('5940000000004', '0400000000015', 'ABC-1', '12345')),
  tags: fc.uniqueArray(
    line(10)
      .map((tag) => tag.replaceAll(',', '').trim())
      .filter((tag) => tag !== ''),
    { maxLength: 3 },
  ),
  attributes: names(3),
  variant: maybe(fc.record({ handle: line(3), options: names(3) })),
  vatRate: maybe(fc.nat(10_000).map((value) => value / 100)),
  weightGrams: maybe(fc.nat(9_999_999).map((value) => value / 1000)),
  lengthMm: maybe(fc.nat(99_999).map((value) => value / 10)),
  warehouseLocation: maybe(line(10)),
  images: fc.array(fc.record({ url: fc.webUrl({ validSchemes: ['https'] }), alt: fc.oneof(fc.constant(''), line(8)) }), { maxLength: 3 }),
  cost: maybe(fc.nat(99_999_999).map((value) => ({ amount: (value / 1e6).toFixed(6), currency: 'EUR' }))),
  driveFolderUrl: maybe(fc.webUrl({ validSchemes: ['https'] })),
});

test('an export imports back without loss: import(export(x)) = x', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(line(8), { minLength: 1, maxLength: 6 }), fc.array(draft, { minLength: 6, maxLength: 6 }), async (skus, drafts) => {
      await fresh();
      await make(
        skus.map((sku, at): ProductDraft => {
          const { variant, ...rest } = drafts[at] ?? drafts[0]!;
          const set = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Omit<ProductDraft, 'sku'>;
          return {
            sku,
            ...set,
            ...(variant === undefined ? {} : { options: variant.options, group: { handle: variant.handle, title: `Group ${variant.handle}`.trim() } }),
          };
        }),
      );
      const before = await content();
      const file = await exportFile();
      const again = await importFile(file);
      expect(again.problems).toEqual([]);
      expect(again.outcome).toMatchObject({ created: 0, updated: 0, unchanged: skus.length, refused: 0, ignoredColumns: ['Stock', 'Reorder point'] });
      await fresh();
      const { problems } = await importFile(file);
      expect(problems).toEqual([]);
      expect(await content()).toEqual(before);
    }),
    { numRuns: 20 },
  );
}, 120_000);
