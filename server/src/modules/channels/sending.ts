import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import type { PushAnswer } from '../../connectors/connector.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { AppError, ConnectorError } from '../../kit/errors.ts';
import { backOffMs, claimPushes, recordResults, releaseBatch, SEND_LEASE_MS, splitBatch } from './pushes.ts';
import type { Batch } from './pushes.ts';
import { getConnector, noteHealth, openStore } from './stores.ts';
import type { OpenStore } from './stores.ts';

/** How often a sender looks whether its writes are still wanted. */
const WATCH_MS = 300;
/** So many refusals of whole requests without one success mean that the store is refused, not its items. */
const MAX_LONE_REFUSALS = 20;
const REFUSED_PAUSE_MS = 5 * 60_000;

/** Channels that have something to send now (index push_due). */
export const channelsToSend = (app: App): Promise<{ id: string; platform: string }[]> =>
  app.db.rows(sql`
    select id, platform from channel
    where writes = 'on' and active and archived_at is null and (push_after is null or push_after <= ${app.clock.now()})
      and exists (select from push where channel_id = channel.id and state in ('wanted', 'in_doubt') and due_at <= ${app.clock.now()})`);

/** While a request is on its way: renews the lease of its batch and stops it when the channel's writes are turned off. */
function watchOver(app: App, channelId: string, signal: AbortSignal): { signal: AbortSignal; holds(batch: Batch): void; end(): void } {
  const stop = new AbortController();
  let batchId: string | undefined;
  let renewedAt = app.clock.now().getTime();
  const look = async (): Promise<void> => {
    const channel = await app.db.maybe(sql`select id from channel where id = ${channelId} and writes = 'on' and active and archived_at is null`);
    if (channel === undefined) stop.abort();
    const now = app.clock.now().getTime();
    if (batchId !== undefined && now - renewedAt > SEND_LEASE_MS / 4) {
      renewedAt = now;
      await app.db.run(sql`update push_batch set leased_until = ${new Date(now + SEND_LEASE_MS)} where id = ${batchId} and state = 'sending'`);
    }
  };
  const timer = setInterval(
    () => void look().catch((error: unknown) => app.log.warn({ err: error, channel: channelId }, 'could not look after a batch of pushes')),
    WATCH_MS,
  );
  return {
    signal: AbortSignal.any([stop.signal, signal]),
    holds(batch) {
      batchId = batch.id;
      renewedAt = app.clock.now().getTime();
    },
    end: () => clearInterval(timer),
  };
}

/** The channel is left alone for a while; longer after every failure in a row. */
async function holdChannel(tx: Tx, channelId: string, until: Date | undefined): Promise<Date> {
  const { push_failures: failures } = await tx.one<{ push_failures: number }>(sql`
    update channel set push_failures = push_failures + 1 where id = ${channelId} returning push_failures`);
  const after = until ?? new Date(tx.now.getTime() + backOffMs(failures - 1));
  await tx.run(sql`update channel set push_after = greatest(push_after, ${after}) where id = ${channelId}`);
  return after;
}

/** What a failed request means for its batch and its channel. */
async function recordFailure(tx: Tx, batch: Batch, error: ConnectorError, stopped: boolean): Promise<void> {
  if (stopped) {
    // Nothing went out unless the request was already on the wire.
    await releaseBatch(tx, batch, error.inDoubt ? 'in_doubt' : 'untouched', tx.now, 'Stopped before it was sent.');
    return;
  }
  await noteHealth(tx, batch.channelId, error);
  if (error.kind === 'rejected') {
    const reasons = error.reasons.length > 0 ? error.reasons : [error.message];
    const failed = await recordResults(
      tx,
      batch,
      batch.items.map((item) => ({ pushId: item.pushId, outcome: 'refused', reasons })),
    );
    await tx.run(sql`
      update push_batch set state = 'failed', failed_count = ${failed}, error = ${error.message.slice(0, 1000)}, finished_at = ${tx.now}, leased_until = null where id = ${batch.id}`);
    return;
  }
  // Refused credentials already hold the channel; the other kinds do it here. Wishes stay due, so that they go on the moment it is over.
  if (error.kind !== 'auth') await holdChannel(tx, batch.channelId, error.retryAt);
  await releaseBatch(tx, batch, error.inDoubt ? 'in_doubt' : 'untouched', tx.now, error.message);
}

async function recordAnswer(tx: Tx, batch: Batch, answer: PushAnswer, pollAfterMs: number): Promise<void> {
  await noteHealth(tx, batch.channelId, undefined);
  await tx.run(sql`update channel set push_failures = 0 where id = ${batch.channelId} and push_failures > 0`);
  const said = new Map(answer.results.map((result) => [result.pushId, result]));
  const failed = await recordResults(
    tx,
    batch,
    batch.items.map(({ pushId }) => {
      const result = said.get(pushId);
      // Without a result and without a handle to ask for one, only reading back can tell.
      if (result === undefined) return { pushId, outcome: answer.batchId === null ? ('unknown' as const) : ('accepted' as const), reasons: [] };
      return { pushId, outcome: result.state, reasons: result.reasons };
    }),
  );
  const waits = answer.batchId !== null && batch.items.some(({ pushId }) => !said.has(pushId));
  await tx.run(sql`
    update push_batch set state = ${waits ? 'sent' : 'done'}, external_id = ${answer.batchId}, failed_count = ${failed}, sent_at = ${tx.now}, leased_until = null,
      poll_at = ${waits ? new Date(tx.now.getTime() + (answer.pollAfterMs ?? pollAfterMs)) : null}::timestamptz, finished_at = ${waits ? null : tx.now}::timestamptz
    where id = ${batch.id}`);
}

