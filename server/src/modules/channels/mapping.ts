import { sql } from '../../kit/db.ts';
import type { Db, Tx } from '../../kit/db.ts';
import { notFound } from '../../kit/errors.ts';
import type { Actor } from '../../kit/actor.ts';
import { closeChangeSet, entriesOf, openChangeSet, recordChanges } from '../accounts/changes.ts';
import type { Undo, UndoConflict } from '../accounts/changes.ts';
import { dropListings, ensureListings } from './listings.ts';
import { exactCandidates } from './reads.ts';
import type { Candidate } from './reads.ts';

/** `mapped_by` of mappings that were found by exact match. */
export const AUTOMATIC = 'automatic';

export type Match = { productId: string } | { problem: 'none' | 'ambiguous' };

/** One channel product's candidates → its product. A listing of ours decides; else barcode and SKU must agree on one product. Never a guess. */
export function chooseMatch(candidates: readonly Pick<Candidate, 'product_id' | 'by'>[]): Match {
  const listed = new Set(candidates.filter((one) => one.by === 'listing').map((one) => one.product_id));
  const fitting = listed.size > 0 ? listed : new Set(candidates.map((one) => one.product_id));
  const [only] = fitting;
  if (only === undefined) return { problem: 'none' };
  return fitting.size === 1 ? { productId: only } : { problem: 'ambiguous' };
}

/**
 * Finds products for those of the channel products that have none and were not parted from one by a person. Mapped ones get their listing and
 * `channel_product.mapped` is emitted with their ids. Returns how many were mapped.
 */
export async function matchOpen(tx: Tx, channelProductIds: readonly string[]): Promise<number> {
  const open = await tx.rows<{ id: string }>(sql`
    select id from channel_product where id = any(${channelProductIds}::uuid[]) and product_id is null and (mapped_at is null or mapped_by = ${AUTOMATIC})
    order by id for no key update`);
  if (open.length === 0) return 0;
  const ids = open.map((row) => row.id);
  const candidates = Map.groupBy(await exactCandidates(tx, ids), (one) => one.channel_product_id);
  const matches = ids.map((id) => ({ id, match: chooseMatch(candidates.get(id) ?? []) }));
  const mapped = matches.flatMap(({ id, match }) => ('productId' in match ? [{ id, productId: match.productId }] : []));
  const unmapped = matches.flatMap(({ id, match }) => ('problem' in match ? [{ id, problem: match.problem }] : []));
  await tx.run(sql`
    update channel_product set match_problem = open.problem from unnest(${unmapped.map((one) => one.id)}::uuid[], ${unmapped.map((one) => one.problem)}::text[]) as open(id, problem)
    where channel_product.id = open.id and match_problem is distinct from open.problem`);
  if (mapped.length === 0) return 0;
  await tx.run(sql`
    update channel_product set product_id = match.product_id, mapped_by = ${AUTOMATIC}, mapped_at = ${tx.now}, match_problem = null
    from unnest(${mapped.map((one) => one.id)}::uuid[], ${mapped.map((one) => one.productId)}::uuid[]) as match(id, product_id) where channel_product.id = match.id`);
  await ensureListings(
    tx,
    mapped.map((one) => one.id),
  );
  tx.emit(
    'channel_product.mapped',
    mapped.map((one) => one.id),
  );
  return mapped.length;
}

/** After `product_id` of channel products changed: wishes for the former product are taken back, listings follow, others are told. */
async function followMapping(tx: Tx, channelId: string, ids: readonly string[], formerProducts: readonly string[]): Promise<void> {
  await tx.run(sql`delete from push where channel_product_id = any(${ids}::uuid[])`);
  await dropListings(tx, channelId, formerProducts);
  await ensureListings(tx, ids);
  tx.emit('channel_product.mapped', ids);
}

/** One channel product the actor may see, on that platform. */
export async function getChannelProduct(
  db: Db,
  actor: Actor,
  platform: string,
  id: string,
): Promise<{ id: string; channel_id: string; company_id: string; title: string; product_id: string | null; mapped_at: Date | null }> {
  const row = await db.maybe<{ id: string; channel_id: string; company_id: string; title: string; product_id: string | null; mapped_at: Date | null }>(sql`
    select cp.id, cp.channel_id, ch.company_id, cp.title, cp.product_id, cp.mapped_at from channel_product cp join channel ch on ch.id = cp.channel_id
    where cp.id = ${id} and ch.platform = ${platform} and ch.archived_at is null and (${actor.companyIds}::uuid[] is null or ch.company_id = any(${actor.companyIds}::uuid[]))`);
  if (row === undefined) throw notFound('channel product');
  return row;
}

