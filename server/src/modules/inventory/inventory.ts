/*
 * What other modules may use of inventory. All functions are set-based; inside a transaction they lock items in id order, move the
 * ledger, bring `product_stock` up to date and emit `stock.changed` with the ids of products whose available number changed;
 * `product.source_changed` is emitted for products that take their stock from other items than before.
 */
export { inventoryErrors } from './contract.ts';
export type { MovementCause } from './contract.ts';
export { ensureItems } from './sources.ts';
export { moveStock, setOnHand } from './ledger.ts';
export type { StockIntent } from './ledger.ts';
export { release, reserve, settle, shipLines } from './reservations.ts';
export type { ReleaseCause, StockWish } from './reservations.ts';
export { available, refreshProductStock } from './product-stock.ts';
export { checkLedger, oversoldLines } from './ledger-check.ts';
