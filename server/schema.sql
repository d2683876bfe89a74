-- Generated from the migrations by `npm run generate`; a test compares it. Not run by anything.

-- accounts: a scoped key for programs; only the SHA-256 of the key is kept
create table api_key (
  id uuid not null,
  name text not null,
  prefix text not null,
  hash bytea not null,
  role text not null,
  company_ids uuid[],
  created_by text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_key_hash_key UNIQUE (hash),
  constraint api_key_pkey PRIMARY KEY (id),
  constraint api_key_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'catalogue_editor'::text, 'order_desk'::text, 'ad_buyer'::text, 'viewer'::text])))
);

-- catalog: tree of our own categories; path is the names from the root, joined by " / "
create table category (
  id uuid not null,
  parent_id uuid,
  name text not null,
  description text not null default ''::text,
  path text not null,
  position integer not null default 0,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint category_name_key UNIQUE NULLS NOT DISTINCT (parent_id, name),
  constraint category_pkey PRIMARY KEY (id),
  constraint category_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES category(id)
);
CREATE INDEX category_path ON public.category USING btree (path text_pattern_ops);

-- accounts: one row changed by a change set; creates hold the id only, updates the changed fields, deletes the whole row
create table change_entry (
  change_set_id uuid not null,
  entity_kind text not null,
  entity_id uuid not null,
  op text not null,
  before jsonb,
  after jsonb,
  constraint change_entry_pkey PRIMARY KEY (change_set_id, entity_kind, entity_id),
  constraint change_entry_change_set_id_fkey FOREIGN KEY (change_set_id) REFERENCES change_set(id),
  constraint change_entry_op_check CHECK ((op = ANY (ARRAY['create'::text, 'update'::text, 'delete'::text])))
);
CREATE INDEX change_entry_entity ON public.change_entry USING btree (entity_kind, entity_id, change_set_id);

-- accounts: a group of changes by one actor; the unit of audit and undo
create table change_set (
  id uuid not null,
  actor_kind text not null,
  actor_id text,
  actor_name text not null,
  kind text not null,
  reason text not null,
  company_id uuid,
  run_id uuid,
  entry_count integer not null default 0,
  undo_of uuid,
  undone_by uuid,
  created_at timestamp with time zone not null,
  constraint change_set_pkey PRIMARY KEY (id),
  constraint change_set_company_id_fkey FOREIGN KEY (company_id) REFERENCES company(id),
  constraint change_set_undo_of_fkey FOREIGN KEY (undo_of) REFERENCES change_set(id),
  constraint change_set_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES change_set(id),
  constraint change_set_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['user'::text, 'api_key'::text, 'system'::text])))
);
CREATE INDEX change_set_by_actor ON public.change_set USING btree (actor_id, created_at DESC, id DESC);
CREATE INDEX change_set_by_kind ON public.change_set USING btree (kind, created_at DESC, id DESC);
CREATE INDEX change_set_newest ON public.change_set USING btree (created_at DESC, id DESC);

-- channels: one connected store on a platform
create table channel (
  id uuid not null,
  platform text not null,
  name text not null,
  mark text not null,
  series smallint not null,
  company_id uuid not null,
  currency text not null,
  active boolean not null default true,
  test_mode boolean not null default false,
  writes text not null default 'off'::text,
  stock_source text,
  stock_rule jsonb not null default '{}'::jsonb,
  account_key text not null,
  credentials_sealed text not null,
  settings jsonb not null default '{}'::jsonb,
  webhook_secret_sealed text,
  webhook_token text,
  token_expires_at timestamp with time zone,
  health text not null default 'unknown'::text,
  health_message text not null default ''::text,
  health_at timestamp with time zone,
  push_after timestamp with time zone,
  push_failures integer not null default 0,
  pulled_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  archived_at timestamp with time zone,
  constraint channel_webhook_token_key UNIQUE (webhook_token),
  constraint channel_pkey PRIMARY KEY (id),
  constraint channel_company_id_fkey FOREIGN KEY (company_id) REFERENCES company(id),
  constraint channel_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint channel_health_check CHECK ((health = ANY (ARRAY['unknown'::text, 'ok'::text, 'waiting'::text, 'auth_failed'::text, 'failing'::text]))),
  constraint channel_stock_source_check CHECK ((stock_source = ANY (ARRAY['ours'::text, 'channel'::text]))),
  constraint channel_writes_check CHECK ((writes = ANY (ARRAY['off'::text, 'on'::text])))
);
CREATE UNIQUE INDEX channel_account_key ON public.channel USING btree (platform, account_key) WHERE (archived_at IS NULL);
CREATE UNIQUE INDEX channel_name_key ON public.channel USING btree (name) WHERE (archived_at IS NULL);

