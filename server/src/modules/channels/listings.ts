import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';

/** Makes sure that every mapped channel product among `ids` has its listing. Running it again changes nothing. */
export async function ensureListings(tx: Tx, ids: readonly string[]): Promise<void> {
  const wanted = await tx.rows<{ id: string; channel_id: string; product_id: string; external_id: string }>(sql`
    select distinct on (channel_id, product_id) id, channel_id, product_id, external_id from channel_product
    where id = any(${ids}::uuid[]) and product_id is not null order by channel_id, product_id, id`);
  if (wanted.length > 0) {
    await tx.run(sql`
      insert into listing (id, channel_id, product_id, channel_product_id, external_id, published, created_at, updated_at)
      select id, channel_id, product_id, channel_product_id, external_id, true, ${tx.now}, ${tx.now}
      from unnest(${wanted.map(() => tx.newId())}::uuid[], ${wanted.map((one) => one.channel_id)}::uuid[], ${wanted.map((one) => one.product_id)}::uuid[],
        ${wanted.map((one) => one.id)}::uuid[], ${wanted.map((one) => one.external_id)}::text[]) as one(id, channel_id, product_id, channel_product_id, external_id)
      on conflict (channel_id, product_id) do update set channel_product_id = excluded.channel_product_id, external_id = excluded.external_id, published = true, updated_at = excluded.updated_at
      where listing.channel_product_id is null`);
  }
  await refreshListings(tx, ids);
}

/** Takes away listings of products that nothing on the channel is mapped to any more, unless something was decided for them. */
export async function dropListings(tx: Tx, channelId: string, productIds: readonly string[]): Promise<void> {
  await tx.run(sql`
    update listing set channel_product_id = other.id, external_id = coalesce(other.external_id, ''), published = other.id is not null, updated_at = ${tx.now},
      state = case when other.id is null then 'ended' else listing.state end
    from listing own
    left join lateral (
      select id, external_id from channel_product where channel_id = own.channel_id and product_id = own.product_id order by id limit 1) other on true
    where listing.id = own.id and own.channel_id = ${channelId} and own.product_id = any(${productIds}::uuid[])`);
  await tx.run(sql`
    delete from listing where channel_id = ${channelId} and product_id = any(${productIds}::uuid[]) and channel_product_id is null and overrides = '{}'`);
}

/** A push before and after a statement that wrote it: what `returning ${pushImages}` gives. */
export interface WrittenPush {
  channel_product_id: string;
  old_state: string | null;
  old_code: string | null;
  state: string;
  code: string | null;
}
export const pushImages = sql`new.channel_product_id, old.state as old_state, old.error_code as old_code, new.state as state, new.error_code as code`;

const says = (state: string | null, code: string | null): string =>
  state === 'failed' ? 'refused' : code === 'differs' ? 'differs' : state === null || state === 'confirmed' ? 'live' : 'sending';

/** Derives the listings anew whose pushes say something else than before; most steps on the way from wanted to confirmed change nothing. */
export const followPushes = (tx: Tx, written: readonly WrittenPush[]): Promise<void> =>
  refreshListings(
    tx,
    written
      .filter((one) => one.state === 'confirmed' || one.state === 'failed' || says(one.old_state, one.old_code) !== says(one.state, one.code))
      .map((one) => one.channel_product_id),
  );

/**
 * Derives the state of the listings of these channel products from what was wanted, sent and read back:
 * `refused` → `differs` → `sending` → `live`; `ended` when nothing of it stands on the channel any more. Call it last in a transaction.
 */
export async function refreshListings(tx: Tx, channelProductIds: readonly string[]): Promise<void> {
  if (channelProductIds.length === 0) return;
  // Locked in one order and before the pushes are read, so that the last writer derives from everything before it.
  const touched = await tx.rows<{ id: string }>(sql`
    select listing.id from channel_product cp join listing on listing.channel_id = cp.channel_id and listing.product_id = cp.product_id
    where cp.id = any(${channelProductIds}::uuid[]) order by listing.id for no key update of listing`);
  // Lateral, so that each listing is looked up by its own keys whatever the planner knows of the tables.
  await tx.run(sql`
    with derived as (
      select listing.id, coalesce(seen.error, '') as error, coalesce(seen.synced_at, listing.last_synced_at) as synced_at,
        case when seen.refused then 'refused' when seen.differs then 'differs' when seen.ended then 'ended' when seen.sending then 'sending' else 'live' end as state
      from unnest(${touched.map((row) => row.id)}::uuid[]) as touched(id) join listing on listing.id = touched.id join channel ch on ch.id = listing.channel_id
      cross join lateral (
        select bool_or(push.state = 'failed') as refused, bool_or(push.error_code = 'differs') as differs,
          bool_or(push.state in ('sending', 'sent', 'in_doubt') or (push.state = 'wanted' and ch.writes = 'on')) as sending,
          bool_and(cp.missing_since is not null or cp.status = 'archived') as ended,
          max(push.error) filter (where push.state = 'failed' or push.error_code = 'differs') as error, max(push.confirmed_at) as synced_at
        from channel_product cp left join push on push.channel_product_id = cp.id
        where cp.product_id = listing.product_id and cp.channel_id = listing.channel_id) seen
      where seen.ended is not null)
    update listing set state = derived.state, error = derived.error, last_synced_at = derived.synced_at, updated_at = ${tx.now}
    from derived
    where listing.id = derived.id and (listing.state, listing.error, listing.last_synced_at) is distinct from (derived.state, derived.error, derived.synced_at)`);
}

/** The same for a whole channel, after its writes were turned on or off. */
export async function refreshChannelListings(tx: Tx, channelId: string): Promise<void> {
  const rows = await tx.rows<{ channel_product_id: string }>(sql`
    select channel_product_id from push where channel_id = ${channelId} and state <> 'confirmed'`);
  await refreshListings(
    tx,
    rows.map((row) => row.channel_product_id),
  );
}
