import type { App } from '../src/app.ts';
import type { Connector } from '../src/connectors/connector.ts';
import { systemActor } from '../src/kit/actor.ts';
import type { Clock } from '../src/kit/clock.ts';
import { sql } from '../src/kit/db.ts';
import type { Database } from '../src/kit/db.ts';
import { drain } from '../src/kit/jobs.ts';
import { connectStore, setWrites, startPull } from '../src/modules/channels/channels.ts';
import { getConnector } from '../src/modules/channels/stores.ts';
import type { PushRow } from '../src/modules/channels/tables.ts';
import { setOnHand } from '../src/modules/inventory/inventory.ts';
import { dialledPlatform } from './dialled-platform.ts';
import type { DialledPlatform } from './dialled-platform.ts';
import { testApp } from './app.ts';
import type { TestApp } from './app.ts';

/** A clock that stands still until it is told to go on. */
export function handClock(start = '2026-11-22T10:00:00Z'): Clock & { advance(ms: number): void } {
  let at = new Date(start).getTime();
  return {
    now: () => new Date(at),
    advance: (ms) => {
      at += ms;
    },
  };
}

export interface ChannelWorld {
  app: App;
  api: TestApp;
  db: Database;
  clock: ReturnType<typeof handClock>;
  acme: DialledPlatform;
  /** Does everything that is due now. */
  settle(): Promise<void>;
  /** Lets time pass in steps, doing what becomes due. */
  pass(seconds: number, step?: number): Promise<void>;
  /** One pass of one loop. */
  once(loop: string): Promise<boolean>;
  product(sku: string, barcode?: string | null, stock?: number): Promise<string>;
  stock(productId: string, quantity: number): Promise<void>;
  /** Connects an account of the dialled platform and reads its products; writes are off unless a stock source is named. */
  connect(account: string, stockSource?: 'ours' | 'channel'): Promise<string>;
  pull(channelId: string): Promise<void>;
  push(channelId: string, externalId: string): Promise<PushRow & { wanted: number; sent: number | null; confirmed: number | null }>;
  listing(channelId: string, productId: string): Promise<{ state: string; error: string } | undefined>;
}

/** Catalogue, inventory and channels on a database and a platform of their own. */
export async function channelWorld(options: { maxItems?: number; pageSize?: number; more?: readonly Connector[] } = {}): Promise<ChannelWorld> {
  const clock = handClock();
  const acme = dialledPlatform(options);
  const api = await testApp({ clock, connectors: [acme.connector, ...(options.more ?? [])] });
  const { app } = api;
  const { db } = app;
  await db.run(
    sql`insert into company (id, name, is_default, created_at) values (${'00000000-0000-7000-8000-000000000001'}, 'Levant Home SRL', true, ${clock.now()}) on conflict do nothing`,
  );
  // One lane executes runs as well as several, and no other module has work here.
  const loops = app.loops.filter(({ name }) => name.startsWith('channels.') || name === 'sync.runs.1');
  const settle = (): Promise<void> => drain(loops);
  const world: ChannelWorld = {
    app,
    api,
    db,
    clock,
    acme,
    settle,
    async pass(seconds, step = 1) {
      for (let at = 0; at < seconds; at += step) {
        clock.advance(step * 1000);
        await settle();
      }
    },
    async once(name) {
      const loop = app.loops.find((one) => one.name === name);
      if (loop === undefined) throw new Error(`There is no loop ${name}`);
      return loop.pass(new AbortController().signal);
    },
    async product(sku, barcode = null, stock) {
      const id = await db.transaction(async (tx) => {
        const made = tx.newId();
        await tx.run(sql`
          insert into product (id, sku, barcode, title, status, price_minor, currency, created_at, updated_at)
          values (${made}, ${sku}, ${barcode}, ${`Product ${sku}`}, 'active', 1000, 'RON', ${tx.now}, ${tx.now})`);
        return made;
      });
      if (stock !== undefined) await world.stock(id, stock);
      return id;
    },
    async stock(productId, quantity) {
      await db.transaction((tx) => setOnHand(tx, systemActor, { cause: 'count', note: '' }, [{ productId, quantity }]));
    },
    async connect(account, stockSource) {
      const connector = getConnector(app, 'acme');
      const id = await db.transaction((tx) => connectStore(tx, systemActor, { connector, vault: app.vault }, { credentials: { account, key: 'right' } }));
      await settle();
      if (stockSource !== undefined) {
        await db.transaction((tx) => setWrites(tx, systemActor, connector, { id, on: true, stockSource }));
        await settle();
      }
      return id;
    },
    async pull(channelId) {
      await db.transaction(async (tx) => startPull(tx, systemActor, await tx.one(sql`select id, name, company_id from channel where id = ${channelId}`)));
      await settle();
    },
    push: (channelId, externalId) =>
      db.one(sql`
        select push.*, (wanted)::int as wanted, (sent)::int as sent, (confirmed)::int as confirmed from push join channel_product cp on cp.id = push.channel_product_id
        where cp.channel_id = ${channelId} and cp.external_id = ${externalId}`),
    listing: (channelId, productId) => db.maybe(sql`select state, error from listing where channel_id = ${channelId} and product_id = ${productId}`),
  };
  return world;
}
