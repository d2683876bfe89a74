import type { App } from '../../app.ts';
import type { BatchAnswer, PushItem } from '../../connectors/connector.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { AppError, ConnectorError } from '../../kit/errors.ts';
import { backOffMs, recordResults } from './pushes.ts';
import { readBack } from './read-back.ts';
import { getConnector, noteHealth, openStore } from './stores.ts';
import type { OpenStore } from './stores.ts';
import type { PushBatchRow } from './tables.ts';

/** Whoever asks for a batch has it for so long; a process that dies leaves it to the next one. */
const POLL_LEASE_MS = 60_000;

/** Channels with a batch to ask for or a value to read back now. Reading goes on while writes are off: the truth is wanted all the same. */
export const channelsToAsk = (app: App): Promise<{ id: string; platform: string }[]> =>
  app.db.rows(sql`
    select id, platform from channel where archived_at is null and active and (
      exists (select from push_batch where channel_id = channel.id and state = 'sent' and poll_at <= ${app.clock.now()} and (leased_until is null or leased_until < ${app.clock.now()}))
      or exists (select from push where channel_id = channel.id and check_at <= ${app.clock.now()}))`);

/** Takes one batch that is due to be asked for, with the pushes that still wait for it. */
async function claimBatch(tx: Tx, channelId: string): Promise<{ batch: PushBatchRow; items: PushItem[] } | undefined> {
  const batch = await tx.maybe<PushBatchRow>(sql`
    update push_batch set leased_until = ${new Date(tx.now.getTime() + POLL_LEASE_MS)} where id = (
      select id from push_batch where channel_id = ${channelId} and state = 'sent' and poll_at <= ${tx.now} and (leased_until is null or leased_until < ${tx.now})
      order by poll_at limit 1 for update skip locked)
    returning *`);
  if (batch === undefined) return undefined;
  const items = await tx.rows<PushItem>(sql`
    select push.id as "pushId", cp.external_id as "externalId", cp.barcode, (push.sent)::int as quantity
    from push join channel_product cp on cp.id = push.channel_product_id where push.batch_id = ${batch.id} and push.state = 'sent'
      and push.check_at is null order by push.id`);
  // Every value of it was overtaken by a newer one: its result no longer matters.
  if (items.length === 0) await closeBatch(tx, batch.id, 'done', 0);
  return { batch, items };
}

const closeBatch = (tx: Tx, id: string, state: 'done' | 'lost', failed: number): Promise<number> =>
  tx.run(sql`
    update push_batch set state = ${state}, failed_count = failed_count + ${failed}, finished_at = ${tx.now}, poll_at = null, leased_until = null
    where id = ${id} and state = 'sent'`);

const pollLater = (tx: Tx, id: string, at: Date, error: string): Promise<number> =>
  tx.run(
    sql`update push_batch set polls = polls + 1, poll_at = ${at}, leased_until = null, error = ${error.slice(0, 1000)} where id = ${id} and state = 'sent'`,
  );

/** Writes down a batch's answer; what it does not tell when it is finished, forgotten or too old is read back. */
async function recordBatch(
  tx: Tx,
  batch: PushBatchRow,
  items: readonly PushItem[],
  answer: BatchAnswer,
  pace: { pollEveryMs: number; resultKeptMs: number },
): Promise<void> {
  await noteHealth(tx, batch.channel_id, undefined);
  const said = new Set(answer.results.map((result) => result.pushId));
  const failed = await recordResults(
    tx,
    batch,
    answer.results.map((result) => ({ pushId: result.pushId, outcome: result.state, reasons: result.reasons })),
  );
  const expired = tx.now.getTime() - batch.sent_at.getTime() > pace.resultKeptMs;
  if (answer.state === 'running' && !expired) {
    await tx.run(sql`update push_batch set failed_count = failed_count + ${failed} where id = ${batch.id}`);
    // The first minute at the platform's pace, then less and less often.
    const every = answer.pollAfterMs ?? pace.pollEveryMs * Math.max(1, Math.floor(batch.polls / 10) * 4);
    await pollLater(tx, batch.id, new Date(tx.now.getTime() + Math.min(every, 300_000)), '');
    return;
  }
  const silent = items.filter((item) => !said.has(item.pushId));
  await recordResults(
    tx,
    batch,
    silent.map((item) => ({ pushId: item.pushId, outcome: 'unknown', reasons: [] })),
  );
  await closeBatch(tx, batch.id, answer.state === 'finished' ? 'done' : 'lost', failed);
}

async function pollOne(app: App, opened: OpenStore, batch: PushBatchRow, items: readonly PushItem[]): Promise<void> {
  const { stock, manifest } = opened.connector;
  if (stock === undefined || items.length === 0) return;
  const pace = manifest.push ?? { pollEveryMs: 5000, resultKeptMs: 3_600_000 };
  let answer: BatchAnswer;
  try {
    answer = await stock.result(opened.store, batch.external_id ?? '', items);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    await app.db.transaction(async (tx) => {
      // A platform that refuses to tell will not tell later either.
      if (error.kind === 'rejected') return recordBatch(tx, batch, items, { state: 'unknown', results: [] }, pace);
      await noteHealth(tx, batch.channel_id, error);
      const retryAt = error.retryAt ?? new Date(tx.now.getTime() + (error.kind === 'auth' ? 900_000 : backOffMs(Math.min(batch.polls, 3))));
      if (tx.now.getTime() - batch.sent_at.getTime() > pace.resultKeptMs) return recordBatch(tx, batch, items, { state: 'unknown', results: [] }, pace);
      await pollLater(tx, batch.id, retryAt, error.message);
    });
    return;
  }
  await app.db.transaction((tx) => recordBatch(tx, batch, items, answer, pace));
}

/** Asks for the results that are due on one channel and reads back what is in doubt. Returns how much was asked. */
export async function askDue(app: App, channelId: string, platform: string, signal: AbortSignal): Promise<number> {
  if (getConnector(app, platform).stock === undefined) return 0;
  const opened = await openStore(app, channelId, { signal }).catch((error: unknown) => {
    // A store that cannot be opened is told of where it is sent to; what is asked for waits.
    if (error instanceof AppError) return undefined;
    throw error;
  });
  if (opened === undefined) return 0;
  for (let asked = 0; ;) {
    if (signal.aborted) return asked;
    const due = await app.db.transaction((tx) => claimBatch(tx, channelId));
    if (due !== undefined) await pollOne(app, opened, due.batch, due.items);
    const read = await readBack(app, opened);
    if (due === undefined && !read) return asked;
    asked++;
  }
}