-- orders: one package as the platform reports it; guarded by the platform's own modification time
create table channel_order (
  id uuid not null,
  channel_id uuid not null,
  external_id text not null,
  order_id uuid,
  external_number text not null,
  store_front text not null default ''::text,
  status text not null,
  reported text not null,
  raw_status text not null,
  modified_at timestamp with time zone not null,
  ordered_at timestamp with time zone not null,
  origin_external_ids text[] not null default '{}'::text[],
  cargo_provider text not null default ''::text,
  tracking_number text not null default ''::text,
  tracking_link text not null default ''::text,
  ship_by timestamp with time zone,
  customer_name text not null default ''::text,
  customer_email text not null default ''::text,
  customer_phone text not null default ''::text,
  ship_to jsonb,
  bill_to jsonb,
  total_minor bigint not null,
  discount_minor bigint not null,
  currency text not null,
  left_before boolean not null default false,
  raw jsonb not null,
  received_by text not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint channel_order_external_key UNIQUE (channel_id, external_id),
  constraint channel_order_pkey PRIMARY KEY (id),
  constraint channel_order_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channel(id),
  constraint channel_order_order_id_fkey FOREIGN KEY (order_id) REFERENCES "order"(id),
  constraint channel_order_received_by_check CHECK ((received_by = ANY (ARRAY['poll'::text, 'webhook'::text, 'sweep'::text]))),
  constraint channel_order_reported_check CHECK ((reported = ANY (ARRAY['pending'::text, 'new'::text, 'processing'::text, 'shipped'::text, 'delivered'::text, 'delivery_failed'::text, 'returned'::text, 'cancelled'::text, 'superseded'::text, 'unknown'::text]))),
  constraint channel_order_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'new'::text, 'processing'::text, 'shipped'::text, 'delivered'::text, 'delivery_failed'::text, 'returned'::text, 'cancelled'::text, 'superseded'::text, 'unknown'::text])))
);
CREATE INDEX channel_order_list ON public.channel_order USING btree (channel_id, ordered_at DESC, id DESC);
CREATE INDEX channel_order_number ON public.channel_order USING btree (channel_id, external_number);
CREATE INDEX channel_order_order ON public.channel_order USING btree (order_id);
CREATE INDEX channel_order_tracking ON public.channel_order USING btree (tracking_number) WHERE (tracking_number <> ''::text);

-- channels: what the platform says exists there, and which product of ours it is
create table channel_product (
  id uuid not null,
  channel_id uuid not null,
  external_id text not null,
  barcode text not null default ''::text,
  sku text not null default ''::text,
  title text not null,
  brand text not null default ''::text,
  category text not null default ''::text,
  status text not null,
  status_reason text not null default ''::text,
  price_minor bigint,
  list_price_minor bigint,
  currency text not null,
  quantity numeric(14,3),
  url text not null default ''::text,
  image_url text not null default ''::text,
  attributes jsonb not null default '{}'::jsonb,
  observed_at timestamp with time zone not null,
  last_seen_run_id uuid,
  missing_since timestamp with time zone,
  product_id uuid,
  mapped_by text,
  mapped_at timestamp with time zone,
  match_problem text,
  constraint channel_product_external_key UNIQUE (channel_id, external_id),
  constraint channel_product_pkey PRIMARY KEY (id),
  constraint channel_product_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channel(id),
  constraint channel_product_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE SET NULL,
  constraint channel_product_match_problem_check CHECK ((match_problem = ANY (ARRAY['none'::text, 'ambiguous'::text]))),
  constraint channel_product_status_check CHECK ((status = ANY (ARRAY['live'::text, 'pending'::text, 'rejected'::text, 'archived'::text, 'blocked'::text, 'inactive'::text])))
);
CREATE INDEX channel_product_barcode ON public.channel_product USING btree (channel_id, barcode) WHERE (barcode <> ''::text);
CREATE INDEX channel_product_list ON public.channel_product USING btree (channel_id, title, id);
CREATE INDEX channel_product_product ON public.channel_product USING btree (product_id, channel_id) WHERE (product_id IS NOT NULL);
CREATE INDEX channel_product_seen ON public.channel_product USING btree (channel_id, last_seen_run_id) WHERE (missing_since IS NULL);
CREATE INDEX channel_product_sku ON public.channel_product USING btree (channel_id, sku) WHERE (sku <> ''::text);
CREATE INDEX channel_product_status ON public.channel_product USING btree (channel_id, status, title, id);
CREATE INDEX channel_product_unmapped ON public.channel_product USING btree (channel_id, ((match_problem IS DISTINCT FROM 'ambiguous'::text)), title, id) WHERE (product_id IS NULL);
CREATE INDEX channel_product_words ON public.channel_product USING gin (title gin_trgm_ops, sku gin_trgm_ops, barcode gin_trgm_ops);

-- accounts: a legal company of the seller; channels, orders, ad accounts and invoices belong to one
create table company (
  id uuid not null,
  name text not null,
  legal_name text not null default ''::text,
  vat_number text not null default ''::text,
  country text not null default 'RO'::text,
  currency text not null default 'RON'::text,
  is_default boolean not null default false,
  archived_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  constraint company_name_key UNIQUE (name),
  constraint company_pkey PRIMARY KEY (id),
  constraint company_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
);
CREATE UNIQUE INDEX company_one_default ON public.company USING btree (is_default) WHERE is_default;

-- kit: what changed, once per subscriber, written with the change and deleted in the transaction that reacts to it
create table event (
  id bigint not null generated always as identity,
  subscriber text not null,
  type text not null,
  entity_ids uuid[] not null,
  created_at timestamp with time zone not null default now(),
  constraint event_pkey PRIMARY KEY (id)
);
CREATE INDEX event_by_subscriber ON public.event USING btree (subscriber, id);

