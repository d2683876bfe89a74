import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChannelOrderLineRecord, ChannelOrderRecord } from '../../connectors/connector.ts';
import { sql } from '../../kit/db.ts';
import type { Database } from '../../kit/db.ts';
import { testDatabase } from '../../../test/database.ts';
import { makeChannel, makeCompany, makeLine, makeProduct, makeRecord } from '../../../test/orders.ts';
import type { TestChannel } from '../../../test/orders.ts';
import { checkLedger } from '../inventory/inventory.ts';
import { ingest } from './orders.ts';

/* Whatever happens to an order, the messages about it may come in any order and any number of times: what we know in the end is the same. */

interface Step {
  kind: 'advance' | 'cancel' | 'cancel_line' | 'split' | 'unmask' | 'resize';
  which: number;
}

interface Live {
  record: ChannelOrderRecord;
}

const ladder = ['pending', 'new', 'processing', 'shipped', 'delivered'] as const;
const atHome = (status: string): boolean => status === 'pending' || status === 'new' || status === 'processing';

/** Plays the steps on one order and collects every message the platform sends about it, in the order of their times. */
function play(number: string, lines: ChannelOrderLineRecord[], steps: readonly Step[]): ChannelOrderRecord[] {
  let minute = 0;
  let split = 0;
  const next = (): Date => new Date(Date.UTC(2026, 2, 1, 8, ++minute));
  const first = makeRecord({
    externalId: `${number}-0`,
    externalNumber: number,
    status: 'pending',
    shipTo: null,
    customer: { name: '', email: '', phone: '' },
    lines,
    modifiedAt: next(),
  });
  const live: Live[] = [{ record: first }];
  const messages = [first];
  const tell = (one: Live, change: Partial<ChannelOrderRecord>): void => {
    one.record = makeRecord({ ...one.record, ...change, rawStatus: change.status ?? one.record.status, raw: {}, modifiedAt: next() });
    messages.push(one.record);
  };
  for (const { kind, which } of steps) {
    const one = live[which % live.length];
    if (one === undefined) break;
    const { record } = one;
    if (kind === 'advance') {
      const at = ladder.indexOf(record.status as (typeof ladder)[number]);
      if (record.status === 'delivery_failed') tell(one, { status: which % 2 === 0 ? 'delivered' : 'returned' });
      else if (record.status === 'shipped' && which % 3 === 0) tell(one, { status: 'delivery_failed' });
      else if (at >= 0 && at < ladder.length - 1) tell(one, { status: ladder[Math.min(at + 1 + (which % 2), ladder.length - 1)] ?? 'new' });
    }
    if (kind === 'cancel' && atHome(record.status)) tell(one, { status: 'cancelled' });
    if (kind === 'cancel_line' && atHome(record.status))
      tell(one, { lines: record.lines.map((line, n) => (n === which % record.lines.length ? { ...line, cancelled: true } : line)) });
    if (kind === 'resize' && atHome(record.status))
      tell(one, { lines: record.lines.map((line, n) => (n === which % record.lines.length ? makeLine({ ...line, quantity: 1 + (which % 3) }) : line)) });
    if (kind === 'unmask' && record.shipTo === null)
      tell(one, { shipTo: makeRecord().shipTo, customer: { name: 'Ana Pop', email: 'ana@example.com', phone: '1' } });
    if (kind === 'split' && atHome(record.status) && record.lines.length > 1 && split < 4) {
      // The platform says it of the old package in one of two ways; its successors keep the status.
      const cut = 1 + (which % (record.lines.length - 1));
      const parts = [record.lines.slice(0, cut), record.lines.slice(cut)];
      tell(one, { status: which % 2 === 0 ? 'superseded' : 'cancelled' });
      live.splice(live.indexOf(one), 1);
      for (const part of parts) {
        const child = {
          record: makeRecord({
            ...record,
            externalId: `${number}-${++split}`,
            originExternalIds: [record.externalId],
            lines: part,
            raw: {},
            modifiedAt: next(),
          }),
        };
        live.push(child);
        messages.push(child.record);
      }
    }
  }
  return messages;
}

