import { z } from 'zod';
import { commonErrors, defineErrors } from '../../kit/errors.ts';
import { moneySchema } from '../../kit/money.ts';
import { pageInput, pageOf } from '../../kit/page.ts';
import { declare, route } from '../../kit/route.ts';
import { text } from '../../kit/text.ts';
import { runSchema } from '../sync/contract.ts';

export const ordersErrors = defineErrors({
  'order_line.already_shipped': {
    status: 409,
    message: 'This line has left the house with another product. Correct the stock of both products by hand instead.',
  },
  'order_line.not_waiting': { status: 409, message: 'This line was cancelled or moved to another package; there is nothing to map.' },
  'store.inactive': { status: 409, message: '"{name}" is paused. Turn it on first, then read its orders.' },
});

export const orderStatus = z.enum(['pending', 'new', 'processing', 'shipped', 'delivered', 'delivery_failed', 'returned', 'cancelled']);
export type OrderStatus = z.infer<typeof orderStatus>;
export const packageStatus = z.enum([...orderStatus.options, 'superseded', 'unknown']);
export type PackageStatus = z.infer<typeof packageStatus>;
export const orderProblem = z.enum(['needs_mapping', 'oversold']);
export type OrderProblem = z.infer<typeof orderProblem>;
export const receivedBy = z.enum(['poll', 'webhook', 'sweep']);

const channelRef = z.object({ id: z.uuid(), platform: z.string(), name: z.string(), mark: z.string(), series: z.number().int() });

const orderBase = {
  id: z.uuid(),
  /** Ours: counts up from 20001. */
  number: z.string(),
  /** The platform's order number. */
  externalNumber: z.string(),
  channel: channelRef,
  companyId: z.uuid(),
  status: orderStatus,
  problem: orderProblem.nullable(),
  /** null without the right to see customers. */
  customerName: z.string().nullable(),
  total: moneySchema,
  lineCount: z.number().int(),
  unitCount: z.number(),
  orderedAt: z.iso.datetime(),
  /** The platform's deadline for handing it to the carrier. */
  shipBy: z.iso.datetime().nullable(),
  receivedBy,
};

export const orderSchema = z.object({
  ...orderBase,
  /** Title of the first line. */
  title: z.string(),
});
export type Order = z.infer<typeof orderSchema>;

/** `none` no product yet; `reserved` promised; `oversold` promised, but not enough on hand; `taken` left the stock; `released` not needed any more; `before` left before the store was connected, so our count never held it. */
export const lineStock = z.enum(['none', 'reserved', 'oversold', 'taken', 'released', 'before']);
export type LineStock = z.infer<typeof lineStock>;
export const lineState = z.enum(['open', 'shipped', 'cancelled', 'superseded', 'returned']);
export const matchedBy = z.enum(['listing', 'barcode', 'channel_barcode', 'sku', 'hand']);

export const orderLineSchema = z.object({
  id: z.uuid(),
  packageId: z.uuid(),
  externalId: z.string(),
  sku: z.string(),
  barcode: z.string(),
  title: z.string(),
  quantity: z.number(),
  unitPrice: moneySchema,
  discount: moneySchema,
  total: moneySchema,
  /** Percent, as a decimal string; null when the platform does not tell. */
  vatRate: z.string().nullable(),
  state: lineState,
  product: z.object({ id: z.uuid(), sku: z.string(), title: z.string(), imageUrl: z.string().nullable() }).nullable(),
  matchedBy: matchedBy.nullable(),
  /** Why there is no product: nothing of ours fits, or several do. */
  matchProblem: z.enum(['none', 'ambiguous']).nullable(),
  stock: lineStock,
  /** Pieces of the product that may still be sold, this promise already taken off; null without a product. */
  available: z.number().nullable(),
});
export type OrderLine = z.infer<typeof orderLineSchema>;

