import type { Address, ChannelOrderRecord } from '../../connectors/connector.ts';
import { parseMinor } from '../../kit/money.ts';
import type { Money } from '../../kit/money.ts';
import type { PackageStatus } from './contract.ts';

/** A message that cannot become an order; the reason is for a person. */
export class UnusableRecord extends Error {
  override name = 'UnusableRecord';
}

/** One line of a package, ready for the table. */
export interface LineFacts {
  externalId: string;
  position: number;
  productExternalId: string;
  sku: string;
  barcode: string;
  title: string;
  quantity: number;
  unitPriceMinor: number;
  totalMinor: number;
  discountMinor: number;
  vatRate: string | null;
  currency: string;
  cancelled: boolean;
}

/** One package as a platform told it, ready for the table: amounts in minor units, text clipped and storable. */
export interface PackageFacts {
  externalId: string;
  externalNumber: string;
  storeFront: string;
  status: PackageStatus;
  rawStatus: string;
  modifiedAt: Date;
  orderedAt: Date;
  shipBy: Date | null;
  originExternalIds: string[];
  customer: { name: string; email: string; phone: string };
  shipTo: Address | null;
  billTo: Address | null;
  lines: LineFacts[];
  totalMinor: number;
  discountMinor: number;
  currency: string;
  cargoProvider: string;
  trackingNumber: string;
  trackingLink: string;
  /** JSON text that PostgreSQL can hold. */
  raw: string;
}

const storable = (value: string): string => value.replaceAll('\u0000', '').toWellFormed();
const clip = (value: string, max: number): string => storable(value.slice(0, max)).trim();

/** JSON without what jsonb refuses (NUL, halves of characters); an unreadable value becomes null. */
export function rawJson(raw: unknown): string {
  const text = JSON.stringify(raw) ?? 'null';
  // Only a text that may hold such an escape is walked through value by value.
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return text;
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return storable(value);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, member]) => [storable(key), clean(member)]));
    return value;
  };
  return JSON.stringify(clean(JSON.parse(text)));
}

function minor(money: Money, currency: string, what: string): number {
  if (money.currency !== currency) throw new UnusableRecord(`${what} is in ${money.currency}, the order in ${currency}.`);
  const amount = parseMinor(money.amount, money.currency);
  if (amount === undefined) throw new UnusableRecord(`${what} is "${String(money.amount).slice(0, 40)}", which is no amount of ${currency}.`);
  return amount;
}

function instant(value: Date, what: string): Date {
  const year = value.getUTCFullYear();
  if (Number.isNaN(value.getTime()) || year < 1990 || year > 2200) throw new UnusableRecord(`${what} is not a time that can be true.`);
  return value;
}

function identifier(value: string, what: string): string {
  if (value.trim() === '' || value.length > 200 || storable(value) !== value) throw new UnusableRecord(`${what} is missing or cannot be stored.`);
  return value;
}

const toAddress = (address: Address | null): Address | null =>
  address === null
    ? null
    : (Object.fromEntries(
        Object.entries(address).flatMap(([key, value]) => (typeof value === 'string' ? [[key, clip(value, 300)]] : [])),
      ) as unknown as Address);

/**
 * Checks a record and brings it into the form of our tables. Throws `UnusableRecord` with the reason when an id, a time, an amount or a
 * quantity makes no sense; texts that are only too long are clipped.
 */
export function toPackage(record: ChannelOrderRecord): PackageFacts {
  const currency = record.total.currency;
  if (!/^[A-Z]{3}$/.test(currency)) throw new UnusableRecord(`"${String(currency).slice(0, 10)}" is not a currency.`);
  const seen = new Set<string>();
  const lines = record.lines.map((line, position): LineFacts => {
    const name = `Line ${position + 1}`;
    const externalId = identifier(line.externalId, `The id of line ${position + 1}`);
    if (seen.has(externalId)) throw new UnusableRecord(`Two lines have the id ${externalId}.`);
    seen.add(externalId);
    if (!Number.isFinite(line.quantity) || line.quantity < 0 || line.quantity > 10_000_000)
      throw new UnusableRecord(`${name} has the quantity ${line.quantity}.`);
    const vatRate = line.vatRate === null ? null : /^\d{1,3}(\.\d{1,2})?$/.test(line.vatRate) ? line.vatRate : undefined;
    if (vatRate === undefined) throw new UnusableRecord(`${name} has the VAT rate "${String(line.vatRate).slice(0, 20)}".`);
    return {
      externalId,
      position,
      productExternalId: clip(line.productExternalId ?? '', 200),
      sku: clip(line.sku, 200),
      barcode: clip(line.barcode, 200),
      title: clip(line.title, 500) || externalId,
      quantity: Math.round(line.quantity * 1000) / 1000,
      unitPriceMinor: minor(line.unitPrice, currency, `The price of line ${position + 1}`),
      totalMinor: minor(line.total, currency, `The total of line ${position + 1}`),
      discountMinor: minor(line.discount, currency, `The discount of line ${position + 1}`),
      vatRate,
      currency,
      cancelled: line.cancelled,
    };
  });
  return {
    externalId: identifier(record.externalId, 'The package id'),
    externalNumber: identifier(record.externalNumber, 'The order number'),
    storeFront: clip(record.storeFront, 100),
    status: record.status,
    rawStatus: clip(record.rawStatus, 100),
    modifiedAt: instant(record.modifiedAt, 'The time of the last change'),
    orderedAt: instant(record.orderedAt, 'The time of the order'),
    shipBy: record.shipBy === null ? null : instant(record.shipBy, 'The deadline'),
    originExternalIds: [...new Set(record.originExternalIds.filter((id) => id !== record.externalId && id !== '' && id.length <= 200).map(storable))],
    customer: { name: clip(record.customer.name, 300), email: clip(record.customer.email, 254).toLowerCase(), phone: clip(record.customer.phone, 60) },
    shipTo: toAddress(record.shipTo),
    billTo: toAddress(record.billTo),
    lines,
    totalMinor: minor(record.total, currency, 'The total'),
    discountMinor: minor(record.discount, currency, 'The discount'),
    currency,
    cargoProvider: clip(record.cargoProvider, 100),
    trackingNumber: clip(record.trackingNumber, 200),
    trackingLink: clip(record.trackingLink, 2000),
    raw: rawJson(record.raw),
  };
}
