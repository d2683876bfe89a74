import { createHash } from 'node:crypto';
import type { Actor } from '../../kit/actor.ts';
import { empty, sql } from '../../kit/db.ts';
import type { Db, Tx } from '../../kit/db.ts';
import { decodeCursor, toPage } from '../../kit/page.ts';
import type { Page } from '../../kit/page.ts';
import type { Order, QuarantinedOrder } from './contract.ts';
import { channelRef, visible } from './reads.ts';
import { rawJson } from './records.ts';

/** A platform's message that could not become an order. */
export interface Unusable {
  externalId: string;
  reason: string;
  raw: unknown;
}

/** A message without a usable id is known by its content. */
const idOf = (message: Unusable, raw: string): string => {
  const id = message.externalId.replaceAll('\u0000', '').toWellFormed().trim().slice(0, 200);
  return id === '' || id === 'unknown' ? `unknown ${createHash('sha256').update(raw).digest('hex').slice(0, 32)}` : id;
};

/** Keeps unusable messages with their reasons, one row each however often they come; they count as open again. */
export async function quarantine(tx: Tx, channelId: string, messages: readonly Unusable[]): Promise<void> {
  const rows = new Map(
    messages.map((message) => {
      const raw = rawJson(message.raw);
      return [idOf(message, raw), { reason: message.reason.replaceAll('\u0000', '').toWellFormed().slice(0, 1000), raw }] as const;
    }),
  );
  if (rows.size === 0) return;
  await tx.run(sql`
    insert into order_quarantine as known (id, channel_id, external_id, reason, raw, first_at, last_at)
    select id, ${channelId}, external_id, reason, raw, ${tx.now}, ${tx.now}
    from unnest(${[...rows].map(() => tx.newId())}::uuid[], ${[...rows.keys()]}::text[], ${[...rows.values()].map((row) => row.reason)}::text[],
      ${[...rows.values()].map((row) => row.raw)}::jsonb[]) as message(id, external_id, reason, raw)
    order by external_id
    on conflict (channel_id, external_id) do update set reason = excluded.reason, raw = excluded.raw, last_at = excluded.last_at, times = known.times + 1, resolved_at = null`);
}

/** Messages about these packages have become orders after all. */
export async function resolveQuarantine(tx: Tx, channelId: string, externalIds: readonly string[]): Promise<void> {
  await tx.run(sql`
    update order_quarantine set resolved_at = ${tx.now} where channel_id = ${channelId} and external_id = any(${externalIds}::text[]) and resolved_at is null`);
}

/** Of these packages, the ones whose last message could not be used. */
export async function openQuarantine(tx: Tx, channelId: string, externalIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.rows<{ external_id: string }>(sql`
    select external_id from order_quarantine where channel_id = ${channelId} and external_id = any(${externalIds}::text[]) and resolved_at is null`);
  return new Set(rows.map((row) => row.external_id));
}

/** Messages that could not become orders, the latest first (order_quarantine_newest). */
export async function listQuarantine(
  db: Db,
  actor: Actor,
  input: { limit: number; cursor?: string | undefined; channelId?: string | undefined; show: 'open' | 'resolved' | 'all' },
): Promise<Page<QuarantinedOrder>> {
  const after = decodeCursor(input.cursor, 'newest', 2);
  const rows = await db.rows<{
    id: string;
    channel: Order['channel'];
    external_id: string;
    reason: string;
    first_at: Date;
    last_at: Date;
    times: number;
    resolved_at: Date | null;
  }>(sql`
    select message.id, ${channelRef}, message.external_id, message.reason, message.first_at, message.last_at, message.times, message.resolved_at
    from order_quarantine as message join channel on channel.id = message.channel_id
    where ${visible(actor, sql`channel.company_id`)} ${input.channelId === undefined ? empty : sql`and message.channel_id = ${input.channelId}`}
      ${input.show === 'all' ? empty : input.show === 'open' ? sql`and message.resolved_at is null` : sql`and message.resolved_at is not null`}
      ${after === undefined ? empty : sql`and (message.last_at, message.id) < (${String(after[0])}::timestamptz, ${after[1]}::uuid)`}
    order by message.last_at desc, message.id desc limit ${input.limit + 1}`);
  return toPage(
    rows,
    input.limit,
    'newest',
    (row) => [row.last_at.toISOString(), row.id],
    (row) => ({
      id: row.id,
      channel: row.channel,
      externalId: row.external_id,
      reason: row.reason,
      firstAt: row.first_at.toISOString(),
      lastAt: row.last_at.toISOString(),
      times: row.times,
      resolvedAt: row.resolved_at?.toISOString() ?? null,
    }),
  );
}
