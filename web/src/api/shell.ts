import { queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

/** What the frame around every screen shows, polled while the tab is visible. Features invalidate these keys after they change them. */
export const channelsQuery = queryOptions({ queryKey: ['channels'], queryFn: () => api.channels.channels(), refetchInterval: 30_000 });

export const activeRunsQuery = queryOptions({
  queryKey: ['runs', 'active'],
  queryFn: () => api.sync.list({ state: 'active', limit: 10 }),
  // Quick while something runs, calm otherwise.
  refetchInterval: (query) => ((query.state.data?.items.length ?? 0) > 0 ? 2_000 : 15_000),
});

/** How many orders stand where: the figure beside Orders, and the sign that a list of them is out of date. */
export const orderCountsQuery = queryOptions({ queryKey: ['orders', 'counts'], queryFn: () => api.orders.counts({}), refetchInterval: 10_000 });

export const platformsQuery = queryOptions({ queryKey: ['platforms'], queryFn: () => api.channels.platforms(), staleTime: 5 * 60_000 });

export const setupQuery = queryOptions({ queryKey: ['setup'], queryFn: () => api.accounts.setup.status(), staleTime: 0 });

export const search = (q: string) => api.desk.search({ q });
