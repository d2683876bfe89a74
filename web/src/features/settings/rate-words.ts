import type { TFunction } from 'i18next';
import { formatDate, formatNumber } from '../../lib/format.ts';

/** The source of rates that people enter. */
export const MANUAL = 'manual';
const PLACES = 8;

/** A rate with as many places as it has, at least four. */
export const rateText = (value: string): string =>
  formatNumber(value, { places: Math.min(PLACES, Math.max(4, (value.split('.')[1] ?? '').replace(/0+$/, '').length)) });
/** A calendar day has no zone of its own. */
export const dayText = (day: string): string => formatDate(`${day}T00:00:00Z`, 'UTC');
/** Who says so: ourselves, or a publisher by its short name. */
export const sourceText = (t: TFunction<'settings'>, source: string): string => (source === MANUAL ? t('rates.manual') : source.toUpperCase());

/** The present day of the shop, `2026-11-22`. */
export const todayIn = (zone: string): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(Date.now());
