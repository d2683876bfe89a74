import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabaseUrl } from '../../test/database.ts';
import { systemClock } from './clock.ts';
import { type Database, openDatabase } from './db.ts';
import { ConnectorError } from './errors.ts';
import { type Bucket, bucketKey, createQuota, type Quota } from './quota.ts';

/** Most starts within any stretch of `windowMs`. */
function mostInWindow(starts: readonly number[], windowMs: number): number {
  const sorted = starts.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, at] of sorted.entries()) {
    while (sorted[first]! <= at - windowMs) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}

let url: string;
const open: Database[] = [];
const processes = (count: number): Quota[] =>
  Array.from({ length: count }, () => {
    const db = openDatabase({ url, clock: systemClock, maxConnections: 2 });
    open.push(db);
    return createQuota(db, systemClock);
  });
const bucket = (name: string, limit: number, windowMs: number): Bucket => ({ key: bucketKey(name, { group: 'test', windowMs }), limit, windowMs });

/** `callers` per process keep asking for `forMs`; answers when each request started. */
async function press(quotas: readonly Quota[], buckets: readonly Bucket[], callers: number, forMs: number): Promise<number[]> {
  const starts: number[] = [];
  const end = performance.now() + forMs;
  const caller = async (quota: Quota): Promise<void> => {
    while (performance.now() < end) {
      try {
        await quota.lease(buckets, { maxWaitMs: end - performance.now() });
      } catch (error) {
        if (error instanceof ConnectorError && error.kind === 'rate_limited') return;
        throw error;
      }
      starts.push(performance.now());
    }
  };
  await Promise.all(quotas.flatMap((quota) => Array.from({ length: callers }, () => caller(quota))));
  return starts;
}

beforeAll(async () => {
  url = await testDatabaseUrl();
});
afterAll(() => Promise.all(open.map((db) => db.close())));

describe('a limit shared by several processes', () => {
  test.each([
    { limit: 100, windowMs: 1000, callers: 8, forMs: 4000 },
    { limit: 7, windowMs: 700, callers: 3, forMs: 3500 },
    { limit: 1, windowMs: 400, callers: 2, forMs: 3000 },
  ])('never starts more than $limit in any $windowMs ms, and uses nine tenths of it', async ({ limit, windowMs, callers, forMs }) => {
    const starts = await press(processes(4), [bucket(`pressure ${limit}`, limit, windowMs)], callers, forMs);
    expect(mostInWindow(starts, windowMs)).toBeLessThanOrEqual(limit);
    expect(starts.length).toBeGreaterThanOrEqual(Math.floor((limit * forMs) / windowMs) * 0.9);
  });

  test('keeps a burst limit and a longer one at the same time, without deadlock', async () => {
    const short = bucket('two limits short', 10, 300);
    const long = bucket('two limits long', 40, 2000);
    const [one, two] = processes(2);
    const [first, second] = await Promise.all([press([one!], [short, long], 4, 3500), press([two!], [long, short], 4, 3500)]);
    const starts = [...first, ...second];
    expect(mostInWindow(starts, 300)).toBeLessThanOrEqual(10);
    expect(mostInWindow(starts, 2000)).toBeLessThanOrEqual(40);
    expect(starts.length).toBeGreaterThanOrEqual(63);
  });

  test('a block by one process holds for all, and a shorter one does not lift it', async () => {
    const [one, two] = processes(2);
    const blocked = bucket('blocked', 100, 1000);
    const until = Date.now() + 600;
    await one!.block([blocked.key], new Date(until));
    await two!.block([blocked.key], new Date(Date.now() + 50));
    await two!.lease([blocked]);
    expect(Date.now()).toBeGreaterThanOrEqual(until - 5);
  });
});

describe('waiting', () => {
  test('a wait longer than allowed is refused at once, with the time to come back', async () => {
    const [quota] = processes(1);
    const slow = bucket('slow', 1, 60_000);
    await quota!.lease([slow]);
    const asked = Date.now();
    const refusal = await quota!.lease([slow], { maxWaitMs: 200 }).catch((error: unknown) => error);
    expect(Date.now() - asked).toBeLessThan(200);
    expect(refusal).toMatchObject({ kind: 'rate_limited' });
    const retryAt = (refusal as ConnectorError).retryAt!.getTime();
    expect(retryAt - asked).toBeGreaterThanOrEqual(60_000 - 20);
    expect(retryAt - asked).toBeLessThan(64_000);
  });

  test('stopping ends the wait', async () => {
    const [quota] = processes(1);
    const slow = bucket('stopped', 1, 60_000);
    await quota!.lease([slow]);
    const stop = new AbortController();
    const waiting = quota!.lease([slow], { maxWaitMs: 120_000, signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(waiting).rejects.toMatchObject({ kind: 'unavailable' });
  });

  test('usage shows what is used and until when a bucket is blocked', async () => {
    const [quota] = processes(1);
    const used = bucket('usage', 10, 5000);
    for (let i = 0; i < 3; i++) await quota!.lease([used]);
    const until = new Date(Date.now() + 5000);
    await quota!.block([used.key], until);
    const [row] = await quota!.usage([used.key, 'never used test 1000']);
    expect(row!.key).toBe(used.key);
    expect(row!.used).toBeGreaterThanOrEqual(3);
    expect(Math.abs(row!.blockedUntil!.getTime() - until.getTime())).toBeLessThan(200);
  });
});

test('a busy process asks the database far less than once a call', async () => {
  const db = openDatabase({ url, clock: systemClock, maxConnections: 2 });
  open.push(db);
  let asked = 0;
  const counting = createQuota(
    {
      ...db,
      prepared: (name, text, values) => {
        asked++;
        return db.prepared(name, text, values);
      },
    },
    systemClock,
  );
  const wide = bucket('cheap', 5000, 10_000);
  for (let i = 0; i < 1000; i++) await counting.lease([wide]);
  expect(asked).toBeLessThan(100);
});
