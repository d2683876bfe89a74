import type { Product, ProductCreateInput, ProductStatus, ProductUpdateInput } from '../../../../server/src/modules/catalog/contract.ts';
import { parseAmount, plainDecimal } from '../../lib/amount.ts';

/** A pair in the order it stands; `key` keeps its place while it is typed. */
export interface NamedValue {
  key: string;
  name: string;
  value: string;
}
export interface ImageValue {
  key: string;
  url: string;
  alt: string;
}

/** What the form holds: texts as they are typed. */
export type ProductValues = {
  sku: string;
  title: string;
  description: string;
  brand: string;
  barcode: string;
  categoryId: string | null;
  tags: string[];
  status: ProductStatus;
  price: string;
  currency: string;
  compareAtPrice: string;
  vatRate: string;
  cost: string;
  costCurrency: string;
  weightGrams: string;
  lengthMm: string;
  widthMm: string;
  heightMm: string;
  warehouseLocation: string;
  groupHandle: string;
  groupTitle: string;
  options: NamedValue[];
  attributes: NamedValue[];
  images: ImageValue[];
  driveFolderUrl: string;
};

/** What one save may set; each member is compared, merged and sent as a whole. */
export type Members = Required<Omit<ProductUpdateInput, 'id' | 'version' | 'sku' | 'cost'>> & { cost: ProductUpdateInput['cost'] | null };
export type Member = keyof Members;

/** In the order of the form. */
export const memberNames = [
  'title',
  'description',
  'brand',
  'barcode',
  'categoryId',
  'tags',
  'status',
  'price',
  'compareAtPrice',
  'vatRate',
  'cost',
  'weightGrams',
  'lengthMm',
  'widthMm',
  'heightMm',
  'warehouseLocation',
  'group',
  'options',
  'attributes',
  'images',
  'driveFolderUrl',
] as const satisfies readonly Member[];

let made = 0;
const newKey = (): string => `row-${(made += 1)}`;
export const emptyPair = (): NamedValue => ({ key: newKey(), name: '', value: '' });
export const emptyImage = (): ImageValue => ({ key: newKey(), url: '', alt: '' });
const pairs = (values: Readonly<Record<string, string>>): NamedValue[] => Object.entries(values).map(([name, value]) => ({ key: newKey(), name, value }));
const typed = (value: number | null): string => (value === null ? '' : String(value));

export function toValues(product: Product): ProductValues {
  return {
    sku: product.sku,
    title: product.title,
    description: product.description,
    brand: product.brand,
    barcode: product.barcode ?? '',
    categoryId: product.category?.id ?? null,
    tags: product.tags,
    status: product.status,
    price: product.price.amount,
    currency: product.price.currency,
    compareAtPrice: product.compareAtPrice?.amount ?? '',
    vatRate: typed(product.vatRate),
    cost: product.cost?.amount ?? '',
    costCurrency: product.cost?.currency ?? product.price.currency,
    weightGrams: typed(product.weightGrams),
    lengthMm: typed(product.lengthMm),
    widthMm: typed(product.widthMm),
    heightMm: typed(product.heightMm),
    warehouseLocation: product.warehouseLocation,
    groupHandle: product.group?.handle ?? '',
    groupTitle: product.group?.title ?? '',
    options: pairs(product.options),
    attributes: pairs(product.attributes),
    images: product.images.map(({ url, alt }) => ({ key: newKey(), url, alt })),
    driveFolderUrl: product.driveFolderUrl,
  };
}

export const emptyValues = (currency: string): ProductValues => ({
  sku: '',
  title: '',
  description: '',
  brand: '',
  barcode: '',
  categoryId: null,
  tags: [],
  status: 'draft',
  price: '',
  currency,
  compareAtPrice: '',
  vatRate: '',
  cost: '',
  costCurrency: currency,
  weightGrams: '',
  lengthMm: '',
  widthMm: '',
  heightMm: '',
  warehouseLocation: '',
  groupHandle: '',
  groupTitle: '',
  options: [],
  attributes: [],
  images: [],
  driveFolderUrl: '',
});

const number = (text: string): number | null => (text.trim() === '' ? null : Number(plainDecimal(text)));
const record = (values: readonly NamedValue[]): Record<string, string> =>
  Object.fromEntries(values.map(({ name, value }) => [name.trim(), value.trim()] as const).filter(([name, value]) => name !== '' && value !== ''));

/** What is no amount stays as typed, so that it counts as a change; the form refuses it before it is sent. */
const amountOf = (text: string, currency: string): string => parseAmount(text, currency) ?? text.trim();

