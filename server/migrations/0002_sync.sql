-- Outside work that stops, waits, resumes and tells how far it is; and the queue of things to react to.

create table event (
  id bigint generated always as identity primary key,
  subscriber text not null,
  type text not null,
  -- Many at once: an import of 100,000 products is a few hundred rows here, not 100,000 per subscriber.
  entity_ids uuid[] not null,
  created_at timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_analyze_threshold = 500);
create index event_by_subscriber on event (subscriber, id);
comment on table event is 'kit: what changed, once per subscriber, written with the change and deleted in the transaction that reacts to it';

create table quota_bucket (
  key text primary key,
  slot bigint not null,
  -- Requests leased in the slot `slot` and the 40 before it, newest first.
  used integer[] not null,
  blocked_until timestamptz
);
comment on table quota_bucket is 'kit: requests leased in the sliding window of a platform limit, shared by all processes';

-- Leases up to `wanted` requests from every bucket at once, all or none; keys come sorted, so that two callers never deadlock.
-- A window (and 3 %, at most half a second, for requests that overtake each other on the wire) is cut into 40 slots and a lease must be
-- used within its slot. Any stretch of time as long as the window touches at most 41 slots, whose sum never passes the limit.
-- `unused` requests of an earlier lease, made in `unused_slots`, are given back. Nothing granted: come back after `wait_ms`.
create function lease_quota(
  keys text[], limits integer[], windows_ms integer[], wanted integer, unused integer, unused_slots bigint[],
  out granted integer, out slots bigint[], out valid_ms double precision, out wait_ms double precision
) language plpgsql as $$
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
end $$;

create table run (
  id uuid primary key,
  kind text not null,
  title text not null,
  subject_kind text,
  subject_id uuid,
  company_id uuid references company,
  state text not null check (state in ('queued', 'running', 'waiting', 'done', 'failed', 'cancelled')),
  done integer not null default 0,
  total integer,
  failed integer not null default 0,
  input jsonb not null default '{}',
  cursor jsonb,
  outcome jsonb,
  attempt integer not null default 0,
  retry_at timestamptz,
  error_code text,
  error text,
  cancel_requested boolean not null default false,
  -- Found nothing new: kept out of lists and forgotten after a day.
  quiet boolean not null default false,
  actor jsonb not null,
  change_set_id uuid references change_set,
  leased_until timestamptz,
  leased_by text,
  created_at timestamptz not null,
  started_at timestamptz,
  progressed_at timestamptz,
  finished_at timestamptz
);
-- One active run of a kind per subject; a second request answers with the first.
create unique index run_one_active on run (kind, subject_id) where subject_id is not null and state in ('queued', 'running', 'waiting');
create index run_due on run (created_at) where state in ('queued', 'running', 'waiting');
create index run_newest on run (created_at desc, id desc);
create index run_subject on run (subject_id, created_at desc) where subject_id is not null;
comment on table run is 'sync: one execution of outside or long work with progress, cursor and retry time';

create table schedule (
  name text primary key,
  next_at timestamptz not null,
  last_at timestamptz
);
comment on table schedule is 'kit: when each scheduled job runs next, taken by one worker at a time';

create table sync_cursor (
  subject_id uuid not null,
  scope text not null,
  cursor jsonb not null,
  updated_at timestamptz not null,
  primary key (subject_id, scope)
);
comment on table sync_cursor is 'sync: how far a repeated pull has come, per channel and scope (e.g. orders of one store front)';
