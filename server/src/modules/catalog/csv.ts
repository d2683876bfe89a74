import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import Papa from 'papaparse';
import { AppError } from '../../kit/errors.ts';
import { catalogErrors } from './contract.ts';

/** One row of the file. `number` counts as a spreadsheet does: the headings are row 1. `problem`: the row cannot be read. */
export interface CsvRow {
  number: number;
  cells: string[];
  problem?: string;
}

export interface CsvFile {
  delimiter: string;
  headings: string[];
  /** Known for certain when all rows have been read. */
  encoding(): string;
  rows: AsyncGenerator<CsvRow[]>;
}

/** Enough to see what kind of file it is. */
const HEAD_BYTES = 64 * 1024;
/** A row longer than this has a quotation mark that never closes. */
const ROW_LIMIT = 2_000_000;
/** After so many rows with broken quotation marks the file itself is taken to be broken. */
const BROKEN_LIMIT = 1000;

const unreadable = (reason: string): AppError => new AppError(catalogErrors['import.file_unreadable'], { data: { reason } });

const otherFiles: readonly { starts: readonly number[]; what: string }[] = [
  { starts: [0x50, 0x4b, 0x03, 0x04], what: 'it is an Excel workbook or an archive. Open it and save it as CSV (UTF-8).' },
  { starts: [0xd0, 0xcf, 0x11, 0xe0], what: 'it is an old Excel workbook. Open it and save it as CSV (UTF-8).' },
  { starts: [0x25, 0x50, 0x44, 0x46], what: 'it is a PDF.' },
  { starts: [0x89, 0x50, 0x4e, 0x47], what: 'it is a picture.' },
  { starts: [0xff, 0xd8, 0xff], what: 'it is a picture.' },
  { starts: [0x1f, 0x8b], what: 'it is a compressed file. Unpack it first.' },
];

/** Letters of Turkish in windows-1254 against those of Romanian and its neighbours in windows-1250, by byte. */
const turkish = new Set([0xf0, 0xfd, 0xdd, 0xd0]);
const central = new Set([0xe3, 0xc3, 0xba, 0xaa, 0xb9, 0x9c, 0x9a, 0x8c, 0x8a, 0xe8, 0xf8]);

function codePage(bytes: Uint8Array): 'windows-1250' | 'windows-1254' {
  let score = 0;
  for (const byte of bytes) score += turkish.has(byte) ? 1 : central.has(byte) ? -1 : 0;
  return score < 0 ? 'windows-1250' : 'windows-1254';
}

/** How many bytes at the end belong to a character that goes on in the next chunk. */
function unfinished(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
    if (byte < 0x80) return 0;
  }
  return 0;
}

/** Turns bytes into text. UTF-8 unless the bytes say otherwise; the first bytes that are no UTF-8 decide for a code page. */
class Decoder {
  encoding = 'utf-8';
  /** Single characters could not be read and became U+FFFD. */
  lossy = false;
  #legacy: iconv.DecoderStream | undefined;
  #rest: Buffer = Buffer.alloc(0);
  #sawUtf8 = false;

  constructor(head: Buffer) {
    const zeros = [0, 0];
    for (const [at, byte] of head.subarray(0, 2000).entries()) if (byte === 0) zeros[at % 2]! += 1;
    const half = Math.min(head.length, 2000) / 2;
    if ((head[0] === 0xff && head[1] === 0xfe) || (zeros[1] ?? 0) > half * 0.4) this.#use('utf-16le');
    else if ((head[0] === 0xfe && head[1] === 0xff) || (zeros[0] ?? 0) > half * 0.4) this.#use('utf-16be');
    else if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) this.#sawUtf8 = true;
  }

  #use(encoding: string): void {
    this.encoding = encoding;
    this.#legacy = iconv.getDecoder(encoding);
  }

  write(chunk: Buffer, last: boolean): string {
    if (this.#legacy !== undefined) return this.#legacy.write(chunk) + (last ? (this.#legacy.end() ?? '') : '');
    const all = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const cut = last ? 0 : unfinished(all);
    const whole = all.subarray(0, all.length - cut);
    this.#rest = Buffer.from(all.subarray(all.length - cut));
    if (isAscii(whole)) return whole.toString('latin1');
    if (isUtf8(whole)) {
      this.#sawUtf8 = true;
      return whole.toString('utf8');
    }
    const guess = whole.toString('utf8');
    const bad = guess.split('\ufffd').length - 1;
    const good = (guess.match(/[\u0080-\ufffc]/g) ?? []).length;
    if (this.#sawUtf8 || good > bad) {
      this.lossy = true;
      this.#sawUtf8 = true;
      return guess;
    }
    this.#use(codePage(whole));
    this.#rest = Buffer.alloc(0);
    return this.#legacy!.write(all);
  }
}

