import { minorFromNumber, type Money, toMoney } from '../../kit/money.ts';
import type { ChannelProductRecord } from '../connector.ts';
import type { WireCard, WireUnapproved, WireVariant } from './schemas.ts';

type Maybe<T> = T | null | undefined;

const price = (value: Maybe<number>, currency: string): Money | null =>
  value === null || value === undefined ? null : toMoney(minorFromNumber(value, currency), currency);

const attributesOf = (...lists: readonly Maybe<readonly { attributeName: string; attributeValue?: Maybe<string> }[]>[]): Record<string, string> => {
  const values: Record<string, string> = {};
  for (const { attributeName, attributeValue } of lists.flatMap((list) => list ?? [])) {
    if (attributeName === '' || attributeValue === null || attributeValue === undefined) continue;
    const before = values[attributeName];
    values[attributeName] = before === undefined || before === attributeValue ? attributeValue : `${before}, ${attributeValue}`;
  }
  return values;
};

/** State of an approved product from its flags: archived first, then what stops a sale, then whether it sells. */
export function toState(
  variant: Pick<WireVariant, 'archived' | 'locked' | 'lockReason' | 'blacklisted' | 'hasViolation' | 'docNeeded' | 'onSale'>,
): Pick<ChannelProductRecord, 'status' | 'statusReason'> {
  if (variant.archived === true) return { status: 'archived', statusReason: '' };
  const reasons = [
    variant.locked === true && (variant.lockReason === '' ? 'Locked by Trendyol' : `Locked: ${variant.lockReason}`),
    variant.blacklisted === true && 'Stopped by Trendyol',
    variant.hasViolation === true && 'Reported for a violation',
  ].filter((reason) => reason !== false);
  if (reasons.length > 0) return { status: 'blocked', statusReason: reasons.join('; ') };
  const document = variant.docNeeded === true ? 'Trendyol asks for a document' : '';
  return variant.onSale === true ? { status: 'live', statusReason: document } : { status: 'inactive', statusReason: document || 'Not on sale' };
}

/** One barcode of an approved card. The barcode is the key of everything on the product side, so it is the external id. */
export function toProduct(card: WireCard, variant: WireVariant, currency: string): ChannelProductRecord {
  return {
    externalId: variant.barcode,
    barcode: variant.barcode,
    sku: variant.stockCode,
    title: card.title || variant.barcode,
    brand: card.brand?.name ?? '',
    category: card.category?.name ?? '',
    ...toState(variant),
    price: price(variant.price?.salePrice, currency),
    listPrice: price(variant.price?.listPrice, currency),
    currency,
    quantity: variant.stock?.quantity ?? null,
    url: variant.productUrl,
    imageUrl: (card.images ?? card.media)?.[0]?.url ?? '',
    attributes: attributesOf(card.attributes, variant.attributes),
  };
}

/** A product that waits for approval or was refused. */
export function toUnapproved(wire: WireUnapproved, currency: string): ChannelProductRecord {
  const rejected = wire.status.toLowerCase() === 'rejected';
  const reasons = (wire.rejectReasonDetails ?? []).map((detail) => [detail.rejectReason, detail.rejectReasonDetail].filter(Boolean).join(': ')).filter(Boolean);
  return {
    externalId: wire.barcode,
    barcode: wire.barcode,
    sku: wire.stockCode,
    title: wire.title || wire.barcode,
    brand: wire.brand?.name ?? '',
    category: wire.category?.name ?? '',
    status: rejected ? 'rejected' : 'pending',
    statusReason: rejected ? reasons.join('; ') : wire.docNeeded === true ? 'Trendyol asks for a document: upload it in the seller panel' : '',
    price: price(wire.salePrice, currency),
    listPrice: price(wire.listPrice, currency),
    currency,
    quantity: wire.quantity ?? null,
    url: '',
    imageUrl: (wire.media ?? wire.images)?.[0]?.url ?? '',
    attributes: attributesOf(wire.attributes),
  };
}
