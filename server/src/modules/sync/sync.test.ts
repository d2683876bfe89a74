import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testDatabase } from '../../../test/database.ts';
import { systemActor } from '../../kit/actor.ts';
import type { Clock } from '../../kit/clock.ts';
import { sql } from '../../kit/db.ts';
import type { Database } from '../../kit/db.ts';
import { AppError, ConnectorError, commonErrors } from '../../kit/errors.ts';
import { createLog } from '../../kit/log.ts';
import { drain } from '../../kit/jobs.ts';
import { cancelRun, getRun, saveProgress, startRun } from './sync.ts';
import type { RunKind } from './sync.ts';
import { listRuns, toRun } from './reads.ts';
import { judge, runLoops } from './runs.ts';

const log = createLog('silent');

/** A clock that stands still until it is told to go on. */
function handClock(): Clock & { advance(ms: number): void } {
  let at = new Date('2026-11-22T10:00:00Z').getTime();
  return {
    now: () => new Date(at),
    advance: (ms) => {
      at += ms;
    },
  };
}

const loopsOf = (db: Database, clock: Clock, kind: RunKind, workerId = 'w1') => runLoops({ db, clock, log, kinds: new Map([[kind.kind, kind]]), workerId });

const counting = (db: Database, until: number, hook?: (done: number) => void): RunKind => ({
  kind: 'count',
  async step(run) {
    const done = run.done + 1;
    hook?.(done);
    await db.transaction((tx) => saveProgress(tx, run.id, { done, total: until, cursor: { at: done }, outcome: { last: done } }));
    return done >= until ? 'finished' : 'more';
  },
});

test('a run goes step by step to its end and tells progress, rate and outcome', async () => {
  const clock = handClock();
  const db = await testDatabase({ clock });
  const { id } = await db.transaction((tx) => startRun(tx, systemActor, { kind: 'count', title: 'Count to five' }));
  await drain(
    loopsOf(
      db,
      clock,
      counting(db, 5, () => clock.advance(1000)),
    ),
  );
  const run = toRun(await getRun(db, systemActor, id));
  expect(run).toMatchObject({ state: 'done', done: 5, total: 5, outcome: { last: 5 }, error: null, etaSeconds: null });
  expect(run.rate).toBe(1);
});

test('a second start for the same subject answers with the run under way', async () => {
  const clock = handClock();
  const db = await testDatabase({ clock });
  const subjectId = '0198c0de-0000-7000-8000-000000000001';
  const starts = await Promise.all(
    Array.from({ length: 8 }, () => db.transaction((tx) => startRun(tx, systemActor, { kind: 'count', title: 'Count', subjectKind: 'channel', subjectId }))),
  );
  expect(new Set(starts.map((one) => one.id)).size).toBe(1);
  expect(starts.filter((one) => one.started)).toHaveLength(1);
  await drain(loopsOf(db, clock, counting(db, 1)));
  expect((await db.transaction((tx) => startRun(tx, systemActor, { kind: 'count', title: 'Count', subjectKind: 'channel', subjectId }))).started).toBe(true);
});

test('a throttled run waits until the platform says, then goes on where it was', async () => {
  const clock = handClock();
  const db = await testDatabase({ clock });
  let throttled = true;
  const kind = counting(db, 4, (done) => {
    if (done === 3 && throttled)
      throw new ConnectorError('rate_limited', 'The limit of the platform is reached.', { retryAt: new Date(clock.now().getTime() + 300_000) });
  });
  const { id } = await db.transaction((tx) => startRun(tx, systemActor, { kind: 'count', title: 'Count' }));
  await drain(loopsOf(db, clock, kind));
  expect(toRun(await getRun(db, systemActor, id))).toMatchObject({
    state: 'waiting',
    done: 2,
    errorCode: 'platform.rate_limited',
    retryAt: '2026-11-22T10:05:00.000Z',
  });
  throttled = false;
  clock.advance(299_000);
  await drain(loopsOf(db, clock, kind));
  expect((await getRun(db, systemActor, id)).state).toBe('waiting');
  clock.advance(2_000);
  await drain(loopsOf(db, clock, kind));
  expect(toRun(await getRun(db, systemActor, id))).toMatchObject({ state: 'done', done: 4, error: null });
});

test('refused credentials end a run at once with the sentence of the platform', async () => {
  const clock = handClock();
  const db = await testDatabase({ clock });
  const { id } = await db.transaction((tx) => startRun(tx, systemActor, { kind: 'count', title: 'Count' }));
  await drain(
    loopsOf(
      db,
      clock,
      counting(db, 4, () => {
        throw new ConnectorError('auth', 'The platform refuses our key.');
      }),
    ),
  );
  expect(toRun(await getRun(db, systemActor, id))).toMatchObject({ state: 'failed', errorCode: 'platform.auth', error: 'The platform refuses our key.' });
});

