import type { App, ModuleParts } from '../../app.ts';
import { systemActor } from '../../kit/actor.ts';
import { undoMapLine } from './matching.ts';
import { PULL_KIND, pullRun, startOrderPull, startSweep, SWEEP_KIND, sweepRun } from './pull.ts';
import { reactToMatches, reactToStock } from './reactions.ts';
import { channelsToRead } from './reads.ts';

const DAY_MS = 24 * 3600 * 1000;
/** A store whose credentials are refused is asked less often, in case it was the platform's mistake. */
const REFUSED_EVERY_MS = 30 * 60_000;

/** Starts the pulls and sweeps that are due; a store that is being read already is left alone. */
async function startDue(app: App, kind: typeof PULL_KIND | typeof SWEEP_KIND): Promise<void> {
  const now = app.clock.now().getTime();
  for (const channel of await channelsToRead(app.db, kind)) {
    const connector = app.connectors.find((one) => one.manifest.platform === channel.platform);
    const source = connector?.manifest.orders;
    if (connector?.orders === undefined || source === undefined) continue;
    const settings = connector.manifest.settingsSchema.safeParse(channel.settings);
    // Settings that cannot be read any more fail in the run, where a person sees it.
    const pace = (settings.success ? connector.orders.everyMs?.(settings.data) : undefined) ?? source.everyMs;
    const every = kind === SWEEP_KIND ? DAY_MS : channel.health === 'auth_failed' ? Math.max(pace, REFUSED_EVERY_MS) : pace;
    // A store just connected is read at once; its first sweep has nothing to find before a day has passed.
    const last = channel.last_at ?? (kind === SWEEP_KIND ? channel.created_at : null);
    if (last !== null && last.getTime() + every > now) continue;
    await app.db.transaction((tx) => (kind === PULL_KIND ? startOrderPull : startSweep)(tx, systemActor, channel));
  }
}

export const ordersParts: ModuleParts = {
  subscriptions: {
    'channel_product.mapped': ['orders.match'],
    'channel_order.unmatched': ['orders.match'],
    'product.created': ['orders.match'],
    'product.updated': ['orders.match'],
    'stock.changed': ['orders.stock'],
    'product.source_changed': ['orders.stock'],
  },
  undo: { order_line: undoMapLine },
  runs: (app) => [pullRun(app), sweepRun(app)],
  loops: (app) => [
    { name: 'orders.match', everyMs: 5000, pass: () => app.db.transaction(reactToMatches) },
    { name: 'orders.stock', everyMs: 5000, pass: () => app.db.transaction(reactToStock) },
  ],
  schedules: (app) => [
    { name: 'orders.poll', everyMs: 15_000, tick: () => startDue(app, PULL_KIND) },
    { name: 'orders.sweep', everyMs: 3600 * 1000, tick: () => startDue(app, SWEEP_KIND) },
  ],
};