-- accounts: one base = value quote, as published or entered for a day; a past day is never overwritten silently
create table fx_rate (
  id uuid not null,
  source text not null,
  base text not null,
  quote text not null,
  on_date date not null,
  value numeric(18,8) not null,
  fetched_at timestamp with time zone not null,
  constraint fx_rate_day_key UNIQUE (source, base, quote, on_date),
  constraint fx_rate_pkey PRIMARY KEY (id),
  constraint fx_rate_base_check CHECK ((base ~ '^[A-Z]{3}$'::text)),
  constraint fx_rate_check CHECK ((base <> quote)),
  constraint fx_rate_quote_check CHECK ((quote ~ '^[A-Z]{3}$'::text)),
  constraint fx_rate_value_check CHECK ((value > (0)::numeric))
);
CREATE INDEX fx_rate_days ON public.fx_rate USING btree (on_date DESC, id DESC);
CREATE INDEX fx_rate_newest ON public.fx_rate USING btree (base, quote, on_date DESC);

-- accounts: answers of repeated writes, kept 24 h
create table idempotency_key (
  actor_id text not null,
  key text not null,
  request_hash text not null,
  response jsonb,
  created_at timestamp with time zone not null,
  constraint idempotency_key_pkey PRIMARY KEY (actor_id, key)
);
CREATE INDEX idempotency_key_age ON public.idempotency_key USING btree (created_at);

-- catalog: what an import refused and why, by row of the file
create table import_problem (
  import_id uuid not null,
  row_number integer not null,
  sku text not null,
  column_name text not null,
  value text not null,
  reason text not null,
  constraint import_problem_import_id_fkey FOREIGN KEY (import_id) REFERENCES product_import(id) ON DELETE CASCADE
);
CREATE INDEX import_problem_row ON public.import_problem USING btree (import_id, row_number);

-- catalog: rows of an import file, read and checked, on their way into products
create table import_row (
  import_id uuid not null,
  row_number integer not null,
  product_id uuid not null default uuidv7(),
  sku text not null,
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
  vat_rate numeric(5,2),
  weight_grams numeric(12,3),
  length_mm numeric(10,1),
  width_mm numeric(10,1),
  height_mm numeric(10,1),
  warehouse_location text,
  drive_folder_url text,
  images jsonb,
  unit_cost numeric(18,6),
  cost_currency text,
  extra jsonb,
  problems jsonb,
  constraint import_row_pkey PRIMARY KEY (import_id, row_number),
  constraint import_row_import_id_fkey FOREIGN KEY (import_id) REFERENCES product_import(id) ON DELETE CASCADE
);

-- inventory: what lies in the warehouse; on_hand is always the sum of its movements, reserved of its open reservations
create table inventory_item (
  id uuid not null,
  sku text not null,
  name text not null,
  on_hand numeric(14,3) not null default 0,
  reserved numeric(14,3) not null default 0,
  reorder_point numeric(14,3),
  location text not null default ''::text,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  archived_at timestamp with time zone,
  constraint inventory_item_sku_key UNIQUE (sku),
  constraint inventory_item_pkey PRIMARY KEY (id),
  constraint inventory_item_reorder_point_check CHECK ((reorder_point >= (0)::numeric)),
  constraint inventory_item_reserved_check CHECK ((reserved >= (0)::numeric))
);
CREATE INDEX inventory_item_by_available ON public.inventory_item USING btree (((on_hand - reserved)), id) WHERE (archived_at IS NULL);
CREATE INDEX inventory_item_by_name ON public.inventory_item USING btree (name, id) WHERE (archived_at IS NULL);
CREATE INDEX inventory_item_to_reorder ON public.inventory_item USING btree (((on_hand - reserved)), id) WHERE ((archived_at IS NULL) AND ((on_hand - reserved) <= reorder_point));
CREATE INDEX inventory_item_words ON public.inventory_item USING gin (name gin_trgm_ops, sku gin_trgm_ops);

-- inventory: which item a product takes its stock from
create table inventory_mapping (
  product_id uuid not null,
  item_id uuid not null,
  mapped_by text not null,
  mapped_at timestamp with time zone not null,
  constraint inventory_mapping_pkey PRIMARY KEY (product_id),
  constraint inventory_mapping_item_id_fkey FOREIGN KEY (item_id) REFERENCES inventory_item(id),
  constraint inventory_mapping_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE
);
CREATE INDEX inventory_mapping_item ON public.inventory_mapping USING btree (item_id);

-- channels: what we want to offer of a product on a channel
create table listing (
  id uuid not null,
  channel_id uuid not null,
  product_id uuid not null,
  channel_product_id uuid,
  external_id text not null default ''::text,
  external_handle text not null default ''::text,
  published boolean not null default false,
  active boolean not null default true,
  overrides jsonb not null default '{}'::jsonb,
  state text not null default 'live'::text,
  error text not null default ''::text,
  last_synced_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint listing_channel_product_key UNIQUE (channel_id, product_id),
  constraint listing_pkey PRIMARY KEY (id),
  constraint listing_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channel(id),
  constraint listing_channel_product_id_fkey FOREIGN KEY (channel_product_id) REFERENCES channel_product(id),
  constraint listing_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE,
  constraint listing_state_check CHECK ((state = ANY (ARRAY['live'::text, 'sending'::text, 'differs'::text, 'refused'::text, 'ended'::text])))
);
CREATE INDEX listing_by_product ON public.listing USING btree (product_id);
CREATE INDEX listing_by_state ON public.listing USING btree (channel_id, state);
CREATE INDEX listing_external ON public.listing USING btree (channel_id, external_id) WHERE (external_id <> ''::text);

