import { Decimal } from 'decimal.js';
import { z } from 'zod';

/** Money over HTTP, in CSV and on screens: a decimal string in the currency's own number of places. */
export const moneySchema = z.object({ amount: z.string().regex(/^-?\d{1,15}(\.\d{1,4})?$/), currency: z.string().regex(/^[A-Z]{3}$/) });
export type Money = z.infer<typeof moneySchema>;

/** ISO 4217 currencies whose minor unit is not a hundredth. */
const exponents: Record<string, number> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** Number of decimal places of a currency: 2 for RON, 0 for JPY, 3 for KWD. */
export const currencyExponent = (currency: string): number => exponents[currency] ?? 2;

/** `12990, 'RON'` → `{ amount: '129.90', currency: 'RON' }`. */
export function toMoney(minor: number, currency: string): Money {
  const places = currencyExponent(currency);
  const digits = String(Math.abs(minor)).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return { amount: `${minor < 0 ? '-' : ''}${whole}${places === 0 ? '' : `.${digits.slice(-places)}`}`, currency };
}

/**
 * Decimal string in major units → integer minor units.
 * Returns undefined when it is no plain decimal, has more places than the currency (`1.005` RON), or does not fit a safe integer.
 */
export function parseMinor(amount: string, currency: string): number | undefined {
  const match = /^(-?)(\d{1,16})(?:\.(\d+))?$/.exec(amount);
  if (match === null) return undefined;
  const places = currencyExponent(currency);
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > places) return undefined;
  const minor = Number(`${match[2]}${fraction.padEnd(places, '0')}`);
  if (!Number.isSafeInteger(minor)) return undefined;
  return match[1] === '-' && minor !== 0 ? -minor : minor;
}

/** Major units as a platform's JSON number (`94.9`) → minor units, rounded half away from zero. */
export const minorFromNumber = (value: number, currency: string): number =>
  new Decimal(value)
    .mul(new Decimal(10).pow(currencyExponent(currency)))
    .toDecimalPlaces(0, Decimal.ROUND_HALF_UP)
    .toNumber();

/** Converts minor units between currencies at `rate` (units of `to` for one unit of `from`), rounded half away from zero once, at the end. */
export const convertMinor = (minor: number, from: string, to: string, rate: string): number =>
  new Decimal(minor)
    .mul(rate)
    .mul(new Decimal(10).pow(currencyExponent(to) - currencyExponent(from)))
    .toDecimalPlaces(0, Decimal.ROUND_HALF_UP)
    .toNumber();
