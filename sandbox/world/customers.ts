import { random } from '../random.ts';
import { namesOf } from './names.ts';

export interface Customer {
  id: number;
  addressId: number;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  city: string;
  county: string;
  countyId: number;
  postalCode: string;
  address1: string;
  address2: string;
  /** Set for a business buyer. */
  company: string;
  taxNumber: string | null;
  taxOffice: string | null;
  identityNumber: string | null;
}

/** How many different people shop in one country. */
export const CUSTOMERS_PER_COUNTRY = 50_000;

const BUSINESS_SHARE = 0.08;

/** The n-th shopper of a country: always the same person for a seed, so nobody needs to be stored. */
export function customer(seed: number, country: string, n: number): Customer {
  const names = namesOf(country);
  const draw = random(seed, `customer/${country}/${n}`);
  const [city, county, postalCode] = draw.pick(names.places);
  const lastName = draw.pick(names.last);
  const isBusiness = draw.chance(BUSINESS_SHARE);
  const id = 500_000_000 + n * 10 + draw.int(0, 9);
  return {
    id,
    addressId: 80_000_000 + n * 4,
    firstName: draw.pick(names.first),
    lastName,
    email: `pf+${draw.hex(10)}@trendyolmail.com`,
    phone: names.phone + String(draw.int(0, 99_999_999)).padStart(8, '0'),
    city,
    county,
    countyId: 1 + (names.places.findIndex((place) => place[1] === county) % 80),
    postalCode,
    address1: `${draw.pick(names.streets)} ${draw.int(1, 180)}`,
    address2: draw.chance(0.3) ? `Ap. ${draw.int(1, 60)}` : '',
    company: isBusiness ? `${lastName} ${country === 'DE' ? 'GmbH' : country === 'TR' ? 'Ltd. Şti.' : 'SRL'}` : '',
    taxNumber: isBusiness ? String(draw.int(1_000_000_000, 9_999_999_999)) : null,
    taxOffice: isBusiness ? city : null,
    identityNumber: !isBusiness && country === 'RO' && draw.chance(0.1) ? `2${draw.int(100_000_000_000, 999_999_999_999)}` : null,
  };
}
