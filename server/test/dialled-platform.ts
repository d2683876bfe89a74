import { z } from 'zod';
import type { BatchAnswer, ChannelProductRecord, Connector, PushAnswer, PushItem, PushResult, Store } from '../src/connectors/connector.ts';
import { ConnectorError } from '../src/kit/errors.ts';

/** A product on the dialled platform; `quantity` is what shoppers can buy there. */
export type OfferedProduct = Pick<ChannelProductRecord, 'externalId' | 'barcode' | 'sku' | 'title'> & Partial<ChannelProductRecord> & { quantity: number };

/** One account of the platform: what stands there, and how it behaves. */
export interface Account {
  products: Map<string, OfferedProduct>;
  /** Every request that arrived, in order. */
  pushes: { externalId: string; quantity: number }[][];
  reads: number;
  /** `at_once`: results come with the answer; `batch`: a handle to ask with. */
  mode: 'at_once' | 'batch';
  /** Thrown by the next requests, one each; `applied` writes take effect first. */
  failures: { error: ConnectorError; applied?: boolean }[];
  /** Items refused alone, with the reason. */
  refused: Map<string, string>;
  /** Items whose presence makes the platform refuse the whole request. */
  poison: Set<string>;
  /** Items whose writes are taken and dropped. */
  dropped: Set<string>;
  /** How often a batch still answers "running". */
  slowPolls: number;
  /** Results are forgotten at once. */
  forgetful: boolean;
  /** Called when a request arrives, before anything happens. */
  onPush: (items: readonly PushItem[]) => Promise<void> | void;
  refusesKey: boolean;
}

const account = (): Account => ({
  products: new Map(),
  pushes: [],
  reads: 0,
  mode: 'batch',
  failures: [],
  refused: new Map(),
  poison: new Set(),
  dropped: new Set(),
  slowPolls: 0,
  forgetful: false,
  onPush: () => undefined,
  refusesKey: false,
});

const credentialsSchema = z.strictObject({ account: z.string().min(1), key: z.string().min(3, 'The key has at least three characters.') });
const settingsSchema = z.strictObject({ front: z.enum(['RO', 'DE']).default('RO') });

/** A small but complete platform whose behaviour a test dials: a real implementation of the connector contract, without HTTP. */
export interface DialledPlatform {
  connector: Connector;
  of(account: string): Account;
  offer(account: string, ...products: OfferedProduct[]): void;
  /** What shoppers see. */
  quantity(account: string, externalId: string): number | undefined;
}

