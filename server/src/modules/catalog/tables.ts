/* Generated from the migrated database by `npm run generate`; a test compares it. */

/** tree of our own categories; path is the names from the root, joined by " / " */
export interface CategoryRow {
  id: string;
  parent_id: string | null;
  name: string;
  description: string;
  path: string;
  position: number;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** what an import refused and why, by row of the file */
export interface ImportProblemRow {
  import_id: string;
  row_number: number;
  sku: string;
  column_name: string;
  value: string;
  reason: string;
}

/** rows of an import file, read and checked, on their way into products */
export interface ImportRowRow {
  import_id: string;
  row_number: number;
  product_id: string;
  sku: string;
  barcode: string | null;
  barcode_kind: string | null;
  title: string | null;
  description: string | null;
  brand: string | null;
  category_path: string | null;
  group_handle: string | null;
  group_title: string | null;
  option_names: string[] | null;
  options: unknown;
  attributes: unknown;
  tags: string[] | null;
  status: string | null;
  price_minor: number | null;
  compare_at_minor: number | null;
  currency: string | null;
  vat_rate: string | null;
  weight_grams: string | null;
  length_mm: string | null;
  width_mm: string | null;
  height_mm: string | null;
  warehouse_location: string | null;
  drive_folder_url: string | null;
  images: unknown;
  unit_cost: string | null;
  cost_currency: string | null;
  extra: unknown;
  problems: unknown;
}

/** one sellable SKU */
export interface ProductRow {
  id: string;
  sku: string;
  barcode: string | null;
  barcode_kind: 'gs1' | 'internal' | null;
  title: string;
  description: string;
  brand: string;
  category_id: string | null;
  group_id: string | null;
  options: unknown;
  attributes: unknown;
  tags: string[];
  status: 'draft' | 'active' | 'archived';
  price_minor: number;
  compare_at_minor: number | null;
  currency: string;
  vat_rate: string | null;
  weight_grams: string | null;
  length_mm: string | null;
  width_mm: string | null;
  height_mm: string | null;
  warehouse_location: string;
  is_composite: boolean;
  drive_folder_url: string;
  images_synced_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** what a product costs us, from a day on */
export interface ProductCostRow {
  product_id: string;
  valid_from: string;
  unit_cost: string;
  currency: string;
}

/** pictures of a product; position 0 is the first one shown */
export interface ProductImageRow {
  id: string;
  product_id: string;
  position: number;
  url: string;
  alt: string;
  filename: string;
  checksum: string | null;
  drive_file_id: string | null;
  drive_modified_at: Date | null;
}

/** one file that was sent in; the run of kind catalog.import has it as its subject */
export interface ProductImportRow {
  id: string;
  filename: string;
  profile: string;
  profile_name: string;
  encoding: string;
  delimiter: string;
  fields: string[];
  ignored_columns: string[];
  currency: string;
  staged: number;
  made_skus: number;
  created_at: Date;
}

/** components of a composite product */
export interface ProductRecipeRow {
  parent_product_id: string;
  component_product_id: string;
  quantity: string;
  unit: string;
  sort_order: number;
}

/** products that differ by options such as size and colour */
export interface VariantGroupRow {
  id: string;
  handle: string;
  title: string;
  option_names: string[];
  created_at: Date;
  updated_at: Date;
}