const addressSchema = z.object({
  name: z.string(),
  company: z.string(),
  street: z.string(),
  city: z.string(),
  region: z.string(),
  postalCode: z.string(),
  country: z.string(),
  phone: z.string(),
  /** On invoice addresses of companies, else empty. */
  taxNumber: z.string(),
  taxOffice: z.string(),
});

/** A channel order: one package as the platform reports it. */
export const packageSchema = z.object({
  id: z.uuid(),
  externalId: z.string(),
  storeFront: z.string(),
  status: packageStatus,
  /** The platform's own word. */
  rawStatus: z.string(),
  /** Packages this one was made from. */
  originExternalIds: z.array(z.string()),
  cargoProvider: z.string(),
  trackingNumber: z.string(),
  trackingLink: z.string(),
  total: moneySchema,
  orderedAt: z.iso.datetime(),
  modifiedAt: z.iso.datetime(),
  receivedBy,
});
export type OrderPackage = z.infer<typeof packageSchema>;

/**
 * Kinds of the timeline; the web words them from `data`.
 * order_received {via, packages} · package_received {package, status} · package_status {package, from, to, raw} · package_replaced {package} ·
 * status_kept {package, status, raw} (the platform went back; we did not) · order_status {from, to} · line_unmapped {line, sku, barcode, problem} ·
 * line_mapped {line, productId, sku, by} · line_unlinked {line} · stock_reserved {lines, units} · stock_oversold {lines} · stock_covered {lines} ·
 * stock_taken {lines, units} · stock_released {lines, units, cause} · stock_before {package} · line_cancelled {line}
 */
export const orderEventKind = z.enum([
  'order_received',
  'package_received',
  'package_status',
  'package_replaced',
  'status_kept',
  'order_status',
  'line_unmapped',
  'line_mapped',
  'line_unlinked',
  'stock_reserved',
  'stock_oversold',
  'stock_covered',
  'stock_taken',
  'stock_released',
  'stock_before',
  'line_cancelled',
]);
export type OrderEventKind = z.infer<typeof orderEventKind>;

export const orderEventSchema = z.object({
  id: z.uuid(),
  kind: orderEventKind,
  data: z.record(z.string(), z.unknown()),
  actorName: z.string(),
  at: z.iso.datetime(),
});
export type OrderEvent = z.infer<typeof orderEventSchema>;

export const orderDetailSchema = z.object({
  ...orderBase,
  discount: moneySchema,
  companyName: z.string(),
  shippedAt: z.iso.datetime().nullable(),
  deliveredAt: z.iso.datetime().nullable(),
  cancelledAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** null without the right to see customers. Addresses are null while the platform masks them. */
  customer: z.object({ name: z.string(), email: z.string(), phone: z.string(), shipTo: addressSchema.nullable(), billTo: addressSchema.nullable() }).nullable(),
  /** Of packages that still stand first, then of those that were split. */
  lines: z.array(orderLineSchema),
  packages: z.array(packageSchema),
  /** Newest first; at most 500. */
  timeline: z.array(orderEventSchema),
});
export type OrderDetail = z.infer<typeof orderDetailSchema>;

export const channelOrderSchema = z.object({
  ...packageSchema.shape,
  channel: channelRef,
  externalNumber: z.string(),
  order: z.object({ id: z.uuid(), number: z.string(), status: orderStatus, problem: orderProblem.nullable() }).nullable(),
  lineCount: z.number().int(),
});
export type ChannelOrder = z.infer<typeof channelOrderSchema>;

