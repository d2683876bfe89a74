-- The one truth about what we sell.

create table category (
  id uuid primary key,
  parent_id uuid references category,
  name text not null,
  description text not null default '',
  path text not null,
  position integer not null default 0,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint category_name_key unique nulls not distinct (parent_id, name)
);
create index category_path on category (path text_pattern_ops);
comment on table category is 'catalog: tree of our own categories; path is the names from the root, joined by " / "';

create table variant_group (
  id uuid primary key,
  handle text not null constraint variant_group_handle_key unique,
  title text not null,
  option_names text[] not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null
);
comment on table variant_group is 'catalog: products that differ by options such as size and colour';

create table product (
  id uuid primary key,
  -- Byte order: looked up by prefix and paged through, the same on every server.
  sku text collate "C" not null constraint product_sku_key unique,
  barcode text,
  barcode_kind text check (barcode_kind in ('gs1', 'internal')),
  title text not null,
  description text not null default '',
  brand text collate "C" not null default '',
  category_id uuid references category,
  group_id uuid references variant_group,
  options jsonb not null default '{}',
  attributes jsonb not null default '{}',
  tags text[] not null default '{}',
  status text not null default 'draft' check (status in ('draft', 'active', 'archived')),
  price_minor bigint not null check (price_minor >= 0),
  compare_at_minor bigint check (compare_at_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  vat_rate numeric(5, 2) check (vat_rate between 0 and 100),
  weight_grams numeric(12, 3) check (weight_grams >= 0),
  length_mm numeric(10, 1) check (length_mm >= 0),
  width_mm numeric(10, 1) check (width_mm >= 0),
  height_mm numeric(10, 1) check (height_mm >= 0),
  warehouse_location text not null default '',
  is_composite boolean not null default false,
  drive_folder_url text not null default '',
  images_synced_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
-- Sort orders of the product list, each ending in the id so that pages never overlap.
create index product_newest on product (created_at desc, id desc);
create index product_updated on product (updated_at desc, id desc);
create index product_by_title on product ((lower(title) collate "C"), id);
create index product_by_price on product (price_minor, id);
-- Filters. Most products are active, so only the others are worth an index.
create index product_not_active on product (status, created_at desc, id desc) where status <> 'active';
create index product_by_brand on product (brand, created_at desc, id desc) where brand <> '';
create index product_by_category on product (category_id, created_at desc, id desc);
create index product_by_group on product (group_id) where group_id is not null;
create index product_barcode on product (barcode) where barcode is not null;
create index product_tags on product using gin (tags);
create index product_title_words on product using gin (title gin_trgm_ops);
comment on table product is 'catalog: one sellable SKU';

create table product_image (
  id uuid primary key,
  product_id uuid not null references product on delete cascade,
  position integer not null,
  url text not null,
  alt text not null default '',
  filename text not null default '',
  checksum text,
  drive_file_id text,
  drive_modified_at timestamptz,
  constraint product_image_position_key unique (product_id, position) deferrable initially immediate
);
comment on table product_image is 'catalog: pictures of a product; position 0 is the first one shown';

create table product_recipe (
  parent_product_id uuid not null references product on delete cascade,
  component_product_id uuid not null references product,
  quantity numeric(10, 3) not null check (quantity > 0),
  unit text not null default 'pcs',
  sort_order integer not null default 0,
  primary key (parent_product_id, component_product_id),
  check (parent_product_id <> component_product_id)
);
create index product_recipe_component on product_recipe (component_product_id);
comment on table product_recipe is 'catalog: components of a composite product';

create table product_cost (
  product_id uuid not null references product on delete cascade,
  valid_from date not null,
  unit_cost numeric(18, 6) not null check (unit_cost >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  primary key (product_id, valid_from)
);
comment on table product_cost is 'catalog: what a product costs us, from a day on';

create table product_import (
  id uuid primary key,
  filename text not null,
  profile text not null,
  profile_name text not null,
  encoding text not null,
  delimiter text not null,
  -- Fields of ours that the file has a column for; only these are written.
  fields text[] not null,
  ignored_columns text[] not null,
  currency text not null,
  staged integer not null default 0,
  made_skus integer not null default 0,
  created_at timestamptz not null
);
comment on table product_import is 'catalog: one file that was sent in; the run of kind catalog.import has it as its subject';

-- Read back once, in order, and deleted when the run ends.
create table import_row (
  import_id uuid not null references product_import on delete cascade,
  row_number integer not null,
  -- Becomes the product's id when there is no product with this SKU.
  product_id uuid not null default uuidv7(),
  sku text collate "C" not null,
  barcode text,
  barcode_kind text,
  title text,
  description text,
  brand text,
  category_path text,
  group_handle text,
  group_title text,
  option_names text[],
  options jsonb,
  attributes jsonb,
  tags text[],
  status text,
  price_minor bigint,
  compare_at_minor bigint,
  currency text,
  vat_rate numeric(5, 2),
  weight_grams numeric(12, 3),
  length_mm numeric(10, 1),
  width_mm numeric(10, 1),
  height_mm numeric(10, 1),
  warehouse_location text,
  drive_folder_url text,
  images jsonb,
  unit_cost numeric(18, 6),
  cost_currency text,
  -- Values of columns that other modules understand.
  extra jsonb,
  -- Why the row is refused; nothing else counts then.
  problems jsonb,
  primary key (import_id, row_number)
);
comment on table import_row is 'catalog: rows of an import file, read and checked, on their way into products';

create table import_problem (
  import_id uuid not null references product_import on delete cascade,
  row_number integer not null,
  sku text not null,
  column_name text not null,
  value text not null,
  reason text not null
);
create index import_problem_row on import_problem (import_id, row_number);
comment on table import_problem is 'catalog: what an import refused and why, by row of the file';
