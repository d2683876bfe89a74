import { z } from 'zod';

/*
 * What the platform sends, only what we use. Fields appear, move and disappear without notice: unknown ones are ignored, most may be missing,
 * and where a field was renamed the old name is still read.
 */

/** Ids and tracking numbers arrive as numbers, as digits when beyond 2^53, or as text. */
const id = z.union([z.string(), z.number()]).transform(String);
/** Wide enough for any currency, narrow enough for exact minor units. */
const amount = z.number().min(-1e12).max(1e12);
const millis = z.number().int().min(0).max(8.64e15);
const words = z
  .string()
  .nullish()
  .transform((value) => (value ?? '').trim());
/** Optional, and not worth losing the record for when it is nonsense. */
const lenient = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);

const discountDetail = z.object({
  lineItemPrice: amount,
  lineItemSellerDiscount: amount.nullish(),
  lineItemDiscount: amount.nullish(),
  lineItemTyDiscount: amount.nullish(),
});

const line = z.object({
  lineId: id.nullish(),
  id: id.nullish(),
  quantity: z.number().int().min(0).max(1_000_000),
  barcode: words,
  stockCode: words,
  merchantSku: words,
  productName: words,
  currencyCode: lenient(z.string()),
  vatRate: lenient(amount),
  vatBaseAmount: lenient(amount),
  lineGrossAmount: amount.nullish(),
  amount: amount.nullish(),
  lineSellerDiscount: amount.nullish(),
  discount: amount.nullish(),
  lineTyDiscount: amount.nullish(),
  tyDiscount: amount.nullish(),
  lineTotalDiscount: amount.nullish(),
  lineUnitPrice: amount.nullish(),
  price: amount.nullish(),
  discountDetails: lenient(z.array(discountDetail)),
  orderLineItemStatusName: words,
});
export type WireLine = z.infer<typeof line>;

const address = z.object({
  id: lenient(id),
  firstName: words,
  lastName: words,
  fullName: words,
  company: words,
  address1: words,
  address2: words,
  addressLines: lenient(z.object({ addressLine1: words, addressLine2: words })),
  city: words,
  district: words,
  countyName: words,
  stateName: words,
  shortAddress: words,
  neighborhood: words,
  postalCode: words,
  countryCode: words,
  phone: words,
  fullAddress: words,
  taxNumber: words,
  taxOffice: words,
});
export type WireAddress = z.infer<typeof address>;

export const packageSchema = z.object({
  shipmentPackageId: id.nullish(),
  id: id.nullish(),
  orderNumber: id,
  customerFirstName: words,
  customerLastName: words,
  customerEmail: words,
  taxNumber: words,
  taxOffice: words,
  orderDate: millis,
  lastModifiedDate: millis,
  agreedDeliveryDate: lenient(millis),
  status: words,
  shipmentPackageStatus: words,
  packageHistories: lenient(z.array(z.object({ createdDate: millis, status: words }))),
  currencyCode: lenient(z.string()),
  packageGrossAmount: amount.nullish(),
  grossAmount: amount.nullish(),
  packageSellerDiscount: amount.nullish(),
  totalDiscount: amount.nullish(),
  packageTyDiscount: amount.nullish(),
  totalTyDiscount: amount.nullish(),
  packageTotalDiscount: amount.nullish(),
  packageTotalPrice: amount.nullish(),
  totalPrice: amount.nullish(),
  cargoProviderName: words,
  cargoTrackingNumber: lenient(id),
  cargoTrackingLink: words,
  commercial: lenient(z.boolean()),
  originPackageIds: lenient(z.array(id)),
  shipmentAddress: lenient(address),
  invoiceAddress: lenient(address),
  lines: z.array(line),
});
export type WirePackage = z.infer<typeof packageSchema>;

export const streamSchema = z.object({ hasMore: z.boolean(), nextCursor: z.string().nullish(), content: z.array(z.unknown()) });

