import type { App } from '../../app.ts';
import type { ChannelProductRecord, PullPage } from '../../connectors/connector.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { AppError, commonErrors } from '../../kit/errors.ts';
import type { Actor } from '../../kit/actor.ts';
import { parseMinor } from '../../kit/money.ts';
import type { Money } from '../../kit/money.ts';
import { saveProgress, startRun } from '../sync/sync.ts';
import type { RunKind, RunRow } from '../sync/sync.ts';
import { refreshListings } from './listings.ts';
import { matchOpen } from './mapping.ts';
import { noteHealth, withStore } from './stores.ts';
import { wantStock } from './wishes.ts';

export const PULL_KIND = 'channels.pull';

/** Starts reading a store's products; one that is under way already is returned instead. */
export const startPull = (tx: Tx, actor: Actor, channel: { id: string; name: string; company_id: string }): Promise<{ id: string; started: boolean }> =>
  startRun(tx, actor, { kind: PULL_KIND, title: `Products of ${channel.name}`, subjectKind: 'channel', subjectId: channel.id, companyId: channel.company_id });

interface Cursor {
  /** The connector's own place; null before the first page. */
  next: unknown;
  mapped: number;
}

/** Reads one page, then writes products, matches, wishes and the cursor in one transaction. */
export const pullRun = (app: App): RunKind => ({
  kind: PULL_KIND,
  async step(run, signal) {
    if (run.subject_id === null) throw new Error('A pull needs its channel.');
    const cursor = (run.cursor ?? { next: null, mapped: 0 }) as Cursor;
    const readAt = app.clock.now();
    const { opened, page } = await withStore(app, run.subject_id, signal, async (store) => {
      if (store.connector.products === undefined)
        throw new AppError(commonErrors['capability.unsupported'], { data: { platform: store.connector.manifest.name } });
      return { opened: store, page: await store.connector.products.pull(store.store, cursor.next) };
    });
    await app.db.transaction(async (tx) => {
      const last = page.next === null || page.next === undefined;
      // The channel is locked before its pushes everywhere, so that nobody waits in a circle.
      await noteHealth(tx, opened.channel.id, undefined);
      if (last) await tx.run(sql`update channel set pulled_at = ${tx.now} where id = ${opened.channel.id}`);
      const mapped = cursor.mapped + (await savePage(tx, opened.channel.id, run, page, readAt));
      const done = run.done + page.items.length;
      const missing = last ? await markMissing(tx, opened.channel.id, run, done) : 0;
      const outcome = { read: done, mapped, unreadable: run.failed + page.unreadable.length, ...(last ? { missing } : {}), ...firstUnreadable(run, page) };
      await saveProgress(tx, run.id, {
        done,
        failed: run.failed + page.unreadable.length,
        total: last ? done : (page.total ?? run.total),
        cursor: { next: page.next ?? null, mapped } satisfies Cursor,
        outcome,
      });
    });
    return page.next === null || page.next === undefined ? 'finished' : 'more';
  },
});

/** The first few items that could not be read, with their reasons, for the activity page. */
function firstUnreadable(run: RunRow, page: PullPage<ChannelProductRecord>): { examples?: { externalId: string; reason: string }[] } {
  const known = (run.outcome as { examples?: { externalId: string; reason: string }[] } | null)?.examples ?? [];
  const examples = [
    ...known,
    ...page.unreadable.map(({ externalId, reason }) => ({ externalId: externalId.slice(0, 200), reason: reason.slice(0, 300) })),
  ].slice(0, 20);
  return examples.length === 0 ? {} : { examples };
}

const clip = (value: string, max: number): string => {
  const cut = value.slice(0, max);
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
};
const minor = (money: Money | null): number | null => (money === null ? null : (parseMinor(money.amount, money.currency) ?? null));

/**
 * Brings one page of what stands on the platform into `channel_product`, matches what is new and renews wishes. A page that comes twice
 * changes nothing; a quantity that was observed later than this page stays. Returns how many channel products were mapped.
 */
