import { beforeAll, describe, expect, test } from 'vitest';
import { systemActor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Database } from '../../kit/db.ts';
import type { ChannelOrderRecord } from '../../connectors/connector.ts';
import { testDatabase } from '../../../test/database.ts';
import { makeChannel, makeLine, makeProduct, makeRecord } from '../../../test/orders.ts';
import type { TestChannel } from '../../../test/orders.ts';
import { available, checkLedger, setOnHand } from '../inventory/inventory.ts';
import { getOrder, ingest, mapLine } from './orders.ts';
import type { Ingested, OrderDetail } from './orders.ts';
import { ordersParts } from './jobs.ts';
import { reactToMatches, reactToStock } from './reactions.ts';
import { undoMapLine } from './matching.ts';
import { openChangeSet } from '../accounts/changes.ts';

let db: Database;
let channel: TestChannel;

beforeAll(async () => {
  const subscriptions = Object.fromEntries(Object.entries(ordersParts.subscriptions ?? {}).map(([type, loops]) => [type, loops]));
  db = await testDatabase({ subscriptions });
  channel = await makeChannel(db);
});

const receive = (records: readonly ChannelOrderRecord[], via: 'poll' | 'webhook' | 'sweep' = 'poll', into: TestChannel = channel): Promise<Ingested> =>
  db.transaction((tx) => ingest(tx, into, records, via));

const orderOf = async (record: { externalNumber: string }, into: TestChannel = channel): Promise<OrderDetail> => {
  const { id } = await db.one<{ id: string }>(sql`select id from "order" where channel_id = ${into.id} and external_number = ${record.externalNumber}`);
  return getOrder(db, systemActor, id);
};

const left = async (product: { id: string }): Promise<number | undefined> => (await available(db, [product.id])).get(product.id);
const sales = async (product: { id: string }): Promise<number> =>
  (
    await db.one<{ count: number }>(
      sql`select count(*) as count from stock_movement join inventory_mapping using (item_id) where product_id = ${product.id} and cause = 'sale'`,
    )
  ).count;
const kinds = (order: OrderDetail): string[] => order.timeline.map((event) => event.kind).toReversed();
const react = async (): Promise<void> => {
  while (await db.transaction(reactToMatches)) {
    /* more waits */
  }
  while (await db.transaction(reactToStock)) {
    /* more waits */
  }
};