-- orders: our own order, made from one or more channel orders with the same order number
create table order (
  id uuid not null,
  number text not null,
  channel_id uuid not null,
  company_id uuid not null,
  external_number text not null,
  status text not null,
  problem text,
  customer_name text not null default ''::text,
  customer_email text not null default ''::text,
  customer_phone text not null default ''::text,
  ship_to jsonb,
  bill_to jsonb,
  currency text not null,
  total_minor bigint not null,
  discount_minor bigint not null default 0,
  line_count integer not null default 0,
  unit_count numeric(14,3) not null default 0,
  ordered_at timestamp with time zone not null,
  ship_by timestamp with time zone,
  received_by text not null,
  shipped_at timestamp with time zone,
  delivered_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint order_external_key UNIQUE (channel_id, external_number),
  constraint order_number_key UNIQUE (number),
  constraint order_pkey PRIMARY KEY (id),
  constraint order_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channel(id),
  constraint order_company_id_fkey FOREIGN KEY (company_id) REFERENCES company(id),
  constraint order_problem_check CHECK ((problem = ANY (ARRAY['needs_mapping'::text, 'oversold'::text]))),
  constraint order_received_by_check CHECK ((received_by = ANY (ARRAY['poll'::text, 'webhook'::text, 'sweep'::text]))),
  constraint order_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'new'::text, 'processing'::text, 'shipped'::text, 'delivered'::text, 'delivery_failed'::text, 'returned'::text, 'cancelled'::text])))
);
CREATE INDEX order_by_channel ON public."order" USING btree (channel_id, ordered_at DESC, id DESC);
CREATE INDEX order_by_deadline ON public."order" USING btree (ship_by, id) WHERE (status = ANY (ARRAY['pending'::text, 'new'::text, 'processing'::text]));
CREATE INDEX order_by_email ON public."order" USING btree (customer_email) WHERE (customer_email <> ''::text);
CREATE INDEX order_by_status ON public."order" USING btree (status, ordered_at DESC, id DESC);
CREATE INDEX order_newest ON public."order" USING btree (ordered_at DESC, id DESC);
CREATE INDEX order_problems ON public."order" USING btree (ordered_at DESC, id DESC) WHERE (problem IS NOT NULL);
CREATE INDEX order_words ON public."order" USING gin (customer_name gin_trgm_ops, external_number gin_trgm_ops, number gin_trgm_ops);

-- orders: the timeline of an order
create table order_event (
  id uuid not null,
  order_id uuid not null,
  kind text not null,
  message_data jsonb not null default '{}'::jsonb,
  actor_name text not null,
  at timestamp with time zone not null,
  constraint order_event_pkey PRIMARY KEY (id),
  constraint order_event_order_id_fkey FOREIGN KEY (order_id) REFERENCES "order"(id)
);
CREATE INDEX order_event_order ON public.order_event USING btree (order_id, at DESC, id DESC);

-- orders: what was sold; a line without a product waits as "needs mapping" and never loses the order
create table order_line (
  id uuid not null,
  order_id uuid not null,
  channel_order_id uuid not null,
  external_id text not null,
  position integer not null,
  product_external_id text not null default ''::text,
  sku text not null default ''::text,
  barcode text not null default ''::text,
  title text not null,
  quantity numeric(14,3) not null,
  unit_price_minor bigint not null,
  total_minor bigint not null,
  discount_minor bigint not null default 0,
  vat_rate numeric(5,2),
  currency text not null,
  cancelled boolean not null default false,
  state text not null,
  oversold boolean not null default false,
  product_id uuid,
  matched_by text,
  match_problem text,
  constraint order_line_external_key UNIQUE (channel_order_id, external_id),
  constraint order_line_pkey PRIMARY KEY (id),
  constraint order_line_channel_order_id_fkey FOREIGN KEY (channel_order_id) REFERENCES channel_order(id),
  constraint order_line_order_id_fkey FOREIGN KEY (order_id) REFERENCES "order"(id),
  constraint order_line_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id),
  constraint order_line_match_problem_check CHECK ((match_problem = ANY (ARRAY['none'::text, 'ambiguous'::text]))),
  constraint order_line_matched_by_check CHECK ((matched_by = ANY (ARRAY['listing'::text, 'barcode'::text, 'channel_barcode'::text, 'sku'::text, 'hand'::text]))),
  constraint order_line_quantity_check CHECK ((quantity >= (0)::numeric)),
  constraint order_line_state_check CHECK ((state = ANY (ARRAY['open'::text, 'shipped'::text, 'cancelled'::text, 'superseded'::text, 'returned'::text])))
);
CREATE INDEX order_line_open_product ON public.order_line USING btree (product_id) WHERE ((state = 'open'::text) AND (product_id IS NOT NULL));
CREATE INDEX order_line_order ON public.order_line USING btree (order_id, "position");
CREATE INDEX order_line_oversold ON public.order_line USING btree (product_id) WHERE oversold;
CREATE INDEX order_line_product ON public.order_line USING btree (product_id) WHERE (product_id IS NOT NULL);
CREATE INDEX order_line_waiting_barcode ON public.order_line USING btree (barcode) WHERE ((product_id IS NULL) AND (state = ANY (ARRAY['open'::text, 'shipped'::text])) AND (barcode <> ''::text));
CREATE INDEX order_line_waiting_listing ON public.order_line USING btree (product_external_id) WHERE ((product_id IS NULL) AND (state = ANY (ARRAY['open'::text, 'shipped'::text])) AND (product_external_id <> ''::text));
CREATE INDEX order_line_waiting_sku ON public.order_line USING btree (sku) WHERE ((product_id IS NULL) AND (state = ANY (ARRAY['open'::text, 'shipped'::text])) AND (sku <> ''::text));

