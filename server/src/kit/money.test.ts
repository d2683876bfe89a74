import fc from 'fast-check';
import { expect, test } from 'vitest';
import { convertMinor, currencyExponent, minorFromNumber, parseMinor, toMoney } from './money.ts';

const currency = fc.constantFrom('RON', 'EUR', 'TRY', 'JPY', 'KWD', 'HUF', 'ISK', 'CLF');

test('every amount survives the way out and back in', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), currency, (minor, code) => {
      const whole = Object.is(minor, -0) ? 0 : minor;
      expect(parseMinor(toMoney(whole, code).amount, code)).toBe(whole);
    }),
  );
});

test('amounts are written in the places of their currency', () => {
  expect(toMoney(12990, 'RON')).toEqual({ amount: '129.90', currency: 'RON' });
  expect(toMoney(-5, 'EUR').amount).toBe('-0.05');
  expect(toMoney(1500, 'JPY').amount).toBe('1500');
  expect(toMoney(1500, 'KWD').amount).toBe('1.500');
});

test.each([
  ['1.005', 'RON'],
  ['1,50', 'RON'],
  ['', 'RON'],
  ['1.', 'RON'],
  ['.5', 'RON'],
  ['1e3', 'RON'],
  ['0.5', 'JPY'],
  ['99999999999999999', 'RON'],
  ['--1', 'EUR'],
  ['١', 'EUR'],
  ['Infinity', 'EUR'],
])('%j is no amount of %s', (amount, code) => expect(parseMinor(amount, code)).toBeUndefined());

test('trailing zeros do not matter', () => expect(parseMinor('12.5000', 'RON')).toBe(1250));

test("a platform's JSON number is read to the nearest minor unit, never off by a binary fraction", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000_000 }), fc.constantFrom('RON', 'JPY', 'KWD'), (minor, code) => {
      expect(minorFromNumber(minor / 10 ** currencyExponent(code), code)).toBe(minor);
    }),
  );
  expect(minorFromNumber(1.005, 'RON')).toBe(101);
  expect(minorFromNumber(19.99, 'EUR')).toBe(1999);
});

test('conversion rounds half away from zero, once, and knows the places of both currencies', () => {
  expect(convertMinor(1000, 'EUR', 'RON', '5.2584')).toBe(5258);
  expect(convertMinor(1000, 'EUR', 'JPY', '163.25')).toBe(1633);
  expect(convertMinor(100, 'JPY', 'EUR', '0.00612')).toBe(61);
  expect(convertMinor(-5, 'EUR', 'RON', '0.5')).toBe(-3);
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (minor) => {
      expect(convertMinor(minor, 'RON', 'RON', '1')).toBe(minor);
    }),
  );
});
