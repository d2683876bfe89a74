import { isPictureAddress, limits, toLine } from './values.ts';
import type { CsvRow } from './csv.ts';
import type { StagedRow } from './fields.ts';
import type { Layout } from './import-file.ts';
import { currencyIn, takers, unusable } from './import-values.ts';

const VALUE_SHOWN = 120;
/** More rows under one handle than any shop has variants and pictures. */
const GROUP_LIMIT = 5000;

export interface ReaderOptions {
  layout: Layout;
  /** For prices that name none. */
  currency: string;
  /** Fields of other modules, passed on as they stand. */
  extra: readonly string[];
}

type Problems = NonNullable<StagedRow['problems']>;
type Picture = { url: string; alt: string };

const slug = (value: string): string =>
  value
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

/**
 * Turns rows of a file into rows to stage: one per product, and one per row that is refused. Where the profile groups rows, those
 * with the same handle stand together: the first states what the variants share, others add variants or only pictures.
 */
export class RowReader {
  /** SKUs made of handle and options, because the file had none. */
  madeSkus = 0;
  #layout: Layout;
  #options: ReaderOptions;
  #takers: readonly (readonly [string, number, (cell: string, row: StagedRow) => string | undefined])[];
  #inherited: ReadonlySet<string>;
  #group: CsvRow[] = [];

