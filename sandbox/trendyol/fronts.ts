/** What is fixed per store front: currency, carrier, VAT, the region's numbers. */
export interface FrontFacts {
  code: string;
  currency: string;
  vatRate: number;
  language: string;
  carrier: string;
  /** First three digits of a tracking number. */
  trackingPrefix: string;
  /** 1 when the carrier's contract is the seller's. */
  sellerPays: boolean;
}

const facts = (
  code: string,
  currency: string,
  vatRate: number,
  language: string,
  carrier: string,
  trackingPrefix: string,
  sellerPays = false,
): [string, FrontFacts] => [code, { code, currency, vatRate, language, carrier, trackingPrefix, sellerPays }];

export const FRONTS: ReadonlyMap<string, FrontFacts> = new Map([
  facts('RO', 'RON', 21, 'ro', 'FAN Courier', '728'),
  facts('GR', 'EUR', 24, 'el', 'ACS Courier', '728'),
  facts('BG', 'EUR', 20, 'en', 'DPD Romania', '728'),
  facts('CZ', 'CZK', 21, 'en', 'GLS', '728', true),
  facts('SK', 'EUR', 23, 'en', 'GLS', '728', true),
  facts('DE', 'EUR', 19, 'en', 'DHL', '728', true),
  facts('SA', 'SAR', 15, 'ar', 'Aramex', '728'),
  facts('AE', 'AED', 5, 'ar', 'Aramex', '728'),
  facts('KW', 'KWD', 0, 'ar', 'Aramex', '728'),
  facts('TR', 'TRY', 20, 'tr', 'Trendyol Express Marketplace', '733'),
]);

/** Minor units of one unit of a currency. */
export const minorUnits = (currency: string): number => (currency === 'KWD' ? 1000 : 100);