/** All that matters of what is known of a channel: orders, packages, lines, promises and sales. */
const stateOf = async (db: Database, channel: TestChannel): Promise<unknown> => ({
  orders: await db.rows(sql`
    select external_number, status, problem, customer_name, ship_to, total_minor, discount_minor, line_count, unit_count, ordered_at, ship_by
    from "order" where channel_id = ${channel.id} order by external_number`),
  packages: await db.rows(sql`
    select external_id, status, reported, raw_status, modified_at, total_minor, customer_name, ship_to, left_before from channel_order where channel_id = ${channel.id} order by external_id`),
  lines: await db.rows(sql`
    select package.external_id as package, line.external_id, line.state, line.quantity, line.cancelled, line.product_id, line.match_problem,
      (select sum(held.quantity) from stock_reservation held where held.order_line_id = line.id and held.released_at is null) as promised,
      (select sum(moved.delta) from stock_movement moved where moved.subject_id = line.id and moved.cause = 'sale') as sold
    from order_line line join channel_order package on package.id = line.channel_order_id where package.channel_id = ${channel.id} order by 1, 2`),
});

test(
  'any permutation and repetition of an order’s history, in pages of any size, by any way, also at once, ends in the same state',
  { timeout: 120_000 },
  async () => {
    const db = await testDatabase();
    const companyId = await makeCompany(db);
    const products = await Promise.all(Array.from({ length: 3 }, () => makeProduct(db, { stock: 1_000_000 })));
    const step = fc.record({
      kind: fc.oneof(
        { weight: 5, arbitrary: fc.constant('advance' as const) },
        { weight: 2, arbitrary: fc.constant('split' as const) },
        fc.constantFrom('cancel' as const, 'cancel_line' as const, 'unmask' as const, 'resize' as const),
      ),
      which: fc.nat(11),
    });
    const history = fc.record({
      lines: fc.array(fc.record({ product: fc.nat(3), quantity: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 4 }),
      steps: fc.array(step, { minLength: 1, maxLength: 9 }),
    });
    let orders = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(history, { minLength: 1, maxLength: 3 }), fc.infiniteStream(fc.nat(1_000_000)), async (histories, dice) => {
        const random = (below: number): number => (dice.next().value as number) % below;
        const messages = histories.flatMap(({ lines, steps }) =>
          play(
            `H${++orders}`,
            lines.map((line, n) => makeLine({ externalId: `${orders}-${n}`, barcode: products[line.product]?.barcode ?? 'not ours', quantity: line.quantity })),
            steps,
          ),
        );
        const [straight, shuffled] = [await makeChannel(db, { companyId }), await makeChannel(db, { companyId })];
        for (const message of messages) await db.transaction((tx) => ingest(tx, straight, [message], 'poll'));

        const deliveries = [...messages, ...messages.filter(() => random(3) === 0)]
          .map((message) => ({ message, at: random(1_000_000) }))
          .toSorted((a, b) => a.at - b.at)
          .map(({ message }) => message);
        const pages: ChannelOrderRecord[][] = [];
        while (deliveries.length > 0) pages.push(deliveries.splice(0, 1 + random(5)));
        const via = (): 'poll' | 'webhook' => (random(2) === 0 ? 'poll' : 'webhook');
        while (pages.length > 0) await Promise.all(pages.splice(0, 1 + random(3)).map((page) => db.transaction((tx) => ingest(tx, shuffled, page, via()))));

        expect(await stateOf(db, shuffled)).toEqual(await stateOf(db, straight));
        expect(await checkLedger(db)).toEqual([]);
        expect(await db.one(sql`select count(*) as count from order_quarantine`)).toEqual({ count: 0 });
      }),
      { numRuns: 40, seed: 20261122 },
    );
  },
);