-- orders: platform messages we could not turn into an order, with the reason; tried again on the next change
create table order_quarantine (
  id uuid not null,
  channel_id uuid not null,
  external_id text not null,
  reason text not null,
  raw jsonb not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  times integer not null default 1,
  resolved_at timestamp with time zone,
  constraint order_quarantine_external_key UNIQUE (channel_id, external_id),
  constraint order_quarantine_pkey PRIMARY KEY (id),
  constraint order_quarantine_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channel(id)
);
CREATE INDEX order_quarantine_newest ON public.order_quarantine USING btree (last_at DESC, id DESC);

-- accounts: a one-time link to choose a password; only the SHA-256 of its token is kept
create table password_link (
  user_id uuid not null,
  hash bytea not null,
  expires_at timestamp with time zone not null,
  constraint password_link_hash_key UNIQUE (hash),
  constraint password_link_pkey PRIMARY KEY (user_id),
  constraint password_link_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE
);

-- catalog: one sellable SKU
create table product (
  id uuid not null,
  sku text not null,
  barcode text,
  barcode_kind text,
  title text not null,
  description text not null default ''::text,
  brand text not null default ''::text,
  category_id uuid,
  group_id uuid,
  options jsonb not null default '{}'::jsonb,
  attributes jsonb not null default '{}'::jsonb,
  tags text[] not null default '{}'::text[],
  status text not null default 'draft'::text,
  price_minor bigint not null,
  compare_at_minor bigint,
  currency text not null,
  vat_rate numeric(5,2),
  weight_grams numeric(12,3),
  length_mm numeric(10,1),
  width_mm numeric(10,1),
  height_mm numeric(10,1),
  warehouse_location text not null default ''::text,
  is_composite boolean not null default false,
  drive_folder_url text not null default ''::text,
  images_synced_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint product_sku_key UNIQUE (sku),
  constraint product_pkey PRIMARY KEY (id),
  constraint product_category_id_fkey FOREIGN KEY (category_id) REFERENCES category(id),
  constraint product_group_id_fkey FOREIGN KEY (group_id) REFERENCES variant_group(id),
  constraint product_barcode_kind_check CHECK ((barcode_kind = ANY (ARRAY['gs1'::text, 'internal'::text]))),
  constraint product_compare_at_minor_check CHECK ((compare_at_minor >= 0)),
  constraint product_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint product_height_mm_check CHECK ((height_mm >= (0)::numeric)),
  constraint product_length_mm_check CHECK ((length_mm >= (0)::numeric)),
  constraint product_price_minor_check CHECK ((price_minor >= 0)),
  constraint product_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'active'::text, 'archived'::text]))),
  constraint product_vat_rate_check CHECK (((vat_rate >= (0)::numeric) AND (vat_rate <= (100)::numeric))),
  constraint product_weight_grams_check CHECK ((weight_grams >= (0)::numeric)),
  constraint product_width_mm_check CHECK ((width_mm >= (0)::numeric))
);
CREATE INDEX product_barcode ON public.product USING btree (barcode) WHERE (barcode IS NOT NULL);
CREATE INDEX product_by_brand ON public.product USING btree (brand, created_at DESC, id DESC) WHERE (brand <> ''::text);
CREATE INDEX product_by_category ON public.product USING btree (category_id, created_at DESC, id DESC);
CREATE INDEX product_by_group ON public.product USING btree (group_id) WHERE (group_id IS NOT NULL);
CREATE INDEX product_by_price ON public.product USING btree (price_minor, id);
CREATE INDEX product_by_title ON public.product USING btree (lower(title) COLLATE "C", id);
CREATE INDEX product_newest ON public.product USING btree (created_at DESC, id DESC);
CREATE INDEX product_not_active ON public.product USING btree (status, created_at DESC, id DESC) WHERE (status <> 'active'::text);
CREATE INDEX product_tags ON public.product USING gin (tags);
CREATE INDEX product_title_words ON public.product USING gin (title gin_trgm_ops);
CREATE INDEX product_updated ON public.product USING btree (updated_at DESC, id DESC);

-- catalog: what a product costs us, from a day on
create table product_cost (
  product_id uuid not null,
  valid_from date not null,
  unit_cost numeric(18,6) not null,
  currency text not null,
  constraint product_cost_pkey PRIMARY KEY (product_id, valid_from),
  constraint product_cost_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE,
  constraint product_cost_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint product_cost_unit_cost_check CHECK ((unit_cost >= (0)::numeric))
);

-- catalog: pictures of a product; position 0 is the first one shown
create table product_image (
  id uuid not null,
  product_id uuid not null,
  position integer not null,
  url text not null,
  alt text not null default ''::text,
  filename text not null default ''::text,
  checksum text,
  drive_file_id text,
  drive_modified_at timestamp with time zone,
  constraint product_image_position_key UNIQUE (product_id, "position") DEFERRABLE,
  constraint product_image_pkey PRIMARY KEY (id),
  constraint product_image_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE
);

-- catalog: one file that was sent in; the run of kind catalog.import has it as its subject
create table product_import (
  id uuid not null,
  filename text not null,
  profile text not null,
  profile_name text not null,
  encoding text not null,
  delimiter text not null,
  fields text[] not null,
  ignored_columns text[] not null,
  currency text not null,
  staged integer not null default 0,
  made_skus integer not null default 0,
  created_at timestamp with time zone not null,
  constraint product_import_pkey PRIMARY KEY (id)
);

