import { expect, test } from 'vitest';
import { fromMinor, parseAmount, plainDecimal } from './amount.ts';

test.each([
  ['1234.5', '1234.5'],
  ['1234,5', '1234.5'],
  ['1.234,50', '1234.50'],
  ['1,234.50', '1234.50'],
  ['1 234,50', '1234.50'],
  ['1.234.567', '1234567'],
  [',5', '0.5'],
  ['12', '12'],
])('%s is read as %s', (typed, plain) => expect(plainDecimal(typed)).toBe(plain));

test.each([
  ['19', 'RON', '19.00'],
  ['19.9', 'RON', '19.90'],
  ['19.900', 'RON', '19.90'],
  ['1500', 'JPY', '1500'],
  ['007', 'EUR', '7.00'],
  ['1.234', 'KWD', '1.234'],
])('%s %s is the amount %s', (typed, currency, amount) => expect(parseAmount(typed, currency)).toBe(amount));

test.each([
  ['1.005', 'RON'],
  ['0.5', 'JPY'],
  ['-1', 'RON'],
  ['abc', 'RON'],
  ['', 'RON'],
  ['1e5', 'RON'],
])('%s is no amount of %s', (typed, currency) => expect(parseAmount(typed, currency)).toBeUndefined());

test('minor units come back as an amount', () => {
  expect(fromMinor(12990, 'RON').amount).toBe('129.90');
  expect(fromMinor(5, 'EUR').amount).toBe('0.05');
  expect(fromMinor(-1500, 'JPY').amount).toBe('-1500');
});
