import { edge } from '../../edge.ts';
import type { App } from '../../app.ts';
import type { Actor } from '../../kit/actor.ts';
import type { Tx } from '../../kit/db.ts';
import { archiveStore, connectStore, setWrites, staleStore, updateStore } from './connection.ts';
import { channelsContract } from './contract.ts';
import { listChannels, listPlatforms, listStores, platformStats, readStore } from './lists.ts';
import { mapChannelProduct } from './mapping.ts';
import { listChannelProducts, listMapping, productChannels, readChannelProduct } from './product-lists.ts';
import { startPull } from './pull.ts';
import { getChannel, getConnector, requireCapability, testCredentials, testStore } from './stores.ts';

const os = edge(channelsContract);
const tools = (app: App, platform: string) => ({ connector: getConnector(app, platform), vault: app.vault });

async function startPullOf(app: App, tx: Tx, actor: Actor, platform: string, id: string): Promise<{ runId: string; started: boolean }> {
  requireCapability(getConnector(app, platform), 'products');
  const { id: runId, started } = await startPull(tx, actor, await getChannel(tx, actor, id, platform));
  return { runId, started };
}

export const channelsRoutes = {
  platforms: os.platforms.handler(async ({ context }) => ({ items: await listPlatforms(context.app, context.actor) })),
  channels: os.channels.handler(async ({ context }) => ({ items: await listChannels(context.app, context.actor) })),
  overview: os.overview.handler(({ context, input }) => platformStats(context.app, context.actor, input.platform)),
  stats: os.stats.handler(({ context, input }) => platformStats(context.app, context.actor, input.platform, input.channelId)),
  stores: os.stores.handler(async ({ context, input }) => ({ items: await listStores(context.app, context.actor, input.platform) })),
  connect: os.connect.handler(({ context: { app, actor, write }, input }) =>
    write(async (tx) => readStore(app, tx, actor, input.platform, await connectStore(tx, actor, tools(app, input.platform), input))),
  ),
  store: os.store.handler(({ context: { app, actor }, input }) => readStore(app, app.db, actor, input.platform, input.id)),
  updateStore: os.updateStore.handler(({ context: { app, actor, write }, input }) =>
    write(async (tx) => {
      await updateStore(tx, actor, tools(app, input.platform), input, async () => staleStore(await readStore(app, tx, actor, input.platform, input.id)));
      return readStore(app, tx, actor, input.platform, input.id);
    }),
  ),
  archiveStore: os.archiveStore.handler(({ context: { app, actor, write }, input }) =>
    write((tx) => archiveStore(tx, actor, getConnector(app, input.platform), input.id)),
  ),
  test: os.test.handler(({ context: { app }, input }) =>
    testCredentials(app, getConnector(app, input.platform), {
      credentials: input.credentials,
      settings: input.settings ?? {},
      testMode: input.testMode ?? false,
    }),
  ),
  testStore: os.testStore.handler(async ({ context: { app, actor }, input }) => testStore(app, (await getChannel(app.db, actor, input.id, input.platform)).id)),
  writes: os.writes.handler(({ context: { app, actor, write }, input }) =>
    write(async (tx) => {
      await setWrites(tx, actor, getConnector(app, input.platform), input);
      return readStore(app, tx, actor, input.platform, input.id);
    }),
  ),
  pull: os.pull.handler(({ context: { app, actor, write }, input }) => write((tx) => startPullOf(app, tx, actor, input.platform, input.id))),
  products: os.products.handler(({ context, input }) => listChannelProducts(context.app, context.actor, input)),
  mapping: os.mapping.handler(({ context, input }) => listMapping(context.app, context.actor, input)),
  map: os.map.handler(({ context: { app, actor, write }, input }) =>
    write(async (tx) => {
      requireCapability(getConnector(app, input.platform), 'products');
      await mapChannelProduct(tx, actor, input.platform, input);
      return readChannelProduct(tx, input.channelProductId);
    }),
  ),
  productChannels: os.productChannels.handler(async ({ context, input }) => ({ items: await productChannels(context.app.db, context.actor, input.id) })),
};
