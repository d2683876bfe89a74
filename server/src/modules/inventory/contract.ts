import { z } from 'zod';
import { commonErrors, defineErrors } from '../../kit/errors.ts';
import { pageInput, pageOf } from '../../kit/page.ts';
import { declare, route } from '../../kit/route.ts';
import { text } from '../../kit/text.ts';

export const inventoryErrors = defineErrors({
  'stock.below_zero': {
    status: 409,
    message: '"{sku}" has {onHand} on hand: this would leave less than nothing. Count the shelf and set the quantity instead.',
  },
  'stock.not_applicable': { status: 409, message: 'This product is made of components; its stock follows from theirs. Change the stock of the components.' },
});

/** Why stock moved. People choose among the first three of `adjustCause`; the rest come from the system. */
export const movementCause = z.enum(['opening', 'count', 'adjustment', 'receipt', 'sale', 'return', 'import', 'undo']);
export type MovementCause = z.infer<typeof movementCause>;
export const adjustCause = z.enum(['adjustment', 'count', 'receipt']);

const productRef = z.object({ id: z.uuid(), sku: z.string(), title: z.string(), status: z.enum(['draft', 'active', 'archived']) });

/** One thing on the shelf. Pieces may be fractions of up to three places (metres, kilograms). */
export const itemSchema = z.object({
  id: z.uuid(),
  sku: z.string(),
  name: z.string(),
  onHand: z.number(),
  reserved: z.number(),
  /** on hand − reserved; below zero means oversold. */
  available: z.number(),
  reorderPoint: z.number().nullable(),
  location: z.string(),
  /** The first product that takes its stock from here; null when none is mapped. */
  product: productRef.nullable(),
  productCount: z.number().int(),
  lastMovedAt: z.iso.datetime().nullable(),
  version: z.number().int(),
  updatedAt: z.iso.datetime(),
});
export type InventoryItem = z.infer<typeof itemSchema>;

export const movementSchema = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  delta: z.number(),
  /** On hand after this movement. */
  balance: z.number(),
  cause: movementCause,
  note: z.string(),
  actorName: z.string(),
  changeSetId: z.uuid().nullable(),
  /** The order a sale or return belongs to; null for other causes and for orders of companies the caller may not see. */
  order: z.object({ id: z.uuid(), number: z.string() }).nullable(),
});
export type StockMovement = z.infer<typeof movementSchema>;

/** Pieces promised to an order that has not shipped yet. */
export const promiseSchema = z.object({
  quantity: z.number(),
  since: z.iso.datetime(),
  /** null for orders of companies the caller may not see. */
  order: z.object({ id: z.uuid(), number: z.string(), channelId: z.uuid() }).nullable(),
});
export type StockPromise = z.infer<typeof promiseSchema>;

export const itemDetailSchema = z.object({
  ...itemSchema.shape,
  /** Everything that takes stock from here; `quantity` is how much one piece of the product takes. */
  products: z.array(z.object({ ...productRef.shape, quantity: z.number(), isComposite: z.boolean(), available: z.number() })),
  /** Open reservations, oldest first; at most 100 are listed. */
  promises: z.array(promiseSchema),
  createdAt: z.iso.datetime(),
});
export type InventoryItemDetail = z.infer<typeof itemDetailSchema>;

export const mappingRowSchema = z.object({
  product: z.object({ ...productRef.shape, isComposite: z.boolean() }),
  /** null: not mapped. A product made of components has none of its own. */
  item: z.object({ id: z.uuid(), sku: z.string(), name: z.string() }).nullable(),
  available: z.number().nullable(),
  mappedBy: z.string().nullable(),
  mappedAt: z.iso.datetime().nullable(),
});
export type InventoryMappingRow = z.infer<typeof mappingRowSchema>;

const PIECES = 1_000_000_000;
const hasThreePlaces = (value: number): boolean => Math.abs(value * 1000 - Math.round(value * 1000)) < 1e-6 * Math.max(1, Math.abs(value));
const pieces = z.number().min(-PIECES).max(PIECES).refine(hasThreePlaces, 'has at most three decimals');
const byId = z.object({ id: z.uuid() });
const missing = declare(commonErrors['resource.not_found']);
const tags = ['Inventory'];

