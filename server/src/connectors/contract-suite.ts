import { beforeEach, describe, expect, test } from 'vitest';
import { ConnectorError } from '../kit/errors.ts';
import type { BatchAnswer, Connector, OrderWindow, PullPage, PushItem, Store } from './connector.ts';

/*
 * What every marketplace connector must do, tried against a simulator of its platform over HTTP.
 * A connector's own test opens accounts there; the suite knows nothing of the platform.
 */

export type Capability = 'products' | 'orders' | 'push' | 'result' | 'read';

/** What the next call of a capability meets. `lost` is a write that is applied although the answer is a failure. */
export type Trouble = 'throttled' | 'failing' | 'silent' | 'truncated' | 'empty' | 'lost';

/** A fresh account at the simulator, with nothing in it. */
export interface Account {
  connector: Connector;
  /** Its time-out and waits are short: at most `patienceMs` for one call with all its tries. */
  store: Store;
  /** The same with a key that is no longer valid. */
  deadStore: Store;
  /** More of each than fit on one page of the connector. */
  manyProducts: number;
  manyOrders: number;
  addProducts(products: readonly { barcode: string; quantity: number }[]): Promise<void>;
  /** Sells one piece of `barcode` per order; answers their external ids. */
  addOrders(barcode: string, count: number): Promise<readonly string[]>;
  /** A window that holds every order, and one that holds none. */
  window(): OrderWindow;
  emptyWindow(): OrderWindow;
  make(capability: Capability, trouble: Trouble): Promise<void>;
  /** The next page of orders or products holds one readable record and one that is not. */
  spoil(what: 'orders' | 'products'): Promise<void>;
  /** What the platform really holds. */
  quantityOf(barcode: string): Promise<number>;
  /** Lets the platform finish what it works on. */
  settle(): Promise<void>;
}

const failureOf = async (work: Promise<unknown>): Promise<ConnectorError> => {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConnectorError);
  return error as ConnectorError;
};

/** Walks all pages; every cursor goes through JSON, as it would through the database. */
async function walk<T>(pull: (cursor: unknown) => Promise<PullPage<T>>): Promise<{ items: T[]; pages: number }> {
  const items: T[] = [];
  let cursor: unknown = null;
  for (let pages = 1; ; pages++) {
    const page = await pull(cursor);
    expect(page.unreadable).toEqual([]);
    items.push(...page.items);
    if (page.next === null) return { items, pages };
    expect(pages).toBeLessThan(10_000);
    cursor = JSON.parse(JSON.stringify(page.next));
  }
}

async function finished(account: Account, batchId: string, items: readonly PushItem[]): Promise<BatchAnswer> {
  for (let polls = 0; polls < 10; polls++) {
    await account.settle();
    const answer = await account.connector.stock!.result(account.store, batchId, items);
    if (answer.state !== 'running') return answer;
  }
  throw new Error('The batch never finished.');
}

const item = (barcode: string, quantity: number): PushItem => ({ pushId: `push ${barcode}`, externalId: barcode, barcode, quantity });