/** The delimiter that stands most often in the first line, outside quotation marks. */
function findDelimiter(text: string): string {
  const counts = new Map([
    [',', 0],
    [';', 0],
    ['\t', 0],
  ]);
  let quoted = false;
  for (const character of text.slice(0, HEAD_BYTES)) {
    if (character === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (character === '\n' || character === '\r') break;
    else if (counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/** Cuts text into rows as it comes. A row with broken quotation marks ends at its line, so that those after it are kept. */
class Rows {
  #parser: Papa.Parser;
  #newline: '\n' | '\r';
  #pending = '';
  #broken = 0;
  #number = 0;
  /** The rest of a broken line is still to come, and is dropped. */
  #skips = false;

  constructor(delimiter: string, newline: '\n' | '\r') {
    this.#newline = newline;
    this.#parser = new Papa.Parser({ delimiter, newline });
  }

  take(text: string, last: boolean): CsvRow[] {
    const rows: CsvRow[] = [];
    const begin = this.#skips ? text.indexOf(this.#newline) + this.#newline.length : 0;
    if (this.#skips && begin < this.#newline.length) return rows;
    this.#skips = false;
    this.#pending += text.slice(begin);
    for (let final = last; this.#pending !== '';) {
      const result = this.#parser.parse(this.#pending, 0, !final) as Papa.ParseResult<string[]>;
      const [error] = result.errors;
      const complete = result.data.length;
      for (const cells of error === undefined ? result.data : result.data.slice(0, error.row ?? 0)) rows.push(this.#row(cells));
      // What is wrong with an unfinished row may be set right by what is still to come.
      if (error === undefined || (!final && (error.row ?? 0) >= complete)) {
        this.#pending = final ? '' : this.#pending.slice(result.meta.cursor);
        if (final || this.#pending.length <= ROW_LIMIT) break;
        final = true;
        continue;
      }
      if (++this.#broken > BROKEN_LIMIT) throw unreadable(`quotation marks are not closed in more than ${BROKEN_LIMIT} rows.`);
      this.#number += 1;
      rows.push({ number: this.#number, cells: [], problem: 'a quotation mark in this row is not closed, or stands in the middle of a cell' });
      const end = this.#pending.indexOf(this.#newline, error.index ?? 0);
      this.#skips = end < 0;
      this.#pending = end < 0 ? '' : this.#pending.slice(end + this.#newline.length);
      final = last;
    }
    return rows;
  }

  #row(cells: string[]): CsvRow {
    this.#number += 1;
    const end = cells.length - 1;
    if (cells[end]?.endsWith('\r') === true) cells[end] = cells[end].slice(0, -1);
    return { number: this.#number, cells };
  }
}

/**
 * Opens a CSV file that arrives as a stream: finds encoding, delimiter and headings, then gives the rows in the order of the file.
 * Refuses what is no text or holds nothing. Holds no more than one chunk and one row.
 */
export async function openCsv(body: AsyncIterable<Buffer>, headBytes = HEAD_BYTES): Promise<CsvFile> {
  const chunks = body[Symbol.asyncIterator]();
  const parts: Buffer[] = [];
  let ended = false;
  for (let size = 0; size < headBytes && !ended;) {
    const next = await chunks.next();
    if (next.done === true) ended = true;
    else {
      parts.push(next.value);
      size += next.value.length;
    }
  }
  const head = Buffer.concat(parts);
  if (head.length === 0) throw new AppError(catalogErrors['import.file_empty']);
  const other = otherFiles.find(({ starts }) => starts.every((byte, at) => head[at] === byte));
  if (other !== undefined) throw unreadable(other.what);

  const decoder = new Decoder(head);
  let text = decoder.write(head, ended).replace(/^\ufeff/, '');
  // eslint-disable-next-line no-control-regex
  const odd = (text.slice(0, 10_000).match(/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/g) ?? []).length;
  if (odd > Math.min(text.length, 10_000) * 0.05) throw unreadable('it holds bytes that are no text.');
  // What spreadsheets write above the headings to name the delimiter.
  const named = /^"?sep=(.)"?\r?\n/.exec(text);
  if (named !== null) text = text.slice(named[0].length);
  const delimiter = named?.[1] ?? findDelimiter(text.trimStart());
  const newline = text.includes('\n') || !text.includes('\r') ? '\n' : '\r';
  const reader = new Rows(delimiter, newline);

  let waiting: CsvRow[] = reader.take(text, ended);
  const more = async (): Promise<CsvRow[] | undefined> => {
    if (ended) return undefined;
    const next = await chunks.next();
    ended = next.done === true;
    return reader.take(decoder.write(next.done === true ? Buffer.alloc(0) : next.value, ended), ended);
  };
  let headings: string[] | undefined;
  while (headings === undefined) {
    const at = waiting.findIndex((row) => !isBlank(row.cells));
    if (at >= 0) {
      headings = waiting[at]?.cells ?? [];
      waiting = waiting.slice(at + 1);
    } else {
      const next = await more();
      if (next === undefined) throw new AppError(catalogErrors['import.file_empty']);
      waiting = next;
    }
  }
  const width = headings.length;

  const checked = (row: CsvRow): CsvRow => {
    if (row.problem !== undefined) return row;
    if (row.cells.length > width && isBlank(row.cells.slice(width))) row.cells.length = width;
    if (row.cells.length !== width) return { ...row, problem: `this row has ${row.cells.length} cells, but there are ${width} headings` };
    if (decoder.lossy && row.cells.some((cell) => cell.includes('\ufffd')))
      return { ...row, problem: 'this row holds characters that cannot be read; save the file as UTF-8' };
    return row;
  };
  async function* rows(): AsyncGenerator<CsvRow[]> {
    for (let batch: CsvRow[] | undefined = waiting; batch !== undefined; batch = await more()) {
      yield batch.filter((row) => row.problem !== undefined || !isBlank(row.cells)).map(checked);
    }
  }
  return { delimiter, headings: headings.map((heading) => heading.trim()), encoding: () => decoder.encoding, rows: rows() };
}