-- catalog: components of a composite product
create table product_recipe (
  parent_product_id uuid not null,
  component_product_id uuid not null,
  quantity numeric(10,3) not null,
  unit text not null default 'pcs'::text,
  sort_order integer not null default 0,
  constraint product_recipe_pkey PRIMARY KEY (parent_product_id, component_product_id),
  constraint product_recipe_component_product_id_fkey FOREIGN KEY (component_product_id) REFERENCES product(id),
  constraint product_recipe_parent_product_id_fkey FOREIGN KEY (parent_product_id) REFERENCES product(id) ON DELETE CASCADE,
  constraint product_recipe_check CHECK ((parent_product_id <> component_product_id)),
  constraint product_recipe_quantity_check CHECK ((quantity > (0)::numeric))
);
CREATE INDEX product_recipe_component ON public.product_recipe USING btree (component_product_id);

-- inventory: the items one piece of a product takes and how many of each; one row of quantity 1 unless the product is made of components
create table product_source (
  product_id uuid not null,
  item_id uuid not null,
  quantity numeric(14,3) not null,
  constraint product_source_pkey PRIMARY KEY (product_id, item_id),
  constraint product_source_item_id_fkey FOREIGN KEY (item_id) REFERENCES inventory_item(id),
  constraint product_source_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE,
  constraint product_source_quantity_check CHECK ((quantity > (0)::numeric))
);
CREATE INDEX product_source_item ON public.product_source USING btree (item_id);

-- inventory: the stock of a product as lists show it; kept in the transaction that moves the item
create table product_stock (
  product_id uuid not null,
  available numeric(14,3) not null,
  on_hand numeric(14,3) not null,
  reserved numeric(14,3) not null,
  synced_at timestamp with time zone not null,
  constraint product_stock_pkey PRIMARY KEY (product_id),
  constraint product_stock_product_id_fkey FOREIGN KEY (product_id) REFERENCES product(id) ON DELETE CASCADE
);
CREATE INDEX product_stock_by_available ON public.product_stock USING btree (available, product_id);

-- channels: one value on its way to a channel; the newest wish wins
create table push (
  id uuid not null,
  channel_id uuid not null,
  channel_product_id uuid not null,
  field text not null,
  wanted jsonb not null,
  wanted_at timestamp with time zone not null,
  wanted_version integer not null default 1,
  state text not null,
  priority smallint not null default 5,
  due_at timestamp with time zone not null,
  sent jsonb,
  sent_at timestamp with time zone,
  sent_version integer,
  batch_id uuid,
  verify boolean not null default false,
  check_at timestamp with time zone,
  checks integer not null default 0,
  confirmed jsonb,
  confirmed_at timestamp with time zone,
  attempts integer not null default 0,
  error_code text,
  error text,
  constraint push_target_key UNIQUE (channel_product_id, field),
  constraint push_pkey PRIMARY KEY (id),
  constraint push_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channel(id),
  constraint push_channel_product_id_fkey FOREIGN KEY (channel_product_id) REFERENCES channel_product(id),
  constraint push_field_check CHECK ((field = ANY (ARRAY['stock'::text, 'price'::text]))),
  constraint push_state_check CHECK ((state = ANY (ARRAY['wanted'::text, 'sending'::text, 'sent'::text, 'confirmed'::text, 'failed'::text, 'in_doubt'::text])))
);
CREATE INDEX push_by_batch ON public.push USING btree (batch_id) WHERE (batch_id IS NOT NULL);
CREATE INDEX push_by_state ON public.push USING btree (channel_id, state);
CREATE INDEX push_check ON public.push USING btree (channel_id, check_at) WHERE (check_at IS NOT NULL);
CREATE INDEX push_due ON public.push USING btree (channel_id, priority, due_at) WHERE (state = ANY (ARRAY['wanted'::text, 'in_doubt'::text]));

-- channels: one request of many pushes and the handle to ask for its result
create table push_batch (
  id uuid not null,
  channel_id uuid not null,
  external_id text,
  state text not null,
  item_count integer not null,
  failed_count integer not null default 0,
  sent_at timestamp with time zone not null,
  poll_at timestamp with time zone,
  polls integer not null default 0,
  leased_until timestamp with time zone,
  error text not null default ''::text,
  finished_at timestamp with time zone,
  constraint push_batch_pkey PRIMARY KEY (id),
  constraint push_batch_channel_id_fkey FOREIGN KEY (channel_id) REFERENCES channel(id),
  constraint push_batch_state_check CHECK ((state = ANY (ARRAY['sending'::text, 'sent'::text, 'done'::text, 'failed'::text, 'lost'::text])))
);
CREATE INDEX push_batch_due ON public.push_batch USING btree (poll_at) WHERE (state = ANY (ARRAY['sending'::text, 'sent'::text]));

-- kit: requests leased in the sliding window of a platform limit, shared by all processes
create table quota_bucket (
  key text not null,
  slot bigint not null,
  used integer[] not null,
  blocked_until timestamp with time zone,
  constraint quota_bucket_pkey PRIMARY KEY (key)
);

