import { customer } from '../world/customers.ts';
import type { Customer } from '../world/customers.ts';
import { attribute, COLOUR_ATTRIBUTE, SIZE_ATTRIBUTE } from './catalog.ts';
import { minorUnits } from './fronts.ts';
import { currencyOf } from './market.ts';
import type { Market } from './market.ts';
import { LEGACY_LINE_NAMES, LEGACY_NAMES, rename } from './legacy-names.ts';
import { lineTotals, netOf, packageTotals } from './packages.ts';
import type { Line, Package } from './packages.ts';

const ISTANBUL_MS = 3 * 3_600_000;
const DAY_MS = 86_400_000;
const MASK = '***';

/** Writes digits as a JSON number, however many there are. */
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

export function customerOf(market: Market, parcel: Package): Customer {
  return typeof parcel.customer === 'number' ? customer(market.customerSeed, parcel.front.facts.code, parcel.customer) : parcel.customer;
}

/** A package as the order services and the webhooks write it. */
export function packageJson(market: Market, parcel: Package, idField: 'shipmentPackageId' | 'id' = 'shipmentPackageId'): Record<string, unknown> {
  const { switches } = market;
  const { facts, seller } = parcel.front;
  const currencyCode = currencyOf(market, parcel.front);
  const factor = minorUnits(currencyCode);
  const isAwaiting = parcel.status === 'Awaiting';
  const buyer = isAwaiting ? masked(customerOf(market, parcel)) : customerOf(market, parcel);
  const totals = packageTotals(parcel.lines);
  const isShifted = switches.orderDatePlus3h === 'all' || (switches.orderDatePlus3h === 'tr' && facts.code === 'TR');
  const shownStatus = isAwaiting ? 'Approved' : parcel.status;
  const isInvoiced = parcel.history.some((entry) => entry.status === 'Invoiced');
  const deliverBy = parcel.orderedAt + 2 * DAY_MS + 12 * 3_600_000;
  const json: Record<string, unknown> = {
    [idField]: parcel.id,
    orderNumber: parcel.orderNumber,
    shipmentNumber: parcel.shipmentNumber,
    supplierId: seller.sellerId,
    customerId: buyer.id,
    customerFirstName: buyer.firstName,
    customerLastName: buyer.lastName,
    customerEmail: buyer.email,
    identityNumber: buyer.identityNumber,
    taxNumber: buyer.taxNumber,
    orderDate: parcel.orderedAt + (isShifted ? ISTANBUL_MS : 0),
    lastModifiedDate: parcel.lastModified,
    originShipmentDate: parcel.orderedAt,
    agreedDeliveryDate: deliverBy,
    estimatedDeliveryStartDate: deliverBy,
    estimatedDeliveryEndDate: deliverBy + 3 * DAY_MS + 12 * 3_600_000,
    status: parcel.status,
    shipmentPackageStatus: shownStatus,
    packageHistories: parcel.history,
    currencyCode,
    packageGrossAmount: totals.gross / factor,
    packageSellerDiscount: totals.sellerDiscount / factor,
    packageTyDiscount: totals.tyDiscount / factor,
    packageTotalDiscount: (totals.sellerDiscount + totals.tyDiscount) / factor,
    packageTotalPrice: netOf(totals) / factor,
    discountDisplays:
      totals.sellerDiscount > 0
        ? [
            {
              displayName: facts.code === 'RO' ? 'Reducere' : facts.code === 'TR' ? 'İndirim' : 'Discount',
              discountAmount: totals.sellerDiscount / factor,
            },
          ]
        : [],
    paymentMethod: facts.code === 'TR' ? 'Kredi Kartı' : '-',
    orderCountryCode: facts.code,
    isCod: false,
    channelId: 1,
    cargoProviderName: facts.carrier,
    cargoTrackingNumber: isAwaiting ? 0 : rawJSON(parcel.trackingNumber),
    cargoTrackingLink: isAwaiting ? '' : `https://tracking.trendyol.com/?id=${parcel.shipmentNumber}`,
    cargoSenderNumber: null,
    cargoDeci: 1,
    sellerDeliveryMethod: null,
    sellerOtpCode: null,
    deliveryType: 'normal',
    deliveryAddressType: 'Shipment',
    timeSlotId: 0,
    fastDelivery: false,
    fastDeliveryType: '',
    deliveredByService: false,
    warehouseId: 372_000,
    commercial: buyer.company !== '',
    micro: false,
    is4P: false,
    '3pByTrendyol': false,
    giftBoxRequested: false,
    containsDangerousProduct: false,
    etgbNo: null,
    etgbDate: null,
    hsCode: null,
    invoiceLink: null,
    invoiceNumber: null,
    invoiceStatus: isInvoiced ? 'Received' : 'NotInvoiced',
    createdBy: parcel.createdBy,
    originPackageIds: parcel.originIds,
    shipmentAddress: shipmentAddress(buyer, facts.code),
    invoiceAddress: invoiceAddress(buyer, facts.code),
    lines: parcel.lines.map((line) => lineJson(line, parcel, shownStatus, currencyCode, factor, switches.legacyNames)),
  };
  if (facts.sellerPays) json.whoPays = 1;
  if (isAwaiting && switches.awaitingRootStatus === 'absent') delete json.status;
  if (switches.extraFields && parcel.id % 3 === 0) {
    json.loyaltyProgram = { tier: 'elite', points: 12 };
    json.sustainablePackaging = true;
  }
  return switches.legacyNames ? rename(json, LEGACY_NAMES) : json;
}

