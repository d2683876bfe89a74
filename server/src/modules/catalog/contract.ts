import { z } from 'zod';
import { commonErrors, defineErrors } from '../../kit/errors.ts';
import { moneySchema } from '../../kit/money.ts';
import { pageInput, pageOf } from '../../kit/page.ts';
import { declare, route } from '../../kit/route.ts';
import { text } from '../../kit/text.ts';
import { runSchema } from '../sync/contract.ts';
import { categoryNameSchema, costSchema, editable, limits, line, productStatus, skuSchema, tagSchema } from './values.ts';

export const catalogErrors = defineErrors({
  'product.sku_taken': { status: 409, message: 'Another product already has the SKU "{sku}". Choose a different one, or change that product.' },
  'product.sku_immutable': { status: 409, message: 'A SKU never changes: orders, stock and stores know the product by it. Make a new product instead.' },
  'product.in_use': { status: 409, message: 'This product is still needed: {where}. Archive it instead of deleting it.' },
  'category.name_taken': { status: 409, message: 'There is already a category "{name}" in that place.' },
  'category.not_empty': { status: 409, message: 'This category still holds {products} products and {children} categories. Move them first.' },
  'category.cycle': { status: 409, message: 'A category cannot be moved into itself or into one of its own subcategories.' },
  'import.file_empty': { status: 400, message: 'This file holds no rows. Choose a CSV file with a line of headings and at least one product.' },
  'import.file_unreadable': { status: 400, message: 'This is not a CSV file: {reason}' },
  'import.headings_unknown': {
    status: 400,
    message: 'None of this file\'s headings are known ({headings}). The first line must name the columns; at least "SKU" is needed.',
  },
  'import.profile_unknown': {
    status: 400,
    message: 'There is no import profile "{profile}". Leave it out, and the kind of file is recognised by its headings.',
  },
});

export { limits, productStatus } from './values.ts';
export type { Cost, ProductStatus } from './values.ts';

const productCreateInput = z
  .object({ sku: skuSchema, ...editable })
  .partial()
  .required({ sku: true, title: true, price: true });
export type ProductCreateInput = z.infer<typeof productCreateInput>;
const productUpdateInput = z.object({
  id: z.uuid(),
  version: z.number().int().min(1).max(2_000_000_000),
  sku: z.string().max(200).optional(),
  ...z.object(editable).partial().shape,
});
export type ProductUpdateInput = z.infer<typeof productUpdateInput>;

/* ── What is answered ────────────────────────────────────────────────── */

const stockSchema = z.object({ available: z.number(), onHand: z.number(), reserved: z.number() });
/** A product on one channel. `differs`: the channel shows something else than we want; `refused`: it said no, see `error`. */
const listingStateSchema = z.object({ channelId: z.uuid(), state: z.enum(['live', 'sending', 'differs', 'refused', 'ended']), error: z.string() });
export type ListingState = z.infer<typeof listingStateSchema>;

