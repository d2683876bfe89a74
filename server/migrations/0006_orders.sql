-- Every sale once, all the way to delivered or returned.

create sequence order_number_seq start 20001;

create table "order" (
  id uuid primary key,
  number text not null constraint order_number_key unique,
  channel_id uuid not null references channel,
  company_id uuid not null references company,
  external_number text not null,
  status text not null check (status in ('pending', 'new', 'processing', 'shipped', 'delivered', 'delivery_failed', 'returned', 'cancelled')),
  problem text check (problem in ('needs_mapping', 'oversold')),
  customer_name text not null default '',
  customer_email text not null default '',
  customer_phone text not null default '',
  -- null while the platform masks them.
  ship_to jsonb,
  bill_to jsonb,
  currency text not null,
  total_minor bigint not null,
  discount_minor bigint not null default 0,
  line_count integer not null default 0,
  unit_count numeric(14, 3) not null default 0,
  ordered_at timestamptz not null,
  ship_by timestamptz,
  received_by text not null check (received_by in ('poll', 'webhook', 'sweep')),
  shipped_at timestamptz,
  delivered_at timestamptz,
  cancelled_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint order_external_key unique (channel_id, external_number)
);
create index order_newest on "order" (ordered_at desc, id desc);
create index order_by_status on "order" (status, ordered_at desc, id desc);
create index order_by_channel on "order" (channel_id, ordered_at desc, id desc);
create index order_by_deadline on "order" (ship_by, id) where status in ('pending', 'new', 'processing');
create index order_problems on "order" (ordered_at desc, id desc) where problem is not null;
create index order_words on "order" using gin (customer_name gin_trgm_ops, external_number gin_trgm_ops, number gin_trgm_ops);
create index order_by_email on "order" (customer_email) where customer_email <> '';
comment on table "order" is 'orders: our own order, made from one or more channel orders with the same order number';

create table channel_order (
  id uuid primary key,
  channel_id uuid not null references channel,
  external_id text not null,
  order_id uuid references "order",
  external_number text not null,
  store_front text not null default '',
  -- What holds: as reported, or superseded when another package names this one as its origin.
  status text not null check (status in ('pending', 'new', 'processing', 'shipped', 'delivered', 'delivery_failed', 'returned', 'cancelled', 'superseded', 'unknown')),
  -- The platform's word in ours; never goes back.
  reported text not null check (reported in ('pending', 'new', 'processing', 'shipped', 'delivered', 'delivery_failed', 'returned', 'cancelled', 'superseded', 'unknown')),
  raw_status text not null,
  modified_at timestamptz not null,
  ordered_at timestamptz not null,
  origin_external_ids text[] not null default '{}',
  cargo_provider text not null default '',
  tracking_number text not null default '',
  tracking_link text not null default '',
  ship_by timestamptz,
  customer_name text not null default '',
  customer_email text not null default '',
  customer_phone text not null default '',
  ship_to jsonb,
  bill_to jsonb,
  total_minor bigint not null,
  discount_minor bigint not null,
  currency text not null,
  -- It had left the house before the store was connected: our count of the shelf never held it, so no stock is moved for it.
  left_before boolean not null default false,
  raw jsonb not null,
  received_by text not null check (received_by in ('poll', 'webhook', 'sweep')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint channel_order_external_key unique (channel_id, external_id)
);
create index channel_order_list on channel_order (channel_id, ordered_at desc, id desc);
create index channel_order_order on channel_order (order_id);
create index channel_order_number on channel_order (channel_id, external_number);
create index channel_order_tracking on channel_order (tracking_number) where tracking_number <> '';
comment on table channel_order is 'orders: one package as the platform reports it; guarded by the platform''s own modification time';

create table order_line (
  id uuid primary key,
  order_id uuid not null references "order",
  channel_order_id uuid not null references channel_order,
  external_id text not null,
  position integer not null,
  -- Of the channel product, when the platform tells it.
  product_external_id text not null default '',
  sku text not null default '',
  barcode text not null default '',
  title text not null,
  quantity numeric(14, 3) not null check (quantity >= 0),
  unit_price_minor bigint not null,
  total_minor bigint not null,
  discount_minor bigint not null default 0,
  vat_rate numeric(5, 2),
  currency text not null,
  -- The platform cancelled this line, or left it out of a later message.
  cancelled boolean not null default false,
  state text not null check (state in ('open', 'shipped', 'cancelled', 'superseded', 'returned')),
  -- Promised, but more than there was.
  oversold boolean not null default false,
  product_id uuid references product,
  matched_by text check (matched_by in ('listing', 'barcode', 'channel_barcode', 'sku', 'hand')),
  match_problem text check (match_problem in ('none', 'ambiguous')),
  constraint order_line_external_key unique (channel_order_id, external_id)
);
create index order_line_order on order_line (order_id, position);
-- Lines that wait for a product, by what it could be known by.
create index order_line_waiting_listing on order_line (product_external_id) where product_id is null and state in ('open', 'shipped') and product_external_id <> '';
create index order_line_waiting_barcode on order_line (barcode) where product_id is null and state in ('open', 'shipped') and barcode <> '';
create index order_line_waiting_sku on order_line (sku) where product_id is null and state in ('open', 'shipped') and sku <> '';
create index order_line_oversold on order_line (product_id) where oversold;
create index order_line_product on order_line (product_id) where product_id is not null;
create index order_line_open_product on order_line (product_id) where state = 'open' and product_id is not null;
comment on table order_line is 'orders: what was sold; a line without a product waits as "needs mapping" and never loses the order';

create table order_event (
  id uuid primary key,
  order_id uuid not null references "order",
  kind text not null,
  message_data jsonb not null default '{}',
  actor_name text not null,
  at timestamptz not null
);
create index order_event_order on order_event (order_id, at desc, id desc);
comment on table order_event is 'orders: the timeline of an order';

create table order_quarantine (
  id uuid primary key,
  channel_id uuid not null references channel,
  external_id text not null,
  reason text not null,
  raw jsonb not null,
  first_at timestamptz not null,
  last_at timestamptz not null,
  times integer not null default 1,
  resolved_at timestamptz,
  constraint order_quarantine_external_key unique (channel_id, external_id)
);
create index order_quarantine_newest on order_quarantine (last_at desc, id desc);
comment on table order_quarantine is 'orders: platform messages we could not turn into an order, with the reason; tried again on the next change';
