/** What the set-up form begins with: guesses from the browser, all of them editable. */
export interface SetupValues extends Record<string, unknown> {
  name: string;
  email: string;
  password: string;
  shopName: string;
  companyName: string;
  country: string;
  currency: string;
  timeZone: string;
}

const firstGuess: Record<string, { country: string; currency: string }> = {
  'Europe/Bucharest': { country: 'RO', currency: 'RON' },
  'Europe/Istanbul': { country: 'TR', currency: 'TRY' },
  'Europe/Berlin': { country: 'DE', currency: 'EUR' },
  'Europe/Sofia': { country: 'BG', currency: 'EUR' },
  'Europe/Budapest': { country: 'HU', currency: 'HUF' },
  'Europe/Warsaw': { country: 'PL', currency: 'PLN' },
};

export function initialSetup(zone = Intl.DateTimeFormat().resolvedOptions().timeZone): SetupValues {
  const { country, currency } = firstGuess[zone] ?? { country: 'RO', currency: 'RON' };
  return { name: '', email: '', password: '', shopName: '', companyName: '', country, currency, timeZone: zone };
}
