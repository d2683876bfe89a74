-- How many we have, why, and how many may still be sold.

create table inventory_item (
  id uuid primary key,
  sku text not null constraint inventory_item_sku_key unique,
  name text not null,
  on_hand numeric(14, 3) not null default 0,
  reserved numeric(14, 3) not null default 0 check (reserved >= 0),
  reorder_point numeric(14, 3) check (reorder_point >= 0),
  location text not null default '',
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- Set when the import that made it was undone: its ledger stays, lists leave it out, the same SKU wakes it again.
  archived_at timestamptz
);
-- Sort orders of the item list, each ending in something unique so that pages never overlap (the SKU has its own key).
create index inventory_item_by_name on inventory_item (name, id) where archived_at is null;
create index inventory_item_by_available on inventory_item ((on_hand - reserved), id) where archived_at is null;
create index inventory_item_to_reorder on inventory_item ((on_hand - reserved), id) where archived_at is null and on_hand - reserved <= reorder_point;
create index inventory_item_words on inventory_item using gin (name gin_trgm_ops, sku gin_trgm_ops);
comment on table inventory_item is 'inventory: what lies in the warehouse; on_hand is always the sum of its movements, reserved of its open reservations';

create table inventory_mapping (
  product_id uuid primary key references product on delete cascade,
  item_id uuid not null references inventory_item,
  mapped_by text not null,
  mapped_at timestamptz not null
);
create index inventory_mapping_item on inventory_mapping (item_id);
comment on table inventory_mapping is 'inventory: which item a product takes its stock from';

-- Mapping and recipes worked out flat, so that moving an item finds every product it touches without recursion.
create table product_source (
  product_id uuid not null references product on delete cascade,
  item_id uuid not null references inventory_item,
  quantity numeric(14, 3) not null check (quantity > 0),
  primary key (product_id, item_id)
);
create index product_source_item on product_source (item_id);
comment on table product_source is 'inventory: the items one piece of a product takes and how many of each; one row of quantity 1 unless the product is made of components';

create table stock_movement (
  id uuid primary key,
  -- Given under the lock of the item: movements of one item in the order in which they took place.
  seq bigint generated always as identity,
  item_id uuid not null references inventory_item,
  delta numeric(14, 3) not null,
  balance numeric(14, 3) not null,
  cause text not null check (cause in ('opening', 'count', 'adjustment', 'receipt', 'sale', 'return', 'import', 'undo')),
  subject_kind text,
  subject_id uuid,
  note text not null default '',
  actor_name text not null,
  change_set_id uuid references change_set,
  at timestamptz not null
);
create index stock_movement_item on stock_movement (item_id, seq desc);
create index stock_movement_change_set on stock_movement (change_set_id) where change_set_id is not null;
-- A sale or return of one order line moves stock once, however often it is told.
create unique index stock_movement_once on stock_movement (cause, subject_id, item_id) where cause in ('sale', 'return') and subject_id is not null;
comment on table stock_movement is 'inventory: append-only ledger of stock with its cause and the balance after it';

create table stock_reservation (
  id uuid primary key,
  item_id uuid not null references inventory_item,
  order_line_id uuid not null,
  quantity numeric(14, 3) not null check (quantity > 0),
  created_at timestamptz not null,
  released_at timestamptz,
  release_cause text check (release_cause in ('shipped', 'cancelled', 'split', 'remapped')),
  constraint stock_reservation_line_key unique (order_line_id, item_id)
);
create index stock_reservation_open on stock_reservation (item_id, created_at, id) where released_at is null;
comment on table stock_reservation is 'inventory: pieces promised to an order line; open until released';

create table product_stock (
  product_id uuid primary key references product on delete cascade,
  available numeric(14, 3) not null,
  on_hand numeric(14, 3) not null,
  reserved numeric(14, 3) not null,
  synced_at timestamptz not null
);
create index product_stock_by_available on product_stock (available, product_id);
comment on table product_stock is 'inventory: the stock of a product as lists show it; kept in the transaction that moves the item';