export const productItemSchema = z.object({
  id: z.uuid(),
  sku: z.string(),
  barcode: z.string().nullable(),
  title: z.string(),
  brand: z.string(),
  status: productStatus,
  price: moneySchema,
  compareAtPrice: moneySchema.nullable(),
  tags: z.array(z.string()),
  category: z.object({ id: z.uuid(), path: z.string() }).nullable(),
  options: z.record(z.string(), z.string()),
  imageUrl: z.string().nullable(),
  /** null until the first stock figure is known. */
  stock: stockSchema.nullable(),
  listings: z.array(listingStateSchema),
  isComposite: z.boolean(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type ProductItem = z.infer<typeof productItemSchema>;

export const productSchema = productItemSchema.omit({ imageUrl: true }).extend({
  description: z.string(),
  /** `gs1`: a number from GS1; `internal`: valid, but from a range for use inside a shop; null: no GTIN at all. */
  barcodeKind: z.enum(['gs1', 'internal']).nullable(),
  group: z.object({ id: z.uuid(), handle: z.string(), title: z.string(), optionNames: z.array(z.string()) }).nullable(),
  attributes: z.record(z.string(), z.string()),
  vatRate: z.number().nullable(),
  weightGrams: z.number().nullable(),
  lengthMm: z.number().nullable(),
  widthMm: z.number().nullable(),
  heightMm: z.number().nullable(),
  warehouseLocation: z.string(),
  driveFolderUrl: z.string(),
  imagesSyncedAt: z.iso.datetime().nullable(),
  images: z.array(z.object({ id: z.uuid(), url: z.string(), alt: z.string(), filename: z.string() })),
  stockLastSyncedAt: z.iso.datetime().nullable(),
  /** null when unknown, and always for whoever lacks the right costs.read. */
  cost: costSchema.extend({ validFrom: z.iso.date() }).nullable(),
});
export type Product = z.infer<typeof productSchema>;

export const categorySchema = z.object({
  id: z.uuid(),
  parentId: z.uuid().nullable(),
  name: z.string(),
  description: z.string(),
  /** Names from the root: "Home / Kitchen". */
  path: z.string(),
  position: z.number().int(),
  version: z.number().int(),
});
export type Category = z.infer<typeof categorySchema>;

/* ── Filters and sorts ───────────────────────────────────────────────── */

const oneOrMore = <T extends z.ZodType>(item: T, max: number) =>
  z.union([item, z.array(item).max(max)]).transform((value): z.output<T>[] => (Array.isArray(value) ? value : [value]));
const decimal = z.string().regex(/^\d{1,12}(\.\d{1,4})?$/);

/** The filters of the product list; ids and export take the same ones. All that are given must hold. */
const productFilter = {
  /** Exact SKU or barcode; when none is the same, products whose title holds all the words or whose SKU begins with the one word. */
  search: text(200).optional(),
  /** With its subcategories. */
  category: z.uuid().optional(),
  /** Products that carry all of them. */
  tag: oneOrMore(tagSchema, 20).optional(),
  status: oneOrMore(productStatus, 3).optional(),
  brand: oneOrMore(line(limits.brand), 20).optional(),
  stock: z.enum(['in', 'out']).optional(),
  /** Fewer than this many available. */
  stockBelow: z.coerce.number().int().min(0).max(1_000_000_000).optional(),
  channel: z.uuid().optional(),
  /** State on the channel, or on any channel when none is named; `none` asks for products without a listing. */
  state: z.enum(['live', 'sending', 'differs', 'refused', 'ended', 'none']).optional(),
  /** Decimal in major units of `currency`. */
  priceMin: decimal.optional(),
  priceMax: decimal.optional(),
  /** Only products priced in it; the home currency when a price is asked for. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  group: z.uuid().optional(),
  id: oneOrMore(z.uuid(), 200).optional(),
};
const filterSchema = z.object(productFilter);
export type ProductFilter = z.infer<typeof filterSchema>;

/** `-` turns the direction round. `newest` and `updated` begin with the latest, the others with the smallest; unknown stock comes last. */
const productSort = z.enum(['newest', '-newest', 'updated', '-updated', 'title', '-title', 'sku', '-sku', 'price', '-price', 'available', '-available']);
export type ProductSort = z.infer<typeof productSort>;

/** Most ids that one call of `ids` answers. */
export const IDS_LIMIT = 100_000;

/* ── Import and export ───────────────────────────────────────────────── */

const importProblemSchema = z.object({ row: z.number().int(), sku: z.string(), column: z.string(), value: z.string(), reason: z.string() });
export type ImportProblem = z.infer<typeof importProblemSchema>;

/** `outcome` of a run of kind `catalog.import`. created + updated + unchanged + refused = products read from the file. */
export const importOutcomeSchema = z.object({
  profile: z.string(),
  profileName: z.string(),
  encoding: z.string(),
  delimiter: z.string(),
  /** Headings nothing is known for, or that this person may not fill; they were left alone. */
  ignoredColumns: z.array(z.string()),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  /** Products of the file that were not taken over; each has at least one problem. */
  refused: z.number().int(),
  /** Lines in the problem file; more than `refused` when a row has several, or a taken product has a value that was left out. */
  problems: z.number().int(),
  /** SKUs made from handle and options because the file had none. */
  madeSkus: z.number().int(),
  firstProblems: z.array(importProblemSchema),
});
export type ImportOutcome = z.infer<typeof importOutcomeSchema>;

/* ── Operations ──────────────────────────────────────────────────────── */

const missing = declare(commonErrors['resource.not_found']);
const stale = declare(commonErrors['resource.stale']);
const tags = ['Products'];
const categoryTags = ['Categories'];
const byId = z.object({ id: z.uuid() });
const yes = z.enum(['true', 'false']).transform((value) => value === 'true');

/** Taken by plain streaming routes (upload.ts) and described here; there is no handler behind these entries. */
export const importQuery = z.object({
  filename: text(200).optional(),
  profile: text(60).optional(),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
});
export const exportQuery = filterSchema.extend({ for: z.enum(['import', 'spreadsheet']).default('import') });

const files = {
  import: route('catalog.write')
    .route({
      method: 'POST',
      path: '/products/import',
      tags,
      operationId: 'importProducts',
      successStatus: 202,
      summary: 'Import products from a CSV file',
      description: 'Send the file itself as the body (text/csv or application/octet-stream, up to 500 MB). Answers a run of kind catalog.import.',
      inputStructure: 'detailed',
    })
    .input(
      z.object({
        query: importQuery.optional(),
        body: z.file().mime(['text/csv', 'application/octet-stream']),
      }),
    )
    .output(runSchema)
    .errors(
      declare(
        catalogErrors['import.file_empty'],
        catalogErrors['import.file_unreadable'],
        catalogErrors['import.headings_unknown'],
        catalogErrors['import.profile_unknown'],
      ),
    ),
  problems: route('catalog.read')
    .route({
      method: 'GET',
      path: '/products/import/{runId}/problems',
      tags,
      operationId: 'downloadImportProblems',
      summary: 'What an import refused, as CSV: row, SKU, column, value, reason',
    })
    .input(z.object({ runId: z.uuid() }))
    .output(z.file().mime(['text/csv']))
    .errors(missing),
  export: route('catalog.read')
    .route({
      method: 'GET',
      path: '/products/export',
      tags,
      operationId: 'exportProducts',
      summary: 'Products as CSV',
      description: '`for=import` (the default) reads back without loss; `for=spreadsheet` is safe to open: no cell is taken for a formula.',
    })
    .input(exportQuery)
    .output(z.file().mime(['text/csv'])),
};

export const catalogContract = {
  ...files,
  list: route('catalog.read')
    .route({ method: 'GET', path: '/products', tags, summary: 'Products', operationId: 'listProducts' })
    .input(z.object({ ...pageInput, ...productFilter, sort: productSort.default('newest'), total: yes.optional() }))
    .output(pageOf(productItemSchema)),
  ids: route('catalog.read')
    .route({ method: 'GET', path: '/products/ids', tags, summary: 'Ids of all products that match, for a selection', operationId: 'listProductIds' })
    .input(filterSchema)
    .output(z.object({ ids: z.array(z.uuid()), truncated: z.boolean() })),
  tags: route('catalog.read')
    .route({ method: 'GET', path: '/products/tags', tags, summary: 'Tags in use with the number of products, most used first', operationId: 'listTags' })
    .input(z.object({ search: text(60).optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }))
    .output(z.object({ items: z.array(z.object({ tag: z.string(), products: z.number().int() })) })),
  brands: route('catalog.read')
    .route({ method: 'GET', path: '/products/brands', tags, summary: 'Brands in use', operationId: 'listBrands' })
    .input(z.object({ search: text(60).optional(), limit: z.coerce.number().int().min(1).max(500).default(100) }))
    .output(z.object({ items: z.array(z.string()) })),
  get: route('catalog.read')
    .route({ method: 'GET', path: '/products/{id}', tags, summary: 'One product', operationId: 'getProduct' })
    .input(byId)
    .output(productSchema)
    .errors(missing),
  create: route('catalog.write')
    .route({ method: 'POST', path: '/products', tags, summary: 'Create a product', operationId: 'createProduct', successStatus: 201 })
    .input(productCreateInput)
    .output(productSchema)
    .errors({ ...missing, ...declare(catalogErrors['product.sku_taken']) }),
  update: route('catalog.write')
    .route({ method: 'PUT', path: '/products/{id}', tags, summary: 'Change a product; absent members stay as they are', operationId: 'updateProduct' })
    .input(productUpdateInput)
    .output(productSchema)
    .errors({ ...missing, ...stale, ...declare(catalogErrors['product.sku_immutable']) }),
  remove: route('catalog.write')
    .route({ method: 'DELETE', path: '/products/{id}', tags, summary: 'Delete a product that nothing refers to', operationId: 'deleteProduct' })
    .input(byId)
    .output(byId)
    .errors({ ...missing, ...declare(catalogErrors['product.in_use']) }),

  categories: route('catalog.read')
    .route({ method: 'GET', path: '/categories', tags: categoryTags, summary: 'The whole category tree, by path', operationId: 'listCategories' })
    .output(z.object({ items: z.array(categorySchema) })),
  createCategory: route('catalog.write')
    .route({ method: 'POST', path: '/categories', tags: categoryTags, summary: 'Create a category', operationId: 'createCategory', successStatus: 201 })
    .input(
      z.object({
        name: categoryNameSchema,
        parentId: z.uuid().nullable().default(null),
        description: text(2000).default(''),
        position: z.number().int().min(0).max(1_000_000).default(0),
      }),
    )
    .output(categorySchema)
    .errors({ ...missing, ...declare(catalogErrors['category.name_taken']) }),
  updateCategory: route('catalog.write')
    .route({
      method: 'PUT',
      path: '/categories/{id}',
      tags: categoryTags,
      summary: 'Rename, move or describe a category; absent members stay',
      operationId: 'updateCategory',
    })
    .input(
      z.object({
        id: z.uuid(),
        version: z.number().int().min(1).max(2_000_000_000),
        name: categoryNameSchema.optional(),
        parentId: z.uuid().nullable().optional(),
        description: text(2000).optional(),
        position: z.number().int().min(0).max(1_000_000).optional(),
      }),
    )
    .output(categorySchema)
    .errors({ ...missing, ...stale, ...declare(catalogErrors['category.name_taken'], catalogErrors['category.cycle']) }),
  removeCategory: route('catalog.write')
    .route({ method: 'DELETE', path: '/categories/{id}', tags: categoryTags, summary: 'Delete an empty category', operationId: 'deleteCategory' })
    .input(byId)
    .output(byId)
    .errors({ ...missing, ...declare(catalogErrors['category.not_empty']) }),
};
