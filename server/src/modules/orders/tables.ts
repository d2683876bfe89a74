/* Generated from the migrated database by `npm run generate`; a test compares it. */

/** one package as the platform reports it; guarded by the platform's own modification time */
export interface ChannelOrderRow {
  id: string;
  channel_id: string;
  external_id: string;
  order_id: string | null;
  external_number: string;
  store_front: string;
  status: 'pending' | 'new' | 'processing' | 'shipped' | 'delivered' | 'delivery_failed' | 'returned' | 'cancelled' | 'superseded' | 'unknown';
  reported: 'pending' | 'new' | 'processing' | 'shipped' | 'delivered' | 'delivery_failed' | 'returned' | 'cancelled' | 'superseded' | 'unknown';
  raw_status: string;
  modified_at: Date;
  ordered_at: Date;
  origin_external_ids: string[];
  cargo_provider: string;
  tracking_number: string;
  tracking_link: string;
  ship_by: Date | null;
  customer_name: string;
  customer_email: string;
  customer_phone: string;
  ship_to: unknown;
  bill_to: unknown;
  total_minor: number;
  discount_minor: number;
  currency: string;
  left_before: boolean;
  raw: unknown;
  received_by: 'poll' | 'webhook' | 'sweep';
  created_at: Date;
  updated_at: Date;
}

/** our own order, made from one or more channel orders with the same order number */
export interface OrderRow {
  id: string;
  number: string;
  channel_id: string;
  company_id: string;
  external_number: string;
  status: 'pending' | 'new' | 'processing' | 'shipped' | 'delivered' | 'delivery_failed' | 'returned' | 'cancelled';
  problem: 'needs_mapping' | 'oversold' | null;
  customer_name: string;
  customer_email: string;
  customer_phone: string;
  ship_to: unknown;
  bill_to: unknown;
  currency: string;
  total_minor: number;
  discount_minor: number;
  line_count: number;
  unit_count: string;
  ordered_at: Date;
  ship_by: Date | null;
  received_by: 'poll' | 'webhook' | 'sweep';
  shipped_at: Date | null;
  delivered_at: Date | null;
  cancelled_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

/** the timeline of an order */
export interface OrderEventRow {
  id: string;
  order_id: string;
  kind: string;
  message_data: unknown;
  actor_name: string;
  at: Date;
}

/** what was sold; a line without a product waits as "needs mapping" and never loses the order */
export interface OrderLineRow {
  id: string;
  order_id: string;
  channel_order_id: string;
  external_id: string;
  position: number;
  product_external_id: string;
  sku: string;
  barcode: string;
  title: string;
  quantity: string;
  unit_price_minor: number;
  total_minor: number;
  discount_minor: number;
  vat_rate: string | null;
  currency: string;
  cancelled: boolean;
  state: 'open' | 'shipped' | 'cancelled' | 'superseded' | 'returned';
  oversold: boolean;
  product_id: string | null;
  matched_by: 'listing' | 'barcode' | 'channel_barcode' | 'sku' | 'hand' | null;
  match_problem: 'none' | 'ambiguous' | null;
}

/** platform messages we could not turn into an order, with the reason; tried again on the next change */
export interface OrderQuarantineRow {
  id: string;
  channel_id: string;
  external_id: string;
  reason: string;
  raw: unknown;
  first_at: Date;
  last_at: Date;
  times: number;
  resolved_at: Date | null;
}
