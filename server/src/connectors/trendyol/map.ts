import { Decimal } from 'decimal.js';
import { minorFromNumber, type Money, toMoney } from '../../kit/money.ts';
import type { Address, ChannelOrderLineRecord, ChannelOrderRecord, ChannelOrderStatus } from '../connector.ts';
import type { WireAddress, WireLine, WirePackage } from './schemas.ts';
import { currencyOf, type Settings } from './settings.ts';

const HOUR = 3_600_000;

const statuses: Readonly<Record<string, ChannelOrderStatus>> = {
  awaiting: 'pending',
  verified: 'pending',
  created: 'new',
  picking: 'processing',
  invoiced: 'processing',
  shipped: 'shipped',
  atcollectionpoint: 'shipped',
  undelivered: 'delivery_failed',
  delivered: 'delivered',
  returned: 'returned',
  cancelled: 'cancelled',
  unsupplied: 'cancelled',
  // Dissolved by a split or a partial cancel: its successors carry the sale on.
  unpacked: 'superseded',
};

const plain = (status: string): string => status.replaceAll('_', '').toLowerCase();

/** Spelling of orders (`AtCollectionPoint`) and of webhooks (`AT_COLLECTION_POINT`) alike; what is not known changes nothing here. */
export const toStatus = (raw: string): ChannelOrderStatus => statuses[plain(raw)] ?? 'unknown';

const isMasked = (text: string): boolean => text.includes('***');
const unmasked = (text: string): string => (isMasked(text) ? '' : text);

/**
 * The instant an order was placed. The platform writes Istanbul wall-clock time as if it were UTC, proven for Türkiye only, while the history is true:
 * an order cannot be placed after its own first entry, so one that seems to be was written three hours ahead.
 */
export function toOrderedAt(
  wire: Pick<WirePackage, 'orderDate' | 'packageHistories' | 'lastModifiedDate'>,
  storeFront: string,
  mode: Settings['orderDates'],
): Date {
  const shifted = new Date(wire.orderDate - 3 * HOUR);
  const asSent = new Date(wire.orderDate);
  if (mode !== 'detect') return mode === 'istanbul' ? shifted : asSent;
  const first = (wire.packageHistories ?? []).filter((entry) => ['awaiting', 'created'].includes(plain(entry.status))).map((entry) => entry.createdDate);
  const known = first.length > 0 ? Math.min(...first) : wire.lastModifiedDate;
  if (wire.orderDate - known > HOUR / 2) return shifted;
  // Without history nothing contradicts a time in the past: then go by what is proven.
  return first.length === 0 && storeFront === 'TR' ? shifted : asSent;
}

/** One package of an order in our words. Amounts include VAT. */
export function toOrder(wire: WirePackage, raw: unknown, storeFront: string, settings: Settings): ChannelOrderRecord {
  const externalId = wire.shipmentPackageId ?? wire.id;
  if (externalId === null || externalId === undefined || externalId === '' || externalId === '0') throw new Unreadable('the package has no id');
  const currency = [wire.currencyCode, wire.lines[0]?.currencyCode].find((code) => /^[A-Z]{3}$/.test(code ?? '')) ?? currencyOf(storeFront, settings);
  const customerName = [wire.customerFirstName, wire.customerLastName].map(unmasked).filter(Boolean).join(' ');
  const hidden = [wire.customerFirstName, wire.customerLastName].some(isMasked);
  // The sample of a waiting package has no status of its own and "Approved" in its place.
  const rawStatus = wire.status || (hidden ? 'Awaiting' : wire.shipmentPackageStatus);
  const status = toStatus(rawStatus);
  const lines = wire.lines.map((line) => toLine(line, currency, status));
  const discount = wire.packageTotalDiscount ?? add(wire.packageSellerDiscount ?? wire.totalDiscount, wire.packageTyDiscount ?? wire.totalTyDiscount);
  const total = wire.packageTotalPrice ?? wire.totalPrice ?? subtract(wire.packageGrossAmount ?? wire.grossAmount, discount);
  const shipTo = wire.shipmentAddress ? toAddress(wire.shipmentAddress) : null;
  const billTo = wire.invoiceAddress ? toAddress(wire.invoiceAddress) : null;
  return {
    externalId,
    externalNumber: wire.orderNumber,
    storeFront,
    status,
    rawStatus,
    modifiedAt: new Date(wire.lastModifiedDate),
    orderedAt: toOrderedAt(wire, storeFront, settings.orderDates),
    shipBy: wire.agreedDeliveryDate ? new Date(wire.agreedDeliveryDate) : null,
    originExternalIds: (wire.originPackageIds ?? []).filter((origin) => origin !== '0'),
    customer: { name: customerName || shipTo?.name || '', email: unmasked(wire.customerEmail), phone: shipTo?.phone ?? '' },
    shipTo,
    billTo: billTo === null ? null : withCompany(billTo, wire),
    lines,
    total:
      total === undefined
        ? sum(
            lines.map((line) => line.total),
            currency,
          )
        : money(total, currency),
    discount:
      discount === undefined
        ? sum(
            lines.map((line) => line.discount),
            currency,
          )
        : money(discount, currency),
    cargoProvider: wire.cargoProviderName,
    trackingNumber: wire.cargoTrackingNumber && wire.cargoTrackingNumber !== '0' ? wire.cargoTrackingNumber : '',
    trackingLink: wire.cargoTrackingLink,
    raw,
  };
}