describe('an order comes in', () => {
  test('becomes one order with a number of ours, its line knows its product, and the piece is promised', async () => {
    const product = await makeProduct(db, { stock: 5 });
    const record = makeRecord({ lines: [makeLine({ barcode: product.barcode, quantity: 2 })] });
    expect(await receive([record])).toEqual({ created: 1, advanced: 0, unchanged: 0, quarantined: 0 });
    const order = await orderOf(record);
    expect(order).toMatchObject({
      status: 'new',
      problem: null,
      customerName: 'Ana Pop',
      lineCount: 1,
      unitCount: 2,
      total: { amount: '100.00', currency: 'RON' },
      receivedBy: 'poll',
      customer: { email: 'ana@example.com', shipTo: { city: 'Cluj' } },
      lines: [{ product: { id: product.id }, matchedBy: 'barcode', state: 'open', stock: 'reserved', available: 3 }],
      packages: [{ externalId: record.externalId, status: 'new' }],
    });
    expect(Number(order.number)).toBeGreaterThan(20_000);
    expect(kinds(order)).toEqual(['order_received', 'stock_reserved']);
    expect(await left(product)).toBe(3);
  });

  test('told again, by whomever, it changes nothing', async () => {
    const product = await makeProduct(db, { stock: 5 });
    const record = makeRecord({ minute: 5, lines: [makeLine({ barcode: product.barcode })] });
    await receive([record]);
    const before = await orderOf(record);
    expect(await receive([record, record], 'webhook')).toMatchObject({ created: 0, advanced: 0, unchanged: 2 });
    expect(await receive([{ ...record, modifiedAt: new Date(record.modifiedAt.getTime() - 1), status: 'cancelled' }])).toMatchObject({ unchanged: 1 });
    expect(await orderOf(record)).toEqual(before);
    expect(await left(product)).toBe(4);
  });

  test('ten deliveries of the same page at the same moment make each order once', async () => {
    const product = await makeProduct(db, { stock: 100 });
    const page = Array.from({ length: 20 }, () => makeRecord({ lines: [makeLine({ sku: product.sku })] }));
    const results = await Promise.all(Array.from({ length: 10 }, (_, n) => receive(n % 2 === 0 ? page : page.toReversed(), n % 2 === 0 ? 'poll' : 'webhook')));
    expect(results.reduce((sum, one) => sum + one.created, 0)).toBe(20);
    expect(await left(product)).toBe(80);
    expect(await checkLedger(db)).toEqual([]);
  });

  test('a process that dies before the end leaves nothing behind, and the same page comes in whole afterwards', async () => {
    const product = await makeProduct(db, { stock: 5 });
    const page = [
      makeRecord({ lines: [makeLine({ barcode: product.barcode })] }),
      makeRecord({ status: 'shipped', lines: [makeLine({ barcode: product.barcode })] }),
      makeRecord({ total: { amount: '?', currency: 'RON' } }),
    ];
    const state = async (): Promise<object> =>
      db.one(sql`
        select (select count(*) from "order") as orders, (select count(*) from order_event) as events, (select count(*) from event) as reactions,
          (select count(*) from stock_movement) as movements, (select count(*) from order_quarantine) as aside`);
    const before = await state();
    const death = db.transaction(async (tx) => {
      await ingest(tx, channel, page, 'poll');
      throw new Error('killed');
    });
    await expect(death).rejects.toThrow('killed');
    expect([await state(), await left(product)]).toEqual([before, 5]);
    expect(await receive(page)).toEqual({ created: 2, advanced: 0, unchanged: 0, quarantined: 1 });
    expect([await left(product), await sales(product)]).toEqual([3, 1]);
  });

  test('two packages of one order that arrive at the same moment are one order', async () => {
    const [one, two] = [makeRecord({ externalNumber: 'TWINS' }), makeRecord({ externalNumber: 'TWINS' })];
    await Promise.all([receive([one]), receive([two])]);
    expect((await orderOf(one)).packages).toHaveLength(2);
  });
});

