import type { z } from 'zod';
import type { HttpClient } from '../kit/http-client.ts';
import type { Money } from '../kit/money.ts';

/*
 * The contract every platform is connected through. A connector never sees our database, and nothing outside its folder
 * ever sees the platform's shapes: records go in and out in the words below. Refusals are answers (`PushResult.refused`);
 * everything else that goes wrong is thrown as a ConnectorError of one of the five kinds.
 */

/** A field of a form that a screen draws from the manifest. `secret` values are write-only. */
export interface FormField {
  name: string;
  label: string;
  kind: 'text' | 'secret' | 'number' | 'select' | 'multi_select' | 'switch';
  required: boolean;
  help?: string;
  placeholder?: string;
  options?: readonly { value: string; label: string }[];
  defaultValue?: string | number | boolean | readonly string[];
}

/** What is known of a platform without asking it: everything a screen or a schedule needs, as data. */
export interface Manifest {
  /** Path segment and table value: `acme`. */
  platform: string;
  kind: 'marketplace' | 'ads' | 'invoicing' | 'files';
  name: string;
  /** One or two letters for marks, when the store's own do not tell more. */
  mark: string;
  /** Overridden by KARAVAN_ENDPOINTS; the demo points it at the sandbox. */
  baseUrl: string;
  /** Base address used when a store is in test mode, if the platform has one. */
  testBaseUrl?: string;
  credentials: readonly FormField[];
  settings: readonly FormField[];
  /** Validates and types the two forms above; unknown keys are refused. */
  credentialsSchema: z.ZodType<Record<string, unknown>>;
  settingsSchema: z.ZodType<Record<string, unknown>>;
  /** How often orders are polled and by how much the windows overlap. */
  orders?: { everyMs: number; overlapMs: number; maxWindowMs: number; historyMs: number };
  /** Stock and price writes: most items in one request; how soon and how often a batch is asked for its result. */
  push?: { maxItems: number; pollAfterMs: number; pollEveryMs: number; resultKeptMs: number };
  /** Where a seller finds the credentials, in one or two sentences. */
  howToConnect: string;
  docsUrl?: string;
}

/** A store as a connector gets it: opened credentials, checked settings, a client with its quota, the present. */
export interface Store {
  channelId: string;
  credentials: Record<string, unknown>;
  settings: Record<string, unknown>;
  testMode: boolean;
  /** Already bound to the platform's base address, this store's quota keys and time-outs. */
  http: HttpClient;
  now(): Date;
}

/** Answer of a connection test. `storeName` and `facts` are shown to the person. */
export interface TestResult {
  ok: boolean;
  message: string;
  /** Which form field is most likely wrong. */
  field?: string;
  facts: readonly { label: string; value: string }[];
}

/** A product as it stands on the platform. */
export interface ChannelProductRecord {
  externalId: string;
  barcode: string;
  sku: string;
  title: string;
  brand: string;
  category: string;
  status: 'live' | 'pending' | 'rejected' | 'archived' | 'blocked' | 'inactive';
  statusReason: string;
  price: Money | null;
  listPrice: Money | null;
  currency: string;
  quantity: number | null;
  url: string;
  imageUrl: string;
  attributes: Record<string, string>;
}

export interface Address {
  name: string;
  company: string;
  street: string;
  city: string;
  region: string;
  postalCode: string;
  country: string;
  phone: string;
  /** On invoice addresses of companies. */
  taxNumber?: string;
  taxOffice?: string;
}

export type ChannelOrderStatus =
  | 'pending'
  | 'new'
  | 'processing'
  | 'shipped'
  | 'delivered'
  | 'delivery_failed'
  | 'returned'
  | 'cancelled'
  | 'superseded'
  | 'unknown';

export interface ChannelOrderLineRecord {
  externalId: string;
  /** External id of the channel product, when the platform tells it. */
  productExternalId: string | null;
  sku: string;
  barcode: string;
  title: string;
  quantity: number;
  unitPrice: Money;
  /** Exact total of the line after discounts, tax included. */
  total: Money;
  discount: Money;
  vatRate: string | null;
  cancelled: boolean;
}

/** One package as the platform reports it. */
export interface ChannelOrderRecord {
  externalId: string;
  externalNumber: string;
  storeFront: string;
  status: ChannelOrderStatus;
  rawStatus: string;
  /** The platform's own modification time: an older or equal one never changes what we know. */
  modifiedAt: Date;
  orderedAt: Date;
  shipBy: Date | null;
  /** Packages this one was made from by a split or partial cancel. */
  originExternalIds: readonly string[];
  customer: { name: string; email: string; phone: string };
  /** null while the platform masks it. */
  shipTo: Address | null;
  billTo: Address | null;
  lines: readonly ChannelOrderLineRecord[];
  total: Money;
  discount: Money;
  cargoProvider: string;
  trackingNumber: string;
  trackingLink: string;
  /** What the platform sent, for the audit trail. */
  raw: unknown;
}