const named = lenient(z.object({ name: words }));
const attributes = lenient(z.array(z.object({ attributeName: words, attributeValue: lenient(z.union([z.string(), z.number()]).transform(String)) })));
const pictures = lenient(z.array(z.object({ url: words })));

export const variantSchema = z.object({
  barcode: z.string().trim().min(1),
  stockCode: words,
  attributes,
  productUrl: words,
  onSale: lenient(z.boolean()),
  stock: lenient(z.object({ quantity: lenient(amount) })),
  price: lenient(z.object({ salePrice: lenient(amount), listPrice: lenient(amount) })),
  locked: lenient(z.boolean()),
  lockReason: words,
  archived: lenient(z.boolean()),
  docNeeded: lenient(z.boolean()),
  hasViolation: lenient(z.boolean()),
  blacklisted: lenient(z.boolean()),
});
export type WireVariant = z.infer<typeof variantSchema>;

export const cardSchema = z.object({
  contentId: id,
  brand: named,
  category: named,
  title: words,
  images: pictures,
  media: pictures,
  attributes,
  variants: z.array(z.unknown()),
});
export type WireCard = z.infer<typeof cardSchema>;

export const unapprovedSchema = z.object({
  barcode: z.string().trim().min(1),
  status: words,
  brand: named,
  category: named,
  title: words,
  stockCode: words,
  quantity: lenient(amount),
  listPrice: lenient(amount),
  salePrice: lenient(amount),
  docNeeded: lenient(z.boolean()),
  images: pictures,
  media: pictures,
  attributes,
  rejectReasonDetails: lenient(z.array(z.object({ rejectReason: words, rejectReasonDetail: words }))),
});
export type WireUnapproved = z.infer<typeof unapprovedSchema>;

/** Envelope of every product list. Nothing found may also be `content: null`. */
export const listSchema = z.object({
  totalElements: lenient(z.number().int().min(0)),
  totalPages: lenient(z.number().int().min(0)),
  nextPageToken: lenient(z.string()),
  content: z
    .array(z.unknown())
    .nullable()
    .transform((value) => value ?? []),
});

export const levelsSchema = z.object({
  variants: z.array(z.object({ barcode: z.string().trim().min(1), salePrice: lenient(amount), quantity: lenient(amount) })),
});

export const sentSchema = z.object({ batchRequestId: z.string().min(1) });

export const batchSchema = z.object({
  status: lenient(z.string()),
  creationDate: lenient(millis),
  itemCount: lenient(z.number().int().min(0)),
  items: lenient(
    z.array(
      z.object({
        requestItem: lenient(z.object({ barcode: words })),
        status: words,
        failureReasons: lenient(z.array(z.unknown())),
      }),
    ),
  ),
});
export type WireBatch = z.infer<typeof batchSchema>;

/** A refusal, in whichever of the envelopes it came. */
export interface Envelope {
  exception: string | undefined;
  keys: string[];
  messages: string[];
}

const envelopeSchema = z.object({
  exception: lenient(z.string()),
  error: lenient(z.string()),
  message: lenient(z.string()),
  errors: lenient(z.array(z.union([z.string(), z.object({ key: lenient(z.string()), message: lenient(z.string()) })]).catch({}))),
});

/** `errors` may hold objects, empty objects or plain strings. */
export function readEnvelope(body: unknown): Envelope {
  const parsed = envelopeSchema.safeParse(body);
  if (!parsed.success) return { exception: undefined, keys: [], messages: [] };
  const errors = (parsed.data.errors ?? []).map((error) => (typeof error === 'string' ? { key: undefined, message: error } : error));
  const present = (value: string | null | undefined): value is string => value !== null && value !== undefined && value !== '';
  return {
    exception: parsed.data.exception ?? undefined,
    keys: errors.map((error) => error.key).filter(present),
    messages: [...errors.map((error) => error.message), parsed.data.message].filter(present),
  };
}
