import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeRule, priorityOf, wantedQuantity } from './stock-rule.ts';

const rule = (changes: Partial<Parameters<typeof wantedQuantity>[1]> = {}) => ({ sharePercent: 100, buffer: 0, minimum: 0, cap: null, ...changes });
const rules = fc.record({
  sharePercent: fc.integer({ min: 0, max: 100 }),
  buffer: fc.integer({ min: 0, max: 1000 }),
  minimum: fc.integer({ min: 0, max: 100 }),
  cap: fc.option(fc.integer({ min: 0, max: 1000 })),
});
const stock = fc.oneof(fc.integer({ min: -100, max: 5000 }), fc.double({ min: -100, max: 5000, noNaN: true }));

test.each([
  [38, {}, 38],
  [38, { buffer: 4 }, 34],
  [38, { sharePercent: 50 }, 19],
  [39, { sharePercent: 50, buffer: 2 }, 17],
  [3, { buffer: 5 }, 0],
  [6, { buffer: 2, minimum: 5 }, 0],
  [7, { buffer: 2, minimum: 5 }, 5],
  [500, { cap: 20 }, 20],
  [-2, {}, 0],
  [2.9, {}, 2],
  [29, { sharePercent: 100 }, 29],
] as const)('of %s available with %o a channel is offered %s', (available, changes, wanted) => {
  expect(wantedQuantity(available, rule(changes))).toBe(wanted);
});

test('what is offered is a whole number from 0 up to what there is, the share of it and the cap', () => {
  fc.assert(
    fc.property(stock, rules, (available, one) => {
      const wanted = wantedQuantity(available, one);
      expect(Number.isInteger(wanted)).toBe(true);
      expect(wanted).toBeGreaterThanOrEqual(0);
      expect(wanted).toBeLessThanOrEqual(Math.max(0, available));
      expect(wanted).toBeLessThanOrEqual(one.cap ?? Number.POSITIVE_INFINITY);
      expect(wanted).toBeLessThanOrEqual((Math.max(0, available) * one.sharePercent) / 100);
    }),
  );
});

test('more stock never means less offered, and a larger buffer never more', () => {
  fc.assert(
    fc.property(stock, fc.integer({ min: 0, max: 500 }), rules, (available, more, one) => {
      expect(wantedQuantity(available + more, one)).toBeGreaterThanOrEqual(wantedQuantity(available, one));
      expect(wantedQuantity(available, { ...one, buffer: one.buffer + more })).toBeLessThanOrEqual(wantedQuantity(available, one));
    }),
  );
});

test('what is near zero goes first, then what falls, then what rises', () => {
  expect([priorityOf(0, 40), priorityOf(2, 1), priorityOf(5, 9), priorityOf(5, null)]).toEqual([1, 1, 1, 1]);
  expect([priorityOf(30, 40), priorityOf(40, null)]).toEqual([3, 3]);
  expect([priorityOf(40, 30), priorityOf(5, 3), priorityOf(40, 40)]).toEqual([5, 5, 5]);
});

test('a rule reads as words', () => {
  expect(describeRule(rule())).toBe('available');
  expect(describeRule(rule({ sharePercent: 50, buffer: 2, minimum: 3, cap: 20 }))).toBe('available × 50 % − 2, 0 below 3, at most 20');
});
