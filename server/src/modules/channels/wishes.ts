import { sql } from '../../kit/db.ts';
import type { Sql, Tx } from '../../kit/db.ts';
import { stockRuleSchema } from './contract.ts';
import type { StockRule } from './contract.ts';
import { followPushes, pushImages } from './listings.ts';
import type { WrittenPush } from './listings.ts';
import { wishRows } from './reads.ts';
import { priorityOf, wantedQuantity } from './stock-rule.ts';

/** What a wish is computed for: products whose stock moved, single channel products, or everything on one channel. */
export interface WishScope {
  productIds?: readonly string[];
  channelProductIds?: readonly string[];
  channelId?: string;
  /** Also wish again for what was refused before: something about it has changed. */
  again?: boolean;
  /** Also wish the same once more: the platform may have changed its quantity by itself. */
  anew?: boolean;
}

/** A product that a complete read no longer found is still written to for this long: one read may have missed it. */
const MISSING_GRACE_MS = 12 * 3600 * 1000;

/** Channel products that are written to, as a condition on `cp` and `ch`. */
export const isWritable = (now: Date): Sql => sql`
  cp.product_id is not null and ch.writes = 'on' and ch.active and ch.archived_at is null
  and cp.status in ('live', 'inactive', 'blocked') and (cp.missing_since is null or cp.missing_since > ${new Date(now.getTime() - MISSING_GRACE_MS)})`;

/**
 * Brings the wishes of the scope to what the stock rule wants now; the newest wish of a channel product replaces the one before.
 * Unchanged wishes are left alone; products without stock of ours are never written to. Returns how many wishes are new.
 *
 * The channel products are locked first and the stock is read after that: of two callers the later one sees the newer stock.
 */
export async function wantStock(tx: Tx, scope: WishScope): Promise<number> {
  const wheres = [
    ...(scope.productIds === undefined || scope.productIds.length === 0 ? [] : [sql`cp.product_id = any(${scope.productIds}::uuid[])`]),
    ...(scope.channelProductIds === undefined || scope.channelProductIds.length === 0 ? [] : [sql`cp.id = any(${scope.channelProductIds}::uuid[])`]),
    ...(scope.channelId === undefined ? [] : [sql`cp.channel_id = ${scope.channelId}`]),
  ];
  const ids = new Set<string>();
  for (const where of wheres) {
    const locked = await tx.rows<{ id: string }>(sql`
      select cp.id from channel_product cp join channel ch on ch.id = cp.channel_id
      where ${where} and ${isWritable(tx.now)} order by cp.id for no key update of cp`);
    for (const { id } of locked) ids.add(id);
  }
  if (ids.size === 0) return 0;

  const rows = await wishRows(tx, [...ids]);
  const rules = new Map<string, StockRule>();
  const wishes = rows.flatMap((row) => {
    const rule = rules.get(row.channel_id) ?? stockRuleSchema.parse(row.stock_rule);
    rules.set(row.channel_id, rule);
    const wanted = wantedQuantity(row.available, rule);
    if (row.wanted === wanted && scope.anew !== true && !(row.failed && scope.again === true)) return [];
    // What the platform was seen to hold already needs no sending.
    const holds = row.wanted === null && row.observed === wanted;
    return [{ ...row, wanted, holds, priority: priorityOf(wanted, row.there) }];
  });
  if (wishes.length === 0) return 0;
  wishes.sort((a, b) => (a.id < b.id ? -1 : 1));
  const written = await tx.rows<WrittenPush>(sql`
    insert into push (id, channel_id, channel_product_id, field, wanted, wanted_at, state, priority, due_at, confirmed, confirmed_at)
    select id, channel_id, channel_product_id, 'stock', to_jsonb(wanted), ${tx.now}, case when holds then 'confirmed' else 'wanted' end, priority, ${tx.now},
      case when holds then to_jsonb(wanted) end, case when holds then seen_at end
    from unnest(${wishes.map(() => tx.newId())}::uuid[], ${wishes.map((wish) => wish.channel_id)}::uuid[], ${wishes.map((wish) => wish.id)}::uuid[],
      ${wishes.map((wish) => wish.wanted)}::int[], ${wishes.map((wish) => wish.holds)}::boolean[], ${wishes.map((wish) => wish.observed_at)}::timestamptz[],
      ${wishes.map((wish) => wish.priority)}::smallint[]) as wish(id, channel_id, channel_product_id, wanted, holds, seen_at, priority)
    on conflict (channel_product_id, field) do update set
      wanted = excluded.wanted, wanted_at = excluded.wanted_at, wanted_version = push.wanted_version + 1,
      -- What is on the wire ends its journey first; the newer wish follows it.
      state = case when push.state = 'sending' then 'sending' else 'wanted' end,
      -- An unanswered older value may still arrive after the newer one: look before believing.
      verify = push.verify or push.state in ('sent', 'in_doubt'),
      priority = excluded.priority, due_at = excluded.due_at, check_at = null, checks = 0, attempts = 0, error_code = null, error = null
    returning ${pushImages}`);
  tx.wake('channels.push');
  await followPushes(tx, written);
  return wishes.length;
}
