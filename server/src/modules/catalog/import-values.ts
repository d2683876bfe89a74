import { isStorable } from '../../kit/text.ts';
import { parseMinor } from '../../kit/money.ts';

import { barcodeKind, withLostZeros } from './fields.ts';
import type { StagedRow } from './fields.ts';
import { CELL_LIMIT, isCategoryName, isRoundedNumber, isWebAddress, limits, productStatus, startsLikeCode, toLine } from './values.ts';

/** Puts a cell's value into the row, or says why not. Cells come as they stand in the file. */
type Take = (cell: string, row: StagedRow) => string | undefined;

/** `1.299,90`, `1 299.90`, `129,9` → `1299.90` …; undefined when it is no amount. `1.299` stays: the currency decides. */
export function plainAmount(cell: string): string | undefined {
  const value = cell.replace(/(?<=\d)[\s\u00a0\u202f'](?=\d{3})/g, '');
  if (/^\d+(?:\.\d+)?$/.test(value)) return value;
  if (/^\d+,\d{1,2}$/.test(value)) return value.replace(',', '.');
  if (/^\d{1,3}(?:,\d{3})+\.\d+$/.test(value) || /^\d{1,3}(?:,\d{3}){2,}$/.test(value)) return value.replaceAll(',', '');
  if (/^\d{1,3}(?:\.\d{3})+,\d+$/.test(value)) return value.replaceAll('.', '').replace(',', '.');
  if (/^\d{1,3}(?:\.\d{3}){2,}$/.test(value)) return value.replaceAll('.', '');
  return undefined;
}

const oneLine =
  (name: 'title' | 'brand' | 'warehouse_location' | 'group_title', max: number, needed?: string): Take =>
  (cell, row) => {
    const value = toLine(cell);
    if (value === '' && needed !== undefined) return needed;
    if (value.length > max) return `is longer than ${max} characters`;
    if (value !== '' || name !== 'group_title') row[name] = value;
    return undefined;
  };

const measure =
  (name: 'vat_rate' | 'weight_grams' | 'length_mm' | 'width_mm' | 'height_mm', max: number, places: number): Take =>
  (cell, row) => {
    const value = cell
      .trim()
      .replace(name === 'vat_rate' ? /\s*%$/ : /^$/, '')
      .replace(',', '.');
    if (value === '') row[name] = null;
    else if (!/^\d{1,12}(?:\.\d+)?$/.test(value)) return 'is not a number';
    else if (Number(value) > max) return `is more than ${max}`;
    else row[name] = Number(Number(value).toFixed(places));
    return undefined;
  };

const amount = (cell: string, row: StagedRow): number | string => {
  const plain = plainAmount(cell.trim());
  if (plain === undefined) return 'is not an amount such as 129.90';
  return parseMinor(plain, row.currency ?? '') ?? `is not an amount of ${row.currency ?? ''}; write it like 1299.90`;
};

const isStatus = (value: string): boolean => (productStatus.options as readonly string[]).includes(value);

/** Whole-value readers, by field of the file. Options, pictures and codes of groups span several cells and are read by the row reader. */
export const takers: Readonly<Record<string, Take>> = {
  title: oneLine('title', limits.title, 'is empty; a product needs a title'),
  brand: oneLine('brand', limits.brand),
  location: oneLine('warehouse_location', limits.warehouseLocation),
  group_title: oneLine('group_title', limits.title),
  description: (cell, row) => {
    row.description = cell;
    return undefined;
  },
  status: (cell, row) => {
    const value = cell.trim().toLowerCase();
    if (value === '') return undefined;
    if (!isStatus(value)) return 'is not draft, active or archived';
    row.status = value;
    return undefined;
  },
  published: (cell, row) => {
    const value = cell.trim().toLowerCase();
    // A status says more than whether the product is shown.
    if (row.status === undefined && (value === 'true' || value === 'false')) row.status = value === 'true' ? 'active' : 'draft';
    return undefined;
  },
  barcode: (cell, row) => {
    // Written so by spreadsheets to keep a number text; no barcode begins with it.
    const value = toLine(cell).replace(/^'/, '');
    row.barcode = value === '' ? null : value;
    if (value === '') return undefined;
    if (isRoundedNumber(value)) return 'was rounded by a spreadsheet; format the column as text and enter it again';
    if (value.length > limits.barcode) return `is longer than ${limits.barcode} characters`;
    if (!startsLikeCode(value)) return 'does not begin with a letter or a digit';
    const whole = withLostZeros(value);
    if (whole !== undefined) return `has lost its leading zeros; it should be ${whole}`;
    row.barcode_kind = barcodeKind(value);
    return undefined;
  },
  category: (cell, row) => {
    const names = toLine(cell)
      .split(/\s+[/>]\s+/)
      .map((name) => name.trim());
    const path = names.join(' / ');
    row.category_path = path === '' ? null : path;
    if (path === '') return undefined;
    if (names.some((name) => name === '' || name.length > limits.categoryName || !isCategoryName(name)))
      return `is not a category path such as Home / Kitchen, each name up to ${limits.categoryName} characters`;
    return path.length > limits.categoryPath ? `is longer than ${limits.categoryPath} characters` : undefined;
  },
  tags: (cell, row) => {
    const tags = [
      ...new Set(
        cell
          .split(',')
          .map(toLine)
          .filter((tag) => tag !== ''),
      ),
    ];
    row.tags = tags;
    if (tags.length > limits.tags) return `names more than ${limits.tags} tags`;
    return tags.some((tag) => tag.length > limits.tag) ? `has a tag longer than ${limits.tag} characters` : undefined;
  },
  group: (cell, row) => {
    const handle = toLine(cell);
    row.group_handle = handle === '' ? null : handle;
    return handle.length > limits.groupHandle ? `is longer than ${limits.groupHandle} characters` : undefined;
  },
  attributes: (cell, row) => {
    row.attributes = {};
    if (cell.trim() === '') return undefined;
    const reason = 'is not a list of names and texts such as {"Material":"Cotton"}';
    let parsed: unknown;
    try {
      parsed = JSON.parse(cell);
    } catch {
      return reason;
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return reason;
    const entries = Object.entries(parsed);
    if (entries.length > limits.attributes) return `has more than ${limits.attributes} attributes`;
    for (const [name, value] of entries) {
      if (typeof value !== 'string' || !isStorable(name) || !isStorable(value)) return reason;
      const [key, text] = [toLine(name), toLine(value)];
      if (key === '' || text === '' || key.length > limits.optionName || text.length > limits.attributeValue)
        return `has a name or a text that is empty or too long (${limits.attributeValue} characters)`;
      // Defined, not assigned: "__proto__" is a name like any other.
      Object.defineProperty(row.attributes, key, { value: text, enumerable: true, configurable: true, writable: true });
    }
    return undefined;
  },
  drive_folder_url: (cell, row) => {
    row.drive_folder_url = cell.trim();
    return row.drive_folder_url === '' || isWebAddress(row.drive_folder_url) ? undefined : 'is not an address that begins with http:// or https://';
  },
  vat_rate: measure('vat_rate', 100, 2),
  weight_grams: measure('weight_grams', limits.grams, 3),
  length_mm: measure('length_mm', limits.millimetres, 1),
  width_mm: measure('width_mm', limits.millimetres, 1),
  height_mm: measure('height_mm', limits.millimetres, 1),
  price: (cell, row) => {
    const minor = amount(cell, row);
    if (typeof minor === 'string') return cell.trim() === '' ? 'is empty; a product needs a price' : minor;
    row.price_minor = minor;
    return undefined;
  },
  compare_at_price: (cell, row) => {
    const minor = cell.trim() === '' ? 0 : amount(cell, row);
    if (typeof minor === 'string') return minor;
    // A reference price of nothing is none.
    row.compare_at_minor = minor === 0 ? null : minor;
    return undefined;
  },
  cost: (cell, row) => {
    if (cell.trim() === '') return undefined;
    const plain = plainAmount(cell.trim());
    if (plain === undefined || !/^\d{1,12}(?:\.\d{1,6})?$/.test(plain)) return 'is not an amount such as 12.50';
    row.unit_cost = plain;
    row.cost_currency ??= row.currency ?? '';
    return undefined;
  },
};

const currencyCode = /^[A-Z]{3}$/;

/** A currency cell: blank means `otherwise`. Returns undefined when it is no code. */
export function currencyIn(cell: string, otherwise: string): string | undefined {
  const value = cell.trim().toUpperCase();
  return value === '' ? otherwise : currencyCode.test(value) ? value : undefined;
}

/** Why a cell cannot be stored at all, whatever its column. */
export function unusable(cell: string): string | undefined {
  if (cell.length > CELL_LIMIT) return `is longer than the ${CELL_LIMIT.toLocaleString('en')} characters that a cell can hold`;
  if (!isStorable(cell)) return 'contains characters that cannot be stored (NUL or half a character)';
  return undefined;
}