export function dialledPlatform(options: { maxItems?: number; pageSize?: number } = {}): DialledPlatform {
  const accounts = new Map<string, Account>();
  const batches = new Map<string, { results: Map<string, PushResult>; polls: number }>();
  const of = (name: string): Account => {
    const known = accounts.get(name) ?? account();
    accounts.set(name, known);
    return known;
  };
  const mine = (store: Store): Account => {
    const found = of(String(store.credentials.account));
    if (found.refusesKey || store.credentials.key === 'wrong') throw new ConnectorError('auth', 'The key is not valid.');
    return found;
  };
  const apply = (to: Account, items: readonly PushItem[]): Map<string, PushResult> =>
    new Map(
      items.map((item): [string, PushResult] => {
        const reason = to.refused.get(item.externalId) ?? (to.products.has(item.externalId) ? undefined : 'There is no such product.');
        if (reason !== undefined) return [item.pushId, { pushId: item.pushId, state: 'refused', reasons: [reason] }];
        const product = to.products.get(item.externalId);
        if (product !== undefined && !to.dropped.has(item.externalId)) product.quantity = item.quantity ?? product.quantity;
        return [item.pushId, { pushId: item.pushId, state: 'confirmed', reasons: [] }];
      }),
    );

  const connector: Connector = {
    manifest: {
      platform: 'acme',
      kind: 'marketplace',
      name: 'Acme',
      mark: 'A',
      baseUrl: 'http://127.0.0.1:9',
      credentialsSchema,
      settingsSchema,
      credentials: [
        { name: 'account', label: 'Account', kind: 'text', required: true },
        { name: 'key', label: 'Key', kind: 'secret', required: true },
      ],
      settings: [
        {
          name: 'front',
          label: 'Front',
          kind: 'select',
          required: true,
          options: [
            { value: 'RO', label: 'Romania' },
            { value: 'DE', label: 'Germany' },
          ],
          defaultValue: 'RO',
        },
      ],
      push: { maxItems: options.maxItems ?? 100, pollAfterMs: 1000, pollEveryMs: 1000, resultKeptMs: 60_000 },
      howToConnect: 'Ask Acme.',
    },
    accountKey: (credentials, settings) => `${String(credentials.account)}:${String(settings.front)}`,
    quotaAccount: (credentials) => `acme ${String(credentials.account)}`,
    describe: (credentials, settings) => ({
      name: `Acme ${String(credentials.account)}`,
      mark: String(settings.front),
      currency: settings.front === 'DE' ? 'EUR' : 'RON',
    }),
    quotas: () => [],
    async test(store) {
      if (of(String(store.credentials.account)).refusesKey || store.credentials.key === 'wrong')
        return { ok: false, message: 'The key is not valid.', field: 'key', facts: [] };
      return { ok: true, message: 'Connected.', facts: [{ label: 'Products', value: String(of(String(store.credentials.account)).products.size) }] };
    },
    products: {
      async pull(store, cursor) {
        const all = [...mine(store).products.values()];
        const from = typeof cursor === 'number' ? cursor : 0;
        const size = options.pageSize ?? 50;
        const currency = store.settings.front === 'DE' ? 'EUR' : 'RON';
        return {
          items: all.slice(from, from + size).map((product) => ({
            brand: '',
            category: '',
            status: 'live',
            statusReason: '',
            price: { amount: '10.00', currency },
            listPrice: null,
            currency,
            url: '',
            imageUrl: '',
            attributes: {},
            ...product,
          })),
          unreadable: [],
          next: from + size < all.length ? from + size : null,
          total: all.length,
        };
      },
    },
    stock: {
      async push(store, items): Promise<PushAnswer> {
        const to = mine(store);
        await to.onPush(items);
        const failure = to.failures.shift();
        if (failure !== undefined && failure.applied !== true) throw failure.error;
        to.pushes.push(items.map((item) => ({ externalId: item.externalId, quantity: item.quantity ?? -1 })));
        const poisoned = items.filter((item) => to.poison.has(item.externalId));
        if (poisoned.length > 0)
          throw new ConnectorError('rejected', 'The request has an item that cannot be read.', {
            reasons: [`${poisoned[0]?.externalId ?? ''} cannot be read.`],
          });
        const results = apply(to, items);
        if (failure !== undefined) throw failure.error;
        if (to.mode === 'at_once') return { batchId: null, results: [...results.values()] };
        const batchId = `b${batches.size + 1}`;
        batches.set(batchId, { results, polls: 0 });
        return { batchId, results: [] };
      },
      async result(store, batchId, items): Promise<BatchAnswer> {
        const from = mine(store);
        const batch = batches.get(batchId);
        if (batch === undefined || from.forgetful) return { state: 'unknown', results: [] };
        if (batch.polls++ < from.slowPolls) return { state: 'running', results: [] };
        return { state: 'finished', results: items.flatMap((item) => batch.results.get(item.pushId) ?? []) };
      },
      async read(store, items) {
        const from = mine(store);
        from.reads++;
        return items.flatMap(({ externalId }) => {
          const product = from.products.get(externalId);
          return product === undefined ? [] : [{ externalId, quantity: product.quantity, price: null }];
        });
      },
    },
  };
  return {
    connector,
    of,
    offer: (name, ...products) => products.forEach((product) => of(name).products.set(product.externalId, product)),
    quantity: (name, externalId) => of(name).products.get(externalId)?.quantity,
  };
}
