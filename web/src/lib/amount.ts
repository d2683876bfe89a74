/* Amounts as people type them and as the API wants them: decimal strings in the currency's own number of places. */

const places = new Map<string, number>();

/** Decimal places of a currency: 2 for RON, 0 for JPY. */
export function currencyPlaces(currency: string): number {
  let known = places.get(currency);
  if (known === undefined) {
    try {
      known = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    } catch {
      known = 2; // no currency code: the server says so
    }
    places.set(currency, known);
  }
  return known;
}

/** `1.234,50`, `1,234.50` and `1234.5` are the same amount: the last separator parts the fraction, unless it groups thousands. */
export function plainDecimal(text: string): string {
  const compact = text.trim().replaceAll(/[\s\u00a0\u202f]/g, '');
  const last = Math.max(compact.lastIndexOf(','), compact.lastIndexOf('.'));
  if (last < 0) return compact;
  const digits = (part: string): string => part.replaceAll(/[.,]/g, '');
  if (compact.indexOf(compact[last] ?? '') !== last) return digits(compact);
  return `${digits(compact.slice(0, last)) || '0'}.${compact.slice(last + 1)}`;
}

/** Typed text as an amount of a currency (`19` → `19.00`); `undefined` when it is none, below zero, or has too many places. */
export function parseAmount(text: string, currency: string): string | undefined {
  const match = /^(\d{1,13})(?:\.(\d+))?$/.exec(plainDecimal(text));
  if (match === null) return undefined;
  const fraction = (match[2] ?? '').replace(/0+$/, '');
  const count = currencyPlaces(currency);
  if (fraction.length > count) return undefined;
  return `${Number(match[1])}${count === 0 ? '' : `.${fraction.padEnd(count, '0')}`}`;
}

/** Minor units as the API's history keeps them → an amount: `12990`, `RON` → `129.90`. */
export function fromMinor(minor: number, currency: string): { amount: string; currency: string } {
  const count = currencyPlaces(currency);
  const digits = String(Math.abs(minor)).padStart(count + 1, '0');
  const whole = digits.slice(0, digits.length - count);
  return { amount: `${minor < 0 ? '-' : ''}${whole}${count === 0 ? '' : `.${digits.slice(-count)}`}`, currency };
}