/** One page of a pull. An item the connector cannot read is reported in `unreadable` and never stops the page. */
export interface PullPage<T> {
  items: readonly T[];
  unreadable: readonly { externalId: string; reason: string; raw: unknown }[];
  /** Opaque, JSON; null when this was the last page. Safe to keep for hours. */
  next: unknown;
  /** Known total, if the platform tells. */
  total?: number;
}

export interface OrderWindow {
  storeFront: string;
  from: Date;
  to: Date;
}

/** One value that should hold on the platform. Absent members are left alone there. */
export interface PushItem {
  /** Ours; comes back in the result. */
  pushId: string;
  externalId: string;
  barcode: string;
  quantity?: number;
  price?: Money;
  listPrice?: Money;
}

export interface PushResult {
  pushId: string;
  state: 'confirmed' | 'refused' | 'unknown';
  /** The platform's reasons in plain words. */
  reasons: readonly string[];
}

/** What sending gave: results at once, or a handle to ask later, or both. */
export interface PushAnswer {
  batchId: string | null;
  results: readonly PushResult[];
  /** When to ask for the batch; the manifest's pace when absent. */
  pollAfterMs?: number;
}

export interface BatchAnswer {
  state: 'running' | 'finished' | 'unknown';
  /** One per item when finished; while running, those that are decided already. */
  results: readonly PushResult[];
  /** While running: when to ask again; the manifest's pace when absent. */
  pollAfterMs?: number;
}

/** A connector: manifest plus the capabilities the platform has. Missing members answer `capability.unsupported`. */
export interface Connector {
  manifest: Manifest;
  /** Identifies the account (e.g. seller id + store front): connecting the same one twice is refused. */
  accountKey(credentials: Record<string, unknown>, settings: Record<string, unknown>): string;
  /** Suggested name, two-letter mark and currency of the store from its settings. */
  describe(credentials: Record<string, unknown>, settings: Record<string, unknown>): { name: string; mark: string; currency: string };
  /** What the platform counts requests of (e.g. the seller, whatever the store front): stores that share it share its limits. */
  quotaAccount(credentials: Record<string, unknown>, settings: Record<string, unknown>): string;
  /** Limits per endpoint group, for kit/quota. A group may have several, and a call may count in several groups. */
  quotas(store: { credentials: Record<string, unknown>; settings: Record<string, unknown> }): readonly QuotaRule[];
  test(store: Store): Promise<TestResult>;
  products?: {
    pull(store: Store, cursor: unknown): Promise<PullPage<ChannelProductRecord>>;
  };
  orders?: {
    /** Scopes that are polled one by one, each with its own cursor (e.g. store fronts). */
    storeFronts(settings: Record<string, unknown>): readonly string[];
    /** This store's own pace, if it may be set; the manifest's when absent. */
    everyMs?(settings: Record<string, unknown>): number;
    pull(store: Store, window: OrderWindow, cursor: unknown): Promise<PullPage<ChannelOrderRecord>>;
  };
  stock?: {
    /** Absolute quantities (and prices, if given). Never more than `manifest.push.maxItems`. */
    push(store: Store, items: readonly PushItem[]): Promise<PushAnswer>;
    /** Result of an asynchronous batch; `unknown` when the platform no longer remembers it. */
    result(store: Store, batchId: string, items: readonly PushItem[]): Promise<BatchAnswer>;
    /** What the platform holds now, for those external ids: the read-back after doubt. What is not there is left out. */
    read(
      store: Store,
      items: readonly { externalId: string; barcode: string }[],
    ): Promise<readonly { externalId: string; quantity: number | null; price: Money | null }[]>;
  };
}

/** One limit: at most `limit` requests in `windowMs` for all calls whose group is `group`, per account. */
export interface QuotaRule {
  group: string;
  limit: number;
  windowMs: number;
}

/** How a platform's product file maps to our fields. Headings are matched without case, BOM and outer blanks; the first present alias wins. */
export interface ImportProfile {
  id: string;
  name: string;
  /** The file is recognised when every one of these fields has a heading. */
  recognisedBy: readonly string[];
  /** Our field → accepted headings, newest first. */
  columns: Readonly<Record<string, readonly string[]>>;
  /** Rows sharing this field belong to one product (variants and further pictures). */
  groupBy?: string;
  /** Fields stated on a group's first row only and inherited by the rest. */
  inherited?: readonly string[];
  /** Text that stands for "no options" (`Title` / `Default Title`). */
  singleVariant?: { optionName: string; optionValue: string };
}
