import fc from 'fast-check';
import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { testApp } from '../../../test/app.ts';
import { findRate, rateOn } from './accounts.ts';
import { chooseRate } from './fx.ts';

const { app, call } = await testApp();
const put = (base: string, quote: string, onDate: string, value: string, source = 'manual') =>
  call('PUT', '/api/fx-rates', { base, quote, onDate, value, source });

const rate = fc.integer({ min: 1, max: 1_000_000_00 }).map((units) => new Decimal(units).div(10_000).toFixed());
const row = (base: string, quote: string, value: string, on_date = '2026-11-20', source = 'bnr') => ({ base, quote, value, on_date, source });
const close = (a: string | undefined, b: Decimal.Value): boolean => a !== undefined && new Decimal(a).div(b).minus(1).abs().lt('1e-12');

test('a pair and its reverse multiply to one', () => {
  fc.assert(
    fc.property(rate, (value) => {
      const rows = [row('EUR', 'RON', value)];
      return close(chooseRate(rows, 'EUR', 'RON')?.value, value) && close(chooseRate(rows, 'RON', 'EUR')?.value, new Decimal(1).div(value));
    }),
  );
});

test('a crossed rate is the product of its halves, whichever way they were published', () => {
  fc.assert(
    fc.property(rate, rate, fc.boolean(), fc.boolean(), fc.constantFrom('EUR', 'RON'), (first, second, turnFirst, turnSecond, bridge) => {
      const rows = [turnFirst ? row(bridge, 'TRY', first) : row('TRY', bridge, first), turnSecond ? row('PLN', bridge, second) : row(bridge, 'PLN', second)];
      const left = turnFirst ? new Decimal(1).div(first) : new Decimal(first);
      const right = turnSecond ? new Decimal(1).div(second) : new Decimal(second);
      return close(chooseRate(rows, 'TRY', 'PLN')?.value, left.mul(right));
    }),
  );
});

test('one published against RON and one against EUR meet through both', () => {
  const rows = [row('TRY', 'RON', '0.1'), row('EUR', 'RON', '5'), row('EUR', 'PLN', '4')];
  expect(chooseRate(rows, 'TRY', 'PLN')?.value).toBe('0.08');
  expect(chooseRate(rows.slice(1), 'TRY', 'PLN')).toBeUndefined();
});

test('the last rate known up to the day counts, never a later one', async () => {
  await put('EUR', 'RON', '2026-11-10', '5.05');
  await put('EUR', 'RON', '2026-11-15', '5.10');
  expect(await rateOn(app.db, 'EUR', 'RON', '2026-11-14')).toBe('5.05');
  expect(await rateOn(app.db, 'EUR', 'RON', '2026-11-15')).toBe('5.1');
  expect(await rateOn(app.db, 'EUR', 'RON', '2030-01-01')).toBe('5.1');
  expect(await rateOn(app.db, 'EUR', 'RON', '2026-11-09')).toBeUndefined();
  expect(await rateOn(app.db, 'EUR', 'EUR', '2000-01-01')).toBe('1');
});

test('of one day, the own rate goes before a published one and the direct one before a crossed one', async () => {
  await put('USD', 'RON', '2026-11-15', '4.60', 'bnr');
  await put('EUR', 'USD', '2026-11-15', '1.20', 'ecb');
  expect(await findRate(app.db, 'USD', 'RON', '2026-11-15')).toEqual({ value: '4.6', onDate: '2026-11-15', source: 'bnr' });
  await put('USD', 'RON', '2026-11-15', '4.50');
  expect(await findRate(app.db, 'USD', 'RON', '2026-11-15')).toEqual({ value: '4.5', onDate: '2026-11-15', source: 'manual' });
});

test('a published rate is never replaced by another value; the same one again is fine', async () => {
  expect((await put('GBP', 'RON', '2026-11-15', '5.90', 'bnr')).status).toBe(200);
  expect((await put('GBP', 'RON', '2026-11-15', '5.900', 'bnr')).status).toBe(200);
  const { body } = await put('GBP', 'RON', '2026-11-15', '6', 'bnr');
  expect(body).toMatchObject({ status: 409, code: 'fx_rate.differs', field: 'value', value: '5.9' });
});

test("a rate of one's own is corrected, and the log tells from what to what", async () => {
  const { body } = await put('CHF', 'RON', '2026-11-15', '5');
  expect((await put('CHF', 'RON', '2026-11-15', '5.5')).body).toMatchObject({ value: '5.5', id: body['id'] });
  const history = await call<{ items: { entry: { label: string; fields: object[] } }[] }>('GET', `/api/changes/entities/fx_rate/${String(body['id'])}`);
  expect(history.body.items.map(({ entry }) => entry.label)).toEqual(['CHF/RON 2026-11-15', 'CHF/RON 2026-11-15']);
  expect(JSON.stringify(history.body.items[0]?.entry.fields)).toContain('5.5');
});

test.each([
  ['no number', { value: 'five' }, 'value'],
  ['zero', { value: '0' }, 'value'],
  ['a negative number', { value: '-1' }, 'value'],
  ['a number too long', { value: '12345678901' }, 'value'],
  ['a day that is none', { onDate: '2026-02-30' }, 'onDate'],
  ['one currency twice', { quote: 'EUR' }, 'quote'],
  ['small letters', { base: 'eur' }, 'base'],
])('%s is refused with its field', async (_name, fields, field) => {
  expect((await call('PUT', '/api/fx-rates', { base: 'EUR', quote: 'RON', onDate: '2026-11-15', value: '5', ...fields })).body).toMatchObject({
    status: 400,
    code: 'input.invalid',
    field,
  });
});

test('the list is newest first, by pair and until a day', async () => {
  const { items } = (await call<{ items: { onDate: string; base: string }[] }>('GET', '/api/fx-rates?base=EUR&quote=RON&until=2026-11-14')).body;
  expect(items.map((one) => one.onDate)).toEqual(['2026-11-10']);
  const all = (await call<{ items: { onDate: string }[] }>('GET', '/api/fx-rates')).body.items.map((one) => one.onDate);
  expect(all).toEqual(all.toSorted().toReversed());
  expect((await call('GET', '/api/fx-rates/on?base=JPY&quote=RON&onDate=2026-11-15')).status).toBe(404);
  expect((await call('GET', '/api/fx-rates/on?base=USD&quote=EUR&onDate=2026-11-16')).body).toMatchObject({ onDate: '2026-11-15' });
});
