import type { ReactNode } from 'react';
import type { ChangeEntry } from '../../../../server/src/modules/accounts/contract.ts';
import { fromMinor } from '../../lib/amount.ts';
import { formatDate, formatMoney, formatNumber } from '../../lib/format.ts';
import { Change } from '../../ui/timeline.tsx';
import css from './catalog.module.css';
import { costText } from './member-words.ts';
import type { CatalogT } from './member-words.ts';

type Field = ChangeEntry['fields'][number];
type Values = ReadonlyMap<string, Field>;

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const plain = (value: unknown): string | undefined =>
  value === null || value === undefined || value === '' ? undefined : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** Told together with another field, or of no meaning to a person. */
const silent = new Set(['currency', 'barcode_kind', 'version', 'updated_at', 'group_id']);
/** Longer texts are told by their length. */
const LONG = 60;

/** What is needed to tell a change: the product's currency too, because a change names it only when it changed. */
export interface Words {
  t: CatalogT;
  paths: ReadonlyMap<string, string>;
  currency: string;
  zone: string;
}

/** What one change set did to a product and its costs, one line per field, in a person's words. */
export function changeLines(words: Words, entries: readonly ChangeEntry[]): ReactNode {
  const { t } = words;
  if (entries.some((entry) => entry.op === 'create')) return t('history.created');
  if (entries.some((entry) => entry.op === 'delete')) return t('history.deleted');
  const lines = entries.flatMap((entry) => {
    const values: Values = new Map(entry.fields.map((field) => [field.field, field]));
    const told = entry.fields.flatMap((field) => (entry.entityKind === 'product_cost' ? costLine(words, field) : fieldLines(words, field, values)));
    return told.length > 0 ? told : [t(values.has('group_id') ? 'history.regrouped' : 'history.changed')];
  });
  return lines.map((line, index) => (
    <span key={index} className={css.change}>
      {line}
    </span>
  ));
}

function costLine({ t, zone }: Words, { field, before, after }: Field): ReactNode[] {
  const cost = (value: unknown): string | undefined => {
    const { unit_cost: amount, currency } = record(value);
    return amount === undefined || amount === null ? undefined : costText({ amount: String(amount), currency: String(currency) });
  };
  const day = formatDate(field, zone, true);
  const had = cost(before);
  return [
    <>
      {t('field.cost')} {had === undefined ? <strong>{cost(after)}</strong> : <Change before={had} after={cost(after)} />} {t('history.from', { day })}
    </>,
  ];
}

const columns = {
  title: 'title',
  brand: 'brand',
  barcode: 'barcode',
  category_id: 'categoryId',
  status: 'status',
  price_minor: 'price',
  compare_at_minor: 'compareAtPrice',
  vat_rate: 'vatRate',
  weight_grams: 'weightGrams',
  length_mm: 'lengthMm',
  width_mm: 'widthMm',
  height_mm: 'heightMm',
  warehouse_location: 'warehouseLocation',
  drive_folder_url: 'driveFolderUrl',
  description: 'description',
  tags: 'tags',
  options: 'options',
  attributes: 'attributes',
  images: 'images',
  sku: 'sku',
} as const;
const units = { vat_rate: '%', weight_grams: 'g', length_mm: 'mm', width_mm: 'mm', height_mm: 'mm' } as const;
const isColumn = (field: string): field is keyof typeof columns => Object.hasOwn(columns, field);

function fieldLines({ t, paths, currency }: Words, { field, before, after }: Field, values: Values): ReactNode[] {
  if (silent.has(field)) return [];
  const label = isColumn(field) ? t(`field.${columns[field]}`) : field.replaceAll('_', ' ');
  const change = (show: (value: unknown, side: 'before' | 'after') => string | undefined): ReactNode => (
    <>
      {label} <Change before={show(before, 'before')} after={show(after, 'after')} />
    </>
  );
  switch (field) {
    case 'price_minor':
    case 'compare_at_minor':
      return [change((value, side) => moneyText(value, values.get('currency')?.[side] ?? currency))];
    case 'category_id':
      return [change((value) => (value === null ? undefined : (paths.get(String(value)) ?? t('field.unknownCategory'))))];
    case 'status':
      return [change((value) => (value === 'active' || value === 'draft' || value === 'archived' ? t(`status.${value}`) : plain(value)))];
    case 'tags': {
      const [had, has] = [list(before).map(String), list(after).map(String)];
      return [
        <>
          {label}{' '}
          <Change before={had.filter((tag) => !has.includes(tag)).join(', ') || null} after={has.filter((tag) => !had.includes(tag)).join(', ') || null} />
        </>,
      ];
    }
    case 'options':
    case 'attributes': {
      const [had, has] = [record(before), record(after)];
      return [...new Set([...Object.keys(had), ...Object.keys(has)])]
        .filter((name) => had[name] !== has[name])
        .map((name) => (
          <>
            {name} <Change before={plain(had[name])} after={plain(has[name])} />
          </>
        ));
    }
    case 'images': {
      const address = (value: unknown): string => String(record(value)['url'] ?? value);
      const [had, has] = [list(before).map(address), list(after).map(address)];
      const added = has.filter((url) => !had.includes(url)).length;
      const removed = had.filter((url) => !has.includes(url)).length;
      return [added + removed === 0 ? t('history.imagesOrder') : t('history.images', { added: formatNumber(added), removed: formatNumber(removed) })];
    }
    case 'vat_rate':
    case 'weight_grams':
    case 'length_mm':
    case 'width_mm':
    case 'height_mm':
      return [change((value) => (value === null ? undefined : `${formatNumber(Number(value))} ${units[field]}`))];
    default: {
      const [had, has] = [plain(before) ?? '', plain(after) ?? ''];
      if (had.length > LONG || has.length > LONG)
        return [t('history.length', { field: label, before: formatNumber(had.length), after: formatNumber(has.length) })];
      return [change(plain)];
    }
  }
}

const moneyText = (value: unknown, currency: unknown): string | undefined =>
  typeof value === 'number' && typeof currency === 'string' ? formatMoney(fromMinor(value, currency)) : undefined;
