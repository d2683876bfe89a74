import type { App, ModuleParts } from '../../app.ts';
import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { takeEvents } from '../../kit/events.ts';
import { adoptOpening } from './connection.ts';
import { refreshChannelListings } from './listings.ts';
import { matchOpen, undoMapping } from './mapping.ts';
import { pullRun, startPull } from './pull.ts';
import { releaseLost } from './pushes.ts';
import { channelsToPull, waitingFor } from './reads.ts';
import { askDue, channelsToAsk } from './results.ts';
import { channelsToSend, eachChannel, sendDue } from './sending.ts';
import { getConnector } from './stores.ts';
import { wantStock } from './wishes.ts';

const EVENTS_A_PASS = 500;
const PULL_EVERY_MS = 6 * 3600 * 1000;
const KEEP_BATCHES_MS = 7 * 24 * 3600 * 1000;

/** Stock moved, something was mapped or a store was changed → the wishes that follow from it, in one transaction with the events. */
export async function reactToStock(tx: Tx): Promise<boolean> {
  const events = await takeEvents(tx, 'channels.stock', EVENTS_A_PASS);
  const mapped = events.ids('channel_product.mapped');
  const adopting =
    mapped.length === 0
      ? []
      : await tx.rows<{ id: string; name: string }>(sql`
    select distinct ch.id, ch.name from channel_product cp join channel ch on ch.id = cp.channel_id
    where cp.id = any(${mapped}::uuid[]) and ch.writes = 'on' and ch.stock_source = 'channel' and ch.archived_at is null`);
  for (const channel of adopting) await adoptOpening(tx, systemActor, channel, undefined, mapped);
  await wantStock(tx, { productIds: events.ids('stock.changed'), channelProductIds: mapped });
  await wantStock(tx, { productIds: events.ids('stock.lowered_there'), anew: true });
  for (const channelId of events.ids('channel.changed')) {
    await wantStock(tx, { channelId });
    await refreshChannelListings(tx, channelId);
  }
  return events.more;
}

/** Products of ours came or changed → channel products that wait for them; products went → their wishes go too. */
export async function reactToProducts(tx: Tx): Promise<boolean> {
  const events = await takeEvents(tx, 'channels.match', EVENTS_A_PASS);
  const waiting = await waitingFor(tx, [...events.ids('product.created'), ...events.ids('product.updated')]);
  await matchOpen(tx, [...new Set([...waiting.map((row) => row.id), ...events.ids('channel_product.appeared')])]);
  if (events.ids('product.deleted').length > 0)
    await tx.run(sql`delete from push using channel_product cp where cp.id = push.channel_product_id and cp.product_id is null`);
  return events.more;
}

/** Starts the product pulls that are due. */
async function startDuePulls(app: App): Promise<void> {
  for (const channel of await channelsToPull(app.db, new Date(app.clock.now().getTime() - PULL_EVERY_MS))) {
    if (getConnector(app, channel.platform).products !== undefined) await app.db.transaction((tx) => startPull(tx, systemActor, channel));
  }
}

export const channelsParts: ModuleParts = {
  subscriptions: {
    'stock.changed': ['channels.stock'],
    'stock.lowered_there': ['channels.stock'],
    'channel_product.mapped': ['channels.stock'],
    'channel_product.appeared': ['channels.match'],
    'channel.changed': ['channels.stock'],
    'product.created': ['channels.match'],
    'product.updated': ['channels.match'],
    'product.deleted': ['channels.match'],
  },
  undo: { channel_product: undoMapping },
  runs: (app) => [pullRun(app)],
  loops: (app) => [
    { name: 'channels.match', everyMs: 5000, pass: () => app.db.transaction(reactToProducts) },
    { name: 'channels.stock', everyMs: 3000, pass: () => app.db.transaction(reactToStock) },
    {
      name: 'channels.push',
      everyMs: 2000,
      pass: (signal) =>
        eachChannel(
          app,
          signal,
          () => channelsToSend(app),
          (id, platform) => sendDue(app, id, platform, signal),
        ),
    },
    {
      name: 'channels.results',
      everyMs: 1000,
      async pass(signal) {
        const lost = await app.db.transaction(releaseLost);
        const asked = await eachChannel(
          app,
          signal,
          () => channelsToAsk(app),
          (id, platform) => askDue(app, id, platform, signal),
        );
        return lost > 0 || asked;
      },
    },
  ],
  schedules: (app) => [
    { name: 'channels.pull', everyMs: 10 * 60_000, tick: () => startDuePulls(app) },
    {
      name: 'channels.prune',
      everyMs: 6 * 3600 * 1000,
      async tick() {
        await app.db.run(sql`
          delete from push_batch where finished_at < ${new Date(app.clock.now().getTime() - KEEP_BATCHES_MS)} and not exists (select from push where push.batch_id = push_batch.id)`);
      },
    },
  ],
};