describe('the order goes its way', () => {
  test('shipped takes the goods from the shelf once, and later news take nothing more', async () => {
    const product = await makeProduct(db, { stock: 5 });
    const record = makeRecord({ lines: [makeLine({ barcode: product.barcode, quantity: 2 })] });
    await receive([record]);
    await receive([{ ...record, status: 'shipped', modifiedAt: new Date(record.modifiedAt.getTime() + 60_000) }]);
    await receive([{ ...record, status: 'delivered', modifiedAt: new Date(record.modifiedAt.getTime() + 120_000) }]);
    const order = await orderOf(record);
    expect(order).toMatchObject({ status: 'delivered', lines: [{ state: 'shipped', stock: 'taken' }] });
    expect(order.shippedAt).not.toBeNull();
    expect(kinds(order)).toEqual(['order_received', 'stock_reserved', 'package_status', 'stock_taken', 'order_status', 'package_status', 'order_status']);
    expect([await left(product), await sales(product)]).toEqual([3, 1]);
  });

  test('seen for the first time after it was shipped, it takes the goods as well', async () => {
    const product = await makeProduct(db, { stock: 5 });
    const record = makeRecord({ status: 'delivered', lines: [makeLine({ barcode: product.barcode })] });
    await receive([record]);
    expect([await left(product), await sales(product)]).toEqual([4, 1]);
  });

  test('what had left before the store was connected takes nothing: the shelf was counted without it', async () => {
    const product = await makeProduct(db, { stock: 5 });
    const late = await makeChannel(db, { createdAt: new Date('2026-04-01T00:00:00Z') });
    const record = makeRecord({ status: 'shipped', lines: [makeLine({ barcode: product.barcode }), makeLine({ barcode: 'unknown to us' })] });
    await receive([record], 'poll', late);
    await receive([{ ...record, status: 'delivered', modifiedAt: new Date('2026-04-02T00:00:00Z') }], 'poll', late);
    const order = await orderOf(record, late);
    expect(order).toMatchObject({ status: 'delivered', problem: null });
    expect(order.lines.map((line) => line.stock)).toEqual(['before', 'before']);
    expect([await left(product), await sales(product)]).toEqual([5, 0]);
  });

  test('cancelled gives the pieces back', async () => {
    const product = await makeProduct(db, { stock: 5 });
    const record = makeRecord({ lines: [makeLine({ barcode: product.barcode })] });
    await receive([record]);
    await receive([{ ...record, status: 'cancelled', modifiedAt: new Date(record.modifiedAt.getTime() + 60_000) }]);
    expect(await orderOf(record)).toMatchObject({ status: 'cancelled', lines: [{ state: 'cancelled', stock: 'released' }] });
    expect(await left(product)).toBe(5);
  });

  test('a line cancelled alone gives back its pieces only; one that is left out of the newer message counts as cancelled', async () => {
    const product = await makeProduct(db, { stock: 9 });
    const [keep, drop, vanish] = [
      makeLine({ barcode: product.barcode }),
      makeLine({ barcode: product.barcode, quantity: 2 }),
      makeLine({ barcode: product.barcode, quantity: 3 }),
    ];
    const record = makeRecord({ lines: [keep, drop, vanish] });
    await receive([record]);
    expect(await left(product)).toBe(3);
    await receive([makeRecord({ ...record, lines: [keep, { ...drop, cancelled: true }], modifiedAt: new Date(record.modifiedAt.getTime() + 60_000) })]);
    expect(await left(product)).toBe(8);
    expect((await orderOf(record)).lines.map((line) => line.state)).toEqual(['open', 'cancelled', 'cancelled']);
  });

  test('a platform that goes back to an earlier status does not take ours back, and the timeline says so', async () => {
    const product = await makeProduct(db, { stock: 5 });
    const record = makeRecord({ status: 'shipped', lines: [makeLine({ barcode: product.barcode })] });
    await receive([record]);
    await receive([{ ...record, status: 'processing', rawStatus: 'Picking', modifiedAt: new Date(record.modifiedAt.getTime() + 60_000) }]);
    await receive([{ ...record, status: 'unknown', rawStatus: 'Teleported', modifiedAt: new Date(record.modifiedAt.getTime() + 120_000) }]);
    const order = await orderOf(record);
    expect(order).toMatchObject({ status: 'shipped', packages: [{ status: 'shipped', rawStatus: 'Teleported' }] });
    expect(order.timeline.filter((event) => event.kind === 'status_kept').map((event) => event.data['raw'])).toEqual(['Teleported', 'Picking']);
  });

  test('an address that was masked and one that is masked again never empty what we know', async () => {
    const record = makeRecord({ status: 'pending', shipTo: null, customer: { name: '', email: '', phone: '' } });
    await receive([record]);
    expect((await orderOf(record)).customer).toMatchObject({ name: '', shipTo: null });
    const open = makeRecord({
      ...record,
      status: 'new',
      customer: { name: 'Ion', email: 'Ion@Example.com', phone: '' },
      shipTo: makeRecord().shipTo,
      modifiedAt: new Date(record.modifiedAt.getTime() + 1),
    });
    await receive([open]);
    await receive([
      makeRecord({
        ...open,
        status: 'delivered',
        customer: { name: '', email: '', phone: '' },
        shipTo: null,
        modifiedAt: new Date(record.modifiedAt.getTime() + 2),
      }),
    ]);
    expect((await orderOf(record)).customer).toMatchObject({ name: 'Ion', email: 'ion@example.com', shipTo: { city: 'Cluj' } });
  });
});