interface Tally {
  refused: number;
  taken: number;
}

/** Sends one batch and writes down what came of it; a batch refused as a whole is cut in halves until the culprit stands alone. */
async function deliver(app: App, opened: OpenStore, batch: Batch, watch: ReturnType<typeof watchOver>, tally: Tally): Promise<void> {
  const { connector, store } = opened;
  if (batch.items.length === 0 || connector.stock === undefined) return;
  if (watch.signal.aborted || (tally.refused >= MAX_LONE_REFUSALS && tally.taken === 0)) {
    await app.db.transaction(async (tx) => {
      if (!watch.signal.aborted) await holdChannel(tx, batch.channelId, new Date(tx.now.getTime() + REFUSED_PAUSE_MS));
      await releaseBatch(
        tx,
        batch,
        'untouched',
        tx.now,
        watch.signal.aborted ? 'Stopped before it was sent.' : 'The platform refuses every request of this store.',
      );
    });
    return;
  }
  watch.holds(batch);
  let answer: PushAnswer;
  try {
    answer = await connector.stock.push(store, batch.items);
  } catch (error) {
    if (!(error instanceof ConnectorError)) {
      await app.db.transaction(async (tx) =>
        releaseBatch(tx, batch, 'in_doubt', await holdChannel(tx, batch.channelId, undefined), 'Something went wrong on our side while sending.'),
      );
      throw error;
    }
    if (error.kind === 'rejected' && batch.items.length > 1) {
      tally.refused++;
      const halves = await app.db.transaction((tx) => splitBatch(tx, batch, error.message));
      for (const half of halves) await deliver(app, opened, half, watch, tally);
      return;
    }
    tally.refused += error.kind === 'rejected' ? 1 : 0;
    await app.db.transaction((tx) => recordFailure(tx, batch, error, watch.signal.aborted));
    return;
  }
  tally.taken++;
  await app.db.transaction((tx) => recordAnswer(tx, batch, answer, connector.manifest.push?.pollAfterMs ?? 5000));
}

/** Sends what is due on one channel, batch after batch, until nothing is or its writes end. Returns how many batches went out. */
export async function sendDue(app: App, channelId: string, platform: string, signal: AbortSignal): Promise<number> {
  const connector = getConnector(app, platform);
  if (connector.stock === undefined) return 0;
  const watch = watchOver(app, channelId, signal);
  try {
    const opened = await openStore(app, channelId, { signal: watch.signal });
    const maxItems = connector.manifest.push?.maxItems ?? 100;
    for (let sent = 0; ; sent++) {
      if (watch.signal.aborted) return sent;
      const batch = await app.db.transaction((tx) => claimPushes(tx, channelId, maxItems));
      if (batch === undefined) return sent;
      await deliver(app, opened, batch, watch, { refused: 0, taken: 0 });
    }
  } catch (error) {
    if (error instanceof AppError) {
      // The store cannot be opened: a person must look; the wishes wait.
      await app.db.transaction(async (tx) => {
        await holdChannel(tx, channelId, new Date(tx.now.getTime() + REFUSED_PAUSE_MS));
        await tx.run(sql`update channel set health = 'failing', health_message = ${error.message}, health_at = ${tx.now} where id = ${channelId}`);
      });
    }
    throw error;
  } finally {
    watch.end();
  }
}

/**
 * Works on several channels side by side, so that a slow platform never holds up another one; new channels are picked up while others are
 * still busy. Ends when none has anything to do. A channel whose work throws is logged and left to the next pass. Returns whether anything was done.
 */
export async function eachChannel(
  app: App,
  signal: AbortSignal,
  due: () => Promise<{ id: string; platform: string }[]>,
  work: (id: string, platform: string) => Promise<number>,
): Promise<boolean> {
  const busy = new Map<string, Promise<void>>();
  const failed = new Set<string>();
  let done = 0;
  while (!signal.aborted) {
    for (const { id, platform } of await due()) {
      if (busy.has(id) || failed.has(id)) continue;
      busy.set(
        id,
        work(id, platform)
          .then((count) => void (done += count))
          .catch((error: unknown) => {
            failed.add(id);
            app.log.error({ err: error, channel: id }, 'work on a channel failed; it is tried again');
          })
          .finally(() => busy.delete(id)),
      );
    }
    if (busy.size === 0) break;
    const pause = new AbortController();
    await Promise.race([...busy.values(), sleep(250, undefined, { signal: pause.signal }).catch(() => undefined)]);
    pause.abort();
  }
  await Promise.all(busy.values());
  return done > 0;
}
