-- What this installation has to remember about itself beyond its shop.

create table schema_note (
  name text primary key,
  at timestamptz not null
);
comment on table schema_note is 'kit: one-time facts of this installation, such as that its demo was ended';