describe('a package is split', () => {
  const split = async (order: readonly number[]): Promise<{ detail: OrderDetail; left: number | undefined }> => {
    const product = await makeProduct(db, { stock: 10 });
    const externalNumber = `SPLIT-${product.sku}`;
    const lines = [makeLine({ barcode: product.barcode, quantity: 2 }), makeLine({ barcode: product.barcode, quantity: 1 })];
    const whole = makeRecord({ externalNumber, status: 'processing', lines });
    const records = [
      whole,
      { ...whole, status: 'superseded' as const, modifiedAt: new Date(whole.modifiedAt.getTime() + 60_000) },
      makeRecord({ externalNumber, minute: 1, originExternalIds: [whole.externalId], lines: lines.slice(0, 1) }),
      makeRecord({ externalNumber, minute: 1, originExternalIds: [whole.externalId], lines: lines.slice(1), status: 'shipped' }),
    ];
    for (const n of order) await receive(records.slice(n, n + 1));
    return { detail: await orderOf(whole), left: await left(product) };
  };

  test('one order remains with the right stock, successors first or last, and before the platform says the old one is gone', async () => {
    for (const order of [
      [0, 1, 2, 3],
      [2, 3, 0, 1],
      [3, 1, 2],
      [2, 3, 0],
      [1, 3, 0, 2],
    ]) {
      const { detail, left: pieces } = await split(order);
      expect(detail, String(order)).toMatchObject({ status: 'new', lineCount: 2, unitCount: 3, total: { amount: '150.00' } });
      expect(detail.packages.map((one) => one.status).toSorted(), String(order)).toEqual(
        order.some((n) => n < 2) ? ['new', 'shipped', 'superseded'] : ['new', 'shipped'],
      );
      expect(pieces, String(order)).toBe(7);
    }
  });
});