/** Says by hand which product a channel product is; null parts them, and no exact match joins them again. Undoable; the same again changes nothing. */
export async function mapChannelProduct(tx: Tx, actor: Actor, platform: string, input: { channelProductId: string; productId: string | null }): Promise<void> {
  const before = await getChannelProduct(tx, actor, platform, input.channelProductId);
  const product = input.productId === null ? null : await tx.maybe<{ sku: string }>(sql`select sku from product where id = ${input.productId}`);
  if (product === undefined) throw notFound('product');
  if (before.product_id === input.productId && (input.productId !== null || before.mapped_at !== null)) return;
  const changeSetId = await openChangeSet(tx, actor, {
    kind: 'mapping',
    reason: product === null ? `"${before.title.slice(0, 80)}" is no product of ours` : `"${before.title.slice(0, 80)}" is ${product.sku}`,
    companyId: before.company_id,
  });
  await tx.run(sql`
    with changed as (
      update channel_product set product_id = ${input.productId}, mapped_by = ${actor.name}, mapped_at = ${tx.now}, match_problem = ${input.productId === null ? 'none' : null}
      where id = ${before.id}
      returning id, to_jsonb(old) as old_row, to_jsonb(new) as new_row)
    ${recordChanges(changeSetId, 'channel_product', 'update')}`);
  await closeChangeSet(tx, changeSetId);
  await followMapping(tx, before.channel_id, [before.id], before.product_id === null ? [] : [before.product_id]);
}

interface MappingEntry {
  id: string;
  channel_id: string;
  title: string;
  now_product: string | null;
  before: { product_id?: string | null; mapped_by?: string | null; mapped_at?: string | null; match_problem?: 'none' | 'ambiguous' | null };
  after: { product_id?: string | null };
}

/** Takes mappings back that still are as the change set left them. */
export const undoMapping: Undo = async (tx, _actor, { changeSetId, undoSetId }) => {
  const entries = await tx.rows<MappingEntry>(sql`
    select cp.id, cp.channel_id, cp.title, cp.product_id as now_product, entry.before, entry.after
    from (${entriesOf(changeSetId, 'channel_product')}) entry join channel_product cp on cp.id = entry.entity_id order by cp.id for no key update of cp`);
  const conflicts: UndoConflict[] = [];
  const restored: MappingEntry[] = [];
  for (const entry of entries) {
    if ('product_id' in entry.after && entry.now_product !== (entry.after.product_id ?? null)) {
      conflicts.push({ entityKind: 'channel_product', entityId: entry.id, label: entry.title, reason: 'It was mapped to something else since.' });
    } else restored.push(entry);
  }
  await tx.run(sql`
    with changed as (
      update channel_product cp set
        product_id = case when former.image ? 'product_id' then (select id from product where id = (former.image ->> 'product_id')::uuid) else cp.product_id end,
        mapped_by = case when former.image ? 'mapped_by' then former.image ->> 'mapped_by' else cp.mapped_by end,
        mapped_at = case when former.image ? 'mapped_at' then (former.image ->> 'mapped_at')::timestamptz else cp.mapped_at end,
        match_problem = case when former.image ? 'match_problem' then former.image ->> 'match_problem' else cp.match_problem end
      from unnest(${restored.map((entry) => entry.id)}::uuid[], ${restored.map((entry) => JSON.stringify(entry.before))}::jsonb[]) as former(id, image)
      where cp.id = former.id
      returning cp.id, to_jsonb(old) as old_row, to_jsonb(new) as new_row)
    ${recordChanges(undoSetId, 'channel_product', 'update')}`);
  for (const [channelId, group] of Map.groupBy(restored, (entry) => entry.channel_id)) {
    await followMapping(
      tx,
      channelId,
      group.map((entry) => entry.id),
      group.flatMap((entry) => entry.now_product ?? []),
    );
  }
  return { restored: restored.length, conflicts: conflicts.slice(0, 200), conflictCount: conflicts.length };
};
