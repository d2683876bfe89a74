import { beforeAll, expect, test } from 'vitest';
import i18next from 'i18next';
import common from '../locales/en/common.ts';
import {
  formatAmount,
  formatDate,
  formatDay,
  formatDeadline,
  formatDuration,
  formatExact,
  formatPercent,
  formatRelative,
  formatSize,
  formatTotal,
} from './format.ts';

const zone = 'Europe/Bucharest';
const noon = Date.parse('2026-11-22T09:48:07Z');

beforeAll(() => i18next.init({ lng: 'en', resources: { en: { common } }, defaultNS: 'common', interpolation: { escapeValue: false } }));

test.each([
  [{ amount: '12385.53', currency: 'RON' }, '12,385.53'],
  [{ amount: '-63.10', currency: 'RON' }, '−63.10'],
  [{ amount: '1200', currency: 'JPY' }, '1,200'],
  [{ amount: '999999999999999.99', currency: 'RON' }, '999,999,999,999,999.99'],
])('money keeps every digit: %j reads %s', (money, text) => {
  expect(formatAmount(money)).toBe(text);
});

test('shares, totals and sizes read as a person writes them', () => {
  expect(formatPercent(0.3144)).toBe('31.4');
  expect(formatTotal(10_000, true)).toBe('10,000+');
  expect(formatSize(2_400_000)).toBe('2.4 MB');
});

test.each([
  [36_000, '36 s'],
  [47 * 60_000, '47 min'],
  [112 * 60_000, '1 h 52 min'],
  [2 * 3_600_000, '2 h'],
  [3 * 86_400_000, '3 days'],
])('%d ms lasts %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [noon - 10_000, 'now'],
  [noon - 4 * 60_000, '4 min ago'],
  [noon - 3 * 3_600_000, '08:48'],
  [noon - 20 * 3_600_000, 'yesterday, 15:48'],
  [noon - 5 * 86_400_000, '17 Nov'],
  [noon - 400 * 86_400_000, '18 Oct 2025'],
  [noon + 40 * 60_000, 'in 40 min'],
])('%d reads %s', (at, text) => {
  expect(formatRelative(at, zone, noon)).toBe(text);
});

test('a deadline says how much is left or how late it is', () => {
  expect(formatDeadline(noon + 100 * 60_000, noon)).toBe('in 1 h 40 min');
  expect(formatDeadline(noon - 47 * 60_000, noon)).toBe('47 min late');
});

test('the exact time names its zone, and a day belongs to the zone', () => {
  expect(formatExact(noon, zone)).toBe('22 Nov 2026, 11:48:07 in Bucharest');
  expect(formatDay(noon, zone)).toBe('Sunday 22 November');
  expect(formatDate(Date.parse('2026-11-22T22:30:00Z'), zone)).toBe('23 Nov 2026');
});
