import pg from 'pg';
import type { Sql } from 'sql-template-tag';
import { newId } from './ids.ts';
import type { Clock } from './clock.ts';

export { default as sql, empty, join, raw } from 'sql-template-tag';
export type { Sql } from 'sql-template-tag';

/* Whole numbers of PostgreSQL arrive as numbers: money and counts stay below 2^53. Numerics and dates stay text. */
pg.types.setTypeParser(pg.types.builtins.INT8, Number);
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value);

/** Reads and writes with visible SQL. A function that needs a transaction asks for `Tx`, so the compiler checks it. */
export interface Db {
  rows<R extends object>(query: Sql): Promise<R[]>;
  /** The only row; anything else is a bug in the query and throws. */
  one<R extends object>(query: Sql): Promise<R>;
  maybe<R extends object>(query: Sql): Promise<R | undefined>;
  /** Number of rows touched. */
  run(query: Sql): Promise<number>;
  /** A hot query, prepared once per connection under `name`. The text must not vary under one name. */
  prepared<R extends object>(name: string, text: string, values: readonly unknown[]): Promise<R[]>;
}

/** One open transaction. Events and wake-ups given to it leave with its commit, or not at all. */
export interface Tx extends Db {
  /** The instant of this transaction by the app's clock: every row written by it carries the same one. */
  readonly now: Date;
  newId(): string;
  /** Tells every subscriber of `type` (see `subscriptions`) which entities it concerns; written as the last statement before commit. */
  emit(type: string, entityIds: readonly string[]): void;
  /** Wakes the named loop in every worker process at commit. Losing a wake-up is harmless: loops also sweep. */
  wake(loop: string): void;
  /** For COPY streams only. */
  readonly client: pg.PoolClient;
}

export interface Database extends Db {
  /**
   * Runs `work` in one transaction; an exception rolls back. Deadlocks and serialization failures are tried again (3 times),
   * so `work` does nothing but database work: no network, no outside state.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Calls `onWake` with the loop's name for every wake-up; reconnects by itself. Returns a stop function. */
  listen(onWake: (loop: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
  readonly pool: pg.Pool;
}

export interface DatabaseOptions {
  url: string;
  clock: Clock;
  /** Event type → names of the loops that react to it. */
  subscriptions?: Readonly<Record<string, readonly string[]>>;
  maxConnections?: number;
  /** Upper bound for one statement in milliseconds; 0 for none. */
  statementTimeoutMs?: number;
  onError?: (error: Error) => void;
}

/** Most entities in one row of the event table. */
const EVENT_IDS = 200;

const isRetryable = (error: unknown): boolean => error instanceof pg.DatabaseError && (error.code === '40P01' || error.code === '40001');

function query(client: pg.Pool | pg.PoolClient): Db {
  return {
    rows: async <R extends object>(statement: Sql) => (await client.query<R>(statement)).rows,
    one: async <R extends object>(statement: Sql) => {
      const { rows } = await client.query<R>(statement);
      const row = rows[0];
      if (row === undefined || rows.length > 1) throw new Error(`Expected exactly one row, got ${rows.length}: ${statement.text.slice(0, 200)}`);
      return row;
    },
    maybe: async <R extends object>(statement: Sql) => (await client.query<R>(statement)).rows[0],
    run: async (statement) => (await client.query(statement)).rowCount ?? 0,
    prepared: async <R extends object>(name: string, text: string, values: readonly unknown[]) =>
      (await client.query<R>({ name, text, values: [...values] })).rows,
  };
}

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections ?? 12,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: 'karavan',
    statement_timeout: options.statementTimeoutMs ?? 0,
  });
  const onError = options.onError ?? (() => undefined);
  pool.on('error', onError);
  const subscriptions = options.subscriptions ?? {};

  async function attempt<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    const wakes = new Set<string>();
    const events: { subscriber: string; type: string; ids: string[] }[] = [];
    let broken: Error | undefined;
    const remember = (error: Error): void => {
      broken = error;
    };
    client.on('error', remember);
    try {
      await client.query('begin');
      const tx: Tx = {
        ...query(client),
        now: options.clock.now(),
        newId,
        client,
        emit(type, ids) {
          for (const subscriber of subscriptions[type] ?? []) {
            wakes.add(subscriber);
            const distinct = [...new Set(ids)];
            for (let at = 0; at < distinct.length; at += EVENT_IDS) events.push({ subscriber, type, ids: distinct.slice(at, at + EVENT_IDS) });
          }
        },
        wake: (loop) => void wakes.add(loop),
      };
      const result = await work(tx);
      if (events.length > 0) {
        await client.query({
          name: 'event-insert',
          text: 'insert into event (subscriber, type, entity_ids) select subscriber, type, ids::uuid[] from unnest($1::text[], $2::text[], $3::text[]) as event(subscriber, type, ids)',
          values: [events.map((event) => event.subscriber), events.map((event) => event.type), events.map((event) => `{${event.ids.join(',')}}`)],
        });
      }
      for (const loop of wakes) await client.query({ name: 'wake', text: "select pg_notify('karavan_wake', $1)", values: [loop] });
      await client.query('commit');
      return result;
    } catch (error) {
      if (broken === undefined) await client.query('rollback').catch(remember);
      throw error;
    } finally {
      client.off('error', remember);
      client.release(broken);
    }
  }

  return {
    ...query(pool),
    pool,
    async transaction(work) {
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(work);
        } catch (error) {
          if (tries >= 4 || !isRetryable(error)) throw error;
          await new Promise((resolve) => setTimeout(resolve, 20 * tries * Math.random()));
        }
      }
    },
    async listen(onWake) {
      let stopped = false;
      let client: pg.Client | undefined;
      const connect = async (): Promise<void> => {
        const next = new pg.Client({ connectionString: options.url, application_name: 'karavan listen', keepAlive: true });
        next.on('notification', (message) => onWake(message.payload ?? ''));
        next.on('error', (error) => {
          onError(error);
          if (client === next) retry();
        });
        await next.connect();
        await next.query('listen karavan_wake');
        client = next;
      };
      const retry = (): void => {
        client = undefined;
        if (stopped) return;
        setTimeout(
          () =>
            void connect().catch((error: Error) => {
              onError(error);
              retry();
            }),
          1000,
        ).unref();
      };
      await connect();
      return async () => {
        stopped = true;
        await client?.end();
      };
    },
    close: () => pool.end(),
  };
}

/** True when the database refused a second row with the same key (of that constraint, if named). */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  error instanceof pg.DatabaseError && error.code === '23505' && (constraint === undefined || error.constraint === constraint);
