import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ChangeSet } from '../../../../server/src/modules/accounts/contract.ts';
import type { Run } from '../../../../server/src/modules/sync/contract.ts';
import { api } from '../../api/client.ts';
import { listQuery } from '../../api/list-query.ts';
import { listSearch, oneOf, someText } from '../../lib/url-state.ts';
import type { SearchOf } from '../../lib/url-state.ts';

export const runKinds = ['catalog.import', 'channels.pull', 'orders.pull', 'orders.sweep'] as const;
export const changeKinds = ['edit', 'import', 'stock', 'mapping', 'connect', 'disconnect', 'writes', 'access', 'undo'] as const;
export const entityKinds = [
  'product',
  'product_cost',
  'category',
  'inventory_item',
  'channel',
  'channel_product',
  'order_line',
  'company',
  'shop',
  'fx_rate',
  'user',
  'api_key',
] as const;

/** Which of the two lists the address shows. */
export const tabSearch = listSearch({ tab: oneOf(['changes']) }, ['newest']);

export const runsSearch = listSearch({ kind: oneOf(runKinds), state: oneOf(['active', 'ended']) }, ['newest']);
export type RunsSearch = SearchOf<typeof runsSearch>;

export const changesSearch = listSearch({ kind: oneOf(changeKinds), about: oneOf(entityKinds), by: someText(60) }, ['newest']);
export type ChangesSearch = SearchOf<typeof changesSearch>;

const PAGE = 100;
const CALM_MS = 10_000;

/** Runs, newest first. While little is loaded the list is read again by itself, so that new work appears. */
export const runsQuery = ({ kind, state }: RunsSearch) =>
  infiniteQueryOptions({
    ...listQuery<Run>(['runs', 'list', { kind, state }], (cursor, signal) => api.sync.list({ kind, state, limit: PAGE, cursor }, { signal })),
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 1 ? CALM_MS : false),
  });

/** Change sets, newest first. */
export const changesQuery = ({ kind, about, by }: ChangesSearch) =>
  listQuery<ChangeSet>(['changes', 'list', { kind, about, by }], (cursor, signal) =>
    api.accounts.changes.list({ kind, entityKind: about, actorId: by, limit: PAGE, cursor }, { signal }),
  );

const ENTRIES = 50;

/** One change set with its entries, by page. */
export const changeQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['changes', 'entries', id],
    queryFn: ({ pageParam, signal }) => api.accounts.changes.get({ id, limit: ENTRIES, cursor: pageParam }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.entries.nextCursor ?? undefined,
  });

/** Only the head of a change set: who and when. */
export const changeSetQuery = (id: string) =>
  queryOptions({ queryKey: ['changes', 'one', id], queryFn: async () => (await api.accounts.changes.get({ id, limit: 1 })).changeSet });

/** People to filter by, for whoever may know them. */
export const peopleQuery = queryOptions({
  queryKey: ['users', 'names'],
  queryFn: async () => (await api.accounts.users.list({ limit: 200 })).items,
  staleTime: 60_000,
});

export const categoriesQuery = queryOptions({ queryKey: ['categories'], queryFn: async () => (await api.catalog.categories()).items, staleTime: 60_000 });

/** Products that changes name by their id: to call them by SKU and to know the currency of their prices. */
export const namedProductsQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ['products', 'named', ids],
    queryFn: async () => (await api.catalog.list({ id: [...ids], limit: Math.max(1, ids.length) })).items,
    enabled: ids.length > 0,
    staleTime: 60_000,
  });
