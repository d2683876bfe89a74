import { z } from 'zod';
import { commonErrors, defineErrors } from '../../kit/errors.ts';
import { moneySchema } from '../../kit/money.ts';
import { pageInput, pageOf } from '../../kit/page.ts';
import { declare, route } from '../../kit/route.ts';
import { text } from '../../kit/text.ts';

export const channelsErrors = defineErrors({
  'channel.already_connected': { status: 409, message: 'This account is already connected as "{name}". Open that store instead of connecting it again.' },
  'channel.name_taken': { status: 409, message: 'Another store is already called "{name}". Choose a name that tells them apart.' },
  'channel.stock_source_required': { status: 400, message: 'Say first whose stock counts: ours, or what the channel holds now. It cannot be guessed.' },
  'channel.credentials_refused': {
    status: 409,
    message: 'The platform refuses the credentials of "{name}". Enter them again before its writes are turned on.',
  },
  'channel.unreadable': { status: 409, message: 'The credentials or settings of "{name}" cannot be read any more. Open the store and save them again.' },
});

/** A field of a form drawn from a platform's manifest; `secret` values are write-only. */
export const formFieldSchema = z.object({
  name: z.string(),
  label: z.string(),
  kind: z.enum(['text', 'secret', 'number', 'select', 'multi_select', 'switch']),
  required: z.boolean(),
  help: z.string().optional(),
  placeholder: z.string().optional(),
  options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  defaultValue: z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]).optional(),
});
export type FormField = z.infer<typeof formFieldSchema>;

export const capability = z.enum(['products', 'orders', 'stock']);
export type Capability = z.infer<typeof capability>;

export const platformSchema = z.object({
  platform: z.string(),
  name: z.string(),
  mark: z.string(),
  kind: z.enum(['marketplace', 'ads', 'invoicing', 'files']),
  credentials: z.array(formFieldSchema),
  settings: z.array(formFieldSchema),
  capabilities: z.array(capability),
  /** The platform has a place to practise: stores can be connected in test mode. */
  hasTestMode: z.boolean(),
  howToConnect: z.string(),
  docsUrl: z.string().nullable(),
  /** Stores connected on it that the caller may see. */
  storeCount: z.number().int(),
});
export type Platform = z.infer<typeof platformSchema>;

export const channelHealth = z.enum(['unknown', 'ok', 'waiting', 'auth_failed', 'failing']);
export const channelWrites = z.enum(['off', 'on']);
export const pushState = z.enum(['wanted', 'sending', 'sent', 'confirmed', 'failed', 'in_doubt']);
export const listingState = z.enum(['live', 'sending', 'differs', 'refused', 'ended']);
export const channelProductStatus = z.enum(['live', 'pending', 'rejected', 'archived', 'blocked', 'inactive']);
export type PushState = z.infer<typeof pushState>;
export type ListingState = z.infer<typeof listingState>;
export type ChannelProductStatus = z.infer<typeof channelProductStatus>;

/** What needs a person on a channel; counts stop at 10,000. */
export const channelProblemsSchema = z.object({
  /** Channel products without a product of ours. */
  unmapped: z.number().int(),
  /** Of these: several of our products fit. */
  ambiguous: z.number().int(),
  /** Values the platform refused. */
  failed: z.number().int(),
  /** Sent, but nobody knows yet whether it holds. */
  inDoubt: z.number().int(),
});

const channelBase = {
  id: z.uuid(),
  platform: z.string(),
  platformName: z.string(),
  name: z.string(),
  /** One to three letters for marks. */
  mark: z.string(),
  /** Colour index 1 to 6, kept for life. */
  series: z.number().int(),
  companyId: z.uuid(),
  currency: z.string(),
  active: z.boolean(),
  testMode: z.boolean(),
  writes: channelWrites,
  health: channelHealth,
  healthMessage: z.string(),
  healthAt: z.iso.datetime().nullable(),
};

/** A connected store as navigation and pickers need it. */
export const channelSchema = z.object({ ...channelBase, problems: channelProblemsSchema });
export type Channel = z.infer<typeof channelSchema>;

/** How much of what is available a channel is offered. Applied in this order: share, buffer, minimum, cap. */
export const stockRuleSchema = z.object({
  /** Percent of the available pieces that this channel is offered. */
  sharePercent: z.number().int().min(0).max(100).default(100),
  /** Pieces held back. */
  buffer: z.number().int().min(0).max(1_000_000).default(0),
  /** Fewer than this are offered as 0. */
  minimum: z.number().int().min(0).max(1_000_000).default(0),
  /** Never more than this; null for no limit. */
  cap: z.number().int().min(0).max(1_000_000).nullable().default(null),
});
export type StockRule = z.infer<typeof stockRuleSchema>;

