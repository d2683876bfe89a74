import type { Connector } from '../../connectors/connector.ts';
import type { Actor } from '../../kit/actor.ts';
import type { Tx } from '../../kit/db.ts';
import { AppError, notFound } from '../../kit/errors.ts';
import { requireCapability } from '../channels/channels.ts';
import { getRun, toRun } from '../sync/sync.ts';
import type { Run } from '../sync/contract.ts';
import { ordersErrors } from './contract.ts';
import { startOrderPull } from './pull.ts';
import { storesToSync } from './reads.ts';

/** Starts reading the orders of one store, or of every active store of a platform. Answers with the runs, the first one also as such. */
export async function syncNow(tx: Tx, actor: Actor, connector: Connector, channelId: string | undefined): Promise<Run & { runs: Run[] }> {
  requireCapability(connector, 'orders');
  const stores = await storesToSync(tx, actor, connector.manifest.platform, channelId);
  const active = stores.filter((store) => store.active);
  if (stores[0] !== undefined && active.length === 0) throw new AppError(ordersErrors['store.inactive'], { data: { name: stores[0].name } });
  const runs: Run[] = [];
  for (const store of active) runs.push(toRun(await getRun(tx, actor, (await startOrderPull(tx, actor, store)).id)));
  const [first] = runs;
  if (first === undefined) throw notFound('store');
  return { ...first, runs };
}
