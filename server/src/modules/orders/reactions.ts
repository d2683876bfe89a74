import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { takeEvents } from '../../kit/events.ts';
import { oversoldLines } from '../inventory/inventory.ts';
import { lockOrders, settleOrders } from './consequences.ts';
import { rematch } from './matching.ts';
import { waitingForChannelProducts, waitingForProducts, waitingOfPackages } from './reads.ts';
import type { Happening } from './timeline.ts';

const EVENTS_A_PASS = 500;

/** Products came, changed, or were mapped on a channel → lines that wait for a product try again, and their orders continue. */
export async function reactToMatches(tx: Tx): Promise<boolean> {
  const events = await takeEvents(tx, 'orders.match', EVENTS_A_PASS);
  const waiting = [
    ...(await waitingForChannelProducts(tx, events.ids('channel_product.mapped'))),
    // Their product may have been made while they were being written: neither of the two saw the other.
    ...(await waitingOfPackages(tx, events.ids('channel_order.unmatched'))),
    ...(await waitingForProducts(tx, [...events.ids('product.created'), ...events.ids('product.updated')])),
  ];
  if (waiting.length > 0) await rematch(tx, [...new Map(waiting.map((line) => [line.id, line])).values()]);
  return events.more;
}

/** Stock came or went → orders learn whether what they were promised is there; a product takes its stock from elsewhere → promises follow. */
export async function reactToStock(tx: Tx): Promise<boolean> {
  const events = await takeEvents(tx, 'orders.stock', EVENTS_A_PASS);
  const elsewhere = events.ids('product.source_changed');
  if (elsewhere.length > 0) {
    const orders = await tx.rows<{ order_id: string }>(
      sql`select distinct order_id from order_line where state = 'open' and product_id = any(${elsewhere}::uuid[])`,
    );
    const orderIds = orders.map((row) => row.order_id);
    await lockOrders(tx, orderIds);
    await settleOrders(tx, systemActor, orderIds);
  }
  const moved = [...new Set([...events.ids('stock.changed'), ...elsewhere])];
  if (moved.length > 0) await markOversold(tx, moved);
  return events.more;
}

/** Brings the oversold marks of lines of these products to what their promises say now. */
async function markOversold(tx: Tx, productIds: readonly string[]): Promise<void> {
  const stale = async (): Promise<{ id: string; order_id: string; short: boolean }[]> => {
    const short = await oversoldLines(tx, productIds);
    return tx.rows(sql`
      select line.id, line.order_id, line.id = any(${short}::uuid[]) as short from order_line as line
      where (line.oversold and line.product_id = any(${productIds}::uuid[]) and not line.id = any(${short}::uuid[]))
        or (line.id = any(${short}::uuid[]) and not line.oversold and line.state = 'open')`);
  };
  const before = await stale();
  if (before.length === 0) return;
  const orderIds = [...new Set(before.map((line) => line.order_id))];
  await lockOrders(tx, orderIds);
  // Looked at again under the lock, for stock may have moved while we waited.
  const lines = (await stale()).filter((line) => orderIds.includes(line.order_id));
  await tx.run(sql`
    update order_line as line set oversold = now.short
    from unnest(${lines.map((line) => line.id)}::uuid[], ${lines.map((line) => line.short)}::boolean[]) as now(id, short) where line.id = now.id`);
  const told = [...Map.groupBy(lines, (line) => line.order_id)].flatMap(([orderId, own]): Happening[] => {
    const short = own.filter((line) => line.short).length;
    return [
      ...(short > 0 ? [{ orderId, kind: 'stock_oversold' as const, data: { lines: short } }] : []),
      ...(own.length > short ? [{ orderId, kind: 'stock_covered' as const, data: { lines: own.length - short } }] : []),
    ];
  });
  await settleOrders(tx, systemActor, orderIds, { told });
}