export async function savePage(tx: Tx, channelId: string, run: { id: string }, page: PullPage<ChannelProductRecord>, readAt: Date): Promise<number> {
  const items = [...new Map(page.items.map((item) => [item.externalId, item])).values()].toSorted((a, b) => (a.externalId < b.externalId ? -1 : 1));
  if (page.unreadable.length > 0) {
    await tx.run(sql`
      update channel_product set last_seen_run_id = ${run.id} where channel_id = ${channelId} and external_id = any(${page.unreadable.map((one) => one.externalId)}::text[])`);
  }
  if (items.length === 0) return 0;
  // Wishes lock channel products in the order of their ids; so does this, before it writes.
  await tx.run(
    sql`select 1 from channel_product where channel_id = ${channelId} and external_id = any(${items.map((item) => item.externalId)}::text[]) order by id for no key update`,
  );
  const rows = await tx.rows<{ id: string; fresh: boolean }>(sql`
    insert into channel_product (id, channel_id, external_id, barcode, sku, title, brand, category, status, status_reason, price_minor, list_price_minor, currency, quantity,
      url, image_url, attributes, observed_at, last_seen_run_id)
    select item.id, ${channelId}, item.external_id, item.barcode, item.sku, item.title, item.brand, item.category, item.status, item.status_reason, item.price_minor, item.list_price_minor,
      item.currency, item.quantity, item.url, item.image_url, item.attributes, ${readAt}, ${run.id}
    from unnest(${items.map(() => tx.newId())}::uuid[], ${items.map((item) => item.externalId)}::text[], ${items.map((item) => clip(item.barcode, 100))}::text[],
      ${items.map((item) => clip(item.sku, 100))}::text[], ${items.map((item) => clip(item.title === '' ? item.externalId : item.title, 300))}::text[],
      ${items.map((item) => clip(item.brand, 200))}::text[], ${items.map((item) => clip(item.category, 300))}::text[], ${items.map((item) => item.status)}::text[],
      ${items.map((item) => clip(item.statusReason, 1000))}::text[], ${items.map((item) => minor(item.price))}::bigint[], ${items.map((item) => minor(item.listPrice))}::bigint[],
      ${items.map((item) => item.currency)}::text[], ${items.map((item) => item.quantity)}::numeric[], ${items.map((item) => clip(item.url, 2000))}::text[],
      ${items.map((item) => clip(item.imageUrl, 2000))}::text[], ${items.map((item) => JSON.stringify(item.attributes))}::jsonb[])
      as item(id, external_id, barcode, sku, title, brand, category, status, status_reason, price_minor, list_price_minor, currency, quantity, url, image_url, attributes)
    on conflict (channel_id, external_id) do update set
      barcode = excluded.barcode, sku = excluded.sku, title = excluded.title, brand = excluded.brand, category = excluded.category, status = excluded.status,
      status_reason = excluded.status_reason, price_minor = excluded.price_minor, list_price_minor = excluded.list_price_minor, currency = excluded.currency,
      url = excluded.url, image_url = excluded.image_url, attributes = excluded.attributes, last_seen_run_id = excluded.last_seen_run_id, missing_since = null,
      quantity = case when channel_product.observed_at <= excluded.observed_at then excluded.quantity else channel_product.quantity end,
      observed_at = greatest(channel_product.observed_at, excluded.observed_at)
    returning new.id, old.id is null as fresh`);
  const ids = rows.map((row) => row.id);
  const mapped = await matchOpen(tx, ids);
  // A product of ours that was made while this page was being written saw none of it, nor did we see it: look once more after the commit.
  tx.emit(
    'channel_product.appeared',
    rows.filter((row) => row.fresh).map((row) => row.id),
  );
  await lowerTooMuch(tx, ids, readAt);
  // What the platform refused may be taken now; what was out of reach may be back.
  await wantStock(tx, { channelProductIds: ids, again: true });
  await refreshListings(tx, ids);
  return mapped;
}

/**
 * The platform offers more than was confirmed there: somebody raised it behind our back, and it would sell what is not here. The wish is sent again.
 * Less than confirmed is mostly a sale on its way to us, which brings its own wish.
 */
async function lowerTooMuch(tx: Tx, ids: readonly string[], readAt: Date): Promise<void> {
  const raised = await tx.run(sql`
    update push set state = 'wanted', verify = true, priority = 1, due_at = ${tx.now}, wanted_version = wanted_version + 1
    from channel_product cp, channel ch
    where cp.id = push.channel_product_id and ch.id = cp.channel_id and cp.id = any(${ids}::uuid[]) and ch.writes = 'on'
      and push.field = 'stock' and push.state = 'confirmed' and push.confirmed_at < ${readAt} and cp.observed_at = ${readAt} and cp.quantity > (push.wanted)::numeric`);
  if (raised > 0) tx.wake('channels.push');
}

/** Marks what a complete read did not find. A read that found nothing at all marks nothing: that is a platform's slip, or a shop just emptied. */
async function markMissing(tx: Tx, channelId: string, run: RunRow, found: number): Promise<number> {
  if (found === 0) return 0;
  const gone = await tx.rows<{ id: string }>(sql`
    update channel_product set missing_since = ${tx.now}
    where channel_id = ${channelId} and missing_since is null and last_seen_run_id is distinct from ${run.id} returning id`);
  await refreshListings(
    tx,
    gone.map((row) => row.id),
  );
  return gone.length;
}
