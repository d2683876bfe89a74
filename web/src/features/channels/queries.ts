import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ChannelProduct, ChannelProductStatus, PushState, Store } from '../../../../server/src/modules/channels/contract.ts';
import { api } from '../../api/client.ts';
import { listQuery } from '../../api/list-query.ts';
import { queryClient } from '../../api/query-client.ts';
import { formatNumber } from '../../lib/format.ts';
import { i18next } from '../../lib/i18n.ts';
import { isId, listSearch, oneOf, someFlag, someText } from '../../lib/url-state.ts';
import type { SearchOf } from '../../lib/url-state.ts';
import type { Choice } from '../../ui/product-picker.tsx';

export const PULL_KIND = 'channels.pull';

/* Every key begins with "channels", the key of the frame's own list, so that one invalidation reaches all. */

export const storeQuery = (platform: string, id: string) =>
  queryOptions({ queryKey: ['channels', 'store', platform, id], queryFn: () => api.channels.store({ platform, id }), refetchInterval: 20_000 });

export const statsQuery = (platform: string, channelId: string | undefined) =>
  queryOptions({ queryKey: ['channels', 'stats', platform, channelId], queryFn: () => api.channels.stats({ platform, channelId }), refetchInterval: 10_000 });

export const standingStatuses = ['live', 'pending', 'rejected', 'archived', 'blocked', 'inactive'] as const satisfies readonly ChannelProductStatus[];
export const pushStates = ['wanted', 'sending', 'sent', 'confirmed', 'failed', 'in_doubt'] as const satisfies readonly PushState[];

export const standingSearch = listSearch(
  {
    channel: someText(),
    status: oneOf(standingStatuses),
    mapped: oneOf(['yes', 'no', 'ambiguous']),
    push: oneOf(pushStates),
    missing: someFlag(),
  },
  ['title'],
);
export type StandingSearch = SearchOf<typeof standingSearch>;

export const channelOf = (search: Pick<StandingSearch, 'channel'>): string | undefined => (isId(search.channel) ? search.channel : undefined);

/** What stands on a platform. Two pages or less are read again by themselves, so that stock on its way is seen moving. */
export const standingQuery = (platform: string, search: StandingSearch) => {
  const input = {
    platform,
    search: search.q,
    channelId: channelOf(search),
    status: search.status,
    mapped: search.mapped,
    pushState: search.push,
    missing: search.missing === undefined ? undefined : search.missing ? ('yes' as const) : ('no' as const),
  };
  return infiniteQueryOptions({
    ...listQuery<ChannelProduct>(['channels', 'products', input], (cursor) => api.channels.products({ ...input, limit: 100, cursor })),
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) <= 2 ? 10_000 : false),
  });
};

/** Products of ours that a channel product may be, with why. */
export const suggestionsQuery = (platform: string, item: Pick<ChannelProduct, 'id' | 'channelId' | 'externalId'>) =>
  queryOptions({
    queryKey: ['channels', 'suggestions', item.id],
    queryFn: async (): Promise<Choice[]> => {
      const { items } = await api.channels.mapping({ platform, channelId: item.channelId, search: item.externalId, show: 'all', limit: 10 });
      const found = items.find((one) => one.id === item.id)?.candidates ?? [];
      return found.map((one) => ({
        id: one.id,
        title: one.title,
        sku: one.sku,
        barcode: one.barcode,
        note: i18next.t(`channels:look.suggested.${one.reason}`),
      }));
    },
  });

export const refreshChannels = () => queryClient.invalidateQueries({ queryKey: ['channels'] });

const keep = (store: Store): Store => {
  queryClient.setQueryData(storeQuery(store.platform, store.id).queryKey, store);
  void refreshChannels();
  return store;
};

type ConnectInput = Parameters<typeof api.channels.connect>[0];
type UpdateInput = Parameters<typeof api.channels.updateStore>[0];

export const connectStore = async (input: ConnectInput): Promise<Store> => keep(await api.channels.connect(input));
export const updateStore = async (input: UpdateInput): Promise<Store> => keep(await api.channels.updateStore(input));
export const setWrites = async (input: Parameters<typeof api.channels.writes>[0]): Promise<Store> => keep(await api.channels.writes(input));

export async function disconnectStore({ platform, id }: { platform: string; id: string }): Promise<void> {
  await api.channels.archiveStore({ platform, id });
  queryClient.removeQueries({ queryKey: storeQuery(platform, id).queryKey });
  await refreshChannels();
}

/** Reads the products of a store now; the run that does it. */
export async function pullStore(store: { platform: string; id: string }): Promise<string> {
  const { runId } = await api.channels.pull(store);
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: ['runs', 'active'] }),
    queryClient.invalidateQueries({ queryKey: ['runs', 'latest', PULL_KIND, store.id] }),
  ]);
  return runId;
}

/** Says which product of ours it is; null parts them. */
export async function mapProduct(input: { platform: string; channelProductId: string; productId: string | null }): Promise<ChannelProduct> {
  const item = await api.channels.map(input);
  await Promise.all([refreshChannels(), queryClient.invalidateQueries({ queryKey: ['orders'] }), queryClient.invalidateQueries({ queryKey: ['products'] })]);
  return item;
}

export const piecesText = (count: number | null): string => (count === null ? '–' : formatNumber(count));
