import { i18next, currentLocale } from './i18n.ts';

/** Money as the API gives it: a decimal string in major units. */
export interface Money {
  amount: string;
  currency: string;
}

const cache = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();
function kept<T extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => T): T {
  const found = cache.get(key) as T | undefined;
  if (found !== undefined) return found;
  const made = make();
  cache.set(key, made);
  return made;
}

/** A true minus sign, so that figures line up and never break after a hyphen. */
const minus = (text: string): string => text.replaceAll('-', '−');

const decimal = (value: number | string, least: number, most: number, signed: boolean): string =>
  minus(
    kept(
      `n${currentLocale()}${least}.${most}${signed}`,
      () =>
        new Intl.NumberFormat(currentLocale(), {
          minimumFractionDigits: least,
          maximumFractionDigits: most,
          signDisplay: signed ? 'exceptZero' : 'auto',
        }),
    ).format(value as Intl.StringNumericLiteral),
  );

/** `12480` → `12,480`. */
export const formatNumber = (value: number | string, options: { places?: number; signed?: boolean } = {}): string =>
  decimal(value, options.places ?? 0, options.places ?? 3, options.signed ?? false);

/** `0.314` → `31.4`; the sign `%` is drawn lighter by the component. */
export const formatPercent = (share: number, options: { places?: number; signed?: boolean } = {}): string =>
  decimal(share * 100, options.places ?? 1, options.places ?? 1, options.signed ?? false);

/** The amount without its currency, exact to the last digit however large. */
export function formatAmount(money: Money, options: { signed?: boolean } = {}): string {
  const places = money.amount.split('.')[1]?.length ?? 0;
  return decimal(money.amount, places, places, options.signed ?? false);
}

export const formatMoney = (money: Money, options: { signed?: boolean } = {}): string => `${formatAmount(money, options)} ${money.currency}`;

/** Totals are exact up to a limit and then say so: `10,000+`. */
export const formatTotal = (total: number, isMore = false): string => `${formatNumber(total)}${isMore ? '+' : ''}`;

/** Levels of a chart: `25000` → `25k`. */
export const formatShort = (value: number): string =>
  minus(kept(`s${currentLocale()}`, () => new Intl.NumberFormat(currentLocale(), { notation: 'compact', maximumFractionDigits: 1 })).format(value)).replace(
    'K',
    'k',
  );

export function formatSize(bytes: number): string {
  if (bytes < 1000) return i18next.t('size.bytes', { count: bytes });
  if (bytes < 1_000_000) return i18next.t('size.kilobytes', { number: formatNumber(Math.round(bytes / 1000)) });
  return i18next.t('size.megabytes', { number: formatNumber(bytes / 1_000_000, { places: 1 }) });
}

/** `RO` → `Romania`; anything that is no country code stays as it is. */
export const formatCountry = (code: string): string =>
  /^[A-Z]{2}$/.test(code) ? (new Intl.DisplayNames(currentLocale(), { type: 'region' }).of(code) ?? code) : code;

/* ── Time ────────────────────────────────────────────────────────────── */

export type Instant = string | number | Date;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const date = (zone: string, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  kept(`d${currentLocale()}${zone}${name}`, () => new Intl.DateTimeFormat(currentLocale(), { timeZone: zone, hourCycle: 'h23', ...options }));

/** `Europe/Bucharest` → `Bucharest`. */
export const zoneName = (zone: string): string => zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;

/** `11:48`. */
export const formatClock = (at: Instant, zone: string): string => date(zone, 'clock', { hour: '2-digit', minute: '2-digit' }).format(new Date(at));

/** `Sunday 22 November`. */
export const formatDay = (at: Instant, zone: string): string =>
  date(zone, 'day', { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(at)).replace(',', '');

/** `Sunday`; `short` is `Sun`. */
export const formatWeekday = (at: Instant, zone: string, short = false): string =>
  date(zone, short ? 'weekdayShort' : 'weekday', { weekday: short ? 'short' : 'long' }).format(new Date(at));

/** `22 Nov 2026`; without the year when it is this one and `short` is asked. */
export const formatDate = (at: Instant, zone: string, short = false): string =>
  date(zone, short ? 'short' : 'date', { day: 'numeric', month: 'short', ...(short ? {} : { year: 'numeric' }) }).format(new Date(at));

/** The exact instant, zone named: `22 Nov 2026, 11:48:07 in Bucharest`. */
export const formatExact = (at: Instant, zone: string): string =>
  i18next.t('time.inZone', {
    time: `${formatDate(at, zone)}, ${date(zone, 'seconds', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(at))}`,
    zone: zoneName(zone),
  });

/** `6_720_000` → `1 h 52 min`; days from two days on. */
export function formatDuration(ms: number): string {
  const size = Math.abs(ms);
  if (size < MINUTE) return i18next.t('time.seconds', { count: Math.round(size / SECOND) });
  if (size < HOUR) return i18next.t('time.minutes', { count: Math.round(size / MINUTE) });
  if (size >= 2 * DAY) return i18next.t('time.days', { count: Math.round(size / DAY) });
  const hours = Math.floor(size / HOUR);
  const minutes = Math.floor((size % HOUR) / MINUTE);
  return minutes === 0 ? i18next.t('time.hours', { count: hours }) : i18next.t('time.hoursMinutes', { hours, minutes: String(minutes).padStart(2, '0') });
}

/** `in 1 h 40 min`, `47 min late`: how a deadline stands. */
export const formatDeadline = (at: Instant, now: number): string => {
  const left = new Date(at).getTime() - now;
  return left < 0 ? i18next.t('time.late', { duration: formatDuration(left) }) : i18next.t('time.in', { duration: formatDuration(left) });
};

/** Near times relative, today by the clock, then the day: `4 min ago`, `11:40`, `yesterday, 18:02`, `17 Nov`. */
export function formatRelative(at: Instant, zone: string, now: number): string {
  const instant = new Date(at);
  const past = now - instant.getTime();
  if (Math.abs(past) < 30 * SECOND) return i18next.t('time.now');
  if (past > 0 && past < HOUR) return i18next.t('time.ago', { duration: formatDuration(past) });
  if (past < 0 && -past < DAY) return i18next.t('time.in', { duration: formatDuration(past) });
  const day = (value: Instant): string => formatDate(value, zone);
  if (day(instant) === day(now)) return formatClock(instant, zone);
  if (day(instant) === day(now - DAY)) return i18next.t('time.yesterday', { time: formatClock(instant, zone) });
  const year = (value: Instant): string => date(zone, 'year', { year: 'numeric' }).format(new Date(value));
  return formatDate(instant, zone, year(instant) === year(now));
}
