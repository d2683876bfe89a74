import { afterEach, describe, expect, it } from 'vitest';
import { createClock } from './clock.ts';
import { openBench, SELLER, START } from './testing.ts';
import type { Bench } from './testing.ts';

const STREAM = `/order/sellers/${SELLER}/orders/stream`;

let bench: Bench | undefined;
const open = async (options: Parameters<typeof openBench>[0] = {}): Promise<Bench> => (bench = await openBench(options));
afterEach(async () => {
  await bench?.sandbox.close();
  bench = undefined;
});

describe('the clock', () => {
  it('runs what falls due in order, each at its own moment', () => {
    const clock = createClock();
    clock.freeze(true);
    clock.set(1000);
    const seen: [string, number][] = [];
    clock.at(1500, () => {
      seen.push(['b', clock.now()]);
      clock.at(1600, () => seen.push(['c', clock.now()]));
    });
    clock.at(1200, () => seen.push(['a', clock.now()]));
    const cancel = clock.at(1300, () => seen.push(['never', clock.now()]));
    cancel();
    clock.at(2001, () => seen.push(['later', clock.now()]));
    clock.advance(1000);
    expect(seen).toEqual([
      ['a', 1200],
      ['b', 1500],
      ['c', 1600],
    ]);
    expect(clock.now()).toBe(2000);
  });

  it('follows real time by default and keeps its offset', async () => {
    const { set } = await open({ running: true });
    const { now: before } = await set('GET', '/clock');
    expect(Math.abs(before - Date.now())).toBeLessThan(5000);
    const after = await set('POST', '/clock', { advanceMs: 3_600_000 });
    expect(after.now - before).toBeGreaterThanOrEqual(3_600_000);
    expect(Math.abs(after.offsetMs - 3_600_000)).toBeLessThan(50);
  });

  it('fires a timer by itself when real time reaches it', async () => {
    const clock = createClock();
    const fired = new Promise<number>((resolve) => clock.at(clock.now() + 20, () => resolve(clock.now())));
    const keepAlive = setInterval(() => {}, 10);
    const at = await fired;
    clearInterval(keepAlive);
    expect(Math.abs(at - Date.now())).toBeLessThan(1000);
  });
});

describe('the log', () => {
  it('tells who asked what and what came back, and filters', async () => {
    const { set, trendyol } = await open();
    await trendyol('GET', `${STREAM}?size=5`);
    await trendyol('GET', STREAM, { headers: { authorization: undefined } });
    const { total, entries } = await set('GET', '/log');
    expect(total).toBe(2);
    expect(entries[0]).toMatchObject({
      seq: 0,
      at: START,
      platform: 'trendyol',
      method: 'GET',
      path: `/trendyol/integration${STREAM}`,
      query: 'size=5',
      sellerId: SELLER,
      status: 200,
      route: 'GET /order/sellers/{s}/orders/stream',
    });
    expect(entries[0]?.responseBytes).toBeGreaterThan(10);
    expect((await set('GET', '/log?status=4xx')).entries.map((entry) => entry.status)).toEqual([401]);
    expect((await set('GET', `/log?sellerId=${SELLER}`)).total).toBe(1);
    await set('DELETE', '/log');
    expect((await set('GET', '/log')).total).toBe(0);
  });
});
