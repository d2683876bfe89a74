/* Generated from the migrated database by `npm run generate`; a test compares it. */

/** one connected store on a platform */
export interface ChannelRow {
  id: string;
  platform: string;
  name: string;
  mark: string;
  series: number;
  company_id: string;
  currency: string;
  active: boolean;
  test_mode: boolean;
  writes: 'off' | 'on';
  stock_source: 'ours' | 'channel' | null;
  stock_rule: unknown;
  account_key: string;
  credentials_sealed: string;
  settings: unknown;
  webhook_secret_sealed: string | null;
  webhook_token: string | null;
  token_expires_at: Date | null;
  health: 'unknown' | 'ok' | 'waiting' | 'auth_failed' | 'failing';
  health_message: string;
  health_at: Date | null;
  push_after: Date | null;
  push_failures: number;
  pulled_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
}

/** what the platform says exists there, and which product of ours it is */
export interface ChannelProductRow {
  id: string;
  channel_id: string;
  external_id: string;
  barcode: string;
  sku: string;
  title: string;
  brand: string;
  category: string;
  status: 'live' | 'pending' | 'rejected' | 'archived' | 'blocked' | 'inactive';
  status_reason: string;
  price_minor: number | null;
  list_price_minor: number | null;
  currency: string;
  quantity: string | null;
  url: string;
  image_url: string;
  attributes: unknown;
  observed_at: Date;
  last_seen_run_id: string | null;
  missing_since: Date | null;
  product_id: string | null;
  mapped_by: string | null;
  mapped_at: Date | null;
  match_problem: 'none' | 'ambiguous' | null;
}

/** what we want to offer of a product on a channel */
export interface ListingRow {
  id: string;
  channel_id: string;
  product_id: string;
  channel_product_id: string | null;
  external_id: string;
  external_handle: string;
  published: boolean;
  active: boolean;
  overrides: unknown;
  state: 'live' | 'sending' | 'differs' | 'refused' | 'ended';
  error: string;
  last_synced_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

/** one value on its way to a channel; the newest wish wins */
export interface PushRow {
  id: string;
  channel_id: string;
  channel_product_id: string;
  field: 'stock' | 'price';
  wanted: unknown;
  wanted_at: Date;
  wanted_version: number;
  state: 'wanted' | 'sending' | 'sent' | 'confirmed' | 'failed' | 'in_doubt';
  priority: number;
  due_at: Date;
  sent: unknown;
  sent_at: Date | null;
  sent_version: number | null;
  batch_id: string | null;
  verify: boolean;
  check_at: Date | null;
  checks: number;
  confirmed: unknown;
  confirmed_at: Date | null;
  attempts: number;
  error_code: string | null;
  error: string | null;
}

/** one request of many pushes and the handle to ask for its result */
export interface PushBatchRow {
  id: string;
  channel_id: string;
  external_id: string | null;
  state: 'sending' | 'sent' | 'done' | 'failed' | 'lost';
  item_count: number;
  failed_count: number;
  sent_at: Date;
  poll_at: Date | null;
  polls: number;
  leased_until: Date | null;
  error: string;
  finished_at: Date | null;
}
