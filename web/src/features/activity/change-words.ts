import type { TFunction } from 'i18next';
import { toMoney } from '../../../../server/src/kit/money.ts';
import type { ChangeEntry } from '../../../../server/src/modules/accounts/contract.ts';
import { formatDate, formatExact, formatMoney, formatNumber } from '../../lib/format.ts';
import { i18next } from '../../lib/i18n.ts';
import type activityTexts from '../../locales/en/activity.ts';
import { changeKinds } from './queries.ts';

export type ActivityT = TFunction<'activity'>;
type Field = ChangeEntry['fields'][number];

/** What values that are only ids stand for, and what money without its own currency is in. */
export interface Names {
  zone: string;
  currency: string;
  categories: ReadonlyMap<string, string>;
  companies: ReadonlyMap<string, string>;
  channels: ReadonlyMap<string, string>;
  /** Product id → SKU and currency. */
  products: ReadonlyMap<string, { sku: string; currency: string }>;
}

/** One changed field in words; absent where there was or is nothing. */
export interface FieldChange {
  id: string;
  label: string;
  before: string | undefined;
  after: string | undefined;
}

/** Told together with another field, or of no meaning to a person. */
const silent = new Set([
  'id',
  'version',
  'created_at',
  'updated_at',
  'barcode_kind',
  'email_verified',
  'image',
  'series',
  'webhook_token',
  'last_seen_run_id',
  'observed_at',
  'fetched_at',
  'images_synced_at',
  'health_at',
  'pulled_at',
  'push_after',
  'push_failures',
  'mapped_at',
  'group_id',
  'order_id',
  'channel_order_id',
  'last_used_at',
  'created_by',
]);

type Texts = typeof activityTexts;
const isField = (name: string): name is keyof Texts['field'] => i18next.exists(`activity:field.${name}`);
const isRole = (name: string): name is keyof Texts['role'] => i18next.exists(`activity:role.${name}`);
const isEntity = (name: string): name is keyof Texts['entity'] => i18next.exists(`activity:entity.${name}`);

export const changeKindText = (t: ActivityT, kind: string): string => {
  const known = changeKinds.find((one) => one === kind);
  return known === undefined ? kind.replaceAll('_', ' ') : t(`changeKind.${known}`);
};

export const entityText = (t: ActivityT, kind: string): string => (isEntity(kind) ? t(`entity.${kind}`) : kind.replaceAll('_', ' '));

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
/** What is written as it stands: a text or a number. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');
const isDate = (value: string): boolean => /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
const isDay = (value: string): boolean => /^\d{4}-\d\d-\d\d$/.test(value);

/** Ids of products whose SKU or currency the fields of these entries need. */
export function productsIn(entries: readonly ChangeEntry[]): string[] {
  const ids = new Set<string>();
  for (const entry of entries) {
    const has = (name: string): boolean => entry.fields.some((field) => field.field === name);
    if (entry.entityKind === 'product' && entry.op === 'update' && (has('price_minor') || has('compare_at_minor')) && !has('currency')) ids.add(entry.entityId);
    for (const field of entry.fields)
      if (field.field === 'product_id') for (const value of [field.before, field.after]) if (typeof value === 'string') ids.add(value);
  }
  return [...ids].toSorted();
}

/** What one entry changed, field by field, in a person's words. A field that reads the same on both sides is left out. */
export function fieldChanges(t: ActivityT, names: Names, entry: ChangeEntry): FieldChange[] {
  return entry.fields
    .filter((field) => !silent.has(field.field) && !(field.field === 'currency' && entry.fields.some((one) => one.field.endsWith('_minor'))))
    .flatMap((field) => (isSpread(field) ? spread(t, names, field) : [one(t, names, entry, field)]))
    .filter((change) => change.before !== change.after);
}