-- sync: one execution of outside or long work with progress, cursor and retry time
create table run (
  id uuid not null,
  kind text not null,
  title text not null,
  subject_kind text,
  subject_id uuid,
  company_id uuid,
  state text not null,
  done integer not null default 0,
  total integer,
  failed integer not null default 0,
  input jsonb not null default '{}'::jsonb,
  cursor jsonb,
  outcome jsonb,
  attempt integer not null default 0,
  retry_at timestamp with time zone,
  error_code text,
  error text,
  cancel_requested boolean not null default false,
  quiet boolean not null default false,
  actor jsonb not null,
  change_set_id uuid,
  leased_until timestamp with time zone,
  leased_by text,
  created_at timestamp with time zone not null,
  started_at timestamp with time zone,
  progressed_at timestamp with time zone,
  finished_at timestamp with time zone,
  constraint run_pkey PRIMARY KEY (id),
  constraint run_change_set_id_fkey FOREIGN KEY (change_set_id) REFERENCES change_set(id),
  constraint run_company_id_fkey FOREIGN KEY (company_id) REFERENCES company(id),
  constraint run_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);
CREATE INDEX run_due ON public.run USING btree (created_at) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text]));
CREATE INDEX run_newest ON public.run USING btree (created_at DESC, id DESC);
CREATE UNIQUE INDEX run_one_active ON public.run USING btree (kind, subject_id) WHERE ((subject_id IS NOT NULL) AND (state = ANY (ARRAY['queued'::text, 'running'::text, 'waiting'::text])));
CREATE INDEX run_subject ON public.run USING btree (subject_id, created_at DESC) WHERE (subject_id IS NOT NULL);

-- accounts: a named filter, sort and column choice of a list
create table saved_view (
  id uuid not null,
  screen text not null,
  name text not null,
  query jsonb not null,
  owner_id text,
  shared boolean not null default false,
  position integer not null default 0,
  created_at timestamp with time zone not null,
  constraint saved_view_name_key UNIQUE NULLS NOT DISTINCT (screen, owner_id, name),
  constraint saved_view_pkey PRIMARY KEY (id)
);

-- kit: when each scheduled job runs next, taken by one worker at a time
create table schedule (
  name text not null,
  next_at timestamp with time zone not null,
  last_at timestamp with time zone,
  constraint schedule_pkey PRIMARY KEY (name)
);

-- kit: one-time facts of this installation, such as that its demo was ended
create table schema_note (
  name text not null,
  at timestamp with time zone not null,
  constraint schema_note_pkey PRIMARY KEY (name)
);

-- accounts: settings of the installation: one row
create table shop (
  id uuid not null,
  name text not null,
  time_zone text not null,
  currency text not null,
  demo boolean not null default false,
  version integer not null default 1,
  constraint shop_pkey PRIMARY KEY (id),
  constraint shop_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint shop_one CHECK ((id = '00000000-0000-7000-8000-000000000001'::uuid))
);

-- accounts: failed sign-ins per address, whether or not a user has it
create table sign_in_lock (
  email text not null,
  failures integer not null default 0,
  last_failed_at timestamp with time zone not null,
  locked_until timestamp with time zone,
  constraint sign_in_lock_pkey PRIMARY KEY (email)
);

-- inventory: append-only ledger of stock with its cause and the balance after it
create table stock_movement (
  id uuid not null,
  seq bigint not null generated always as identity,
  item_id uuid not null,
  delta numeric(14,3) not null,
  balance numeric(14,3) not null,
  cause text not null,
  subject_kind text,
  subject_id uuid,
  note text not null default ''::text,
  actor_name text not null,
  change_set_id uuid,
  at timestamp with time zone not null,
  constraint stock_movement_pkey PRIMARY KEY (id),
  constraint stock_movement_change_set_id_fkey FOREIGN KEY (change_set_id) REFERENCES change_set(id),
  constraint stock_movement_item_id_fkey FOREIGN KEY (item_id) REFERENCES inventory_item(id),
  constraint stock_movement_cause_check CHECK ((cause = ANY (ARRAY['opening'::text, 'count'::text, 'adjustment'::text, 'receipt'::text, 'sale'::text, 'return'::text, 'import'::text, 'undo'::text])))
);
CREATE INDEX stock_movement_change_set ON public.stock_movement USING btree (change_set_id) WHERE (change_set_id IS NOT NULL);
CREATE INDEX stock_movement_item ON public.stock_movement USING btree (item_id, seq DESC);
CREATE UNIQUE INDEX stock_movement_once ON public.stock_movement USING btree (cause, subject_id, item_id) WHERE ((cause = ANY (ARRAY['sale'::text, 'return'::text])) AND (subject_id IS NOT NULL));

-- inventory: pieces promised to an order line; open until released
create table stock_reservation (
  id uuid not null,
  item_id uuid not null,
  order_line_id uuid not null,
  quantity numeric(14,3) not null,
  created_at timestamp with time zone not null,
  released_at timestamp with time zone,
  release_cause text,
  constraint stock_reservation_line_key UNIQUE (order_line_id, item_id),
  constraint stock_reservation_pkey PRIMARY KEY (id),
  constraint stock_reservation_item_id_fkey FOREIGN KEY (item_id) REFERENCES inventory_item(id),
  constraint stock_reservation_quantity_check CHECK ((quantity > (0)::numeric)),
  constraint stock_reservation_release_cause_check CHECK ((release_cause = ANY (ARRAY['shipped'::text, 'cancelled'::text, 'split'::text, 'remapped'::text])))
);
CREATE INDEX stock_reservation_open ON public.stock_reservation USING btree (item_id, created_at, id) WHERE (released_at IS NULL);