describe('lines without a product', () => {
  test('hold the order as needing mapping, and it continues when a person maps them', async () => {
    const product = await makeProduct(db, { stock: 5 });
    const record = makeRecord({ lines: [makeLine({ barcode: 'nobody knows', quantity: 2 })] });
    await receive([record]);
    const waiting = await orderOf(record);
    expect(waiting).toMatchObject({ status: 'new', problem: 'needs_mapping', lines: [{ product: null, matchProblem: 'none', stock: 'none' }] });
    await db.transaction((tx) => mapLine(tx, systemActor, { id: waiting.id, lineId: waiting.lines[0]?.id ?? '', productId: product.id }));
    expect(await orderOf(record)).toMatchObject({ problem: null, lines: [{ product: { id: product.id }, matchedBy: 'hand', stock: 'reserved' }] });
    expect(await left(product)).toBe(3);
  });

  test('goods that left unmapped are taken from the shelf when they are mapped', async () => {
    const product = await makeProduct(db, { stock: 5 });
    const record = makeRecord({ status: 'shipped', lines: [makeLine({ barcode: 'still nobody' })] });
    await receive([record]);
    const waiting = await orderOf(record);
    expect(waiting.problem).toBe('needs_mapping');
    await db.transaction((tx) => mapLine(tx, systemActor, { id: waiting.id, lineId: waiting.lines[0]?.id ?? '', productId: product.id }));
    expect([await left(product), await sales(product)]).toEqual([4, 1]);
    const other = await makeProduct(db, { stock: 1 });
    await expect(
      db.transaction((tx) => mapLine(tx, systemActor, { id: waiting.id, lineId: waiting.lines[0]?.id ?? '', productId: other.id })),
    ).rejects.toMatchObject({ code: 'order_line.already_shipped' });
  });

  test('find their product when one with their barcode comes, and when their channel product is mapped', async () => {
    const byBarcode = makeRecord({ lines: [makeLine({ barcode: 'COMES-LATER' })] });
    const byListing = makeRecord({ lines: [makeLine({ productExternalId: 'ext-77' })] });
    await receive([byBarcode, byListing]);
    await makeProduct(db, { barcode: 'COMES-LATER', stock: 3 });
    const mapped = await makeProduct(db, { stock: 3 });
    await db.transaction(async (tx) => {
      const id = tx.newId();
      await tx.run(sql`
        insert into channel_product (id, channel_id, external_id, title, status, currency, observed_at, product_id) values (${id}, ${channel.id}, 'ext-77', 'There', 'live', 'RON', ${tx.now}, ${mapped.id})`);
      tx.emit('channel_product.mapped', [id]);
    });
    await react();
    expect(await orderOf(byBarcode)).toMatchObject({ problem: null, lines: [{ matchedBy: 'barcode', stock: 'reserved' }] });
    expect(await orderOf(byListing)).toMatchObject({ problem: null, lines: [{ matchedBy: 'listing', product: { id: mapped.id } }] });
  });

  test('are matched by the listing before the barcode before the channel’s barcode before the SKU; two candidates are ambiguous', async () => {
    const [listed, coded, there, named] = [await makeProduct(db), await makeProduct(db), await makeProduct(db), await makeProduct(db)];
    await makeProduct(db, { barcode: 'TWICE' });
    await makeProduct(db, { barcode: 'TWICE' });
    await db.run(sql`
      insert into channel_product (id, channel_id, external_id, barcode, title, status, currency, observed_at, product_id)
      values (uuidv7(), ${channel.id}, 'ext-1', '', 'One', 'live', 'RON', now(), ${listed.id}), (uuidv7(), ${channel.id}, 'ext-2', 'THERE-ONLY', 'Two', 'live', 'RON', now(), ${there.id})`);
    const record = makeRecord({
      lines: [
        makeLine({ productExternalId: 'ext-1', barcode: coded.barcode, sku: named.sku }),
        makeLine({ productExternalId: 'ext-0', barcode: coded.barcode, sku: named.sku }),
        makeLine({ barcode: 'THERE-ONLY', sku: named.sku }),
        makeLine({ barcode: 'nothing', sku: named.sku }),
        makeLine({ barcode: 'TWICE', sku: named.sku }),
        makeLine({ barcode: coded.barcode.toLowerCase() }),
      ],
    });
    await receive([record]);
    expect((await orderOf(record)).lines.map((line) => [line.product?.id ?? null, line.matchedBy ?? line.matchProblem])).toEqual([
      [listed.id, 'listing'],
      [coded.id, 'barcode'],
      [there.id, 'channel_barcode'],
      [named.id, 'sku'],
      [null, 'ambiguous'],
      [null, 'none'],
    ]);
  });

  test('a mapping by hand goes with the line to the packages it is split into, and can be undone', async () => {
    const product = await makeProduct(db, { stock: 5 });
    const line = makeLine({ barcode: 'by hand only' });
    const record = makeRecord({ lines: [line] });
    await receive([record]);
    const waiting = await orderOf(record);
    await db.transaction((tx) => mapLine(tx, systemActor, { id: waiting.id, lineId: waiting.lines[0]?.id ?? '', productId: product.id }));
    await receive([makeRecord({ externalNumber: record.externalNumber, minute: 9, originExternalIds: [record.externalId], lines: [line] })]);
    expect(await orderOf(record)).toMatchObject({
      problem: null,
      lines: [
        { matchedBy: 'hand', stock: 'reserved' },
        { state: 'superseded', stock: 'released' },
      ],
    });
    expect(await left(product)).toBe(4);

    const single = makeRecord({ lines: [makeLine({ barcode: 'by hand too' })] });
    await receive([single]);
    const order = await orderOf(single);
    await db.transaction((tx) => mapLine(tx, systemActor, { id: order.id, lineId: order.lines[0]?.id ?? '', productId: product.id }));
    const { change_set_id } = await db.one<{ change_set_id: string }>(
      sql`select change_set_id from change_entry where entity_kind = 'order_line' and entity_id = ${order.lines[0]?.id}`,
    );
    await db.transaction(async (tx) =>
      undoMapLine(tx, systemActor, {
        changeSetId: change_set_id,
        undoSetId: await openChangeSet(tx, systemActor, { kind: 'undo', reason: 'Undo', undoOf: change_set_id }),
      }),
    );
    expect(await orderOf(single)).toMatchObject({ problem: 'needs_mapping', lines: [{ product: null, stock: 'released' }] });
    expect(await left(product)).toBe(4);
  });
});

