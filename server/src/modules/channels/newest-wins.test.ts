import fc from 'fast-check';
import { expect, test } from 'vitest';
import { channelWorld } from '../../../test/channel-world.ts';
import { sql } from '../../kit/db.ts';
import { ConnectorError } from '../../kit/errors.ts';
import { claimPushes } from './pushes.ts';
import { getConnector, openStore } from './stores.ts';

const SKUS = ['A', 'B', 'C'] as const;
const ACCOUNTS = ['one', 'two'] as const;

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('stock' as const), sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 0, max: 40 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 3, 20, 70) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('fail' as const),
      account: fc.constantFrom(...ACCOUNTS),
      kind: fc.constantFrom('rate_limited', 'lost', 'applied', 'down', 'garbled'),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      account: fc.constantFrom(...ACCOUNTS),
      when: fc.constantFrom('before sending', 'after sending'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('meanwhile' as const), sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 0, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('at once' as const), account: fc.constantFrom(...ACCOUNTS), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('slow' as const), account: fc.constantFrom(...ACCOUNTS), polls: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), account: fc.constantFrom(...ACCOUNTS), forgetful: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pull' as const), account: fc.constantFrom(...ACCOUNTS) }) },
);

const errors = {
  rate_limited: () => new ConnectorError('rate_limited', 'Too many requests.'),
  lost: () => new ConnectorError('unavailable', 'No answer.', { inDoubt: true }),
  applied: () => new ConnectorError('unavailable', 'No answer.', { inDoubt: true }),
  down: () => new ConnectorError('unavailable', 'Could not be reached.'),
  garbled: () => new ConnectorError('bad_response', 'Half a JSON.', { inDoubt: true }),
};

test(
  'whatever fails on the way, only the newest wish is ever sent, nothing is confirmed that does not hold, and in the end every store has it',
  { timeout: 180_000 },
  async () => {
    const world = await channelWorld({ maxItems: 2 });
    const products = new Map(await Promise.all(SKUS.map(async (sku) => [sku, await world.product(sku, null, 20)] as const)));
    const channels = new Map<string, string>();
    const stale: string[] = [];
    /** Sales that happen while the next request is on its way. */
    const meanwhile: { sku: string; quantity: number }[] = [];
    for (const account of ACCOUNTS) {
      world.acme.offer(account, ...SKUS.map((sku) => ({ externalId: sku, barcode: '', sku, title: sku, quantity: 20 })));
      channels.set(account, await world.connect(account, 'ours'));
      // What is sent is the newest wish, unless a sale on the other store has raised the version since this batch was claimed.
      world.acme.of(account).onPush = async (items) => {
        const wishes = await world.db.rows<{ external_id: string; wanted: number; overtaken: boolean }>(sql`
        select cp.external_id, (push.wanted)::int as wanted, push.wanted_version > push.sent_version as overtaken from push join channel_product cp on cp.id = push.channel_product_id where cp.channel_id = ${channels.get(account)}`);
        for (const item of items) {
          const wish = wishes.find((one) => one.external_id === item.externalId);
          if (item.quantity !== wish?.wanted && wish?.overtaken !== true)
            stale.push(`${account}: ${item.externalId} was sent ${item.quantity} while ${wish?.wanted} was wanted`);
        }
        const sale = meanwhile.shift();
        if (sale === undefined) return;
        await world.stock(products.get(sale.sku as (typeof SKUS)[number]) ?? '', sale.quantity);
        await world.once('channels.stock');
      };
    }
    const confirmedHolds = async (): Promise<void> => {
      const rows = await world.db.rows<{ account: string; external_id: string; confirmed: number; wanted: number }>(sql`
      select replace(ch.name, 'Acme ', '') as account, cp.external_id, (push.confirmed)::int as confirmed, (push.wanted)::int as wanted
      from push join channel_product cp on cp.id = push.channel_product_id join channel ch on ch.id = cp.channel_id where push.state = 'confirmed'`);
      for (const row of rows) {
        expect(row.confirmed).toBe(row.wanted);
        expect(world.acme.quantity(row.account, row.external_id)).toBe(row.confirmed);
      }
    };
    const crash = async (account: string, when: string): Promise<void> => {
      const channelId = channels.get(account) ?? '';
      await world.once('channels.stock');
      const batch = await world.db.transaction((tx) => claimPushes(tx, channelId, 2));
      if (batch === undefined || when === 'before sending') return;
      const { store } = await openStore(world.app, channelId);
      await getConnector(world.app, 'acme')
        .stock?.push(store, batch.items)
        .catch(() => undefined);
    };

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        for (const one of steps) {
          if (one.do === 'stock') await world.stock(products.get(one.sku) ?? '', one.quantity);
          else if (one.do === 'pass') await world.pass(one.seconds, Math.max(1, one.seconds / 4));
          else if (one.do === 'settle') await world.settle();
          else if (one.do === 'crash') await crash(one.account, one.when);
          else if (one.do === 'meanwhile') meanwhile.push(one);
          else if (one.do === 'at once') world.acme.of(one.account).mode = one.on ? 'at_once' : 'batch';
          else if (one.do === 'slow') world.acme.of(one.account).slowPolls = one.polls;
          else if (one.do === 'forget') world.acme.of(one.account).forgetful = one.forgetful;
          else if (one.do === 'pull') await world.pull(channels.get(one.account) ?? '');
          else
            for (let times = 0; times < one.times; times++)
              world.acme.of(one.account).failures.push({ error: errors[one.kind](), applied: one.kind === 'applied' });
          await confirmedHolds();
        }
        expect(stale).toEqual([]);
        meanwhile.length = 0;
        for (const account of ACCOUNTS) Object.assign(world.acme.of(account), { failures: [], slowPolls: 0, forgetful: false });
        await world.pass(1900, 50);
        const stock = await world.db.rows<{ sku: string; available: number }>(
          sql`select sku, available::int from product join product_stock on product_id = product.id`,
        );
        for (const account of ACCOUNTS) for (const { sku, available } of stock) expect(world.acme.quantity(account, sku)).toBe(available);
        expect(await world.db.rows(sql`select distinct state from push`)).toEqual([{ state: 'confirmed' }]);
        expect(await world.db.rows(sql`select distinct state from listing`)).toEqual([{ state: 'live' }]);
        await confirmedHolds();
      }),
      { numRuns: 12, seed: 20261122, endOnFailure: true },
    );
  },
);
