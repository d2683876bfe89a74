/** Package fields as they were called before 8 December 2025 (removed on 6 April 2026). */
export const LEGACY_NAMES: ReadonlyMap<string, string> = new Map([
  ['shipmentPackageId', 'id'],
  ['packageGrossAmount', 'grossAmount'],
  ['packageSellerDiscount', 'totalDiscount'],
  ['packageTyDiscount', 'totalTyDiscount'],
  ['packageTotalPrice', 'totalPrice'],
  ['packageTotalDiscount', ''],
]);

export const LEGACY_LINE_NAMES: ReadonlyMap<string, string> = new Map([
  ['lineId', 'id'],
  ['stockCode', 'merchantSku'],
  ['sellerId', 'merchantId'],
  ['contentId', 'productCode'],
  ['lineGrossAmount', 'amount'],
  ['lineSellerDiscount', 'discount'],
  ['lineTyDiscount', 'tyDiscount'],
  ['lineUnitPrice', 'price'],
  ['vatRate', 'vatBaseAmount'],
  ['lineTotalDiscount', ''],
  ['cancelledBy', ''],
  ['cancelReason', ''],
  ['cancelReasonCode', ''],
]);

/** A copy under other names; an empty name leaves the field out. */
export function rename(json: Record<string, unknown>, names: ReadonlyMap<string, string>): Record<string, unknown> {
  const renamed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(json)) {
    const other = names.get(name) ?? name;
    if (other !== '') renamed[other] = value;
  }
  return renamed;
}