export const itemFilter = z.enum(['below_reorder_point', 'out_of_stock', 'oversold', 'unmapped']);
export type ItemFilter = z.infer<typeof itemFilter>;
export const itemSort = z.enum(['sku', 'name', 'available']);
export type ItemSort = z.infer<typeof itemSort>;

export const inventoryContract = {
  list: route('inventory.read')
    .route({ method: 'GET', path: '/inventory', tags, summary: 'Inventory items', operationId: 'listInventory' })
    .input(
      z.object({
        ...pageInput,
        /** Exact SKU, or part of SKU or name. */
        search: text(200).optional(),
        filter: itemFilter.optional(),
        sort: itemSort.default('sku'),
        direction: z.enum(['asc', 'desc']).default('asc'),
      }),
    )
    .output(pageOf(itemSchema)),
  get: route('inventory.read')
    .route({ method: 'GET', path: '/inventory/{id}', tags, summary: 'One inventory item with what takes its stock', operationId: 'getInventoryItem' })
    .input(byId)
    .output(itemDetailSchema)
    .errors(missing),
  movements: route('inventory.read')
    .route({ method: 'GET', path: '/inventory/{id}/movements', tags, summary: 'Why the stock is what it is, newest first', operationId: 'listStockMovements' })
    .input(z.object({ id: z.uuid(), ...pageInput, cause: movementCause.optional() }))
    .output(pageOf(movementSchema))
    .errors(missing),
  adjust: route('inventory.write')
    .route({ method: 'POST', path: '/inventory/{id}/adjust', tags, summary: 'Set the counted quantity, or add and take pieces', operationId: 'adjustStock' })
    .input(
      z
        .object({
          id: z.uuid(),
          /** Pieces to add (or take, below zero). Give this or `quantity`. */
          delta: pieces.optional(),
          /** What was counted. Give this or `delta`. */
          quantity: pieces.min(0).optional(),
          cause: adjustCause.default('adjustment'),
          note: text(500).default(''),
        })
        .refine((input) => (input.delta === undefined) !== (input.quantity === undefined), {
          path: ['quantity'],
          message: 'give either quantity or delta, not both',
        }),
    )
    .output(itemDetailSchema)
    .errors({ ...missing, ...declare(inventoryErrors['stock.below_zero']) }),
  update: route('inventory.write')
    .route({ method: 'PUT', path: '/inventory/{id}', tags, summary: 'Change reorder point and location', operationId: 'updateInventoryItem' })
    .input(
      z.object({
        id: z.uuid(),
        version: z.number().int().min(1).max(2_000_000_000),
        reorderPoint: pieces.min(0).nullable(),
        location: text(100),
      }),
    )
    .output(itemDetailSchema)
    .errors({ ...missing, ...declare(commonErrors['resource.stale']) }),
  mappings: route('inventory.read')
    .route({
      method: 'GET',
      path: '/products/inventory-mapping',
      tags,
      summary: 'Which item each product takes its stock from, by SKU',
      operationId: 'listInventoryMapping',
    })
    .input(z.object({ ...pageInput, search: text(200).optional(), show: z.enum(['unmapped', 'mapped', 'all']).default('all') }))
    .output(pageOf(mappingRowSchema)),
  map: route('inventory.write')
    .route({
      method: 'POST',
      path: '/products/inventory-mapping',
      tags,
      summary: 'Let a product take its stock from an item, or from a new one of its own',
      operationId: 'mapProductToItem',
    })
    /** Without `itemId` the product gets an item of its own with nothing on hand, unless it has one already. */
    .input(z.object({ productId: z.uuid(), itemId: z.uuid().optional() }))
    .output(mappingRowSchema)
    .errors({ ...missing, ...declare(inventoryErrors['stock.not_applicable']) }),
  syncStock: route('inventory.write')
    .route({
      method: 'POST',
      path: '/products/sync-stock',
      tags,
      summary: 'Work the stock of products out anew from their items',
      operationId: 'syncProductStock',
    })
    .input(z.object({ productIds: z.array(z.uuid()).min(1).max(10_000).optional() }))
    .output(
      z.object({
        /** Products looked at. */
        checked: z.number().int(),
        /** Of these: the shown stock was not what the items say, and is now. */
        corrected: z.number().int(),
        /** Products without an item; their stock is unknown. */
        unmapped: z.number().int(),
      }),
    ),
};
