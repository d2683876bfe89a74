-- The ground floor: who acts, what changed, and the rows that make outside work repeatable.
-- Table comments begin with the module that owns the table; only that module writes it.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;

create table company (
  id uuid primary key,
  name text not null,
  legal_name text not null default '',
  vat_number text not null default '',
  country text not null default 'RO',
  currency text not null default 'RON' check (currency ~ '^[A-Z]{3}$'),
  is_default boolean not null default false,
  archived_at timestamptz,
  version integer not null default 1,
  created_at timestamptz not null,
  constraint company_name_key unique (name)
);
create unique index company_one_default on company (is_default) where is_default;
comment on table company is 'accounts: a legal company of the seller; channels, orders, ad accounts and invoices belong to one';

-- Sign-in: the tables that better-auth reads and writes, in its own schema, in our own naming.
create schema auth;

create table auth.user (
  id uuid primary key,
  email text not null constraint user_email_key unique check (email = lower(email)),
  email_verified boolean not null default false,
  name text not null,
  image text,
  title text not null default '',
  locale text not null default 'en',
  role text not null check (role in ('owner', 'manager', 'catalogue_editor', 'order_desk', 'ad_buyer', 'viewer')),
  company_ids uuid[],
  active boolean not null default true,
  password_set_at timestamptz,
  last_seen_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
comment on table auth.user is 'accounts: a person who may sign in; company_ids null means all companies, password_set_at null means that none is chosen yet';

create table auth.session (
  id uuid primary key,
  user_id uuid not null references auth.user on delete cascade,
  token text not null constraint session_token_key unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index session_by_user on auth.session (user_id);
create index session_expiry on auth.session (expires_at);
comment on table auth.session is 'accounts: one signed-in browser';

create table auth.account (
  id uuid primary key,
  user_id uuid not null references auth.user on delete cascade,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint account_user_provider_key unique (user_id, provider_id)
);
comment on table auth.account is 'accounts: how a user proves who they are; the password is a scrypt hash';

create table password_link (
  user_id uuid primary key references auth.user on delete cascade,
  hash bytea not null constraint password_link_hash_key unique,
  expires_at timestamptz not null
);
comment on table password_link is 'accounts: a one-time link to choose a password; only the SHA-256 of its token is kept';

create table api_key (
  id uuid primary key,
  name text not null,
  prefix text not null,
  hash bytea not null constraint api_key_hash_key unique,
  role text not null check (role in ('owner', 'manager', 'catalogue_editor', 'order_desk', 'ad_buyer', 'viewer')),
  company_ids uuid[],
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
comment on table api_key is 'accounts: a scoped key for programs; only the SHA-256 of the key is kept';

create table sign_in_lock (
  email text primary key,
  failures integer not null default 0,
  last_failed_at timestamptz not null,
  locked_until timestamptz
);
comment on table sign_in_lock is 'accounts: failed sign-ins per address, whether or not a user has it';

create table change_set (
  id uuid primary key,
  actor_kind text not null check (actor_kind in ('user', 'api_key', 'system')),
  actor_id text,
  actor_name text not null,
  kind text not null,
  reason text not null,
  company_id uuid references company,
  run_id uuid,
  entry_count integer not null default 0,
  undo_of uuid references change_set,
  undone_by uuid references change_set,
  created_at timestamptz not null
);
create index change_set_newest on change_set (created_at desc, id desc);
create index change_set_by_kind on change_set (kind, created_at desc, id desc);
create index change_set_by_actor on change_set (actor_id, created_at desc, id desc);
comment on table change_set is 'accounts: a group of changes by one actor; the unit of audit and undo';

create table change_entry (
  change_set_id uuid not null references change_set,
  entity_kind text not null,
  entity_id uuid not null,
  op text not null check (op in ('create', 'update', 'delete')),
  before jsonb,
  after jsonb,
  primary key (change_set_id, entity_kind, entity_id)
);
create index change_entry_entity on change_entry (entity_kind, entity_id, change_set_id);
comment on table change_entry is 'accounts: one row changed by a change set; creates hold the id only, updates the changed fields, deletes the whole row';

create table idempotency_key (
  actor_id text not null,
  key text not null,
  request_hash text not null,
  response jsonb,
  created_at timestamptz not null,
  primary key (actor_id, key)
);
create index idempotency_key_age on idempotency_key (created_at);
comment on table idempotency_key is 'accounts: answers of repeated writes, kept 24 h';

create table fx_rate (
  id uuid primary key,
  source text not null,
  base text not null check (base ~ '^[A-Z]{3}$'),
  quote text not null check (quote ~ '^[A-Z]{3}$'),
  on_date date not null,
  value numeric(18, 8) not null check (value > 0),
  fetched_at timestamptz not null,
  constraint fx_rate_day_key unique (source, base, quote, on_date),
  check (base <> quote)
);
create index fx_rate_newest on fx_rate (base, quote, on_date desc);
create index fx_rate_days on fx_rate (on_date desc, id desc);
comment on table fx_rate is 'accounts: one base = value quote, as published or entered for a day; a past day is never overwritten silently';

create table saved_view (
  id uuid primary key,
  screen text not null,
  name text not null,
  query jsonb not null,
  owner_id text,
  shared boolean not null default false,
  position integer not null default 0,
  created_at timestamptz not null,
  constraint saved_view_name_key unique nulls not distinct (screen, owner_id, name)
);
comment on table saved_view is 'accounts: a named filter, sort and column choice of a list';

create table shop (
  id uuid primary key constraint shop_one check (id = '00000000-0000-7000-8000-000000000001'),
  name text not null,
  time_zone text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  demo boolean not null default false,
  version integer not null default 1
);
insert into shop (id, name, time_zone, currency) values ('00000000-0000-7000-8000-000000000001', 'My shop', 'Europe/Bucharest', 'RON');
comment on table shop is 'accounts: settings of the installation: one row';

-- Fields that differ between two JSON images of one row; the basis of every change entry.
create function changed_fields(old_row jsonb, new_row jsonb, out before jsonb, out after jsonb)
language sql immutable parallel safe as $$
  select jsonb_object_agg(key, old_row -> key), jsonb_object_agg(key, new_row -> key)
  from jsonb_object_keys(new_row) as key
  where new_row -> key is distinct from old_row -> key
    and key not in ('version', 'updated_at', 'created_at')
$$;