-- sync: how far a repeated pull has come, per channel and scope (e.g. orders of one store front)
create table sync_cursor (
  subject_id uuid not null,
  scope text not null,
  cursor jsonb not null,
  updated_at timestamp with time zone not null,
  constraint sync_cursor_pkey PRIMARY KEY (subject_id, scope)
);

-- catalog: products that differ by options such as size and colour
create table variant_group (
  id uuid not null,
  handle text not null,
  title text not null,
  option_names text[] not null default '{}'::text[],
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint variant_group_handle_key UNIQUE (handle),
  constraint variant_group_pkey PRIMARY KEY (id)
);

-- accounts: how a user proves who they are; the password is a scrypt hash
create table auth.account (
  id uuid not null,
  user_id uuid not null,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint account_user_provider_key UNIQUE (user_id, provider_id),
  constraint account_pkey PRIMARY KEY (id),
  constraint account_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE
);

-- accounts: one signed-in browser
create table auth.session (
  id uuid not null,
  user_id uuid not null,
  token text not null,
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint session_token_key UNIQUE (token),
  constraint session_pkey PRIMARY KEY (id),
  constraint session_user_id_fkey FOREIGN KEY (user_id) REFERENCES auth."user"(id) ON DELETE CASCADE
);
CREATE INDEX session_by_user ON auth.session USING btree (user_id);
CREATE INDEX session_expiry ON auth.session USING btree (expires_at);

-- accounts: a person who may sign in; company_ids null means all companies, password_set_at null means that none is chosen yet
create table auth.user (
  id uuid not null,
  email text not null,
  email_verified boolean not null default false,
  name text not null,
  image text,
  title text not null default ''::text,
  locale text not null default 'en'::text,
  role text not null,
  company_ids uuid[],
  active boolean not null default true,
  password_set_at timestamp with time zone,
  last_seen_at timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint user_email_key UNIQUE (email),
  constraint user_pkey PRIMARY KEY (id),
  constraint user_email_check CHECK ((email = lower(email))),
  constraint user_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'catalogue_editor'::text, 'order_desk'::text, 'ad_buyer'::text, 'viewer'::text])))
);

CREATE OR REPLACE FUNCTION public.changed_fields(old_row jsonb, new_row jsonb, OUT before jsonb, OUT after jsonb)
 RETURNS record
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select jsonb_object_agg(key, old_row -> key), jsonb_object_agg(key, new_row -> key)
  from jsonb_object_keys(new_row) as key
  where new_row -> key is distinct from old_row -> key
    and key not in ('version', 'updated_at', 'created_at')
$function$;

CREATE OR REPLACE FUNCTION public.lease_quota(keys text[], limits integer[], windows_ms integer[], wanted integer, unused integer, unused_slots bigint[], OUT granted integer, OUT slots bigint[], OUT valid_ms double precision, OUT wait_ms double precision)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
declare
  buckets quota_bucket[];
  bucket quota_bucket;
  now_ms double precision;
  slot_ms double precision;
  step bigint;
  room integer;
  freed integer;
begin
  -- A lease lost with a crashed server is at most a fraction of a second of requests: not worth waiting for the disk on every call.
  perform set_config('synchronous_commit', 'off', true);
  for i in 1 .. cardinality(keys) loop
    select * into bucket from quota_bucket where key = keys[i] for update;
    if not found then
      insert into quota_bucket (key, slot, used) values (keys[i], 0, array_fill(0, array[41])) on conflict (key) do nothing;
      select * into bucket from quota_bucket where key = keys[i] for update;
    end if;
    buckets[i] := bucket;
  end loop;

  now_ms := extract(epoch from clock_timestamp()) * 1000;
  granted := wanted;
  wait_ms := 0;
  for i in 1 .. cardinality(keys) loop
    bucket := buckets[i];
    slot_ms := (windows_ms[i] + least(windows_ms[i] * 0.03, 500)) / 40;
    -- A clock that was set back never reopens a slot.
    step := greatest(floor(now_ms / slot_ms)::bigint - bucket.slot, 0);
    bucket.slot := bucket.slot + step;
    bucket.used := case when step > 40 then array_fill(0, array[41]) else array_fill(0, array[step::integer]) || bucket.used[1 : 41 - step::integer] end;
    if unused > 0 and bucket.slot - unused_slots[i] between 0 and 40 then
      step := bucket.slot - unused_slots[i] + 1;
      bucket.used[step] := greatest(bucket.used[step] - unused, 0);
    end if;
    room := limits[i] - (select sum(n) from unnest(bucket.used) as n);
    granted := least(granted, greatest(room, 0));
    valid_ms := least(valid_ms, (bucket.slot + 1) * slot_ms - now_ms);
    if room < 1 then
      freed := 0;
      for age in reverse 40 .. 0 loop
        freed := freed + bucket.used[age + 1];
        if room + freed > 0 then
          wait_ms := greatest(wait_ms, (bucket.slot - age + 41) * slot_ms - now_ms);
          exit;
        end if;
      end loop;
    end if;
    if bucket.blocked_until > clock_timestamp() then
      granted := 0;
      wait_ms := greatest(wait_ms, extract(epoch from bucket.blocked_until) * 1000 - now_ms);
    end if;
    slots[i] := bucket.slot;
    buckets[i] := bucket;
  end loop;

  for i in 1 .. cardinality(keys) loop
    bucket := buckets[i];
    bucket.used[1] := bucket.used[1] + granted;
    update quota_bucket set slot = bucket.slot, used = bucket.used where key = keys[i];
  end loop;
end $function$;
