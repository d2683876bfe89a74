import type { App } from '../../app.ts';
import type { ChannelOrderRecord, Manifest, PullPage } from '../../connectors/connector.ts';
import type { Actor } from '../../kit/actor.ts';
import type { Tx } from '../../kit/db.ts';
import { noteHealth, requireCapability, withStore } from '../channels/channels.ts';
import { raiseWatermark, readWatermarks, saveProgress, startRun } from '../sync/sync.ts';
import type { RunKind } from '../sync/sync.ts';
import { ingest } from './ingest.ts';
import { quarantine } from './quarantine.ts';

export const PULL_KIND = 'orders.pull';
export const SWEEP_KIND = 'orders.sweep';

/** How far back the daily sweep looks for what messages and polls missed. */
export const SWEEP_MS = 7 * 24 * 3600 * 1000;

type OrderSource = NonNullable<Manifest['orders']>;

/** Starts reading a store's orders; a run that is under way already is returned instead. */
export const startOrderPull = (tx: Tx, actor: Actor, channel: { id: string; name: string; company_id: string }): Promise<{ id: string; started: boolean }> =>
  startRun(tx, actor, { kind: PULL_KIND, title: `Orders of ${channel.name}`, subjectKind: 'channel', subjectId: channel.id, companyId: channel.company_id });

/** Starts the sweep of a store. */
export const startSweep = (tx: Tx, actor: Actor, channel: { id: string; name: string; company_id: string }): Promise<{ id: string; started: boolean }> =>
  startRun(tx, actor, {
    kind: SWEEP_KIND,
    title: `Orders of ${channel.name} that polls and messages missed`,
    subjectKind: 'channel',
    subjectId: channel.id,
    companyId: channel.company_id,
  });

/** One stretch of time of one store front; instants as ISO strings, for they live in the run's cursor. */
export interface Stretch {
  storeFront: string;
  from: string;
  to: string;
}

/** Time that can no longer be read: the platform's history does not reach back to where we stopped. */
export type Gap = Stretch;

interface Cursor {
  /** Stretches not read yet, oldest first; the first one is being read. */
  left: Stretch[];
  /** The connector's place in the first one; null at its beginning. */
  next: unknown;
}

interface Outcome {
  read: number;
  created: number;
  advanced: number;
  unchanged: number;
  quarantined: number;
  /** Only of a sweep: packages that neither a poll nor a message had brought. */
  found?: number;
  gaps?: Gap[];
}

export const scopeOf = (storeFront: string): string => `orders:${storeFront}`;

/** A span cut into stretches no longer than the platform allows, oldest first. */
export function stretches(storeFront: string, from: Date, to: Date, maxWindowMs: number): Stretch[] {
  const list: Stretch[] = [];
  for (let at = from.getTime(); at < to.getTime(); at += maxWindowMs) {
    list.push({ storeFront, from: new Date(at).toISOString(), to: new Date(Math.min(at + maxWindowMs, to.getTime())).toISOString() });
  }
  return list;
}

/**
 * What a pull has to read: from where the last one stopped, minus the overlap, until now; at first the platform's whole history. When the
 * last one stopped longer ago than the history reaches, the difference is a gap and is said.
 */
export function planPull(
  source: OrderSource,
  storeFronts: readonly string[],
  watermarks: ReadonlyMap<string, Date>,
  now: Date,
): { left: Stretch[]; gaps: Gap[] } {
  const oldest = new Date(now.getTime() - source.historyMs);
  const gaps: Gap[] = [];
  const left = storeFronts.flatMap((storeFront) => {
    const until = watermarks.get(scopeOf(storeFront));
    if (until !== undefined && until < oldest) gaps.push({ storeFront, from: until.toISOString(), to: oldest.toISOString() });
    const from = until === undefined ? oldest : new Date(Math.max(oldest.getTime(), Math.min(until.getTime(), now.getTime()) - source.overlapMs));
    return stretches(storeFront, from, now, source.maxWindowMs);
  });
  return { left, gaps };
}

