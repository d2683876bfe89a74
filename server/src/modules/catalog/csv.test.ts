import { Readable } from 'node:stream';
import iconv from 'iconv-lite';
import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { openCsv } from './csv.ts';
import type { CsvRow } from './csv.ts';

async function read(
  content: string | Buffer,
  chunkBytes = 65_536,
  headBytes?: number,
): Promise<{ headings: string[]; rows: CsvRow[]; encoding: string; delimiter: string }> {
  const all = Buffer.from(content as string);
  const chunks: Buffer[] = [];
  for (let at = 0; at < all.length; at += chunkBytes) chunks.push(all.subarray(at, at + chunkBytes));
  const file = await openCsv(Readable.from(chunks), headBytes);
  const rows: CsvRow[] = [];
  for await (const batch of file.rows) rows.push(...batch);
  return { headings: file.headings, rows, encoding: file.encoding(), delimiter: file.delimiter };
}
const cells = (rows: readonly CsvRow[]): string[][] => rows.map((row) => row.cells);

test.each([
  ['commas', 'SKU,Title\nA,"one, two"\n', ','],
  ['semicolons', 'SKU;Title\r\nA;one, two\r\n', ';'],
  ['tabs', 'SKU\tTitle\nA\tone, two\n', '\t'],
  ['the line a spreadsheet writes to name them', 'sep=;\r\nSKU;Title\r\nA;one, two', ';'],
])('finds %s between the cells', async (_name, text, delimiter) => {
  const file = await read(text);
  expect(file.delimiter).toBe(delimiter);
  expect(file.headings).toEqual(['SKU', 'Title']);
  expect(cells(file.rows)).toEqual([['A', 'one, two']]);
});

const romanian = 'SKU;Title\nA;Găleată împletită pentru șervețele\n'.replaceAll('ș', 'ş').replaceAll('ț', 'ţ');
const turkish = 'SKU;Title\nA;Işıklı çocuk yatağı, geniş\n';
test.each([
  ['UTF-8', Buffer.from(turkish), 'utf-8'],
  ['UTF-8 with a mark', Buffer.from(`\ufeff${turkish}`), 'utf-8'],
  ['UTF-16', iconv.encode(turkish, 'utf-16le', { addBOM: true }), 'utf-16le'],
  ['UTF-16 without a mark', iconv.encode(turkish, 'utf-16le'), 'utf-16le'],
  ['UTF-16, big end first', iconv.encode(turkish, 'utf-16be', { addBOM: true }), 'utf-16be'],
  ['windows-1254', iconv.encode(turkish, 'windows-1254'), 'windows-1254'],
  ['windows-1250', iconv.encode(romanian, 'windows-1250'), 'windows-1250'],
])('reads %s', async (_name, bytes, encoding) => {
  const file = await read(bytes, 7);
  expect(file.encoding).toBe(encoding);
  expect(`${file.headings.join(';')}\n${cells(file.rows)[0]?.join(';')}\n`).toBe(encoding === 'windows-1250' ? romanian : turkish);
});

test('a code page that shows itself only late in the file is still found', async () => {
  const plain = Array.from({ length: 5000 }, (_, at) => `S${at};Plain title ${at}`).join('\n');
  const file = await read(Buffer.concat([Buffer.from(`SKU;Title\n${plain}\n`), iconv.encode('LAST;Işıklı yatak\n', 'windows-1254')]));
  expect(file.rows.at(-1)?.cells).toEqual(['LAST', 'Işıklı yatak']);
});

test('a single broken character refuses its row, not the file', async () => {
  const file = await read(Buffer.concat([Buffer.from('SKU,Title\nA,ışık\nB,'), Buffer.from([0xff]), Buffer.from('\nC,ışık\n')]));
  expect(file.rows.map((row) => [row.number, row.problem !== undefined])).toEqual([
    [2, false],
    [3, true],
    [4, false],
  ]);
});

test('a quotation mark that is never closed costs its own row only', async () => {
  const file = await read('SKU,Title\nA,"open\nB,two\nC,"5"" nail" x\nD,four\n');
  expect(file.rows.map((row) => row.problem ?? row.cells.join())).toEqual([
    expect.stringContaining('quotation mark'),
    'B,two',
    expect.stringContaining('quotation mark'),
    'D,four',
  ]);
});

test('a row larger than any product is cut, and the file goes on', async () => {
  const file = await read(`SKU,Title\nA,"${'x'.repeat(2_500_000)}\nB,two\n`);
  expect(file.rows.map((row) => row.problem ?? row.cells.join())).toEqual([expect.stringContaining('quotation mark'), 'B,two']);
});

test('rows with too few cells are refused, empty cells too many are not', async () => {
  const file = await read('SKU,Title,Price\nA,one\nB,two,2,,\nC,three,3,4\n\n ,, \nD,four,4\n');
  expect(file.rows.map((row) => [row.number, row.problem])).toEqual([
    [2, 'this row has 2 cells, but there are 3 headings'],
    [3, undefined],
    [4, 'this row has 4 cells, but there are 3 headings'],
    [7, undefined],
  ]);
});

test.each([
  ['nothing', '', 'import.file_empty'],
  ['only blank lines', '\n\n ,,\n', 'import.file_empty'],
  ['an Excel workbook', Buffer.from('504b0304140006000800', 'hex'), 'import.file_unreadable'],
  ['a picture', Buffer.from('89504e470d0a1a0a0000', 'hex'), 'import.file_unreadable'],
  ['noise', Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) % 31)), 'import.file_unreadable'],
])('refuses %s', async (_name, content, code) => {
  await expect(read(content)).rejects.toMatchObject({ code, status: 400 });
});

test('whatever the size of the pieces it arrives in, the same rows come out', async () => {
  const cell = fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\u0000', '').toWellFormed());
  const table = fc
    .integer({ min: 1, max: 4 })
    .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }));
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 50 }), fc.constantFrom('\r\n', '\n'), async (rows, size, newline) => {
      const headings = rows[0]?.map((_, at) => `Column ${at}`) ?? [];
      const text = Papa.unparse([headings, ...rows], { newline, quotes: true });
      // The headings alone tell encoding and line ends; all the rest comes in pieces.
      const file = await read(text, size, Buffer.byteLength(`${headings.join()}${newline}`) + 2 * headings.length);
      expect(file.rows.every((row) => row.problem === undefined)).toBe(true);
      expect(cells(file.rows)).toEqual(rows.filter((row) => row.some((one) => one.trim() !== '')));
    }),
    { numRuns: 200 },
  );
});
