import type { limits as Limits } from '../../../../server/src/modules/catalog/contract.ts';
import { parseAmount, plainDecimal } from '../../lib/amount.ts';
import type { CatalogT } from './member-words.ts';
import type { NamedValue, ProductValues } from './product-values.ts';

type Answer = string | null;

/** The contract's limits; their type is their value, so a difference does not compile. */
export const limits: typeof Limits = {
  sku: 100,
  title: 255,
  brand: 100,
  barcode: 60,
  tag: 60,
  tags: 250,
  categoryName: 100,
  categoryPath: 600,
  groupHandle: 255,
  warehouseLocation: 100,
  options: 3,
  optionName: 100,
  optionValue: 255,
  attributes: 100,
  attributeValue: 1000,
  images: 250,
  url: 2000,
  alt: 500,
  grams: 100_000_000,
  millimetres: 10_000_000,
};

const isWebAddress = (text: string): boolean => /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
/** A file of the shop's own, kept by the server; nobody types one. */
const isOwnFile = (text: string): boolean => text.startsWith('/');

/** What can be said before the server is asked; it checks everything again. */
export function productChecks(t: CatalogT) {
  const money = (text: string, currency: string): Answer =>
    text.trim() === '' || parseAmount(text, currency) !== undefined ? null : t('check.amount', { currency });
  const figure =
    (max: number, places: number) =>
    (text: string): Answer => {
      if (text.trim() === '') return null;
      const plain = plainDecimal(text);
      if (!/^\d+(\.\d+)?$/.test(plain) || Number(plain) > max) return t('check.number', { max });
      return (plain.split('.')[1] ?? '').length > places ? t('check.places', { count: places }) : null;
    };
  const name = (rows: readonly NamedValue[], path: string): Answer => {
    const row = rows[Number(path.split('.')[1])];
    if (row === undefined) return null;
    const trimmed = row.name.trim();
    if (trimmed === '') return row.value.trim() === '' ? null : t('check.required');
    return rows.filter((one) => one.name.trim() === trimmed).length > 1 ? t('check.twice') : null;
  };
  const value = (rows: readonly NamedValue[], path: string): Answer => {
    const row = rows[Number(path.split('.')[1])];
    return row !== undefined && row.name.trim() !== '' && row.value.trim() === '' ? t('check.required') : null;
  };
  return {
    sku: (sku: string): Answer => (sku.trim() === '' ? t('check.required') : null),
    title: (title: string): Answer => (title.trim() === '' ? t('check.required') : null),
    tags: (tags: string[]): Answer => (tags.some((tag) => tag.length > limits.tag) ? t('check.tagLong', { count: limits.tag }) : null),
    price: (price: string, { currency }: ProductValues): Answer => (price.trim() === '' ? t('check.required') : money(price, currency)),
    compareAtPrice: (price: string, { currency }: ProductValues): Answer => money(price, currency),
    cost: (cost: string): Answer => (cost.trim() === '' || /^\d{1,12}(\.\d{1,6})?$/.test(plainDecimal(cost)) ? null : t('check.cost')),
    vatRate: figure(100, 2),
    weightGrams: figure(limits.grams, 3),
    lengthMm: figure(limits.millimetres, 1),
    widthMm: figure(limits.millimetres, 1),
    heightMm: figure(limits.millimetres, 1),
    options: {
      name: (_name: string, values: ProductValues, path: string): Answer => name(values.options, path),
      value: (_value: string, values: ProductValues, path: string): Answer => value(values.options, path),
    },
    attributes: {
      name: (_name: string, values: ProductValues, path: string): Answer => name(values.attributes, path),
      value: (_value: string, values: ProductValues, path: string): Answer => value(values.attributes, path),
    },
    images: { url: (url: string): Answer => (url.trim() === '' || isOwnFile(url.trim()) || isWebAddress(url.trim()) ? null : t('check.address')) },
    driveFolderUrl: (url: string): Answer => (url.trim() === '' || isWebAddress(url.trim()) ? null : t('check.address')),
  };
}

/** The input a refused member belongs to: `price.amount` → `price`, `group.handle` → `groupHandle`. */
export function inputOf(field: string): string {
  const [first = field, second] = field.split('.');
  if (first === 'group') return second === 'title' ? 'groupTitle' : 'groupHandle';
  if (first === 'images' || first === 'options' || first === 'attributes') return field;
  return first;
}
