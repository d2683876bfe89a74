import type { TFunction } from 'i18next';
import type { Category } from '../../../../server/src/modules/catalog/contract.ts';
import { formatMoney, formatNumber } from '../../lib/format.ts';
import type { Member, Members } from './product-values.ts';

export type CatalogT = TFunction<'catalog'>;
type Paths = ReadonlyMap<string, string>;

export const categoryPaths = (categories: readonly Category[] | undefined): Paths => new Map(categories?.map((category) => [category.id, category.path]));

const cost = (value: { amount: string; currency: string }): string =>
  `${formatNumber(value.amount, { places: Math.max(2, (value.amount.split('.')[1] ?? '').replace(/0+$/, '').length) })} ${value.currency}`;
const money = (value: { amount: string; currency: string }): string =>
  /^-?\d+(\.\d+)?$/.test(value.amount) ? formatMoney(value) : `${value.amount} ${value.currency}`;
export const costText = cost;

const named = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
const measured = (value: number | null, unit: string): string => (value === null ? '' : `${formatNumber(value)} ${unit}`);

/** The value of one member as a person reads it; empty text for nothing. */
export function memberText(t: CatalogT, paths: Paths, member: Member, members: Members): string {
  switch (member) {
    case 'price':
      return money(members.price);
    case 'compareAtPrice':
      return members.compareAtPrice === null ? '' : money(members.compareAtPrice);
    case 'cost':
      return members.cost == null ? '' : cost(members.cost);
    case 'status':
      return t(`status.${members.status}`);
    case 'categoryId':
      return members.categoryId === null ? '' : (paths.get(members.categoryId) ?? t('field.unknownCategory'));
    case 'tags':
      return members.tags.join(', ');
    case 'options':
    case 'attributes':
      return named(members[member]);
    case 'group':
      return members.group === null ? '' : [members.group.handle, members.group.title].filter((part) => part !== undefined && part !== '').join('\n');
    case 'images':
      return members.images.map((image) => image.url).join('\n');
    case 'vatRate':
      return measured(members.vatRate, '%');
    case 'weightGrams':
      return measured(members.weightGrams, 'g');
    case 'lengthMm':
    case 'widthMm':
    case 'heightMm':
      return measured(members[member], 'mm');
    default:
      return members[member] ?? '';
  }
}
