import type { ImportProfile } from '../../connectors/connector.ts';
import { AppError } from '../../kit/errors.ts';
import { catalogErrors } from './contract.ts';
import type { Field } from './fields.ts';

/** Our own product list. The first heading of each field is the one an export writes. */
export const ownFile: ImportProfile = {
  id: 'karavan',
  name: 'Karavan product list',
  recognisedBy: ['sku'],
  columns: {
    sku: ['SKU', 'Product code', 'Item code', 'Variant SKU'],
    title: ['Title', 'Name', 'Product name'],
    status: ['Status'],
    price: ['Price'],
    compare_at_price: ['Compare-at price', 'Compare at price', 'compare_at_price'],
    currency: ['Currency'],
    vat_rate: ['VAT %', 'VAT rate', 'vat_rate'],
    barcode: ['Barcode', 'EAN', 'GTIN'],
    brand: ['Brand', 'Vendor'],
    category: ['Category'],
    tags: ['Tags'],
    group: ['Group', 'Variant group', 'group_handle'],
    group_title: ['Group title', 'group_title'],
    option1_name: ['Option 1 name', 'option1_name'],
    option1_value: ['Option 1 value', 'option1_value'],
    option2_name: ['Option 2 name', 'option2_name'],
    option2_value: ['Option 2 value', 'option2_value'],
    option3_name: ['Option 3 name', 'option3_name'],
    option3_value: ['Option 3 value', 'option3_value'],
    weight_grams: ['Weight (g)', 'weight_grams'],
    length_mm: ['Length (mm)', 'length_mm'],
    width_mm: ['Width (mm)', 'width_mm'],
    height_mm: ['Height (mm)', 'height_mm'],
    location: ['Warehouse location', 'warehouse_location'],
    image_urls: ['Image addresses', 'image_urls', 'images'],
    image_alts: ['Image texts', 'image_alts'],
    attributes: ['Attributes'],
    drive_folder_url: ['Drive folder', 'drive_folder_url'],
    description: ['Description'],
    cost: ['Cost', 'Unit cost'],
    cost_currency: ['Cost currency', 'cost_currency'],
  },
};

/** Columns of our export that follow from others and are not read back. */
export const shownOnly: ReadonlySet<string> = new Set(['available', 'reserved', 'composite', 'created', 'updated']);

/** Field of a file → the product field it fills; more than one may fill the same. */
export const productFieldOf: Readonly<Record<string, Field>> = {
  title: 'title',
  status: 'status',
  published: 'status',
  price: 'price',
  compare_at_price: 'compareAtPrice',
  vat_rate: 'vatRate',
  barcode: 'barcode',
  brand: 'brand',
  category: 'categoryId',
  tags: 'tags',
  group: 'group',
  option1_value: 'options',
  weight_grams: 'weightGrams',
  length_mm: 'lengthMm',
  width_mm: 'widthMm',
  height_mm: 'heightMm',
  location: 'warehouseLocation',
  image_url: 'images',
  image_urls: 'images',
  attributes: 'attributes',
  drive_folder_url: 'driveFolderUrl',
  description: 'description',
  cost: 'cost',
};

/** A profile laid over the headings of one file. */
export interface Layout {
  profile: ImportProfile;
  /** Field of the file → position of its column. */
  columns: ReadonlyMap<string, number>;
  headings: readonly string[];
  /** Headings that nothing is done with. */
  ignored: string[];
}

const normal = (heading: string): string => heading.trim().toLowerCase();

function lay(profile: ImportProfile, headings: readonly string[], extra: Readonly<Record<string, readonly string[]>>): Layout {
  const positions = new Map(headings.map((heading, at) => [normal(heading), at] as const).toReversed());
  const columns = new Map<string, number>();
  for (const [field, aliases] of Object.entries({ ...extra, ...profile.columns })) {
    const found = aliases.map((alias) => positions.get(normal(alias))).find((at) => at !== undefined);
    if (found !== undefined) columns.set(field, found);
  }
  const used = new Set(columns.values());
  const ignored = headings.filter((heading, at) => heading !== '' && !used.has(at) && !shownOnly.has(normal(heading)));
  return { profile, columns, headings, ignored };
}

/**
 * Finds out what kind of file has these headings: the profile asked for, else the first platform's that recognises it, else our own.
 * `extra` names the columns of other modules. Refuses headings that no profile knows.
 */
export function layoutOf(
  headings: readonly string[],
  options: { platforms: readonly ImportProfile[]; extra: Readonly<Record<string, readonly string[]>>; wanted: string | undefined },
): Layout {
  const { extra, wanted } = options;
  const profiles = [...options.platforms, ownFile];
  const candidates = wanted === undefined ? profiles : profiles.filter((profile) => profile.id === wanted);
  if (candidates.length === 0) throw new AppError(catalogErrors['import.profile_unknown'], { field: 'profile', data: { profile: wanted } });
  for (const profile of candidates) {
    const layout = lay(profile, headings, extra);
    if (profile.recognisedBy.every((field) => layout.columns.has(field))) return layout;
  }
  const shown = headings
    .slice(0, 8)
    .map((heading) => heading.slice(0, 40))
    .join(', ');
  throw new AppError(catalogErrors['import.headings_unknown'], { data: { headings: shown } });
}
