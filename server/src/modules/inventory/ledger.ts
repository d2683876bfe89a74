import type { Actor } from '../../kit/actor.ts';
import { empty, sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { AppError, notFound } from '../../kit/errors.ts';
import { recordChanges } from '../accounts/changes.ts';
import { inventoryErrors } from './contract.ts';
import type { MovementCause } from './contract.ts';
import { lockItems } from './locks.ts';
import { refreshItems } from './product-stock.ts';
import { ensureSources } from './sources.ts';

/** Why stock moves, as its movement tells. With a change set the move can be undone. */
export interface StockIntent {
  cause: MovementCause;
  note: string;
  changeSetId?: string;
}

/** Milli-pieces are exact: sums of thirds of a metre do not drift. */
const rounded = (pieces: number): number => Math.round(pieces * 1000) / 1000;

/**
 * Moves items already locked: `to` sets what is on hand, `by` adds. Writes one movement per item that differs, its balance and, with a
 * change set, its change entry. Returns the ids of items that moved; the caller refreshes their products.
 */
export async function moveItems(tx: Tx, actor: Actor, intent: StockIntent, how: 'to' | 'by', pieces: ReadonlyMap<string, number>): Promise<string[]> {
  const itemIds = [...pieces.keys()];
  const { changeSetId } = intent;
  const moved = await tx.rows<{ id: string }>(sql`
    with wanted as (
      select * from unnest(${itemIds.map(() => tx.newId())}::uuid[], ${itemIds}::uuid[], ${[...pieces.values()].map(rounded)}::numeric[]) as wanted(movement_id, item_id, pieces)),
    changed as (
      update inventory_item as item set on_hand = ${how === 'to' ? sql`wanted.pieces` : sql`item.on_hand + wanted.pieces`}, updated_at = ${tx.now}
      from wanted where item.id = wanted.item_id and ${how === 'to' ? sql`item.on_hand <> wanted.pieces` : sql`wanted.pieces <> 0`}
      returning item.id, wanted.movement_id, new.on_hand - old.on_hand as delta, new.on_hand as balance, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
    moved as (
      insert into stock_movement (id, item_id, delta, balance, cause, note, actor_name, change_set_id, at)
      select movement_id, id, delta, balance, ${intent.cause}, ${intent.note}, ${actor.name}, ${changeSetId ?? null}, ${tx.now} from changed)
      ${changeSetId === undefined ? empty : sql`, logged as (${recordChanges(changeSetId, 'inventory_item', 'update')})`}
    select id from changed`);
  return moved.map((row) => row.id);
}

/** What moving stock of products gave. */
export interface Moved {
  /** Products whose item moved; one that already had the quantity did not. */
  moved: string[];
  /** Products made of components: their stock follows from the components and was left alone. */
  skipped: string[];
}

async function moveProducts(
  tx: Tx,
  actor: Actor,
  intent: StockIntent,
  how: 'to' | 'by',
  wanted: readonly { productId: string; pieces: number }[],
): Promise<Moved> {
  if (wanted.length === 0) return { moved: [], skipped: [] };
  const productIds = [...new Set(wanted.map((one) => one.productId))];
  await ensureSources(tx, productIds);
  const mapped = await tx.rows<{ product_id: string; item_id: string }>(sql`
    select product_id, item_id from inventory_mapping where product_id = any(${productIds}::uuid[])`);
  const itemOf = new Map(mapped.map((row) => [row.product_id, row.item_id]));
  const pieces = new Map<string, number>();
  for (const one of wanted) {
    const item = itemOf.get(one.productId);
    if (item !== undefined) pieces.set(item, how === 'to' ? one.pieces : (pieces.get(item) ?? 0) + one.pieces);
  }
  await lockItems(tx, [...pieces.keys()]);
  const moved = new Set(await moveItems(tx, actor, intent, how, pieces));
  await refreshItems(tx, [...moved]);
  return { moved: productIds.filter((id) => moved.has(itemOf.get(id) ?? '')), skipped: productIds.filter((id) => !itemOf.has(id)) };
}

/**
 * Sets what is on hand of each product: one movement for the difference, none when it is equal already. Products without an item get
 * one; when two products share an item, the last quantity named holds. Quantities are pieces with at most three decimals.
 */
export const setOnHand = (tx: Tx, actor: Actor, intent: StockIntent, wanted: readonly { productId: string; quantity: number }[]): Promise<Moved> =>
  moveProducts(
    tx,
    actor,
    intent,
    'to',
    wanted.map((one) => ({ productId: one.productId, pieces: one.quantity })),
  );

/** Adds pieces to each product (takes them, below zero); several deltas of one item are one movement of their sum. */
export const moveStock = (tx: Tx, actor: Actor, intent: StockIntent, wanted: readonly { productId: string; delta: number }[]): Promise<Moved> =>
  moveProducts(
    tx,
    actor,
    intent,
    'by',
    wanted.map((one) => ({ productId: one.productId, pieces: one.delta })),
  );

/** One item by hand: sets the counted quantity or adds pieces. Refuses to leave less than nothing. */
export async function adjustItem(tx: Tx, actor: Actor, intent: StockIntent, itemId: string, change: { delta: number } | { quantity: number }): Promise<void> {
  const item = await tx.maybe<{ sku: string; on_hand: number }>(
    sql`select sku, on_hand::float8 as on_hand from inventory_item where id = ${itemId} for update`,
  );
  if (item === undefined) throw notFound('inventory item');
  if ('delta' in change && change.delta < 0 && rounded(item.on_hand + change.delta) < 0) {
    throw new AppError(inventoryErrors['stock.below_zero'], { field: 'delta', data: { sku: item.sku, onHand: item.on_hand } });
  }
  const moved =
    'delta' in change
      ? await moveItems(tx, actor, intent, 'by', new Map([[itemId, change.delta]]))
      : await moveItems(tx, actor, intent, 'to', new Map([[itemId, change.quantity]]));
  await refreshItems(tx, moved);
}