test('a run whose worker died is taken over after its lease, and the dead worker can no longer end it', async () => {
  const clock = handClock();
  const db = await testDatabase({ clock });
  const { id } = await db.transaction((tx) => startRun(tx, systemActor, { kind: 'count', title: 'Count' }));
  let release = (): void => undefined;
  const hung = new Promise<void>((resolve) => {
    release = resolve;
  });
  const dead: RunKind = {
    kind: 'count',
    async step() {
      await hung;
      return 'finished';
    },
  };
  const [lane] = loopsOf(db, clock, dead, 'dead');
  const stuck = lane?.pass(new AbortController().signal);
  await expect.poll(async () => (await getRun(db, systemActor, id)).state).toBe('running');
  await drain(loopsOf(db, clock, counting(db, 2), 'alive'));
  expect((await getRun(db, systemActor, id)).state).toBe('running');
  clock.advance(31_000);
  await drain(loopsOf(db, clock, counting(db, 2), 'alive'));
  const ended = await getRun(db, systemActor, id);
  expect(ended).toMatchObject({ state: 'done', done: 2 });
  release();
  await stuck;
  expect((await getRun(db, systemActor, id)).finished_at).toEqual(ended.finished_at);
});

test('cancelling a queued, waiting or running run ends it and keeps what was done', async () => {
  const clock = handClock();
  const db = await testDatabase({ clock });
  const { id } = await db.transaction((tx) => startRun(tx, systemActor, { kind: 'count', title: 'Count' }));
  const ended: string[] = [];
  const kind: RunKind = {
    kind: 'count',
    async step(run) {
      await db.transaction((tx) => saveProgress(tx, run.id, { done: run.done + 1 }));
      if (run.done === 2) await db.transaction((tx) => cancelRun(tx, systemActor, id));
      return 'more';
    },
    async onEnd(_tx, _run, state) {
      ended.push(state);
    },
  };
  await drain(loopsOf(db, clock, kind));
  expect(await getRun(db, systemActor, id)).toMatchObject({ state: 'cancelled', done: 3 });
  expect(ended).toEqual(['cancelled']);
});

test('a limited user sees only runs of their companies and of nobody', async () => {
  const db = await testDatabase();
  const [mine, other] = ['0198c0de-0000-7000-8000-00000000000a', '0198c0de-0000-7000-8000-00000000000b'];
  await db.run(sql`insert into company (id, name, created_at) values (${mine}, 'Mine', now()), (${other}, 'Other', now())`);
  const ids: string[] = [];
  for (const companyId of [mine, other, null])
    ids.push((await db.transaction((tx) => startRun(tx, systemActor, { kind: 'count', title: 'Count', companyId }))).id);
  const actor = { ...systemActor, companyIds: [mine ?? ''] };
  expect((await listRuns(db, actor, { limit: 50 })).items.map((run) => run.id).toSorted()).toEqual([ids[0] ?? '', ids[2] ?? ''].toSorted());
  await expect(getRun(db, actor, ids[1] ?? '')).rejects.toMatchObject({ code: 'resource.not_found' });
});

test('a look that found nothing new is left out of the list unless all are asked for', async () => {
  const db = await testDatabase();
  const kind: RunKind = {
    kind: 'count',
    async step(run) {
      await db.transaction((tx) => saveProgress(tx, run.id, { done: 0, quiet: run.title === 'Nothing new' }));
      return 'finished';
    },
  };
  for (const title of ['Nothing new', 'Something']) await db.transaction((tx) => startRun(tx, systemActor, { kind: 'count', title }));
  await drain(loopsOf(db, { now: () => new Date() }, kind));
  expect((await listRuns(db, systemActor, { limit: 10 })).items.map((run) => run.title)).toEqual(['Something']);
  expect((await listRuns(db, systemActor, { limit: 10, all: true })).items).toHaveLength(2);
});

test('pages of runs show every run once, newest first', async () => {
  const db = await testDatabase();
  for (let index = 0; index < 23; index++) await db.transaction((tx) => startRun(tx, systemActor, { kind: 'count', title: `Run ${index}` }));
  const seen: string[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await listRuns(db, systemActor, { limit: 5, cursor });
    seen.push(...page.items.map((run) => run.title));
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  expect(new Set(seen).size).toBe(23);
  expect(seen[0]).toBe('Run 22');
});

test('the verdict on an error is decided by its kind alone, and waiting never goes back in time', () => {
  const now = new Date('2026-11-22T10:00:00Z');
  const kind: RunKind = { kind: 'x', step: async () => 'finished', pausesMs: [1000, 5000], maxPauses: 4 };
  fc.assert(
    fc.property(
      fc.constantFrom('auth', 'rate_limited', 'rejected', 'unavailable', 'bad_response'),
      fc.nat(10),
      fc.option(fc.integer({ min: -100_000, max: 100_000 }), { nil: undefined }),
      (errorKind, pauses, inMs) => {
        const retryAt = inMs === undefined ? {} : { retryAt: new Date(now.getTime() + inMs) };
        const verdict = judge(new ConnectorError(errorKind as 'auth', 'x', retryAt), kind, pauses, now);
        if (errorKind === 'auth' || errorKind === 'rejected') expect(verdict.state).toBe('failed');
        if (errorKind === 'rate_limited') expect(verdict.state).toBe('waiting');
        if (errorKind === 'unavailable') expect(verdict.state).toBe(pauses < 4 ? 'waiting' : 'failed');
        if (verdict.state === 'waiting') expect(verdict.retryAt.getTime()).toBeGreaterThan(now.getTime());
      },
    ),
  );
  expect(judge(new AppError(commonErrors['resource.not_found'], { data: { kind: 'store' } }), kind, 0, now)).toMatchObject({
    state: 'failed',
    code: 'resource.not_found',
  });
  expect(judge(new TypeError('bug'), kind, 0, now).state).toBe('waiting');
  expect(judge(new TypeError('bug'), kind, 3, now).state).toBe('failed');
});
