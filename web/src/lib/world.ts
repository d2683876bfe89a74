/* Countries, currencies and time zones for choosing one, those of our sellers first. */

export const timeZones = (): string[] => [...new Set([...Intl.supportedValuesOf('timeZone'), Intl.DateTimeFormat().resolvedOptions().timeZone])];

/** Currencies with their names. */
export function currencies(locale: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'currency' });
  const first = ['RON', 'EUR', 'TRY', 'USD', 'GBP', 'PLN', 'HUF'];
  return [...first, ...Intl.supportedValuesOf('currency').filter((code) => !first.includes(code))].map((value) => ({
    value,
    label: `${value} · ${names.of(value) ?? value}`,
  }));
}

const countryCodes = 'RO TR DE AT BG CY CZ DK EE ES FI FR GB GR HR HU IE IT LT LU LV MD MT NL PL PT RS SE SI SK UA CH NO US AE SA AZ'.split(' ');

/** Countries by name. */
export function countries(locale: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  return countryCodes.map((value) => ({ value, label: names.of(value) ?? value }));
}
