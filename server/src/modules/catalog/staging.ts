import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { Database } from '../../kit/db.ts';
import type { StagedRow } from './fields.ts';

/** How a value is written in a line of COPY's text format. */
type Form = 'plain' | 'text' | 'json' | 'array';

/** Columns of import_row in the order of a COPY line. */
const columns: readonly (readonly [keyof StagedRow, Form])[] = [
  ['row_number', 'plain'],
  ['sku', 'text'],
  ['barcode', 'text'],
  ['barcode_kind', 'plain'],
  ['title', 'text'],
  ['description', 'text'],
  ['brand', 'text'],
  ['category_path', 'text'],
  ['group_handle', 'text'],
  ['group_title', 'text'],
  ['option_names', 'array'],
  ['options', 'json'],
  ['attributes', 'json'],
  ['tags', 'array'],
  ['status', 'plain'],
  ['price_minor', 'plain'],
  ['compare_at_minor', 'plain'],
  ['currency', 'plain'],
  ['vat_rate', 'plain'],
  ['weight_grams', 'plain'],
  ['length_mm', 'plain'],
  ['width_mm', 'plain'],
  ['height_mm', 'plain'],
  ['warehouse_location', 'text'],
  ['drive_folder_url', 'text'],
  ['images', 'json'],
  ['unit_cost', 'plain'],
  ['cost_currency', 'plain'],
  ['extra', 'json'],
  ['problems', 'json'],
];
const copyStatement = `copy import_row (import_id, ${columns.map(([name]) => name).join(', ')}) from stdin`;

const special = /[\\\n\r\t]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escape = (value: string): string => (special.test(value) ? value.replace(/[\\\n\r\t]/g, (character) => escapes[character] ?? '') : value);
const arrayOf = (values: readonly string[]): string => `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

function line(importId: string, row: StagedRow): string {
  let text = importId;
  for (const [name, form] of columns) {
    const value = row[name];
    if (value === undefined || value === null) text += '\t\\N';
    else if (form === 'plain') text += `\t${value as string | number}`;
    else if (form === 'text') text += `\t${escape(value as string)}`;
    else text += `\t${escape(form === 'json' ? JSON.stringify(value) : arrayOf(value as string[]))}`;
  }
  return `${text}\n`;
}

const BATCH_ROWS = 5000;
const BATCH_CHARACTERS = 4_000_000;

/** Gathers rows of one file and sends them to import_row by COPY, batch by batch, each in a transaction of its own: memory stays flat. */
export class Staging {
  /** Rows sent so far. */
  count = 0;
  #db: Database;
  #importId: string;
  #lines: string[] = [];
  #characters = 0;

  constructor(db: Database, importId: string) {
    this.#db = db;
    this.#importId = importId;
  }

  async add(rows: readonly StagedRow[]): Promise<void> {
    for (const row of rows) {
      const text = line(this.#importId, row);
      this.#lines.push(text);
      this.#characters += text.length;
      if (this.#lines.length >= BATCH_ROWS || this.#characters >= BATCH_CHARACTERS) await this.flush();
    }
  }

  async flush(): Promise<void> {
    const lines = this.#lines;
    if (lines.length === 0) return;
    this.#lines = [];
    this.#characters = 0;
    this.count += lines.length;
    await this.#db.transaction((tx) => pipeline(Readable.from([Buffer.from(lines.join(''))]), tx.client.query(copyFrom(copyStatement))));
  }
}
