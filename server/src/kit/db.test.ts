import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { testDatabase } from '../../test/database.ts';
import { sql } from './db.ts';
import { takeEvents } from './events.ts';
import { drain, startJobs } from './jobs.ts';
import type { Loop } from './jobs.ts';
import { createLog } from './log.ts';
import { systemClock } from './clock.ts';

const subscriptions = { 'thing.changed': ['one.loop', 'other.loop'] };
const id = (n: number): string => `0198c0de-0000-7000-8000-${String(n).padStart(12, '0')}`;

test('events leave with the commit, one per subscriber and entity, and not at all when the transaction fails', async () => {
  const db = await testDatabase({ subscriptions });
  await db.transaction(async (tx) => tx.emit('thing.changed', [id(1), id(2), id(1)]));
  await expect(
    db.transaction(async (tx) => {
      tx.emit('thing.changed', [id(3)]);
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await db.transaction(async (tx) => tx.emit('nobody.listens', [id(4)]));
  const rows = await db.rows(sql`select subscriber, unnest(entity_ids) as entity_id from event order by subscriber, entity_id`);
  expect(rows).toEqual([
    { subscriber: 'one.loop', entity_id: id(1) },
    { subscriber: 'one.loop', entity_id: id(2) },
    { subscriber: 'other.loop', entity_id: id(1) },
    { subscriber: 'other.loop', entity_id: id(2) },
  ]);
});

test('two workers never take the same event, and a failed reaction leaves it for the next', async () => {
  const db = await testDatabase({ subscriptions });
  for (let n = 0; n < 40; n += 2) await db.transaction(async (tx) => tx.emit('thing.changed', [id(n), id(n + 1)]));
  await expect(
    db.transaction(async (tx) => {
      await takeEvents(tx, 'one.loop', 10);
      throw new Error('died');
    }),
  ).rejects.toThrow('died');
  const taken: string[] = [];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (;;) {
        const ids = await db.transaction(async (tx) => {
          const events = await takeEvents(tx, 'one.loop', 7);
          await sleep(5);
          return events.ids('thing.changed');
        });
        if (ids.length === 0) return;
        taken.push(...ids);
      }
    }),
  );
  expect(taken.toSorted()).toEqual(Array.from({ length: 40 }, (_, n) => id(n)));
});

test('a big set of events is taken in portions of about the size asked for, each id once', async () => {
  const db = await testDatabase({ subscriptions });
  const all = Array.from({ length: 1234 }, (_, n) => id(n));
  await db.transaction(async (tx) => tx.emit('thing.changed', all));
  const portions: number[] = [];
  const taken: string[] = [];
  for (;;) {
    const events = await db.transaction((tx) => takeEvents(tx, 'one.loop', 500));
    portions.push(events.count);
    taken.push(...events.ids('thing.changed'));
    if (!events.more) break;
  }
  expect(taken.toSorted()).toEqual(all);
  expect(Math.max(...portions)).toBeLessThanOrEqual(500);
});

test('a deadlock is tried again and both transactions succeed', async () => {
  const db = await testDatabase();
  await db.run(sql`create table box (id int primary key, n int not null)`);
  await db.run(sql`insert into box values (1, 0), (2, 0)`);
  const add = (first: number, second: number): Promise<void> =>
    db.transaction(async (tx) => {
      await tx.run(sql`update box set n = n + 1 where id = ${first}`);
      await sleep(50);
      await tx.run(sql`update box set n = n + 1 where id = ${second}`);
    });
  await Promise.all([add(1, 2), add(2, 1)]);
  expect(await db.rows(sql`select n from box order by id`)).toEqual([{ n: 2 }, { n: 2 }]);
});

test('a wake-up reaches a sleeping loop at commit', async () => {
  const db = await testDatabase({ subscriptions });
  const seen: string[][] = [];
  const loop: Loop = {
    name: 'one.loop',
    everyMs: 60_000,
    pass: () =>
      db.transaction(async (tx) => {
        const ids = (await takeEvents(tx, 'one.loop', 100)).ids('thing.changed');
        if (ids.length > 0) seen.push(ids);
        return ids.length > 0;
      }),
  };
  const jobs = await startJobs({ db, clock: systemClock, log: createLog('silent'), loops: [loop], schedules: [] });
  await sleep(100);
  const began = performance.now();
  await db.transaction(async (tx) => tx.emit('thing.changed', [id(9)]));
  await expect.poll(() => seen, { interval: 5 }).toEqual([[id(9)]]);
  expect(performance.now() - began).toBeLessThan(5000);
  await jobs.stop();
});

test('a loop whose wake-up was lost finds its rows by sweeping, and a failing pass is tried again', async () => {
  const db = await testDatabase({ subscriptions });
  let failures = 2;
  let taken = 0;
  const loop: Loop = {
    name: 'one.loop',
    everyMs: 50,
    pass: async () => {
      if (failures-- > 0) throw new Error('the database is away');
      return db.transaction(async (tx) => {
        taken += (await takeEvents(tx, 'one.loop', 100)).count;
        return false;
      });
    },
  };
  const jobs = await startJobs({ db, clock: systemClock, log: createLog('silent'), loops: [loop], schedules: [] });
  await db.run(sql`insert into event (subscriber, type, entity_ids) values ('one.loop', 'thing.changed', array[${id(5)}]::uuid[])`);
  await expect.poll(() => taken, { timeout: 10_000 }).toBe(1);
  await jobs.stop();
});

test('a schedule runs once per period however many workers there are, and goes on after a restart', async () => {
  let at = new Date('2026-11-22T10:00:00Z').getTime();
  const clock = { now: () => new Date(at) };
  const db = await testDatabase({ clock });
  let ticks = 0;
  const schedules = [{ name: 'hourly', everyMs: 3_600_000, tick: async () => void ticks++ }];
  const workers = await Promise.all([1, 2, 3].map(() => startJobs({ db, clock, log: createLog('silent'), loops: [], schedules })));
  await expect.poll(() => ticks).toBe(1);
  at += 3_600_000;
  await expect.poll(() => ticks, { timeout: 10_000 }).toBe(2);
  await sleep(1500);
  expect(ticks).toBe(2);
  await Promise.all(workers.map((worker) => worker.stop()));
});

test('draining runs every loop until none has more', async () => {
  const left = { a: 3, b: 2 };
  const loop = (name: 'a' | 'b'): Loop => ({ name, everyMs: 1000, pass: async () => left[name] > 0 && left[name]-- > 0 });
  await drain([loop('a'), loop('b')]);
  expect(left).toEqual({ a: 0, b: 0 });
});
