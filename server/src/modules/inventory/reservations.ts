import { systemActor } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { lockItems } from './locks.ts';
import { refreshItems } from './product-stock.ts';
import { ensureSources } from './sources.ts';

/** Pieces of a product that an order line needs. */
export interface StockWish {
  orderLineId: string;
  productId: string;
  quantity: number;
}

/** Why a promise ends without the goods leaving; leaving is `shipLines`. */
export type ReleaseCause = 'cancelled' | 'split' | 'remapped';

interface Pair {
  lineId: string;
  itemId: string;
  pieces: number;
  each: string;
}

/** Items that the wishes take from, and products with none at all (made of components that are not known). */
async function pairsOf(tx: Tx, wishes: readonly StockWish[]): Promise<{ pairs: Pair[]; homeless: StockWish[] }> {
  const sources = await ensureSources(
    tx,
    wishes.map((wish) => wish.productId),
  );
  const pairs: Pair[] = [];
  const homeless: StockWish[] = [];
  for (const wish of wishes) {
    const items = sources.get(wish.productId) ?? [];
    if (items.length === 0 && wish.quantity > 0) homeless.push(wish);
    if (wish.quantity > 0) pairs.push(...items.map((item) => ({ lineId: wish.orderLineId, itemId: item.itemId, pieces: wish.quantity, each: item.quantity })));
  }
  return { pairs, homeless };
}

/**
 * Makes open reservations of these lines equal to the pairs: places, resizes, reopens what was released, ends those on other items.
 * A line that has shipped is left as it is. Returns items touched and the lines that found too little.
 */
async function place(tx: Tx, lineIds: readonly string[], pairs: readonly Pair[]): Promise<{ items: string[]; short: string[] }> {
  const rows = await tx.rows<{ item_id: string; short: string[] | null }>(sql`
    with pair as (
      select pair.id, pair.line_id, pair.item_id, pair.pieces * pair.each as quantity, pair.n
      from unnest(${pairs.map(() => tx.newId())}::uuid[], ${pairs.map((pair) => pair.lineId)}::uuid[], ${pairs.map((pair) => pair.itemId)}::uuid[],
        ${pairs.map((pair) => pair.pieces)}::numeric[], ${pairs.map((pair) => pair.each)}::numeric[]) with ordinality as pair(id, line_id, item_id, pieces, each, n)
      where not exists (select from stock_reservation as shipped where shipped.order_line_id = pair.line_id and shipped.release_cause = 'shipped')),
    moved_on as (
      update stock_reservation as held set released_at = ${tx.now}, release_cause = 'remapped'
      where held.order_line_id = any(${lineIds}::uuid[]) and held.released_at is null
        and not exists (select from pair where pair.line_id = held.order_line_id and pair.item_id = held.item_id)
      returning held.item_id, held.order_line_id, -held.quantity as pieces),
    placed as (
      insert into stock_reservation as held (id, item_id, order_line_id, quantity, created_at)
      select id, item_id, line_id, quantity, ${tx.now} from pair order by n
      on conflict (order_line_id, item_id) do update set quantity = excluded.quantity, released_at = null, release_cause = null,
        created_at = case when held.released_at is null then held.created_at else excluded.created_at end
      where held.released_at is not null or held.quantity <> excluded.quantity
      returning held.item_id, held.order_line_id, new.quantity - case when old.id is not null and old.released_at is null then old.quantity else 0 end as pieces),
    total as (
      select item_id, sum(pieces) as pieces from (select item_id, pieces from moved_on union all select item_id, pieces from placed) as part group by item_id),
    changed as (
      update inventory_item as item set reserved = item.reserved + total.pieces, updated_at = ${tx.now}
      from total where item.id = total.item_id and total.pieces <> 0
      returning item.id, new.on_hand - new.reserved as available),
    -- What was still available right after each line of this call took its part, in the order of the call.
    after as (
      select placed.item_id, placed.order_line_id, placed.pieces,
        changed.available + coalesce(sum(placed.pieces) over (partition by placed.item_id order by pair.n desc rows between unbounded preceding and 1 preceding), 0) as left_over
      from placed
      join pair on pair.line_id = placed.order_line_id and pair.item_id = placed.item_id
      join changed on changed.id = placed.item_id)
    select total.item_id, (select array_agg(after.order_line_id) from after where after.item_id = total.item_id and after.pieces > 0 and after.left_over < 0) as short
    from total`);
  return { items: rows.map((row) => row.item_id), short: rows.flatMap((row) => row.short ?? []) };
}

/** Ends the open reservations of these lines. Returns the items touched. */
async function drop(tx: Tx, lineIds: readonly string[], causes: readonly ReleaseCause[]): Promise<string[]> {
  const rows = await tx.rows<{ item_id: string }>(sql`
    with line as (select * from unnest(${lineIds}::uuid[], ${causes}::text[]) as line(id, cause)),
    ended as (
      update stock_reservation as held set released_at = ${tx.now}, release_cause = line.cause
      from line where held.order_line_id = line.id and held.released_at is null
      returning held.item_id, held.quantity),
    total as (select item_id, sum(quantity) as pieces from ended group by item_id)
    update inventory_item as item set reserved = item.reserved - total.pieces, updated_at = ${tx.now}
    from total where item.id = total.item_id returning item.id as item_id`);
  return rows.map((row) => row.item_id);
}