  constructor(options: ReaderOptions) {
    this.#options = options;
    this.#layout = options.layout;
    this.#inherited = new Set(options.layout.profile.inherited);
    this.#takers = [...options.layout.columns].flatMap(([field, at]) => {
      const take = takers[field];
      return take === undefined ? [] : [[field, at, take] as const];
    });
  }

  read(rows: readonly CsvRow[]): StagedRow[] {
    const staged: StagedRow[] = [];
    for (const row of rows) {
      const problems = this.#unusable(row);
      if (problems !== undefined) staged.push(this.#refused(row, problems));
      else if (this.#layout.profile.groupBy === undefined) staged.push(this.#product(row, row));
      else staged.push(...this.#gather(row));
    }
    return staged;
  }

  /** What is still held back when the file has ended. */
  end(): StagedRow[] {
    const [first] = this.#group;
    const staged = first === undefined ? [] : this.#products(first, this.#group);
    this.#group = [];
    return staged;
  }

  #cell(row: CsvRow, field: string): string {
    const at = this.#layout.columns.get(field);
    return at === undefined ? '' : (row.cells[at] ?? '');
  }

  #heading(field: string): string {
    return this.#layout.headings[this.#layout.columns.get(field) ?? -1] ?? '';
  }

  #unusable(row: CsvRow): Problems | undefined {
    if (row.problem !== undefined) return [{ column: '', value: '', reason: row.problem }];
    for (let at = 0; at < row.cells.length; at++) {
      const reason = unusable(row.cells[at] ?? '');
      if (reason !== undefined) return [{ column: this.#layout.headings[at] ?? '', value: row.cells[at] ?? '', reason }];
    }
    return undefined;
  }

  #refused(row: CsvRow, problems: Problems, sku = toLine(this.#cell(row, 'sku'))): StagedRow {
    const clean = (text: string): string => text.slice(0, VALUE_SHOWN).replaceAll('\u0000', '').toWellFormed();
    return {
      row_number: row.number,
      sku: clean(sku),
      problems: problems.slice(0, 20).map((one) => ({ ...one, column: clean(one.column), value: clean(one.value) })),
    };
  }

  #gather(row: CsvRow): StagedRow[] {
    const handle = this.#cell(row, this.#layout.profile.groupBy ?? '').trim();
    // Notes at the end of templates are no products.
    if (handle === '' && this.#cell(row, 'title').trim() === '') return [];
    const [first] = this.#group;
    const belongs = first !== undefined && handle !== '' && handle === this.#cell(first, this.#layout.profile.groupBy ?? '').trim();
    if (belongs && this.#group.length >= GROUP_LIMIT)
      return [this.#refused(row, [{ column: this.#heading('handle'), value: handle, reason: `stands on more than ${GROUP_LIMIT} rows` }])];
    const staged = belongs ? [] : this.end();
    this.#group.push(row);
    return staged;
  }

  /** The variants of one handle, each with its own picture first and then those of the whole. */
  #products(first: CsvRow, rows: readonly CsvRow[]): StagedRow[] {
    const staged: StagedRow[] = [];
    const pictures: (Picture & { position: number })[] = [];
    for (const row of rows) {
      const url = this.#cell(row, 'image_url').trim();
      if (url === '') continue;
      const position = Number(this.#cell(row, 'image_position'));
      if (isPictureAddress(url))
        pictures.push({ url, alt: toLine(this.#cell(row, 'image_alt')).slice(0, limits.alt), position: position > 0 ? position : rows.length });
      else
        staged.push(this.#refused(row, [{ column: this.#heading('image_url'), value: url, reason: 'is not an address that begins with http:// or https://' }]));
    }
    const shared = pictures.toSorted((a, b) => a.position - b.position).map(({ url, alt }) => ({ url, alt }));
    const refused = new Set(staged.map((row) => row.row_number));
    const variants = rows.filter(
      (row) => !refused.has(row.number) && (row === first || ['sku', 'option1_value', 'price'].some((field) => this.#cell(row, field).trim() !== '')),
    );
    return [...staged, ...variants.map((row) => this.#product(row, first, shared))];
  }

  #product(row: CsvRow, first: CsvRow, shared?: readonly Picture[]): StagedRow {
    const cellOf = (field: string, at: number): string => {
      const own = row.cells[at] ?? '';
      return row !== first && this.#inherited.has(field) && own.trim() === '' ? (first.cells[at] ?? '') : own;
    };
    const staged: StagedRow = { row_number: row.number, sku: '' };
    const problems: Problems = [];
    const refuse = (field: string, value: string, reason: string): void => void problems.push({ column: this.#heading(field), value, reason });

    const currency = currencyIn(this.#cell(row, 'currency'), this.#options.currency);
    if (currency === undefined) refuse('currency', this.#cell(row, 'currency'), 'is not a currency code such as RON');
    staged.currency = currency ?? this.#options.currency;
    const costCurrency = currencyIn(this.#cell(row, 'cost_currency'), staged.currency);
    if (costCurrency === undefined) refuse('cost_currency', this.#cell(row, 'cost_currency'), 'is not a currency code such as RON');
    else staged.cost_currency = costCurrency;
    for (const [field, at, take] of this.#takers) {
      const cell = cellOf(field, at);
      const reason = take(cell, staged);
      if (reason !== undefined) refuse(field, cell, reason);
    }
    this.#takeOptions(row, first, staged, refuse);
    this.#takePictures(row, staged, shared, refuse);
    this.#takeSku(row, first, staged, refuse);
    const extra = this.#options.extra.flatMap((field) => {
      const cell = this.#cell(row, field).trim();
      return cell === '' ? [] : [[field, cell] as const];
    });
    if (extra.length > 0) staged.extra = Object.fromEntries(extra);
    return problems.length === 0 ? staged : this.#refused(row, problems, staged.sku);
  }

  #takeOptions(row: CsvRow, first: CsvRow, staged: StagedRow, refuse: (field: string, value: string, reason: string) => void): void {
    if (!this.#layout.columns.has('option1_value')) return;
    const { singleVariant, groupBy } = this.#layout.profile;
    const options = new Map<string, string>();
    for (const place of [1, 2, 3]) {
      const name = toLine(
        this.#cell(row, `option${place}_name`) || (this.#inherited.has(`option${place}_name`) ? this.#cell(first, `option${place}_name`) : ''),
      );
      const value = toLine(this.#cell(row, `option${place}_value`));
      if (value === '' || (name === singleVariant?.optionName && value === singleVariant.optionValue)) continue;
      if (name === '') refuse(`option${place}_name`, name, `is empty, but there is a value "${value.slice(0, 40)}"`);
      else if (name.length > limits.optionName || value.length > limits.optionValue) refuse(`option${place}_value`, value, 'is too long');
      else options.set(name, value);
    }
    staged.options = Object.fromEntries(options);
    staged.option_names = [...options.keys()];
    if (groupBy === undefined) return;
    const handle = toLine(this.#cell(first, groupBy));
    if (handle.length > limits.groupHandle) refuse(groupBy, handle, `is longer than ${limits.groupHandle} characters`);
    staged.group_handle = options.size === 0 || handle === '' ? null : handle;
    if (staged.group_handle !== null && staged.title !== undefined) staged.group_title = staged.title;
  }

  #takePictures(row: CsvRow, staged: StagedRow, shared: readonly Picture[] | undefined, refuse: (field: string, value: string, reason: string) => void): void {
    let pictures: Picture[];
    if (shared === undefined) {
      if (!this.#layout.columns.has('image_urls')) return;
      const alts = this.#cell(row, 'image_alts')
        .split('\n')
        .map((alt) => toLine(alt));
      pictures = this.#cell(row, 'image_urls')
        .split(/\s+/)
        .filter((url) => url !== '')
        .map((url, at) => ({ url, alt: (alts[at] ?? '').slice(0, limits.alt) }));
      const wrong = pictures.find((picture) => !isPictureAddress(picture.url));
      if (wrong !== undefined) refuse('image_urls', wrong.url, 'is not an address that begins with http:// or https://');
    } else {
      if (!this.#layout.columns.has('image_url')) return;
      const own = this.#cell(row, 'variant_image_url').trim();
      if (own !== '' && !isPictureAddress(own)) refuse('variant_image_url', own, 'is not an address that begins with http:// or https://');
      pictures =
        own === '' ? [...shared] : [shared.find((picture) => picture.url === own) ?? { url: own, alt: '' }, ...shared.filter((picture) => picture.url !== own)];
    }
    if (pictures.length > limits.images) refuse('image_urls', '', `holds more than ${limits.images} pictures`);
    staged.images = pictures;
  }

  #takeSku(row: CsvRow, first: CsvRow, staged: StagedRow, refuse: (field: string, value: string, reason: string) => void): void {
    let sku = toLine(this.#cell(row, 'sku'));
    if (sku === '' && this.#layout.profile.groupBy !== undefined) {
      const handle = this.#cell(first, this.#layout.profile.groupBy).trim() || staged.title || '';
      sku = [handle, ...Object.values(staged.options ?? {})]
        .map(slug)
        .filter((part) => part !== '')
        .join('-');
      if (sku !== '') this.madeSkus += 1;
    }
    staged.sku = sku;
    if (sku === '') refuse('sku', '', 'is empty; a product is known by its SKU');
    else if (sku.length > limits.sku) refuse('sku', sku, `is longer than ${limits.sku} characters`);
  }
}
