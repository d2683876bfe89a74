/* Generated from the migrated database by `npm run generate`; a test compares it. */

/** what lies in the warehouse; on_hand is always the sum of its movements, reserved of its open reservations */
export interface InventoryItemRow {
  id: string;
  sku: string;
  name: string;
  on_hand: string;
  reserved: string;
  reorder_point: string | null;
  location: string;
  version: number;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
}

/** which item a product takes its stock from */
export interface InventoryMappingRow {
  product_id: string;
  item_id: string;
  mapped_by: string;
  mapped_at: Date;
}

/** the items one piece of a product takes and how many of each; one row of quantity 1 unless the product is made of components */
export interface ProductSourceRow {
  product_id: string;
  item_id: string;
  quantity: string;
}

/** the stock of a product as lists show it; kept in the transaction that moves the item */
export interface ProductStockRow {
  product_id: string;
  available: string;
  on_hand: string;
  reserved: string;
  synced_at: Date;
}

/** append-only ledger of stock with its cause and the balance after it */
export interface StockMovementRow {
  id: string;
  seq: number;
  item_id: string;
  delta: string;
  balance: string;
  cause: 'opening' | 'count' | 'adjustment' | 'receipt' | 'sale' | 'return' | 'import' | 'undo';
  subject_kind: string | null;
  subject_id: string | null;
  note: string;
  actor_name: string;
  change_set_id: string | null;
  at: Date;
}

/** pieces promised to an order line; open until released */
export interface StockReservationRow {
  id: string;
  item_id: string;
  order_line_id: string;
  quantity: string;
  created_at: Date;
  released_at: Date | null;
  release_cause: 'shipped' | 'cancelled' | 'split' | 'remapped' | null;
}
