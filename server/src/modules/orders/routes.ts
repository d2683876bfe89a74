import type { App } from '../../app.ts';
import { edge } from '../../edge.ts';
import { getShop } from '../accounts/accounts.ts';
import { getConnector, requireCapability } from '../channels/channels.ts';
import { ordersContract } from './contract.ts';
import { getOrder } from './detail.ts';
import { mapLine } from './matching.ts';
import { listQuarantine } from './quarantine.ts';
import { countOrders, listChannelOrders, listOrders } from './reads.ts';
import { syncNow } from './sync-now.ts';

const os = edge(ordersContract);

/** The present, in the zone in which "today" ends. */
const present = async (app: App): Promise<{ now: Date; zone: string }> => ({ now: app.clock.now(), zone: (await getShop(app.db)).timeZone });

export const ordersRoutes = {
  list: os.list.handler(async ({ context, input }) => listOrders(context.app.db, context.actor, input, await present(context.app))),
  counts: os.counts.handler(async ({ context, input }) => countOrders(context.app.db, context.actor, input.channelId, await present(context.app))),
  quarantine: os.quarantine.handler(({ context, input }) => listQuarantine(context.app.db, context.actor, input)),
  get: os.get.handler(({ context, input }) => getOrder(context.app.db, context.actor, input.id)),
  mapLine: os.mapLine.handler(({ context, input }) =>
    context.write(async (tx) => {
      await mapLine(tx, context.actor, input);
      return getOrder(tx, context.actor, input.id);
    }),
  ),
  channelOrders: os.channelOrders.handler(({ context, input }) => {
    requireCapability(getConnector(context.app, input.platform), 'orders');
    return listChannelOrders(context.app.db, context.actor, input);
  }),
  sync: os.sync.handler(({ context, input }) => {
    const connector = getConnector(context.app, input.platform);
    return context.write((tx) => syncNow(tx, context.actor, connector, input.channelId));
  }),
};
