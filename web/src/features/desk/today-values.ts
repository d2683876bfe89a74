import type { Today } from '../../../../server/src/modules/desk/contract.ts';
import { formatClock, formatDate, formatWeekday } from '../../lib/format.ts';
import type { Money } from '../../lib/format.ts';
import type { Days } from './queries.ts';

const DAY_MS = 24 * 3_600_000;

/** What a figure moved by as a share of the earlier one; null when there is nothing to compare with. */
export function changeOf(now: Money | null, before: Money | null): number | null {
  if (now === null || before === null) return null;
  const base = Number(before.amount);
  return base === 0 ? null : (Number(now.amount) - base) / base;
}

/** Minor units of the shop's currency as the decimal text the formatters take. */
export function fromMinor(minor: number, currency: string): Money {
  const places = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  return { amount: (minor / 10 ** places).toFixed(places), currency };
}

/** Sum of the channels in the shop's currency; null when one of them has no rate. */
export function sumOf(values: readonly (Money | null)[], currency: string): Money | null {
  if (values.includes(null)) return null;
  const places = Math.max(0, ...values.map((value) => value?.amount.split('.')[1]?.length ?? 0));
  return { amount: values.reduce((sum, value) => sum + Number(value?.amount ?? 0), 0).toFixed(places), currency };
}

export interface Axis {
  /** How far the present is along the axis, 0 to 1. */
  at: number;
  steps: string[];
  marks: { at: number; label: string }[];
}

const minutesOf = (at: string, zone: string): number => {
  const [hours = 0, minutes = 0] = formatClock(at, zone).split(':').map(Number);
  return hours * 60 + minutes;
};

/** The axis of the curve: hours of today, or the days of the period, in the shop's time zone. */
export function axisOf(today: Pick<Today, 'at' | 'timeZone'>, days: Days): Axis {
  const { at, timeZone } = today;
  const dayShare = minutesOf(at, timeZone) / (24 * 60);
  const hour = (value: number): string => `${String(value).padStart(2, '0')}:00`;
  if (days === '1')
    return {
      at: dayShare,
      steps: Array.from({ length: 24 }, (_, index) => hour(index + 1)),
      marks: [0, 6, 12, 18].map((value) => ({ at: value / 24, label: hour(value) })),
    };
  const count = Number(days);
  const dayAt = (index: number): number => new Date(at).getTime() - (count - 1 - index) * DAY_MS;
  const every = count === 7 ? 1 : 7;
  return {
    at: (count - 1 + dayShare) / count,
    steps: Array.from({ length: count }, (_, index) => formatDate(dayAt(index), timeZone)),
    marks: Array.from({ length: count }, (_, index) => index)
      .filter((index) => index % every === 0 && index + every / 2 <= count)
      .map((index) => ({ at: index / count, label: count === 7 ? formatWeekday(dayAt(index), timeZone, true) : formatDate(dayAt(index), timeZone, true) })),
  };
}
