import type { PushItem, PushResult } from '../../connectors/connector.ts';
import { sql } from '../../kit/db.ts';
import type { Sql, Tx } from '../../kit/db.ts';
import { followPushes, pushImages } from './listings.ts';
import type { WrittenPush } from './listings.ts';
import { priorities } from './stock-rule.ts';

/** One request's worth of pushes, leased to one sender. */
export interface Batch {
  id: string;
  channelId: string;
  items: readonly PushItem[];
}

/** A sender that dies loses its batch to others after this time; a living one renews it. */
export const SEND_LEASE_MS = 60_000;
/** One in so many good answers is read back, to notice a platform that takes values and drops them. */
const SAMPLE = 20;
/** A value in doubt is read back at once; when even that never answers, it is sent again after this time. */
const DOUBT_FALLBACK_MS = 10 * 60_000;

/** How long to wait after the nth failure in a row. */
export const backOffMs = (failures: number): number => [5_000, 15_000, 60_000, 300_000, 900_000][Math.min(Math.max(failures, 0), 4)] ?? 900_000;

const openBatch = async (tx: Tx, channelId: string, itemCount: number): Promise<string> => {
  const id = tx.newId();
  await tx.run(sql`
    insert into push_batch (id, channel_id, state, item_count, sent_at, leased_until)
    values (${id}, ${channelId}, 'sending', ${itemCount}, ${tx.now}, ${new Date(tx.now.getTime() + SEND_LEASE_MS)})`);
  return id;
};

/**
 * Takes the most urgent due pushes of a channel and marks them as being sent with the newest wish, in this transaction.
 * Nothing is taken while the channel's writes are off, it is paused, or it must be left alone until later. Several senders never take the same push.
 */