/** What a sweep reads: the last days, up to where polls have read; what they have not had the chance to see is not their loss. */
export const planSweep = (
  source: OrderSource,
  storeFronts: readonly string[],
  watermarks: ReadonlyMap<string, Date>,
  now: Date,
): { left: Stretch[]; gaps: Gap[] } => ({
  left: storeFronts.flatMap((storeFront) => {
    const until = watermarks.get(scopeOf(storeFront));
    return until === undefined ? [] : stretches(storeFront, new Date(now.getTime() - Math.min(SWEEP_MS, source.historyMs)), until, source.maxWindowMs);
  }),
  gaps: [],
});

/** Reads one page, then writes its orders, the progress and, at the end of a stretch, the watermark in one transaction. */
const orderRun = (app: App, kind: typeof PULL_KIND | typeof SWEEP_KIND): RunKind => ({
  kind,
  async step(run, signal) {
    if (run.subject_id === null) throw new Error('Reading orders needs its channel.');
    const channelId = run.subject_id;
    const before = (run.outcome ?? { read: 0, created: 0, advanced: 0, unchanged: 0, quarantined: 0 }) as Outcome;
    let cursor = run.cursor as Cursor | null;
    let gaps = before.gaps;
    const answer = await withStore(app, channelId, signal, async ({ channel, connector, store }) => {
      requireCapability(connector, 'orders');
      const { orders } = connector;
      const source = connector.manifest.orders;
      if (orders === undefined || source === undefined) throw new Error(`${connector.manifest.platform} reads orders but does not say how often.`);
      if (cursor === null) {
        const plan = (kind === PULL_KIND ? planPull : planSweep)(
          source,
          orders.storeFronts(store.settings),
          await readWatermarks(app.db, channelId),
          app.clock.now(),
        );
        cursor = { left: plan.left, next: null };
        if (plan.gaps.length > 0) gaps = plan.gaps;
      }
      const [stretch] = cursor.left;
      const page: PullPage<ChannelOrderRecord> | undefined =
        stretch === undefined
          ? undefined
          : await orders.pull(store, { storeFront: stretch.storeFront, from: new Date(stretch.from), to: new Date(stretch.to) }, cursor.next);
      return { channel, left: cursor.left, stretch, page };
    });
    const { channel, stretch, page } = answer;
    const ended = page === undefined || page.next === null || page.next === undefined;
    const left = ended ? answer.left.slice(1) : answer.left;
    await app.db.transaction(async (tx) => {
      const done = await ingest(tx, channel, page?.items ?? [], kind === PULL_KIND ? 'poll' : 'sweep');
      await quarantine(tx, channelId, page?.unreadable ?? []);
      if (ended && stretch !== undefined && kind === PULL_KIND) await raiseWatermark(tx, channelId, scopeOf(stretch.storeFront), new Date(stretch.to));
      if (page !== undefined) await noteHealth(tx, channelId, undefined);
      const unreadable = page?.unreadable.length ?? 0;
      const read = before.read + (page?.items.length ?? 0) + unreadable;
      const outcome: Outcome = {
        read,
        created: before.created + done.created,
        advanced: before.advanced + done.advanced,
        unchanged: before.unchanged + done.unchanged,
        quarantined: before.quarantined + done.quarantined + unreadable,
        ...(kind === SWEEP_KIND ? { found: (before.found ?? 0) + done.created + done.advanced } : {}),
        ...(gaps === undefined ? {} : { gaps }),
      };
      await saveProgress(tx, run.id, {
        done: read,
        failed: outcome.quarantined,
        cursor: { left, next: ended ? null : page.next } satisfies Cursor,
        outcome,
        // A look on schedule that found nothing is no news; what a person asked for is.
        quiet:
          outcome.created + outcome.advanced + outcome.quarantined === 0 && outcome.gaps === undefined && (run.actor as { kind: string }).kind === 'system',
        ...(left.length === 0 ? { total: read } : {}),
      });
    });
    return left.length === 0 ? 'finished' : 'more';
  },
});

export const pullRun = (app: App): RunKind => orderRun(app, PULL_KIND);
export const sweepRun = (app: App): RunKind => orderRun(app, SWEEP_KIND);
