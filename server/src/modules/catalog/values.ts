import { z } from 'zod';
import { moneySchema } from '../../kit/money.ts';
import { rawText, text } from '../../kit/text.ts';

/* What the values of a product may be: the same for a form, a program and a file. The web reads it through the contract. */

/** Most characters one cell of a spreadsheet holds; no text of a product is longer, so that every export can be opened. */
export const CELL_LIMIT = 32_767;
/** Longest texts, most values: the same for a form, a program and a file. */
export const limits = {
  sku: 100,
  title: 255,
  brand: 100,
  barcode: 60,
  tag: 60,
  tags: 250,
  categoryName: 100,
  categoryPath: 600,
  groupHandle: 255,
  warehouseLocation: 100,
  options: 3,
  optionName: 100,
  optionValue: 255,
  attributes: 100,
  attributeValue: 1000,
  images: 250,
  url: 2000,
  alt: 500,
  grams: 100_000_000,
  millimetres: 10_000_000,
} as const;

// eslint-disable-next-line no-control-regex
const controls = /[\u0001-\u001f\u007f\u2028\u2029]+/g;
/** Line breaks and other control characters become blanks, outer blanks go. */
export const toLine = (value: string): string => value.replace(controls, ' ').trim();
/** A barcode that a spreadsheet has turned into a rounded number: `5.94E+12`. */
export const isRoundedNumber = (value: string): boolean => /^\d(?:[.,]\d+)?e\+?\d+$/i.test(value);
export const startsLikeCode = (value: string): boolean => /^[\p{L}\p{N}]/u.test(value);
/** " / " and " > " part the names of a category path. */
export const isCategoryName = (value: string): boolean => !/(?:^| )[/>](?: |$)/.test(value);
export const isWebAddress = (value: string): boolean => value.length <= limits.url && /^https?:\/\/\S+$/i.test(value) && URL.canParse(value);
/** A picture of ours is an address on this server: `/files/…`. */
export const isPictureAddress = (value: string): boolean => isWebAddress(value) || (value.length <= limits.url && /^\/(?!\/)\S+$/.test(value));

export const line = (max: number, options: { min?: number } = {}) => z.string().transform(toLine).pipe(text(max, options));

export const skuSchema = line(limits.sku, { min: 1 });
const barcodeSchema = line(limits.barcode, { min: 1 }).pipe(
  z
    .string()
    .refine(startsLikeCode, 'a barcode begins with a letter or a digit')
    .refine((value) => !isRoundedNumber(value), 'a spreadsheet has rounded this barcode; format the column as text and enter it again'),
);
export const tagSchema = line(limits.tag, { min: 1 }).pipe(z.string().regex(/^[^,]*$/, 'a tag holds no comma'));
export const categoryNameSchema = line(limits.categoryName, { min: 1 }).pipe(z.string().refine(isCategoryName, 'a category name holds no " / " or " > "'));
const webAddress = text(limits.url).pipe(z.string().refine(isWebAddress, 'must be an address that begins with http:// or https://'));
export const productStatus = z.enum(['draft', 'active', 'archived']);
export type ProductStatus = z.infer<typeof productStatus>;

const priceSchema = moneySchema.refine((money) => !money.amount.startsWith('-'), 'must not be negative');
/** Costs are exact to a millionth: `{ amount: '3.141593', currency: 'EUR' }`. */
export const costSchema = z.object({ amount: z.string().regex(/^\d{1,12}(\.\d{1,6})?$/), currency: z.string().regex(/^[A-Z]{3}$/) });
export type Cost = z.infer<typeof costSchema>;

const measure = (max: number, step: number) =>
  z
    .number()
    .min(0)
    .max(max)
    .refine((value) => Math.abs(value / step - Math.round(value / step)) < 1e-3, `has more places than ${step}`);
/** Name → value, in the order given: `{ "Size": "M", "Colour": "Blue" }`. */
const namedValues = (count: number, length: number) =>
  z.record(line(limits.optionName, { min: 1 }), line(length, { min: 1 })).refine((values) => Object.keys(values).length <= count, `at most ${count}`);

const pictureAddress = text(limits.url).pipe(z.string().refine(isPictureAddress, 'must be an address that begins with http:// or https://'));
const imageInput = z.object({ url: pictureAddress, alt: line(limits.alt).default('') });
const groupInput = z.object({
  /** Ties variants together; products with the same handle are one group. */
  handle: line(limits.groupHandle, { min: 1 }),
  title: line(limits.title, { min: 1 }).optional(),
});

/** What a person may set on a product. Absent members stay as they are; `null` empties. */
export const editable = {
  title: line(limits.title, { min: 1 }),
  description: rawText(CELL_LIMIT),
  brand: line(limits.brand),
  barcode: barcodeSchema.nullable(),
  categoryId: z.uuid().nullable(),
  group: groupInput.nullable(),
  options: namedValues(limits.options, limits.optionValue),
  attributes: namedValues(limits.attributes, limits.attributeValue),
  tags: z
    .array(tagSchema)
    .max(limits.tags)
    .transform((tags) => [...new Set(tags)]),
  status: productStatus,
  price: priceSchema,
  compareAtPrice: priceSchema.nullable(),
  /** Percent: 19 or 5.5. */
  vatRate: measure(100, 0.01).nullable(),
  weightGrams: measure(limits.grams, 0.001).nullable(),
  lengthMm: measure(limits.millimetres, 0.1).nullable(),
  widthMm: measure(limits.millimetres, 0.1).nullable(),
  heightMm: measure(limits.millimetres, 0.1).nullable(),
  warehouseLocation: line(limits.warehouseLocation),
  driveFolderUrl: z.union([z.literal(''), webAddress]),
  /** All pictures in order; the first one is shown in lists. */
  images: z.array(imageInput).max(limits.images),
  /** Unit cost from today on; needs the right costs.write. */
  cost: costSchema,
};
