import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import { type Db, sql } from './db.ts';
import { ConnectorError } from './errors.ts';

/** One counted limit: at most `limit` requests start in any `windowMs`. The key names the account, the group of calls and the window. */
export interface Bucket {
  key: string;
  limit: number;
  windowMs: number;
}

export interface BucketUsage {
  key: string;
  /** Requests leased in the window that ends now. */
  used: number;
  blockedUntil: Date | null;
}

/** Limits of outside platforms, kept together by all processes through one table. */
export interface Quota {
  /**
   * Returns when one request may start in every bucket; start it at once. Waits in turn, at most `maxWaitMs` (15 s);
   * a longer wait throws `rate_limited` with the time to come back, an aborted one `unavailable`.
   */
  lease(buckets: readonly Bucket[], options?: { maxWaitMs?: number; signal?: AbortSignal | undefined }): Promise<void>;
  /** Nobody starts a request in these buckets before `until`: the platform said so. An earlier block is never shortened. */
  block(keys: readonly string[], until: Date): Promise<void>;
  usage(keys: readonly string[]): Promise<BucketUsage[]>;
}

interface Waiter {
  deadline: number;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Requests leased ahead for one set of buckets, and who waits for them. */
interface Line {
  buckets: readonly Bucket[];
  waiters: Waiter[];
  tokens: number;
  slots: string[];
  validUntil: number;
  /** How many to lease at once: doubled while leases are used up in time, cut to what was used when not. */
  block: number;
  taken: number;
  asking: boolean;
  /** No lease is to be had before then. */
  closedUntil: number;
  /** Ends the wait early when nobody waits any more. */
  rest: AbortController;
}

interface Lease {
  granted: number;
  slots: string[];
  valid_ms: number;
  wait_ms: number;
}

const LEASE = 'select granted, slots::text[] as slots, valid_ms, wait_ms from lease_quota($1, $2, $3, $4, $5, $6)';

/**
 * Counts by the database's clock, so that processes with different clocks agree; `clock` only dates `retryAt`.
 * Requests are leased in blocks that must be used within a fortieth of the window: a busy process asks the database once for many calls.
 */
export function createQuota(db: Db, clock: Clock): Quota {
  const lines = new Map<string, Line>();

  const lineOf = (buckets: readonly Bucket[]): Line => {
    const sorted = buckets.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const id = JSON.stringify(sorted.map((bucket) => [bucket.key, bucket.limit, bucket.windowMs]));
    let line = lines.get(id);
    if (line === undefined) {
      line = {
        buckets: sorted,
        waiters: [],
        tokens: 0,
        slots: [],
        validUntil: 0,
        block: 1,
        taken: 0,
        asking: false,
        closedUntil: 0,
        rest: new AbortController(),
      };
      lines.set(id, line);
    }
    return line;
  };

  const tooLong = (waitMs: number): ConnectorError =>
    new ConnectorError('rate_limited', 'The limit of the platform is used up for now; this continues by itself.', {
      retryAt: new Date(clock.now().getTime() + Math.ceil(waitMs)),
    });

  function handOut(line: Line): void {
    while (line.tokens > 0 && line.waiters.length > 0 && performance.now() < line.validUntil) {
      line.tokens--;
      line.taken++;
      line.waiters.shift()?.resolve();
    }
  }

  async function ask(line: Line): Promise<void> {
    const most = Math.min(...line.buckets.map((bucket) => bucket.limit));
    line.block = line.tokens > 0 ? Math.max(1, line.taken) : Math.min(line.block * 2, Math.max(1, Math.floor(most / 10)));
    const wanted = Math.min(most, Math.max(line.waiters.length, line.block));
    const unused = line.tokens;
    line.tokens = 0;
    // The database's answer is at least as old as our question: counting from before it errs on the safe side.
    const askedAt = performance.now();
    const [lease] = await db.prepared<Lease>('lease-quota', LEASE, [
      line.buckets.map((bucket) => bucket.key),
      line.buckets.map((bucket) => bucket.limit),
      line.buckets.map((bucket) => bucket.windowMs),
      wanted,
      unused,
      line.slots,
    ]);
    if (lease === undefined) throw new Error('lease_quota answered without a row');
    if (lease.granted > 0) {
      Object.assign(line, { tokens: lease.granted, slots: lease.slots, validUntil: askedAt + lease.valid_ms, taken: 0, closedUntil: 0 });
      return;
    }
    const waitMs = Math.max(lease.wait_ms, 1);
    line.closedUntil = askedAt + waitMs;
    for (const waiter of line.waiters.filter((each) => each.deadline < line.closedUntil)) {
      line.waiters.splice(line.waiters.indexOf(waiter), 1);
      waiter.reject(tooLong(waitMs));
    }
    if (line.waiters.length === 0) return;
    line.rest = new AbortController();
    await sleep(Math.min(waitMs, 60_000), undefined, { signal: line.rest.signal }).catch(() => undefined);
  }

  async function serve(line: Line): Promise<void> {
    handOut(line);
    if (line.asking) return;
    line.asking = true;
    try {
      while (line.waiters.length > 0) {
        await ask(line);
        handOut(line);
      }
    } catch (error) {
      for (const waiter of line.waiters.splice(0)) waiter.reject(error as Error);
    } finally {
      line.asking = false;
    }
  }

  return {
    lease(buckets, { maxWaitMs = 15_000, signal } = {}) {
      if (buckets.length === 0) return Promise.resolve();
      const line = lineOf(buckets);
      return new Promise<void>((resolve, reject) => {
        const stopped = (): ConnectorError => new ConnectorError('unavailable', 'Stopped before the request was sent.', { cause: signal?.reason });
        if (signal?.aborted) return reject(stopped());
        const now = performance.now();
        if (line.closedUntil > now + maxWaitMs) return reject(tooLong(line.closedUntil - now));
        const onAbort = (): void => {
          const place = line.waiters.indexOf(waiter);
          if (place >= 0) line.waiters.splice(place, 1);
          if (line.waiters.length === 0) line.rest.abort();
          reject(stopped());
        };
        const done = (): void => signal?.removeEventListener('abort', onAbort);
        const waiter: Waiter = {
          deadline: now + maxWaitMs,
          resolve: () => {
            done();
            resolve();
          },
          reject: (error) => {
            done();
            reject(error);
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        line.waiters.push(waiter);
        void serve(line);
      });
    },

    async block(keys, until) {
      const forMs = until.getTime() - clock.now().getTime();
      if (forMs <= 0 || keys.length === 0) return;
      for (const line of lines.values()) {
        if (line.buckets.some((bucket) => keys.includes(bucket.key))) line.tokens = 0;
      }
      await db.run(sql`
        insert into quota_bucket (key, slot, used, blocked_until)
        select key, 0, array_fill(0, array[41]), clock_timestamp() + make_interval(secs => ${forMs / 1000})
        from unnest(${[...keys].sort()}::text[]) as key
        order by key
        on conflict (key) do update set blocked_until = greatest(quota_bucket.blocked_until, excluded.blocked_until)`);
    },

    async usage(keys) {
      const wanted = keys.map((key) => ({ key, windowMs: windowOf(key) }));
      return db.rows<BucketUsage>(sql`
        select bucket.key,
               coalesce((select sum(n) from unnest(bucket.used) with ordinality as slot (n, place)
                 where bucket.slot - (place - 1) > extract(epoch from clock_timestamp()) * 1000 / width.slot_ms - 41), 0)::int as used,
               case when bucket.blocked_until > clock_timestamp() then bucket.blocked_until end as "blockedUntil"
        from unnest(${wanted.map((each) => each.key)}::text[], ${wanted.map((each) => each.windowMs)}::int[]) as wanted (key, window_ms)
        join quota_bucket as bucket on bucket.key = wanted.key
        cross join lateral (select (wanted.window_ms + least(wanted.window_ms * 0.03, 500)) / 40 as slot_ms) as width
        order by bucket.key`);
    },
  };
}

/** A bucket's key: what the platform counts together (`account`), the group of calls, and the window, which the key ends with. */
export const bucketKey = (account: string, rule: { group: string; windowMs: number }): string => `${account} ${rule.group} ${rule.windowMs}`;

const windowOf = (key: string): number => Number(key.slice(key.lastIndexOf(' ') + 1));