/** A record that lacks what makes it one; isolated and reported, it never stops a page. */
export class Unreadable extends Error {}

function toLine(wire: WireLine, currency: string, status: ChannelOrderStatus): ChannelOrderLineRecord {
  const externalId = wire.lineId ?? wire.id;
  if (externalId === null || externalId === undefined || externalId === '') throw new Unreadable('a line has no id');
  const units = wire.discountDetails ?? [];
  const complete = units.length > 0 && units.length === wire.quantity;
  const unitDiscount = wire.lineTotalDiscount ?? add(wire.lineSellerDiscount ?? wire.discount, wire.lineTyDiscount ?? wire.tyDiscount) ?? 0;
  const unitPrice = wire.lineUnitPrice ?? wire.price ?? subtract(wire.lineGrossAmount ?? wire.amount, unitDiscount);
  if (unitPrice === undefined && !complete) throw new Unreadable(`line ${externalId} has no price`);
  // Prices of a line are averages of its units; the exact ones are in the details, and only their sum meets the package total.
  const total = complete ? units.map((unit) => unit.lineItemPrice) : [(unitPrice ?? 0) * wire.quantity];
  const discount = complete
    ? units.map((unit) => add(unit.lineItemSellerDiscount ?? unit.lineItemDiscount, unit.lineItemTyDiscount) ?? 0)
    : [unitDiscount * wire.quantity];
  const totalMoney = sum(
    total.map((part) => money(part, currency)),
    currency,
  );
  const vatRate = wire.vatRate ?? wire.vatBaseAmount;
  const lineStatus = plain(wire.orderLineItemStatusName);
  return {
    externalId,
    productExternalId: wire.barcode || null,
    sku: wire.stockCode || wire.merchantSku,
    barcode: wire.barcode,
    title: wire.productName || wire.barcode || wire.stockCode,
    quantity: wire.quantity,
    unitPrice: money(unitPrice ?? new Decimal(totalMoney.amount).div(wire.quantity).toNumber(), currency),
    total: totalMoney,
    discount: sum(
      discount.map((part) => money(part, currency)),
      currency,
    ),
    vatRate: vatRate === null || vatRate === undefined ? null : String(vatRate),
    cancelled: status === 'cancelled' || lineStatus === 'cancelled' || lineStatus === 'unsupplied',
  };
}

/** null while the platform masks it, or before it has filled it in. */
export function toAddress(wire: WireAddress): Address | null {
  const name = wire.fullName || [wire.firstName, wire.lastName].filter(Boolean).join(' ');
  if (wire.id === '0' || [name, wire.address1, wire.city, wire.fullAddress].some(isMasked)) return null;
  // fullAddress repeats the city with stray blanks: the street is made from its parts, and fullAddress is the last resort.
  const parts = [wire.address1 || (wire.addressLines?.addressLine1 ?? ''), wire.address2 || (wire.addressLines?.addressLine2 ?? '')];
  const neighborhood = parts.some((part) => part.includes(wire.neighborhood)) ? '' : wire.neighborhood;
  const street = [neighborhood, ...new Set(parts)].filter(Boolean).join(', ') || wire.shortAddress || wire.fullAddress;
  if (street === '' && wire.city === '') return null;
  // Romania and its neighbours name the county and repeat the city as district; in Türkiye the district is the only part below the city; the Gulf has states.
  const district = wire.district.toLowerCase() === wire.city.toLowerCase() ? '' : wire.district;
  return {
    name,
    company: wire.company,
    street,
    city: wire.city,
    region: wire.countyName || wire.stateName || district,
    postalCode: wire.postalCode,
    country: wire.countryCode,
    phone: unmasked(wire.phone),
    ...(wire.taxNumber === '' ? {} : { taxNumber: wire.taxNumber }),
    ...(wire.taxOffice === '' ? {} : { taxOffice: wire.taxOffice }),
  };
}

/** Invoices to companies carry the tax number on the package or on the address. */
function withCompany(address: Address, wire: WirePackage): Address {
  if (wire.commercial !== true) return address;
  const taxNumber = address.taxNumber ?? wire.taxNumber;
  const taxOffice = address.taxOffice ?? wire.taxOffice;
  return { ...address, ...(taxNumber === '' ? {} : { taxNumber }), ...(taxOffice === '' ? {} : { taxOffice }) };
}

const money = (value: number, currency: string): Money => toMoney(minorFromNumber(value, currency), currency);

const sum = (parts: readonly Money[], currency: string): Money =>
  money(parts.reduce((total, part) => total.add(part.amount), new Decimal(0)).toNumber(), currency);

type Maybe = number | null | undefined;

/** Undefined when neither is known. */
function add(a: Maybe, b: Maybe): number | undefined {
  return (a ?? undefined) === undefined && (b ?? undefined) === undefined ? undefined : new Decimal(a ?? 0).add(b ?? 0).toNumber();
}

function subtract(a: Maybe, b: Maybe): number | undefined {
  return (a ?? undefined) === undefined ? undefined : new Decimal(a ?? 0).sub(b ?? 0).toNumber();
}