export function toMembers(values: ProductValues): Members {
  const { currency } = values;
  return {
    title: values.title.trim(),
    description: values.description,
    brand: values.brand.trim(),
    barcode: values.barcode.trim() === '' ? null : values.barcode.trim(),
    categoryId: values.categoryId,
    tags: values.tags,
    status: values.status,
    price: { amount: amountOf(values.price, currency), currency },
    compareAtPrice: values.compareAtPrice.trim() === '' ? null : { amount: amountOf(values.compareAtPrice, currency), currency },
    vatRate: number(values.vatRate),
    cost: values.cost.trim() === '' ? null : { amount: plainDecimal(values.cost), currency: values.costCurrency },
    weightGrams: number(values.weightGrams),
    lengthMm: number(values.lengthMm),
    widthMm: number(values.widthMm),
    heightMm: number(values.heightMm),
    warehouseLocation: values.warehouseLocation.trim(),
    group:
      values.groupHandle.trim() === ''
        ? null
        : { handle: values.groupHandle.trim(), ...(values.groupTitle.trim() === '' ? {} : { title: values.groupTitle.trim() }) },
    options: record(values.options),
    attributes: record(values.attributes),
    images: values.images.filter((image) => image.url.trim() !== '').map(({ url, alt }) => ({ url: url.trim(), alt: alt.trim() })),
    driveFolderUrl: values.driveFolderUrl.trim(),
  };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Members in which two states differ, in the order of the form. */
export const differing = (a: Members, b: Members): Member[] => memberNames.filter((name) => !same(a[name], b[name]));

/** Only what a person changed, so that a save never writes back what somebody else has. A cost cannot be emptied. */
export function patchOf(base: Members, mine: Members): Partial<Omit<ProductUpdateInput, 'id' | 'version' | 'sku'>> {
  const { cost, ...rest } = Object.fromEntries(differing(base, mine).map((name) => [name, mine[name]])) as Partial<Members>;
  return { ...rest, ...(cost === undefined || cost === null ? {} : { cost }) };
}

export function toCreate(values: ProductValues): ProductCreateInput {
  const { title, price, ...rest } = patchOf(toMembers(emptyValues(values.currency)), toMembers(values));
  return { ...rest, sku: values.sku.trim(), title: title ?? '', price: price ?? { amount: '', currency: values.currency } };
}

/* ── Two people, one product ─────────────────────────────────────────── */

export type Choice = 'mine' | 'theirs';
export interface Clash {
  member: Member;
  mine: Members[Member];
  theirs: Members[Member];
  /** Only one side changed it; else both did. */
  by: 'me' | 'them' | 'both';
}

/** Where my form and what is stored now differ, and who changed it since `base`. */
export const clashes = (base: Members, mine: Members, theirs: Members): Clash[] =>
  differing(mine, theirs).map((member) => {
    const byMe = !same(base[member], mine[member]);
    const byThem = !same(base[member], theirs[member]);
    return { member, mine: mine[member], theirs: theirs[member], by: byMe && byThem ? 'both' : byMe ? 'me' : 'them' };
  });

/** Keep what I changed, take what I did not touch. */
export const firstChoice = (clash: Clash): Choice => (clash.by === 'them' ? 'theirs' : 'mine');

/** Which inputs of the form a member fills. */
export const inputsOf: Record<Member, readonly (keyof ProductValues)[]> = {
  title: ['title'],
  description: ['description'],
  brand: ['brand'],
  barcode: ['barcode'],
  categoryId: ['categoryId'],
  tags: ['tags'],
  status: ['status'],
  price: ['price', 'currency'],
  compareAtPrice: ['compareAtPrice'],
  vatRate: ['vatRate'],
  cost: ['cost', 'costCurrency'],
  weightGrams: ['weightGrams'],
  lengthMm: ['lengthMm'],
  widthMm: ['widthMm'],
  heightMm: ['heightMm'],
  warehouseLocation: ['warehouseLocation'],
  group: ['groupHandle', 'groupTitle'],
  options: ['options'],
  attributes: ['attributes'],
  images: ['images'],
  driveFolderUrl: ['driveFolderUrl'],
};

/** The form after the choices: their values where theirs are taken. */
export function resolved(mine: ProductValues, theirs: ProductValues, taken: readonly Member[]): ProductValues {
  const keys = taken.flatMap((member) => inputsOf[member]);
  return { ...mine, ...Object.fromEntries(keys.map((key) => [key, theirs[key]])) };
}
