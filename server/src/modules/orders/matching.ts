import { systemActor } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { AppError, notFound } from '../../kit/errors.ts';
import { closeChangeSet, entriesOf, openChangeSet, recordChanges } from '../accounts/changes.ts';
import type { Undo, UndoConflict } from '../accounts/changes.ts';
import { lockOrders, settleOrders } from './consequences.ts';
import { ordersErrors } from './contract.ts';
import type { Happening } from './timeline.ts';

/** What a line can be known by. */
export interface Matchable {
  orderId: string;
  channelId: string;
  externalId: string;
  productExternalId: string;
  barcode: string;
  sku: string;
}

/** What matching gave: a product and how it was found, or why there is none. */
export type Match =
  | { productId: string; by: 'listing' | 'barcode' | 'channel_barcode' | 'sku' | 'hand'; problem: null }
  | { productId: null; by: null; problem: 'none' | 'ambiguous' };

/**
 * Finds the product of each line; exact matches only, the first step that finds anything decides: a person's word on the same line of the
 * package it was split from, the listing, our barcode, the channel's barcode, the SKU. Several candidates in that step → `ambiguous`.
 */
export async function findProducts(tx: Tx, lines: readonly Matchable[]): Promise<Match[]> {
  const candidates = await tx.rows<{ n: number; by: NonNullable<Match['by']>; product_ids: string[] }>(sql`
    with line as (
      select * from unnest(${lines.map((line) => line.orderId)}::uuid[], ${lines.map((line) => line.channelId)}::uuid[], ${lines.map((line) => line.externalId)}::text[],
        ${lines.map((line) => line.productExternalId)}::text[], ${lines.map((line) => line.barcode)}::text[], ${lines.map((line) => line.sku)}::text[])
        with ordinality as line(order_id, channel_id, external_id, product_external_id, barcode, sku, n)),
    found(n, step, by, product_id) as (
      select line.n, 0, 'hand', twin.product_id from line join order_line as twin on twin.order_id = line.order_id and twin.external_id = line.external_id and twin.matched_by = 'hand'
        where twin.product_id is not null
      union select line.n, 1, 'listing', there.product_id from line join channel_product as there on there.channel_id = line.channel_id and there.external_id = line.product_external_id
        where line.product_external_id <> '' and there.product_id is not null
      union select line.n, 2, 'barcode', product.id from line join product on product.barcode = line.barcode where line.barcode <> ''
      union select line.n, 3, 'channel_barcode', there.product_id from line join channel_product as there on there.channel_id = line.channel_id and there.barcode = line.barcode
        -- Said of the channel product, so that its index of barcodes (all but empty ones) serves.
        where there.barcode <> '' and there.product_id is not null
      union select line.n, 4, 'sku', product.id from line join product on product.sku = line.sku where line.sku <> '')
    select distinct on (n) n, by, array_agg(product_id) as product_ids from found group by n, step, by order by n, step`);
  const best = new Map(candidates.map((one) => [one.n - 1, one]));
  return lines.map((_, n): Match => {
    const found = best.get(n);
    const [productId] = found?.product_ids ?? [];
    if (found === undefined || productId === undefined) return { productId: null, by: null, problem: 'none' };
    return found.product_ids.length > 1 ? { productId: null, by: null, problem: 'ambiguous' } : { productId, by: found.by, problem: null };
  });
}

/** What the timeline says of a line that got, or still lacks, its product. */
export const tellMatch = (orderId: string, line: { title: string; sku: string; barcode: string }, match: Match): Happening =>
  match.productId === null
    ? { orderId, kind: 'line_unmapped', data: { line: line.title, sku: line.sku, barcode: line.barcode, problem: match.problem } }
    : { orderId, kind: 'line_mapped', data: { line: line.title, sku: line.sku, barcode: line.barcode, productId: match.productId, by: match.by } };

/** Tries lines of locked orders again that have no product. Returns those that got one and what the timeline says. */
async function matchWaiting(tx: Tx, lineIds: readonly string[]): Promise<{ mapped: Set<string>; told: Happening[] }> {
  const waiting = await tx.rows<Matchable & { id: string; title: string; match_problem: string | null }>(sql`
    select line.id, line.order_id as "orderId", package.channel_id as "channelId", line.external_id as "externalId", line.product_external_id as "productExternalId",
      line.barcode, line.sku, line.title, line.match_problem
    from order_line as line join channel_order as package on package.id = line.channel_order_id
    where line.id = any(${lineIds}::uuid[]) and line.product_id is null order by line.id`);
  const matches = await findProducts(tx, waiting);
  const changed = waiting.flatMap((line, n) => {
    const match = matches[n];
    return match === undefined || match.problem === line.match_problem ? [] : [{ line, match }];
  });
  await tx.run(sql`
    update order_line as line set product_id = match.product_id, matched_by = match.by, match_problem = match.problem
    from unnest(${changed.map(({ line }) => line.id)}::uuid[], ${changed.map(({ match }) => match.productId)}::uuid[], ${changed.map(({ match }) => match.by)}::text[],
      ${changed.map(({ match }) => match.problem)}::text[]) as match(id, product_id, by, problem)
    where line.id = match.id`);
  return {
    mapped: new Set(changed.flatMap(({ line, match }) => (match.productId === null ? [] : [line.id]))),
    told: changed.map(({ line, match }) => tellMatch(line.orderId, line, match)),
  };
}