/** Turns the open reservations of these lines into sale movements, in the order of the lines. Returns the items touched. */
async function take(tx: Tx, actor: Actor, lineIds: readonly string[]): Promise<string[]> {
  const held = await tx.rows<{ id: string }>(sql`
    select held.id from unnest(${lineIds}::uuid[]) with ordinality as line(id, n)
    join stock_reservation as held on held.order_line_id = line.id
    where held.released_at is null order by line.n`);
  if (held.length === 0) return [];
  const rows = await tx.rows<{ item_id: string }>(sql`
    with taken as (
      update stock_reservation as held set released_at = ${tx.now}, release_cause = 'shipped'
      from unnest(${held.map((row) => row.id)}::uuid[], ${held.map(() => tx.newId())}::uuid[]) with ordinality as going(id, movement_id, n)
      where held.id = going.id and held.released_at is null
      returning held.item_id, held.order_line_id, held.quantity, going.movement_id, going.n),
    moved as (
      insert into stock_movement (id, item_id, delta, balance, cause, subject_kind, subject_id, note, actor_name, at)
      select taken.movement_id, taken.item_id, -taken.quantity, item.on_hand - sum(taken.quantity) over (partition by taken.item_id order by taken.n),
        'sale', 'order_line', taken.order_line_id, '', ${actor.name}, ${tx.now}
      from taken join inventory_item as item on item.id = taken.item_id order by taken.n),
    total as (select item_id, sum(quantity) as pieces from taken group by item_id)
    update inventory_item as item set on_hand = item.on_hand - total.pieces, reserved = item.reserved - total.pieces, updated_at = ${tx.now}
    from total where item.id = total.item_id returning item.id as item_id`);
  return rows.map((row) => row.item_id);
}

/** Locks these items and those on which the lines hold promises; again, should a promise have moved while we waited for the lock. */
async function lockFor(tx: Tx, lineIds: readonly string[], itemIds: readonly string[]): Promise<void> {
  const locked = new Set<string>();
  for (let wanted = itemIds; ;) {
    const held = await tx.rows<{ item_id: string }>(sql`
      select distinct item_id from stock_reservation where order_line_id = any(${lineIds}::uuid[]) and released_at is null`);
    const missing = [...wanted, ...held.map((row) => row.item_id)].filter((id) => !locked.has(id));
    if (missing.length === 0) return;
    await lockItems(tx, [...new Set(missing)]);
    for (const id of missing) locked.add(id);
    wanted = [];
  }
}

/**
 * Everything a page of orders does to stock, under one lock: first releases, then reservations, then shipments (a line shipped without
 * having been reserved is named in both). Returns the lines that were promised more than there is. Repeating it changes nothing.
 * Whoever calls it for the same order line at the same time must hold a lock of their own (orders lock the order).
 */
export async function settle(
  tx: Tx,
  actor: Actor,
  work: { release?: readonly { orderLineId: string; cause: ReleaseCause }[]; reserve?: readonly StockWish[]; ship?: readonly string[] },
): Promise<{ oversold: string[] }> {
  const { release: ended = [], reserve: wishes = [], ship = [] } = work;
  const { pairs, homeless } = await pairsOf(tx, wishes);
  const lineIds = [...ended.map((line) => line.orderLineId), ...wishes.map((wish) => wish.orderLineId), ...ship];
  if (lineIds.length === 0) return { oversold: [] };
  await lockFor(
    tx,
    lineIds,
    pairs.map((pair) => pair.itemId),
  );
  const dropped =
    ended.length === 0
      ? []
      : await drop(
          tx,
          ended.map((line) => line.orderLineId),
          ended.map((line) => line.cause),
        );
  const placed =
    wishes.length === 0
      ? { items: [], short: [] }
      : await place(
          tx,
          wishes.map((wish) => wish.orderLineId),
          pairs,
        );
  const taken = ship.length === 0 ? [] : await take(tx, actor, ship);
  await refreshItems(tx, [...new Set([...dropped, ...placed.items, ...taken])]);
  return { oversold: [...new Set([...placed.short, ...homeless.map((wish) => wish.orderLineId)])] };
}

/**
 * Promises pieces to order lines. Always succeeds; `oversold` names the lines after which less than nothing was left. Idempotent per
 * order line: repeating it changes nothing, another quantity resizes, another product moves the promise, a released line is promised
 * anew, a shipped line stays shipped. Products without an item get one.
 */
export const reserve = (tx: Tx, wishes: readonly StockWish[]): Promise<{ oversold: string[] }> => settle(tx, systemActor, { reserve: wishes });

/** Ends the open promises of these lines; lines without one are passed over. */
export async function release(tx: Tx, orderLineIds: readonly string[], cause: ReleaseCause): Promise<void> {
  await settle(tx, systemActor, { release: orderLineIds.map((orderLineId) => ({ orderLineId, cause })) });
}

/** The goods of these lines have left: their open promises become sale movements, once however often it is told. */
export async function shipLines(tx: Tx, actor: Actor, orderLineIds: readonly string[]): Promise<void> {
  await settle(tx, actor, { ship: orderLineIds });
}