export const quarantineSchema = z.object({
  id: z.uuid(),
  channel: channelRef,
  externalId: z.string(),
  reason: z.string(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  times: z.number().int(),
  resolvedAt: z.iso.datetime().nullable(),
});
export type QuarantinedOrder = z.infer<typeof quarantineSchema>;

/** Counts are exact up to 10,000; a count of 10,000 means "10,000 or more". */
export const orderCountsSchema = z.object({
  byStatus: z.record(orderStatus, z.number().int()),
  /** Open and past its deadline. */
  late: z.number().int(),
  /** Open and due before midnight in the shop's time zone. */
  today: z.number().int(),
  needsMapping: z.number().int(),
  oversold: z.number().int(),
  quarantined: z.number().int(),
});
export type OrderCounts = z.infer<typeof orderCountsSchema>;

export const orderSort = z.enum(['newest', 'deadline']);
export type OrderSort = z.infer<typeof orderSort>;

const platform = text(40, { min: 1 });
const byId = z.object({ id: z.uuid() });
const missing = declare(commonErrors['resource.not_found']);
const unsupported = declare(commonErrors['capability.unsupported']);
const tags = ['Orders'];

export const ordersContract = {
  list: route('orders.read')
    .route({ method: 'GET', path: '/orders', tags, summary: 'Orders of all channels', operationId: 'listOrders' })
    .input(
      z.object({
        ...pageInput,
        /** Our number or the platform's; part of the customer's name or the whole e-mail address with the right to see customers. */
        search: text(200).optional(),
        /** `open` is pending, new and processing together. */
        status: z.enum(['open', ...orderStatus.options]).optional(),
        channelId: z.uuid().optional(),
        platform: platform.optional(),
        problem: z.enum(['any', ...orderProblem.options]).optional(),
        deadline: z.enum(['late', 'today']).optional(),
        /** `deadline` lists open orders that have one, the most urgent first. */
        sort: orderSort.default('newest'),
      }),
    )
    .output(pageOf(orderSchema)),
  counts: route('orders.read')
    .route({ method: 'GET', path: '/orders/counts', tags, summary: 'How many orders stand where', operationId: 'countOrders' })
    .input(z.object({ channelId: z.uuid().optional() }))
    .output(orderCountsSchema),
  quarantine: route('orders.read')
    .route({
      method: 'GET',
      path: '/orders/quarantine',
      tags,
      summary: 'Messages of platforms that could not be turned into orders, newest first',
      operationId: 'listQuarantine',
    })
    .input(z.object({ ...pageInput, channelId: z.uuid().optional(), show: z.enum(['open', 'resolved', 'all']).default('open') }))
    .output(pageOf(quarantineSchema)),
  get: route('orders.read')
    .route({ method: 'GET', path: '/orders/{id}', tags, summary: 'One order with lines, packages and timeline', operationId: 'getOrder' })
    .input(byId)
    .output(orderDetailSchema)
    .errors(missing),
  mapLine: route('orders.write')
    .route({ method: 'POST', path: '/orders/{id}/lines/{lineId}/map', tags, summary: 'Say which product of ours was sold', operationId: 'mapOrderLine' })
    .input(z.object({ id: z.uuid(), lineId: z.uuid(), productId: z.uuid() }))
    .output(orderDetailSchema)
    .errors({ ...missing, ...declare(ordersErrors['order_line.already_shipped'], ordersErrors['order_line.not_waiting']) }),
  channelOrders: route('orders.read')
    .route({ method: 'GET', path: '/{platform}/orders', tags, summary: 'Packages as a platform reports them, newest first', operationId: 'listChannelOrders' })
    .input(
      z.object({
        platform,
        ...pageInput,
        channelId: z.uuid().optional(),
        status: packageStatus.optional(),
        /** The platform's order number, package id or tracking number, whole. */
        search: text(200).optional(),
      }),
    )
    .output(pageOf(channelOrderSchema))
    .errors({ ...missing, ...unsupported }),
  sync: route('orders.write')
    .route({ method: 'POST', path: '/{platform}/sync', tags, summary: 'Read new and changed orders now', operationId: 'syncPlatform', successStatus: 202 })
    .input(z.object({ platform, what: z.enum(['orders']).default('orders'), channelId: z.uuid().optional() }))
    /** The run of the first store, and the runs of all. */
    .output(z.object({ ...runSchema.shape, runs: z.array(runSchema) }))
    .errors({ ...missing, ...unsupported, ...declare(ordersErrors['store.inactive']) }),
};