/** Declares the suite; `open` is called before every test. */
export function marketplaceContract(name: string, open: () => Promise<Account>): void {
  describe(`${name} keeps the connector contract`, () => {
    let account: Account;
    beforeEach(async () => {
      account = await open();
    });
    const products = (): Promise<PullPage<unknown>> => account.connector.products!.pull(account.store, null);
    const orders = (): Promise<PullPage<unknown>> => account.connector.orders!.pull(account.store, account.window(), null);
    const push = (quantity = 5): Promise<unknown> => account.connector.stock!.push(account.store, [item('A-1', quantity)]);
    const read = (): Promise<unknown> => account.connector.stock!.read(account.store, [{ externalId: 'A-1', barcode: 'A-1' }]);
    const calls: Record<Exclude<Capability, 'result'>, () => Promise<unknown>> = { products, orders, push, read };

    describe('the connection test', () => {
      test('says yes to working credentials', async () => expect(await account.connector.test(account.store)).toMatchObject({ ok: true }));
      test('says no to dead ones, in a sentence and with the field', async () => {
        const result = await account.connector.test(account.deadStore);
        expect(result.ok).toBe(false);
        expect(result.message).toMatch(/\w+ .*\.$/);
        expect(account.connector.manifest.credentials.map((field) => field.name)).toContain(result.field);
      });
    });

    describe('reading', () => {
      test('an empty account has no products and no orders', async () => {
        expect((await walk((cursor) => account.connector.products!.pull(account.store, cursor))).items).toEqual([]);
        expect((await walk((cursor) => account.connector.orders!.pull(account.store, account.window(), cursor))).items).toEqual([]);
      });

      test('every product comes exactly once over several pages', async () => {
        const barcodes = Array.from({ length: account.manyProducts }, (_, i) => `P-${i}`);
        await account.addProducts(barcodes.map((barcode) => ({ barcode, quantity: 3 })));
        const { items, pages } = await walk((cursor) => account.connector.products!.pull(account.store, cursor));
        expect(pages).toBeGreaterThan(1);
        expect(items.map((each) => each.externalId).toSorted()).toEqual(barcodes.toSorted());
        expect(items.every((each) => each.quantity === 3)).toBe(true);
      });

      test('every order of a window comes exactly once over several pages, and the same again on the next pull', async () => {
        await account.addProducts([{ barcode: 'A-1', quantity: 10_000 }]);
        const sold = await account.addOrders('A-1', account.manyOrders);
        const pull = (cursor: unknown): ReturnType<NonNullable<Connector['orders']>['pull']> =>
          account.connector.orders!.pull(account.store, account.window(), cursor);
        const first = await walk(pull);
        expect(first.pages).toBeGreaterThan(1);
        expect(first.items.map((each) => each.externalId).toSorted()).toEqual([...sold].toSorted());
        const second = await walk(pull);
        expect(second.items.map((each) => [each.externalId, each.modifiedAt, each.status])).toEqual(
          first.items.map((each) => [each.externalId, each.modifiedAt, each.status]),
        );
        expect((await walk((cursor) => account.connector.orders!.pull(account.store, account.emptyWindow(), cursor))).items).toEqual([]);
      });

      test('an order tells what was sold, for how much, when and to whom', async () => {
        await account.addProducts([{ barcode: 'A-1', quantity: 10 }]);
        await account.addOrders('A-1', 1);
        const { items } = await account.connector.orders!.pull(account.store, account.window(), null);
        const order = items[0]!;
        expect(order.lines).toHaveLength(1);
        expect(order.lines[0]).toMatchObject({ barcode: 'A-1', productExternalId: 'A-1', quantity: 1 });
        expect(order.status).toBe('new');
        expect(order.total.amount).toBe(order.lines[0]!.total.amount);
        expect(Math.abs(order.orderedAt.getTime() - account.store.now().getTime())).toBeLessThan(10 * 60_000);
        expect(order.customer.name).not.toBe('');
        expect(order.shipTo).toMatchObject({ street: expect.stringMatching(/\S/) as unknown, city: expect.stringMatching(/\S/) as unknown });
      });

      test.each(['orders', 'products'] as const)('one unreadable record among %s is set aside and the rest is read', async (what) => {
        await account.addProducts([{ barcode: 'A-1', quantity: 10 }]);
        await account.addOrders('A-1', 1);
        await account.spoil(what);
        const page = (await calls[what]()) as PullPage<unknown>;
        expect(page.items).toHaveLength(1);
        expect(page.unreadable).toHaveLength(1);
        expect(page.unreadable[0]).toMatchObject({ externalId: expect.stringMatching(/\S/) as unknown, reason: expect.stringMatching(/\S/) as unknown });
        expect(page.unreadable[0]!.raw).toBeDefined();
      });
    });

    describe('trouble', () => {
      const all = ['products', 'orders', 'push', 'read'] as const;
      beforeEach(() => account.addProducts([{ barcode: 'A-1', quantity: 10 }]));

      test.each(all)('throttling of %s says when to come back', async (capability) => {
        await account.make(capability, 'throttled');
        const error = await failureOf(calls[capability]());
        expect(error).toMatchObject({ kind: 'rate_limited', inDoubt: false });
        expect(error.retryAt!.getTime()).toBeGreaterThan(Date.now());
      });

      test.each(all)('a dead key stops %s as auth', async (capability) => {
        account = { ...account, store: account.deadStore };
        expect(await failureOf(calls[capability]())).toMatchObject({ kind: 'auth', inDoubt: false });
      });

      test.each(all.flatMap((capability) => (['truncated', 'empty'] as const).map((trouble) => [trouble, capability] as const)))(
        'an answer that is %s to %s is a bad response',
        async (trouble, capability) => {
          await account.make(capability, trouble);
          expect(await failureOf(calls[capability]())).toMatchObject({ kind: 'bad_response', inDoubt: capability === 'push' });
        },
      );

      test.each(all)('no answer to %s is unavailable', async (capability) => {
        await account.make(capability, 'silent');
        expect(await failureOf(calls[capability]())).toMatchObject({ kind: 'unavailable', inDoubt: capability === 'push' });
      });

      test('one server error does not fail a read, but leaves a write in doubt without a second try', async () => {
        for (const capability of ['products', 'orders', 'read'] as const) {
          await account.make(capability, 'failing');
          await calls[capability]();
        }
        await account.make('push', 'failing');
        expect(await failureOf(push())).toMatchObject({ kind: 'unavailable', inDoubt: true });
        await account.settle();
        expect(await account.quantityOf('A-1')).toBe(10);
      });

      test('a write that was applied without a good answer is in doubt, and reading back tells the truth', async () => {
        await account.make('push', 'lost');
        expect(await failureOf(push(4))).toMatchObject({ kind: 'unavailable', inDoubt: true });
        await account.settle();
        expect(await read()).toMatchObject([{ externalId: 'A-1', quantity: 4 }]);
        expect(await account.quantityOf('A-1')).toBe(4);
      });
    });

    describe('sending stock', () => {
      test('a batch with one wrong product confirms the others and says why not that one', async () => {
        await account.addProducts([
          { barcode: 'A-1', quantity: 10 },
          { barcode: 'A-2', quantity: 10 },
        ]);
        const items = [item('A-1', 7), item('NOT-THERE', 1), item('A-2', 0)];
        const sent = await account.connector.stock!.push(account.store, items);
        const results = [...sent.results, ...(sent.batchId === null ? [] : (await finished(account, sent.batchId, items)).results)];
        expect(results.toSorted((a, b) => a.pushId.localeCompare(b.pushId))).toEqual([
          { pushId: 'push A-1', state: 'confirmed', reasons: [] },
          { pushId: 'push A-2', state: 'confirmed', reasons: [] },
          { pushId: 'push NOT-THERE', state: 'refused', reasons: [expect.stringMatching(/\S/)] },
        ]);
        expect([await account.quantityOf('A-1'), await account.quantityOf('A-2')]).toEqual([7, 0]);
      });

      test('what cannot be sent is refused at once and never lost', async () => {
        await account.addProducts([{ barcode: 'A-1', quantity: 10 }]);
        const items = [item('A-1', 7), { ...item('A-2', 1), barcode: '' }, { ...item('A-3', 1), quantity: -1 }];
        const sent = await account.connector.stock!.push(account.store, items);
        expect(sent.results.map((result) => [result.pushId, result.state])).toEqual([
          ['push A-2', 'refused'],
          ['push A-3', 'refused'],
        ]);
        expect(sent.batchId).not.toBeNull();
      });

      test('reading back leaves out what is not there', async () => {
        await account.addProducts([{ barcode: 'A-1', quantity: 10 }]);
        const levels = await account.connector.stock!.read(
          account.store,
          ['A-1', 'NOT-THERE'].map((barcode) => ({ externalId: barcode, barcode })),
        );
        expect(levels).toMatchObject([{ externalId: 'A-1', quantity: 10 }]);
      });

      test('a batch the platform does not remember is unknown', async () => {
        expect(await account.connector.stock!.result(account.store, 'never-heard-of', [item('A-1', 1)])).toMatchObject({ state: 'unknown' });
      });

      test('trouble with a result is not trouble with the batch', async () => {
        await account.addProducts([{ barcode: 'A-1', quantity: 10 }]);
        const items = [item('A-1', 6)];
        const { batchId } = await account.connector.stock!.push(account.store, items);
        await account.make('result', 'truncated');
        expect(await failureOf(account.connector.stock!.result(account.store, batchId!, items))).toMatchObject({ kind: 'bad_response', inDoubt: false });
        expect(await finished(account, batchId!, items)).toMatchObject({ state: 'finished', results: [{ state: 'confirmed' }] });
      });
    });
  });
}