export const stockSource = z.enum(['ours', 'channel']);

/** Values of a form: what the manifest's fields hold. */
const formValue = z.union([text(4000), z.number(), z.boolean(), z.array(text(200)).max(200)]);
const formValues = z.record(text(60, { min: 1 }), formValue);

/** A store as its settings page needs it. Credentials: fields of kind `secret` are only told to be set. */
export const storeSchema = z.object({
  ...channelBase,
  companyName: z.string(),
  credentials: z.array(z.object({ name: z.string(), isSet: z.boolean(), value: z.string().nullable() })),
  settings: z.record(z.string(), z.unknown()),
  stockSource: stockSource.nullable(),
  stockRule: stockRuleSchema,
  tokenExpiresAt: z.iso.datetime().nullable(),
  problems: channelProblemsSchema,
  productCount: z.number().int(),
  mappedCount: z.number().int(),
  /** Mapped products that the store offers now although we have none: with our stock they would no longer be sold there. */
  wouldSellOutCount: z.number().int(),
  /** When its products were last read completely. */
  pulledAt: z.iso.datetime().nullable(),
  version: z.number().int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type Store = z.infer<typeof storeSchema>;

export const testResultSchema = z.object({
  ok: z.boolean(),
  message: z.string(),
  /** Name of the form field that is most likely wrong. */
  field: z.string().nullable(),
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
});
export type TestResult = z.infer<typeof testResultSchema>;

export const startedRunSchema = z.object({
  /** Follow it at `/runs/{id}`. */
  runId: z.uuid(),
  /** false when one was already under way; its id is given then. */
  started: z.boolean(),
});

const ourProduct = z.object({ id: z.uuid(), sku: z.string(), title: z.string() });

/** One value on its way: wanted, sent, confirmed. */
export const stockPushSchema = z.object({
  state: pushState,
  wanted: z.number().int(),
  wantedAt: z.iso.datetime(),
  sent: z.number().int().nullable(),
  sentAt: z.iso.datetime().nullable(),
  confirmed: z.number().int().nullable(),
  confirmedAt: z.iso.datetime().nullable(),
  /** When it is sent or asked for again, while it waits. */
  dueAt: z.iso.datetime().nullable(),
  error: z.string().nullable(),
});
export type StockPush = z.infer<typeof stockPushSchema>;

/** A product as it stands on a channel, and which product of ours it is. */
export const channelProductSchema = z.object({
  id: z.uuid(),
  channelId: z.uuid(),
  externalId: z.string(),
  barcode: z.string(),
  sku: z.string(),
  title: z.string(),
  brand: z.string(),
  category: z.string(),
  status: channelProductStatus,
  statusReason: z.string(),
  price: moneySchema.nullable(),
  listPrice: moneySchema.nullable(),
  quantity: z.number().nullable(),
  url: z.string(),
  imageUrl: z.string(),
  observedAt: z.iso.datetime(),
  /** Since when a complete read no longer finds it there. */
  missingSince: z.iso.datetime().nullable(),
  product: ourProduct.nullable(),
  /** `automatic`, or the name of whoever said so. */
  mappedBy: z.string().nullable(),
  mappedAt: z.iso.datetime().nullable(),
  /** `none`: nothing of ours fits; `ambiguous`: several do. null once mapped. */
  matchProblem: z.enum(['none', 'ambiguous']).nullable(),
  stock: stockPushSchema.nullable(),
});
export type ChannelProduct = z.infer<typeof channelProductSchema>;

export const candidateSchema = z.object({
  ...ourProduct.shape,
  barcode: z.string().nullable(),
  /** Why it is suggested: the same barcode, the same SKU, or a similar title. */
  reason: z.enum(['barcode', 'sku', 'title']),
});
export const mappingItemSchema = z.object({ ...channelProductSchema.shape, candidates: z.array(candidateSchema) });
export type MappingItem = z.infer<typeof mappingItemSchema>;

export const statsSchema = z.object({
  platform: z.string(),
  name: z.string(),
  capabilities: z.array(capability),
  stores: z.array(channelSchema),
  products: z.object({
    total: z.number().int(),
    live: z.number().int(),
    mapped: z.number().int(),
    unmapped: z.number().int(),
    ambiguous: z.number().int(),
    missing: z.number().int(),
  }),
  pushes: z.object({
    wanted: z.number().int(),
    sending: z.number().int(),
    sent: z.number().int(),
    confirmed: z.number().int(),
    failed: z.number().int(),
    inDoubt: z.number().int(),
  }),
  /** null when the platform has no orders. */
  ordersToday: z.number().int().nullable(),
  pulledAt: z.iso.datetime().nullable(),
});
export type PlatformStats = z.infer<typeof statsSchema>;

/** What is offered of one product on one channel. */
export const productListingSchema = z.object({
  listingId: z.uuid(),
  channel: z.object({
    id: z.uuid(),
    platform: z.string(),
    name: z.string(),
    mark: z.string(),
    series: z.number().int(),
    writes: channelWrites,
    health: channelHealth,
  }),
  state: listingState,
  error: z.string(),
  lastSyncedAt: z.iso.datetime().nullable(),
  /** Everything on this channel that is mapped to the product; mostly one. */
  channelProducts: z.array(
    z.object({
      id: z.uuid(),
      externalId: z.string(),
      barcode: z.string(),
      title: z.string(),
      status: channelProductStatus,
      statusReason: z.string(),
      url: z.string(),
      price: moneySchema.nullable(),
      fields: z.array(
        z.object({
          field: z.enum(['stock']),
          /** What the platform was seen to hold, and when. */
          there: z.number().nullable(),
          thereAt: z.iso.datetime(),
          /** What the stock rule wants there now, also while writes are off; null when we have no stock of it. */
          shouldBe: z.number().int().nullable(),
          /** The stock rule in words: "available − 2". */
          comesFrom: z.string(),
          push: stockPushSchema.nullable(),
        }),
      ),
    }),
  ),
});
export type ProductListing = z.infer<typeof productListingSchema>;

const platform = z.string().min(1).max(40);
const store = { platform, id: z.uuid() };
const storeFields = {
  name: text(80, { min: 1 }).optional(),
  mark: text(3, { min: 1 }).optional(),
  testMode: z.boolean().optional(),
  settings: formValues.optional(),
  stockRule: stockRuleSchema.optional(),
};
const missing = declare(commonErrors['resource.not_found']);
const unsupported = declare(commonErrors['capability.unsupported']);
const taken = declare(channelsErrors['channel.already_connected'], channelsErrors['channel.name_taken']);
const unreadable = declare(channelsErrors['channel.unreadable']);
const tags = ['Channels'];

export const channelsContract = {
  platforms: route('signed_in')
    .route({
      method: 'GET',
      path: '/platforms',
      tags,
      summary: 'Platforms a store can be connected on, with their forms and capabilities',
      operationId: 'listPlatforms',
    })
    .output(z.object({ items: z.array(platformSchema) })),
  channels: route('signed_in')
    .route({ method: 'GET', path: '/channels', tags, summary: 'Every connected store, in the order of connection', operationId: 'listChannels' })
    .output(z.object({ items: z.array(channelSchema) })),
  overview: route('channels.read')
    .route({ method: 'GET', path: '/{platform}', tags, summary: 'A platform at a glance: stores and counts', operationId: 'getPlatform' })
    .input(z.object({ platform }))
    .output(statsSchema)
    .errors(missing),
  stats: route('channels.read')
    .route({ method: 'GET', path: '/{platform}/stats', tags, summary: 'Counts of products, mappings and pushes', operationId: 'getPlatformStats' })
    .input(z.object({ platform, channelId: z.uuid().optional() }))
    .output(statsSchema)
    .errors(missing),
  stores: route('channels.read')
    .route({ method: 'GET', path: '/{platform}/stores', tags, summary: 'Stores connected on a platform', operationId: 'listStores' })
    .input(z.object({ platform }))
    .output(z.object({ items: z.array(storeSchema) }))
    .errors(missing),
  connect: route('channels.connect')
    .route({
      method: 'POST',
      path: '/{platform}/stores',
      tags,
      summary: 'Connect a store; its products are pulled at once, its writes stay off',
      operationId: 'connectStore',
      successStatus: 201,
    })
    .input(z.object({ platform, ...storeFields, companyId: z.uuid().optional(), credentials: formValues }))
    .output(storeSchema)
    .errors({ ...missing, ...taken }),
  store: route('channels.read')
    .route({ method: 'GET', path: '/{platform}/stores/{id}', tags, summary: 'One store', operationId: 'getStore' })
    .input(z.object(store))
    .output(storeSchema)
    .errors(missing),
  updateStore: route('channels.connect')
    .route({
      method: 'PUT',
      path: '/{platform}/stores/{id}',
      tags,
      summary: 'Change a store; credentials left out stay as they are',
      operationId: 'updateStore',
    })
    .input(
      z.object({
        ...store,
        ...storeFields,
        active: z.boolean().optional(),
        credentials: formValues.optional(),
        version: z.number().int().min(1).max(2_000_000_000),
      }),
    )
    .output(storeSchema)
    .errors({ ...missing, ...taken, ...unreadable, ...declare(commonErrors['resource.stale']) }),
  archiveStore: route('channels.connect')
    .route({
      method: 'DELETE',
      path: '/{platform}/stores/{id}',
      tags,
      summary: 'Disconnect a store: nothing is sent or read any more; its history stays',
      operationId: 'archiveStore',
      successStatus: 204,
    })
    .input(z.object(store))
    .errors(missing),
  test: route('channels.connect')
    .route({ method: 'POST', path: '/{platform}/test', tags, summary: 'Try credentials before connecting', operationId: 'testCredentials' })
    .input(z.object({ platform, credentials: formValues, settings: formValues.optional(), testMode: z.boolean().optional() }))
    .output(testResultSchema)
    .errors(missing),
  testStore: route('channels.write')
    .route({ method: 'POST', path: '/{platform}/stores/{id}/test', tags, summary: 'Try the connection of a store', operationId: 'testStore' })
    .input(z.object(store))
    .output(testResultSchema)
    .errors({ ...missing, ...unreadable }),
  writes: route('channels.connect')
    .route({ method: 'POST', path: '/{platform}/stores/{id}/writes', tags, summary: 'Turn the writes of a store on or off', operationId: 'setStoreWrites' })
    .input(z.object({ ...store, on: z.boolean(), stockSource: stockSource.optional() }))
    .output(storeSchema)
    .errors({ ...missing, ...unsupported, ...declare(channelsErrors['channel.stock_source_required'], channelsErrors['channel.credentials_refused']) }),
  pull: route('channels.write')
    .route({ method: 'POST', path: '/{platform}/stores/{id}/pull', tags, summary: "Read a store's products now", operationId: 'pullStore', successStatus: 202 })
    .input(z.object(store))
    .output(startedRunSchema)
    .errors({ ...missing, ...unsupported }),
  products: route('channels.read')
    .route({ method: 'GET', path: '/{platform}/products', tags, summary: 'What stands on the platform, by title', operationId: 'listChannelProducts' })
    .input(
      z.object({
        platform,
        ...pageInput,
        channelId: z.uuid().optional(),
        /** Exact barcode, SKU or external id, or words of the title. */
        search: text(200).optional(),
        status: channelProductStatus.optional(),
        mapped: z.enum(['yes', 'no', 'ambiguous']).optional(),
        pushState: pushState.optional(),
        missing: z.enum(['yes', 'no']).optional(),
      }),
    )
    .output(pageOf(channelProductSchema))
    .errors({ ...missing, ...unsupported }),
  mapping: route('channels.read')
    .route({
      method: 'GET',
      path: '/{platform}/mapping',
      tags,
      summary: 'Channel products without a product of ours, ambiguous ones first, with suggestions',
      operationId: 'listMapping',
    })
    .input(
      z.object({
        platform,
        ...pageInput,
        limit: z.coerce.number().int().min(1).max(100).default(25),
        channelId: z.uuid().optional(),
        search: text(200).optional(),
        show: z.enum(['unmapped', 'mapped', 'all']).default('unmapped'),
      }),
    )
    .output(pageOf(mappingItemSchema))
    .errors({ ...missing, ...unsupported }),
  map: route('channels.write')
    .route({
      method: 'POST',
      path: '/{platform}/mapping',
      tags,
      summary: 'Say which product of ours a channel product is; null takes the mapping away',
      operationId: 'mapChannelProduct',
    })
    .input(z.object({ platform, channelProductId: z.uuid(), productId: z.uuid().nullable() }))
    .output(channelProductSchema)
    .errors({ ...missing, ...unsupported }),
  productChannels: route('catalog.read')
    .route({
      method: 'GET',
      path: '/products/{id}/channels',
      tags,
      summary: 'Where a product is offered: wanted, sent, confirmed',
      operationId: 'getProductChannels',
    })
    .input(z.object({ id: z.uuid() }))
    .output(z.object({ items: z.array(productListingSchema) }))
    .errors(missing),
};