function lineJson(line: Line, parcel: Package, status: string, currencyCode: string, factor: number, isLegacy: boolean): Record<string, unknown> {
  const { product } = line;
  const count = line.units.length;
  const totals = lineTotals(line);
  // Averages over the units, rounded to the cent; the exact figures are in discountDetails.
  const average = (sum: number): number => Math.round(sum / count) / factor;
  const size = attribute(product, SIZE_ATTRIBUTE);
  const json: Record<string, unknown> = {
    lineId: line.lineId,
    quantity: count,
    barcode: product.barcode,
    stockCode: product.stockCode,
    productName: size === undefined ? product.title : `${product.title}, ${size}`,
    productSize: size ?? 'Tek Ebat',
    productColor: attribute(product, COLOUR_ATTRIBUTE) ?? '',
    contentId: product.card?.contentId ?? 0,
    productCategoryId: product.category.id,
    productOrigin: product.origin,
    sellerId: parcel.front.seller.sellerId,
    salesCampaignId: totals.sellerDiscount > 0 ? 11 : 0,
    currencyCode,
    vatRate: product.vatRate,
    lineGrossAmount: line.gross / factor,
    lineSellerDiscount: average(totals.sellerDiscount),
    lineTyDiscount: average(totals.tyDiscount),
    lineTotalDiscount: average(totals.sellerDiscount + totals.tyDiscount),
    lineUnitPrice: average(netOf(totals)),
    discountDetails: line.units.map((unit) => ({
      lineItemId: String(unit.itemId),
      lineItemPrice: (line.gross - unit.sellerDiscount - unit.tyDiscount) / factor,
      [isLegacy ? 'lineItemDiscount' : 'lineItemSellerDiscount']: unit.sellerDiscount / factor,
      lineItemTyDiscount: unit.tyDiscount / factor,
    })),
    orderLineItemStatusName: status,
    fastDeliveryOptions: [],
    commission: product.commission,
    businessUnit: product.category.name,
    cancelledBy: line.cancelledBy,
    cancelReason: line.cancelReason,
    cancelReasonCode: line.cancelReasonCode,
  };
  return isLegacy ? rename(json, LEGACY_LINE_NAMES) : json;
}

function shipmentAddress(buyer: Customer, country: string): Record<string, unknown> {
  const isTr = country === 'TR';
  return {
    id: buyer.addressId,
    firstName: buyer.firstName,
    lastName: buyer.lastName,
    fullName: `${buyer.firstName} ${buyer.lastName}`,
    company: buyer.company,
    address1: buyer.address1,
    address2: buyer.address2,
    addressLines: { addressLine1: buyer.address1, addressLine2: buyer.address2 },
    city: buyer.city,
    cityCode: isTr ? 34 : 0,
    district: isTr ? buyer.county : buyer.city,
    districtId: isTr ? buyer.countyId : 0,
    countyId: isTr ? 0 : buyer.countyId,
    countyName: isTr ? '' : buyer.county,
    stateName: '',
    shortAddress: '',
    neighborhoodId: 0,
    neighborhood: '',
    postalCode: buyer.postalCode,
    countryCode: country,
    phone: buyer.phone,
    latitude: '',
    longitude: '',
    // The city is repeated with stray blanks, as the platform does.
    fullAddress: `${buyer.address1} ${buyer.address2}  ${buyer.city}`,
  };
}

function invoiceAddress(buyer: Customer, country: string): Record<string, unknown> {
  const { firstName, lastName, company, address1, address2, city, postalCode } = buyer;
  const json: Record<string, unknown> = {
    id: buyer.addressId === 0 ? 0 : buyer.addressId + 1,
    firstName,
    lastName,
    company,
    address1,
    address2,
    city,
    countyName: buyer.county,
    countryCode: country,
    postalCode,
    fullName: `${firstName} ${lastName}`,
  };
  if (company !== '') Object.assign(json, { taxNumber: buyer.taxNumber, taxOffice: buyer.taxOffice, eInvoiceAvailable: country === 'TR' });
  return json;
}

/** Before payment is confirmed nobody sees who bought. */
function masked(buyer: Customer): Customer {
  return {
    ...buyer,
    id: 0,
    addressId: 0,
    firstName: MASK,
    lastName: MASK,
    email: MASK,
    phone: MASK,
    address1: MASK,
    address2: MASK,
    city: MASK,
    county: MASK,
    countyId: 0,
    postalCode: MASK,
    company: '',
    taxNumber: null,
    taxOffice: null,
    identityNumber: null,
  };
}