const ORDERS_AT_ONCE = 500;

/** Tries waiting lines again after something they could be known by has changed; their orders continue. */
export async function rematch(tx: Tx, lines: readonly { id: string; order_id: string }[]): Promise<void> {
  const byOrder = [...Map.groupBy(lines, (line) => line.order_id)].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (let at = 0; at < byOrder.length; at += ORDERS_AT_ONCE) {
    const some = byOrder.slice(at, at + ORDERS_AT_ONCE);
    const orderIds = some.map(([orderId]) => orderId);
    await lockOrders(tx, orderIds);
    const { mapped, told } = await matchWaiting(
      tx,
      some.flatMap(([, own]) => own.map((line) => line.id)),
    );
    await settleOrders(tx, systemActor, orderIds, { mapped, told });
  }
}

/**
 * A person says which product a line is. Stock follows: an open promise moves to the product, goods that left without one are taken now.
 * Refuses lines that were cancelled or moved to another package, and to change the product of goods that have left.
 */
export async function mapLine(tx: Tx, actor: Actor, input: { id: string; lineId: string; productId: string }): Promise<void> {
  const { lineId, productId } = input;
  const found = await tx.maybe<{ order_id: string; company_id: string; number: string }>(sql`
    select sold.id as order_id, sold.company_id, sold.number from order_line as line join "order" as sold on sold.id = line.order_id
    where line.id = ${lineId} and sold.id = ${input.id} and (${actor.companyIds}::uuid[] is null or sold.company_id = any(${actor.companyIds}::uuid[]))`);
  if (found === undefined) throw notFound('order line');
  await lockOrders(tx, [found.order_id]);
  const line = await tx.one<{ state: string; product_id: string | null; title: string }>(
    sql`select state, product_id, title from order_line where id = ${lineId}`,
  );
  const product = await tx.maybe<{ sku: string }>(sql`select sku from product where id = ${productId} for key share`);
  if (product === undefined) throw notFound('product');
  if (line.product_id === productId) return;
  if (line.state === 'cancelled' || line.state === 'superseded') throw new AppError(ordersErrors['order_line.not_waiting']);
  if (line.state !== 'open' && line.product_id !== null) throw new AppError(ordersErrors['order_line.already_shipped']);
  const changeSetId = await openChangeSet(tx, actor, {
    kind: 'mapping',
    reason: `Order ${found.number}: "${line.title}" is ${product.sku}`,
    companyId: found.company_id,
  });
  await tx.run(sql`
    with changed as (
      update order_line set product_id = ${productId}, matched_by = 'hand', match_problem = null where id = ${lineId}
      returning order_line.id, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
    logged as (${recordChanges(changeSetId, 'order_line', 'update')})
    select 1 from changed`);
  await closeChangeSet(tx, changeSetId);
  await settleOrders(tx, actor, [found.order_id], {
    mapped: new Set([lineId]),
    told: [{ orderId: found.order_id, kind: 'line_mapped', data: { line: line.title, productId, sku: product.sku, by: 'hand' } }],
  });
}

/** Takes a person's mapping back while the goods are still here and nobody mapped the line anew. */
export const undoMapLine: Undo = async (tx, actor, { changeSetId, undoSetId }) => {
  const entries = await tx.rows<{ id: string; order_id: string }>(sql`
    select line.id, line.order_id from (${entriesOf(changeSetId, 'order_line')}) as entry join order_line as line on line.id = entry.entity_id`);
  await lockOrders(
    tx,
    entries.map((row) => row.order_id),
  );
  const back = await tx.rows<{ id: string; order_id: string; title: string; product_id: string | null }>(sql`
    with entry as (${entriesOf(changeSetId, 'order_line')}),
    changed as (
      update order_line as line set product_id = (entry.before ->> 'product_id')::uuid,
        matched_by = case when entry.after ? 'matched_by' then entry.before ->> 'matched_by' else line.matched_by end,
        match_problem = case when entry.after ? 'match_problem' then entry.before ->> 'match_problem' else line.match_problem end
      from entry where line.id = entry.entity_id and line.state = 'open' and entry.after ? 'product_id' and line.product_id = (entry.after ->> 'product_id')::uuid
      returning line.id, line.order_id, line.title, line.product_id, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
    logged as (${recordChanges(undoSetId, 'order_line', 'update')})
    select id, order_id, title, product_id from changed`);
  const unmapped = back.filter((line) => line.product_id === null);
  await settleOrders(tx, actor, [...new Set(back.map((line) => line.order_id))], {
    unmapped: new Set(unmapped.map((line) => line.id)),
    told: unmapped.map((line) => ({ orderId: line.order_id, kind: 'line_unlinked', data: { line: line.title } })),
  });
  const restored = new Set(back.map((line) => line.id));
  const conflicts = entries
    .filter((line) => !restored.has(line.id))
    .map((line): UndoConflict => ({
      entityKind: 'order_line',
      entityId: line.id,
      label: '',
      reason: 'It has left the house or was mapped anew since.',
    }));
  return { restored: restored.size, conflicts: conflicts.slice(0, 200), conflictCount: conflicts.length };
};
