import { invalid } from '../../kit/errors.ts';
import { parseMinor } from '../../kit/money.ts';
import type { ProductCreateInput } from './contract.ts';

/** A product as somebody wants it. For a change, members that are absent stay as they are. */
export type ProductDraft = Partial<Omit<ProductCreateInput, 'sku'>> & { sku: string };
export type Field = Exclude<keyof ProductDraft, 'sku'>;

/** A draft on its way into the tables: one row of the merge's source, and of `import_row`. Absent columns are null. */
export interface StagedRow {
  row_number: number;
  /** Given by the database while a file is staged. */
  product_id?: string;
  sku: string;
  barcode?: string | null;
  barcode_kind?: 'gs1' | 'internal' | null;
  title?: string;
  description?: string;
  brand?: string;
  category_id?: string | null;
  category_path?: string | null;
  group_handle?: string | null;
  group_title?: string | null;
  option_names?: string[];
  options?: Record<string, string>;
  attributes?: Record<string, string>;
  tags?: string[];
  status?: string;
  price_minor?: number;
  compare_at_minor?: number | null;
  currency?: string;
  vat_rate?: number | null;
  weight_grams?: number | null;
  length_mm?: number | null;
  width_mm?: number | null;
  height_mm?: number | null;
  warehouse_location?: string;
  drive_folder_url?: string;
  images?: { url: string; alt: string }[];
  unit_cost?: string;
  cost_currency?: string;
  extra?: Record<string, string>;
  problems?: { column: string; value: string; reason: string }[];
}

/**
 * Product columns that a field fills. `keep`: the column is never null, so a missing value leaves it as it is;
 * the others are emptied by null. Images, costs and the group's own row are written by statements of their own.
 */
export const productColumns: Readonly<Record<Field, readonly { name: string; keep: boolean; fallback?: string }[]>> = {
  title: [{ name: 'title', keep: true }],
  description: [{ name: 'description', keep: true, fallback: "''" }],
  brand: [{ name: 'brand', keep: true, fallback: "''" }],
  barcode: [
    { name: 'barcode', keep: false },
    { name: 'barcode_kind', keep: false },
  ],
  categoryId: [{ name: 'category_id', keep: false }],
  group: [{ name: 'group_id', keep: false }],
  options: [{ name: 'options', keep: true, fallback: "'{}'" }],
  attributes: [{ name: 'attributes', keep: true, fallback: "'{}'" }],
  tags: [{ name: 'tags', keep: true, fallback: "'{}'" }],
  status: [{ name: 'status', keep: true, fallback: "'draft'" }],
  price: [
    { name: 'price_minor', keep: true },
    { name: 'currency', keep: true },
  ],
  compareAtPrice: [{ name: 'compare_at_minor', keep: false }],
  vatRate: [{ name: 'vat_rate', keep: false }],
  weightGrams: [{ name: 'weight_grams', keep: false }],
  lengthMm: [{ name: 'length_mm', keep: false }],
  widthMm: [{ name: 'width_mm', keep: false }],
  heightMm: [{ name: 'height_mm', keep: false }],
  warehouseLocation: [{ name: 'warehouse_location', keep: true, fallback: "''" }],
  driveFolderUrl: [{ name: 'drive_folder_url', keep: true, fallback: "''" }],
  images: [],
  cost: [],
};

/** Weights 3, 1, 3, 1 … from the right of the digits before the check digit (GS1 General Specifications 7.9.1). */
function hasCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 2, weight = 3; at >= 0; at--, weight = 4 - weight) sum += Number(digits[at]) * weight;
  return (10 - (sum % 10)) % 10 === Number(digits.at(-1));
}

/** `gs1` for a valid GTIN, `internal` for one from the ranges that are never assigned to a company; null for any other code. */
export function barcodeKind(barcode: string): 'gs1' | 'internal' | null {
  if (!/^(?:\d{8}|\d{12,14})$/.test(barcode) || !hasCheckDigit(barcode)) return null;
  if (barcode.length === 8) return /^[02]/.test(barcode) ? 'internal' : 'gs1';
  const prefix = barcode.padStart(14, '0').slice(1, 4);
  return prefix === '000' || /^0[24]/.test(prefix) || prefix.startsWith('2') ? 'internal' : 'gs1';
}

/** A number that would be a valid GTIN if zeros were put before it again: a spreadsheet has dropped them. Returns that GTIN. */
export function withLostZeros(barcode: string): string | undefined {
  if (!/^[1-9]\d*$/.test(barcode)) return undefined;
  const length = barcode.length === 7 ? 8 : barcode.length >= 10 && barcode.length <= 11 ? 12 : 0;
  const whole = barcode.padStart(length, '0');
  return length > 0 && hasCheckDigit(whole) ? whole : undefined;
}

function minor(field: string, money: { amount: string; currency: string }): number {
  const value = parseMinor(money.amount, money.currency);
  if (value === undefined || value < 0) throw invalid(`${field}.amount`, `${money.amount} is not an amount of ${money.currency}`);
  return value;
}

/** A draft as the merge takes it. Refuses amounts that their currency does not have, and two currencies in one product. */
export function toStaged(draft: ProductDraft, productId: string, row: number): StagedRow & { product_id: string } {
  const {
    price,
    compareAtPrice,
    barcode,
    group,
    options,
    cost,
    vatRate,
    weightGrams,
    lengthMm,
    widthMm,
    heightMm,
    warehouseLocation,
    driveFolderUrl,
    categoryId,
    ...same
  } = draft;
  const currency = price?.currency ?? compareAtPrice?.currency;
  if (price !== undefined && compareAtPrice != null && compareAtPrice.currency !== price.currency)
    throw invalid('compareAtPrice.currency', `must be ${price.currency} as the price is`);
  // A reference price of nothing is none.
  const compareAt = compareAtPrice == null ? null : minor('compareAtPrice', compareAtPrice) || null;
  return {
    row_number: row,
    product_id: productId,
    ...same,
    barcode: barcode ?? null,
    barcode_kind: barcode == null ? null : barcodeKind(barcode),
    category_id: categoryId ?? null,
    group_handle: group?.handle ?? null,
    group_title: group?.title ?? null,
    ...(options === undefined ? {} : { options, option_names: Object.keys(options) }),
    ...(price === undefined ? {} : { price_minor: minor('price', price) }),
    ...(currency === undefined ? {} : { currency }),
    compare_at_minor: compareAt,
    vat_rate: vatRate ?? null,
    weight_grams: weightGrams ?? null,
    length_mm: lengthMm ?? null,
    width_mm: widthMm ?? null,
    height_mm: heightMm ?? null,
    ...(warehouseLocation === undefined ? {} : { warehouse_location: warehouseLocation }),
    ...(driveFolderUrl === undefined ? {} : { drive_folder_url: driveFolderUrl }),
    ...(cost === undefined ? {} : { unit_cost: cost.amount, cost_currency: cost.currency }),
  };
}
