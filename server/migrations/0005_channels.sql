-- What is offered where: wanted, sent, confirmed.

create table channel (
  id uuid primary key,
  platform text not null,
  name text not null,
  mark text not null,
  series smallint not null,
  company_id uuid not null references company,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  active boolean not null default true,
  test_mode boolean not null default false,
  writes text not null default 'off' check (writes in ('off', 'on')),
  -- Whose stock counted when the writes were first turned on; never guessed.
  stock_source text check (stock_source in ('ours', 'channel')),
  stock_rule jsonb not null default '{}',
  -- Unique per platform account and store front: the same store is never connected twice.
  account_key text not null,
  credentials_sealed text not null,
  settings jsonb not null default '{}',
  webhook_secret_sealed text,
  webhook_token text constraint channel_webhook_token_key unique,
  token_expires_at timestamptz,
  health text not null default 'unknown' check (health in ('unknown', 'ok', 'waiting', 'auth_failed', 'failing')),
  health_message text not null default '',
  health_at timestamptz,
  -- Nothing is sent before then: the platform asked for patience, was out of reach or refused the credentials.
  push_after timestamptz,
  push_failures integer not null default 0,
  pulled_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  archived_at timestamptz
);
create unique index channel_account_key on channel (platform, account_key) where archived_at is null;
create unique index channel_name_key on channel (name) where archived_at is null;
comment on table channel is 'channels: one connected store on a platform';

create table channel_product (
  id uuid primary key,
  channel_id uuid not null references channel,
  external_id text not null,
  barcode text not null default '',
  sku text not null default '',
  title text not null,
  brand text not null default '',
  category text not null default '',
  status text not null check (status in ('live', 'pending', 'rejected', 'archived', 'blocked', 'inactive')),
  status_reason text not null default '',
  price_minor bigint,
  list_price_minor bigint,
  currency text not null,
  quantity numeric(14, 3),
  url text not null default '',
  image_url text not null default '',
  attributes jsonb not null default '{}',
  observed_at timestamptz not null,
  last_seen_run_id uuid,
  missing_since timestamptz,
  product_id uuid references product on delete set null,
  -- 'automatic', or who said so; a mapping taken away by a person is not made again by itself.
  mapped_by text,
  mapped_at timestamptz,
  -- none: nothing of ours fits; ambiguous: several do.
  match_problem text check (match_problem in ('none', 'ambiguous')),
  constraint channel_product_external_key unique (channel_id, external_id)
);
create index channel_product_list on channel_product (channel_id, title, id);
create index channel_product_product on channel_product (product_id, channel_id) where product_id is not null;
create index channel_product_barcode on channel_product (channel_id, barcode) where barcode <> '';
create index channel_product_sku on channel_product (channel_id, sku) where sku <> '';
-- The mapping list: ambiguous ones first, then by title.
create index channel_product_unmapped on channel_product (channel_id, (match_problem is distinct from 'ambiguous'), title, id) where product_id is null;
create index channel_product_status on channel_product (channel_id, status, title, id);
-- Pages of a pull meet it here, so that a repeated page changes nothing twice.
create index channel_product_seen on channel_product (channel_id, last_seen_run_id) where missing_since is null;
create index channel_product_words on channel_product using gin (title gin_trgm_ops, sku gin_trgm_ops, barcode gin_trgm_ops);
comment on table channel_product is 'channels: what the platform says exists there, and which product of ours it is';

create table listing (
  id uuid primary key,
  channel_id uuid not null references channel,
  product_id uuid not null references product on delete cascade,
  channel_product_id uuid references channel_product,
  external_id text not null default '',
  external_handle text not null default '',
  published boolean not null default false,
  active boolean not null default true,
  overrides jsonb not null default '{}',
  state text not null default 'live' check (state in ('live', 'sending', 'differs', 'refused', 'ended')),
  error text not null default '',
  last_synced_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint listing_channel_product_key unique (channel_id, product_id)
);
create index listing_by_product on listing (product_id);
create index listing_external on listing (channel_id, external_id) where external_id <> '';
create index listing_by_state on listing (channel_id, state);
comment on table listing is 'channels: what we want to offer of a product on a channel';

create table push (
  id uuid primary key,
  channel_id uuid not null references channel,
  channel_product_id uuid not null references channel_product,
  field text not null check (field in ('stock', 'price')),
  wanted jsonb not null,
  wanted_at timestamptz not null,
  -- Grows with every new wanted value; an answer for an older version never closes a newer wish.
  wanted_version integer not null default 1,
  state text not null check (state in ('wanted', 'sending', 'sent', 'confirmed', 'failed', 'in_doubt')),
  priority smallint not null default 5,
  due_at timestamptz not null,
  sent jsonb,
  sent_at timestamptz,
  sent_version integer,
  batch_id uuid,
  -- A good answer is not enough: the value is read back first (near zero, overtaken, in doubt, or in the sample).
  verify boolean not null default false,
  check_at timestamptz,
  checks integer not null default 0,
  confirmed jsonb,
  confirmed_at timestamptz,
  attempts integer not null default 0,
  error_code text,
  error text,
  constraint push_target_key unique (channel_product_id, field)
);
create index push_due on push (channel_id, priority, due_at) where state in ('wanted', 'in_doubt');
create index push_by_batch on push (batch_id) where batch_id is not null;
create index push_check on push (channel_id, check_at) where check_at is not null;
create index push_by_state on push (channel_id, state);
comment on table push is 'channels: one value on its way to a channel; the newest wish wins';

create table push_batch (
  id uuid primary key,
  channel_id uuid not null references channel,
  external_id text,
  state text not null check (state in ('sending', 'sent', 'done', 'failed', 'lost')),
  item_count integer not null,
  failed_count integer not null default 0,
  sent_at timestamptz not null,
  poll_at timestamptz,
  polls integer not null default 0,
  -- While sending: a sender that dies loses its pushes to others after this time. While sent: who polls has it until then.
  leased_until timestamptz,
  error text not null default '',
  finished_at timestamptz
);
create index push_batch_due on push_batch (poll_at) where state in ('sending', 'sent');
comment on table push_batch is 'channels: one request of many pushes and the handle to ask for its result';
