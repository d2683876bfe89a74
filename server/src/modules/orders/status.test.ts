import { expect, test } from 'vitest';
import { advance, lineState, orderStatus, standing } from './status.ts';

test.each([
  ['new', 'shipped', 'shipped'],
  ['shipped', 'new', 'shipped'],
  ['delivery_failed', 'delivered', 'delivered'],
  ['delivered', 'shipped', 'delivered'],
  ['new', 'unknown', 'new'],
  ['unknown', 'pending', 'pending'],
  ['cancelled', 'new', 'cancelled'],
  ['processing', 'superseded', 'superseded'],
] as const)('a package that was %s and is told to be %s is %s', (before, told, now) => {
  expect(advance(before, told)).toBe(now);
});

test.each([
  ['the weakest package decides', ['delivered', 'processing', 'shipped'], 'processing'],
  ['a dissolved package does not count', ['superseded', 'shipped'], 'shipped'],
  ['a cancelled package beside a living one does not count', ['cancelled', 'delivered'], 'delivered'],
  ['all cancelled is cancelled', ['cancelled', 'cancelled', 'superseded'], 'cancelled'],
  ['a word we do not know waits', ['unknown', 'shipped'], 'pending'],
  ['only dissolved ones say nothing yet', ['superseded'], undefined],
] as const)('%s', (_case, packages, order) => {
  expect(orderStatus(packages)).toBe(order);
});

test('a package that others were made from is dissolved, unless its goods have left', () => {
  expect([standing('processing', true), standing('cancelled', true), standing('shipped', true), standing('processing', false)]).toEqual([
    'superseded',
    'superseded',
    'shipped',
    'processing',
  ]);
});

test.each([
  ['open', 'new', false, 'open'],
  ['open', 'new', true, 'cancelled'],
  ['open', 'shipped', false, 'shipped'],
  ['open', 'shipped', true, 'cancelled'],
  ['shipped', 'delivered', true, 'shipped'],
  ['shipped', 'cancelled', false, 'shipped'],
  ['shipped', 'returned', false, 'returned'],
  ['open', 'superseded', false, 'superseded'],
  ['cancelled', 'new', false, 'open'],
] as const)('a line that was %s in a package that is %s (cancelled by itself: %s) is %s', (was, status, cancelled, now) => {
  expect(lineState(was, status, cancelled)).toBe(now);
});