export async function claimPushes(tx: Tx, channelId: string, maxItems: number): Promise<Batch | undefined> {
  // Held until commit, so that "writes off" either comes before (nothing is taken) or after (the sender notices).
  const open = await tx.maybe(sql`
    select id from channel where id = ${channelId} and writes = 'on' and active and archived_at is null and (push_after is null or push_after <= ${tx.now}) for share`);
  if (open === undefined) return undefined;
  const due = await tx.rows<{ id: string }>(sql`
    select push.id from push join channel_product cp on cp.id = push.channel_product_id
    where push.channel_id = ${channelId} and push.state in ('wanted', 'in_doubt') and push.due_at <= ${tx.now} and cp.product_id is not null
    order by push.priority, push.due_at limit ${maxItems} for update of push skip locked`);
  if (due.length === 0) return undefined;
  const batchId = await openBatch(tx, channelId, due.length);
  const rows = await tx.rows<{ id: string; quantity: number; external_id: string; barcode: string }>(sql`
    update push set state = 'sending', sent = wanted, sent_version = wanted_version, sent_at = ${tx.now}, batch_id = ${batchId}, check_at = null,
      verify = verify or state = 'in_doubt' or priority = ${priorities.risky}
        or hashtextextended(push.id::text, wanted_version) % ${SAMPLE} = 0
    from channel_product cp
    where push.id = any(${due.map((row) => row.id)}::uuid[]) and cp.id = push.channel_product_id
    returning push.id, (push.sent)::int as quantity, cp.external_id, cp.barcode`);
  const order = new Map(due.map((row, index) => [row.id, index]));
  rows.sort((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  return { id: batchId, channelId, items: rows.map((row) => ({ pushId: row.id, externalId: row.external_id, barcode: row.barcode, quantity: row.quantity })) };
}

/** Gives a refused batch's items to two smaller batches, still leased to the same sender. */
export async function splitBatch(tx: Tx, batch: Batch, reason: string): Promise<[Batch, Batch]> {
  const middle = Math.ceil(batch.items.length / 2);
  await tx.run(
    sql`update push_batch set state = 'failed', error = ${reason.slice(0, 1000)}, finished_at = ${tx.now}, leased_until = null where id = ${batch.id}`,
  );
  const part = async (items: readonly PushItem[]): Promise<Batch> => {
    const id = await openBatch(tx, batch.channelId, items.length);
    const kept = await tx.rows<{ id: string }>(sql`
      update push set batch_id = ${id} where id = any(${items.map((item) => item.pushId)}::uuid[]) and batch_id = ${batch.id} and state = 'sending' returning id`);
    const ids = new Set(kept.map((row) => row.id));
    return { id, channelId: batch.channelId, items: items.filter((item) => ids.has(item.pushId)) };
  };
  return [await part(batch.items.slice(0, middle)), await part(batch.items.slice(middle))];
}

/** Locks pushes in one order, whoever writes them: wishes take them in the same one. */
export const lockPushes = (tx: Tx, where: Sql): Promise<{ id: string }[]> =>
  tx.rows(sql`select id from push where ${where} order by channel_product_id for no key update`);

type Outcome = PushResult['state'] | 'accepted';

/**
 * Writes down what the platform said about the pushes of a batch. An answer about an older value never closes a newer wish: that is due at once.
 * A good answer confirms, except where the value is to be read back first. `unknown` is read back. Returns how many were refused.
 */
export async function recordResults(
  tx: Tx,
  batch: { id: string },
  results: readonly { pushId: string; outcome: Outcome; reasons: readonly string[] }[],
): Promise<number> {
  if (results.length === 0) return 0;
  await lockPushes(tx, sql`id = any(${results.map((one) => one.pushId)}::uuid[])`);
  const rows = await tx.rows<WrittenPush & { overtaken: boolean }>(sql`
    update push set
      state = case
        when wanted_version > sent_version then 'wanted'
        when said.outcome = 'refused' then 'failed'
        when said.outcome = 'unknown' then 'in_doubt'
        when said.outcome = 'confirmed' and not verify then 'confirmed'
        else 'sent' end,
      confirmed = case when wanted_version = sent_version and said.outcome = 'confirmed' and not verify then sent else confirmed end,
      confirmed_at = case when wanted_version = sent_version and said.outcome = 'confirmed' and not verify then ${tx.now} else confirmed_at end,
      verify = case when said.outcome = 'unknown' or (wanted_version > sent_version and said.outcome <> 'refused') then true
        when said.outcome = 'confirmed' and wanted_version = sent_version and not verify then false else verify end,
      check_at = case when wanted_version > sent_version then null when said.outcome = 'unknown' or (said.outcome = 'confirmed' and verify) then ${tx.now}::timestamptz end,
      checks = 0,
      due_at = case when wanted_version > sent_version then ${tx.now} when said.outcome = 'unknown' then ${new Date(tx.now.getTime() + DOUBT_FALLBACK_MS)} else due_at end,
      attempts = case when said.outcome = 'confirmed' and not verify then 0 else attempts end,
      error_code = case when wanted_version = sent_version and said.outcome = 'refused' then 'refused' when said.outcome = 'unknown' then error_code end,
      error = case when wanted_version = sent_version and said.outcome in ('refused', 'unknown') and said.reason <> '' then said.reason end
    from unnest(${results.map((one) => one.pushId)}::uuid[], ${results.map((one) => one.outcome)}::text[],
      ${results.map((one) => reasonText(one.reasons, one.outcome))}::text[]) as said(id, outcome, reason)
    where push.id = said.id and push.batch_id = ${batch.id} and push.state in ('sending', 'sent')
    returning ${pushImages}, new.wanted_version > new.sent_version as overtaken`);
  await followPushes(tx, rows);
  if (rows.some((row) => row.overtaken)) tx.wake('channels.push');
  if (results.some((one) => one.outcome === 'confirmed' || one.outcome === 'unknown')) tx.wake('channels.results');
  return rows.filter((row) => row.state === 'failed').length;
}

const reasonText = (reasons: readonly string[], outcome: Outcome): string =>
  (reasons.length > 0 ? reasons.join(' ') : outcome === 'refused' ? 'The platform refused this value without saying why.' : '').slice(0, 2000);

/**
 * Ends a batch that got no answer. `untouched`: nothing can have been applied, the wishes wait again. `in_doubt`: something may have been; the
 * newest wish is sent again after a while (an absolute value, so that is harmless) and then read back.
 */
export async function releaseBatch(tx: Tx, batch: { id: string }, how: 'untouched' | 'in_doubt', retryAt: Date, reason: string): Promise<void> {
  await lockPushes(tx, sql`batch_id = ${batch.id} and state = 'sending'`);
  const rows = await tx.rows<WrittenPush>(sql`
    update push set state = ${how === 'untouched' ? 'wanted' : 'in_doubt'}, due_at = ${retryAt}, attempts = attempts + 1,
      verify = verify or ${how === 'in_doubt'}, check_at = null, error_code = case when error_code = 'differs' then error_code else 'waiting' end,
      error = case when error_code = 'differs' then error else ${reason.slice(0, 1000)} end
    where batch_id = ${batch.id} and state = 'sending'
    returning ${pushImages}`);
  await tx.run(sql`
    update push_batch set state = ${how === 'untouched' ? 'failed' : 'lost'}, error = ${reason.slice(0, 1000)}, finished_at = ${tx.now}, leased_until = null
    where id = ${batch.id} and state = 'sending'`);
  await followPushes(tx, rows);
}

/** Batches whose sender died: nobody knows whether they arrived, so the newest wishes are sent again. Returns how many batches. */
export async function releaseLost(tx: Tx): Promise<number> {
  const lost = await tx.rows<{ id: string }>(sql`
    select id from push_batch where state = 'sending' and leased_until < ${tx.now} order by id limit 50 for update skip locked`);
  for (const batch of lost) await releaseBatch(tx, batch, 'in_doubt', tx.now, 'The sending was interrupted; the newest value is sent again.');
  if (lost.length > 0) tx.wake('channels.push');
  return lost.length;
}
