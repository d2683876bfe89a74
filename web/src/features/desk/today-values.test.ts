import { describe, expect, it } from 'vitest';
import { levelFor } from '../../ui/curve.tsx';
import { axisOf, changeOf, fromMinor, sumOf } from './today-values.ts';

const ron = (amount: string) => ({ amount, currency: 'RON' });

describe('figures of Today', () => {
  it('compares only with something that was there', () => {
    expect(changeOf(ron('110.00'), ron('100.00'))).toBeCloseTo(0.1);
    expect(changeOf(ron('110.00'), ron('0.00'))).toBeNull();
    expect(changeOf(null, ron('1.00'))).toBeNull();
  });

  it('turns minor units into amounts by the places of the currency', () => {
    expect(fromMinor(1_238_553, 'RON')).toEqual(ron('12385.53'));
    expect(fromMinor(1200, 'JPY')).toEqual({ amount: '1200', currency: 'JPY' });
  });

  it('has no sum while one channel has no rate', () => {
    expect(sumOf([ron('0.10'), ron('0.20')], 'RON')).toEqual(ron('0.30'));
    expect(sumOf([ron('0.10'), null], 'RON')).toBeNull();
  });
});

describe('the axis of the curve', () => {
  const today = { at: '2026-11-22T09:48:00.000Z', timeZone: 'Europe/Bucharest' };

  it('is the day in the zone of the shop', () => {
    const axis = axisOf(today, '1');
    expect(axis.at).toBeCloseTo((11 * 60 + 48) / 1440);
    expect(axis.steps).toHaveLength(24);
    expect(axis.marks.map((mark) => mark.label)).toEqual(['00:00', '06:00', '12:00', '18:00']);
  });

  it('is the days of a longer period, the present in the last one', () => {
    const axis = axisOf(today, '7');
    expect(axis.at).toBeGreaterThan(6 / 7);
    expect(axis.marks.map((mark) => mark.label)).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
    expect(axisOf(today, '30').steps).toHaveLength(30);
  });

  it('has two round levels that hold the highest value', () => {
    expect([0, 3, 18_966, 24_001, 50_000, 99].map(levelFor)).toEqual([0.5, 2, 10_000, 20_000, 25_000, 50]);
  });
});