/** Groups of values, told member by member: attributes, options, settings. */
const isSpread = ({ before, after }: Field): boolean =>
  [before, after].some((value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !('unit_cost' in value));

function spread(t: ActivityT, names: Names, { field, before, after }: Field): FieldChange[] {
  const [had, has] = [record(before), record(after)];
  return [...new Set([...Object.keys(had), ...Object.keys(has)])].map((name) => ({
    id: `${field} ${name}`,
    label: field === 'attributes' || field === 'options' ? name : `${labelOf(t, field)}, ${name.replaceAll('_', ' ')}`,
    before: plain(t, names, had[name]),
    after: plain(t, names, has[name]),
  }));
}

const labelOf = (t: ActivityT, field: string): string => (isField(field) ? t(`field.${field}`) : field.replaceAll('_', ' '));

function one(t: ActivityT, names: Names, entry: ChangeEntry, field: Field): FieldChange {
  if (entry.entityKind === 'product_cost' && isDay(field.field))
    return {
      id: field.field,
      label: `${t('field.unit_cost')} ${t('change.costFrom', { day: dayText(field.field) })}`,
      before: costText(field.before),
      after: costText(field.after),
    };
  const value = (side: 'before' | 'after'): string | undefined => valueText(t, names, entry, field, side);
  return { id: field.field, label: labelOf(t, field.field), before: value('before'), after: value('after') };
}

/** A calendar day has no zone of its own. */
export const dayText = (day: string): string => formatDate(`${day}T00:00:00Z`, 'UTC');

const costText = (value: unknown): string | undefined => {
  const { unit_cost: amount, currency } = record(value);
  return amount === undefined || amount === null
    ? undefined
    : `${formatNumber(textOf(amount), { places: Math.max(2, (textOf(amount).split('.')[1] ?? '').replace(/0+$/, '').length) })} ${textOf(currency)}`;
};

function valueText(t: ActivityT, names: Names, entry: ChangeEntry, changed: Field, side: 'before' | 'after'): string | undefined {
  const value = changed[side];
  if (value === null || value === undefined || value === '') return undefined;
  switch (changed.field) {
    case 'price_minor':
    case 'compare_at_minor':
    case 'list_price_minor': {
      const own = entry.fields.find((other) => other.field === 'currency')?.[side];
      const currency = typeof own === 'string' ? own : (names.products.get(entry.entityId)?.currency ?? names.currency);
      return typeof value === 'number' ? formatMoney(toMoney(value, currency)) : plain(t, names, value);
    }
    case 'category_id':
    case 'parent_id':
      return names.categories.get(textOf(value)) ?? t('change.unknown');
    case 'company_id':
      return names.companies.get(textOf(value)) ?? t('change.unknown');
    case 'channel_id':
      return names.channels.get(textOf(value)) ?? t('change.unknown');
    case 'product_id':
      return names.products.get(textOf(value))?.sku ?? t('change.unknown');
    case 'company_ids':
      return Array.isArray(value) ? value.map((id) => names.companies.get(textOf(id)) ?? t('change.unknown')).join(', ') : t('value.all');
    case 'role':
      return typeof value === 'string' && isRole(value) ? t(`role.${value}`) : plain(t, names, value);
    case 'weight_grams':
      return t('value.grams', { number: formatNumber(textOf(value)) });
    case 'length_mm':
    case 'width_mm':
    case 'height_mm':
      return t('value.millimetres', { number: formatNumber(textOf(value)) });
    case 'vat_rate':
      return t('value.percent', { number: formatNumber(textOf(value)) });
    case 'value':
      return typeof value === 'number' ? formatNumber(value, { places: 8 }).replace(/(\d)\.?0+$/, '$1') : plain(t, names, value);
    case 'images':
      return Array.isArray(value) ? formatNumber(value.length) : plain(t, names, value);
    default:
      return plain(t, names, value);
  }
}

/** Any other value: a date as a date, a number as a number, a list with commas. */
function plain(t: ActivityT, names: Names, value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value === 'boolean') return t(value ? 'value.yes' : 'value.no');
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value === 'string') return isDate(value) ? formatExact(value, names.zone) : isDay(value) ? dayText(value) : value;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((part) => plain(t, names, part) ?? '').join(', ');
  return Object.entries(record(value))
    .map(([name, part]) => `${name.replaceAll('_', ' ')}: ${plain(t, names, part) ?? ''}`)
    .join(', ');
}