test('an order for more than there is says so, and is well again when stock comes', async () => {
  const product = await makeProduct(db, { stock: 1 });
  const [first, second] = [makeRecord({ lines: [makeLine({ barcode: product.barcode })] }), makeRecord({ lines: [makeLine({ barcode: product.barcode })] })];
  await receive([first]);
  await receive([second]);
  expect([(await orderOf(first)).problem, (await orderOf(second)).problem]).toEqual([null, 'oversold']);
  await react();
  expect([(await orderOf(first)).problem, (await orderOf(second)).problem]).toEqual([null, 'oversold']);
  await db.transaction((tx) => setOnHand(tx, systemActor, { cause: 'receipt', note: '' }, [{ productId: product.id, quantity: 2 }]));
  await react();
  const well = await orderOf(second);
  expect(well).toMatchObject({ problem: null, lines: [{ stock: 'reserved' }] });
  expect(kinds(well)).toContain('stock_covered');
});

describe('what cannot be an order', () => {
  const open = (externalId: string): Promise<{ reason: string; times: number; resolved: boolean } | undefined> =>
    db.maybe(
      sql`select reason, times, resolved_at is not null as resolved from order_quarantine where channel_id = ${channel.id} and external_id = ${externalId}`,
    );

  test('is kept aside with its reason while the others of its page come in, and comes in when the platform mends it', async () => {
    const sound = makeRecord();
    const odd = makeRecord({ total: { amount: 'a lot', currency: 'RON' }, raw: { note: 'broken \u0000 and \ud800' } });
    expect(await receive([odd, sound])).toMatchObject({ created: 1, quarantined: 1 });
    expect(await open(odd.externalId)).toMatchObject({ reason: expect.stringContaining('a lot'), times: 1, resolved: false });
    await receive([odd]);
    expect(await open(odd.externalId)).toMatchObject({ times: 2 });
    expect(await receive([makeRecord({ ...odd, total: sound.total, modifiedAt: new Date(odd.modifiedAt.getTime() + 1) })])).toMatchObject({ created: 1 });
    expect(await open(odd.externalId)).toMatchObject({ resolved: true });
  });

  test('a record that only the database refuses does not take its page along, and leaves nothing behind', async () => {
    const page = Array.from({ length: 5 }, () => makeRecord());
    const other = makeRecord({
      externalNumber: page[0]?.externalNumber ?? '',
      minute: 3,
      total: { amount: '1.00', currency: 'EUR' },
      discount: { amount: '0.00', currency: 'EUR' },
      lines: [],
    });
    expect(await receive([...page, other])).toMatchObject({ created: 5, quarantined: 1 });
    expect(await open(other.externalId)).toMatchObject({ reason: expect.stringContaining('EUR') });
    expect(await db.one(sql`select count(*) as count from channel_order where external_id = ${other.externalId}`)).toEqual({ count: 0 });
  });

  test('text no database can hold is cleaned, not refused', async () => {
    const record = makeRecord({ customer: { name: 'Ana\u0000 Pop \ud83d', email: '', phone: '' }, lines: [makeLine({ title: 'x'.repeat(9000) })] });
    expect(await receive([record])).toMatchObject({ created: 1 });
    expect((await orderOf(record)).customerName).toMatch(/^Ana Pop/);
  });
});
