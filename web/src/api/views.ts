import { queryOptions } from '@tanstack/react-query';
import type { View } from '../../../server/src/modules/accounts/contract.ts';
import type { RawSearch } from '../lib/url-state.ts';
import { api } from './client.ts';
import { queryClient } from './query-client.ts';

/** Saved states of a list screen: one's own and the shared ones, in their order. */
export const viewsQuery = (screen: string) =>
  queryOptions({
    queryKey: ['views', screen],
    queryFn: async () => (await api.accounts.views.list({ screen })).items.toSorted((a, b) => a.position - b.position),
    staleTime: 60_000,
  });

/** What a view keeps of an address: everything but its own mark. */
export const viewState = ({ view: _view, ...rest }: RawSearch): RawSearch => rest;

/** A stored state as an address holds it; what no address could hold is left out. */
export const storedState = (view: View): RawSearch =>
  Object.fromEntries(
    Object.entries(view.query).flatMap(([key, value]): [string, string | string[]][] =>
      Array.isArray(value) ? [[key, value.map(String)]] : ['string', 'number', 'boolean'].includes(typeof value) ? [[key, String(value)]] : [],
    ),
  );

const changed = () => queryClient.invalidateQueries({ queryKey: ['views'] });

/** Deeds on the views of one screen; each refreshes the list of views. */
export const viewDeeds = (screen: string) => ({
  create: async (input: { name: string; shared: boolean; query: RawSearch }): Promise<View> => {
    const view = await api.accounts.views.create({ screen, ...input });
    await changed();
    return view;
  },
  update: async (id: string, patch: { name?: string; shared?: boolean; query?: RawSearch }): Promise<void> => {
    await api.accounts.views.update({ id, ...patch });
    await changed();
  },
  remove: async (id: string): Promise<void> => {
    await api.accounts.views.remove({ id });
    await changed();
  },
});
