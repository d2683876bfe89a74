import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import type { OrderEventKind } from './contract.ts';

/** Something that happened to an order. `data` holds facts for the web to word, never a customer's name or address. */
export interface Happening {
  orderId: string;
  kind: OrderEventKind;
  data: Record<string, unknown>;
}

/** Writes timeline rows in the order in which they are given. */
export async function writeTimeline(tx: Tx, actor: Actor, happenings: readonly Happening[]): Promise<void> {
  if (happenings.length === 0) return;
  await tx.run(sql`
    insert into order_event (id, order_id, kind, message_data, actor_name, at)
    select id, order_id, kind, data, ${actor.name}, ${tx.now}
    from unnest(${happenings.map(() => tx.newId())}::uuid[], ${happenings.map((one) => one.orderId)}::uuid[], ${happenings.map((one) => one.kind)}::text[],
      ${happenings.map((one) => JSON.stringify(one.data))}::jsonb[]) as happening(id, order_id, kind, data)`);
}
