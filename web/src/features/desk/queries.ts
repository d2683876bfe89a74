import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api } from '../../api/client.ts';

export type Days = '1' | '7' | '30';

/** The first page; read again every 15 seconds, so that an order that arrives shows by itself. */
export const todayQuery = (days: Days) =>
  queryOptions({ queryKey: ['today', days], queryFn: () => api.desk.today({ days }), refetchInterval: 15_000, placeholderData: keepPreviousData });

/** Whether there are products at all, for the first steps of an empty shop. */
export const productCountQuery = queryOptions({
  queryKey: ['products', 'any'],
  queryFn: async () => (await api.catalog.list({ limit: 1, total: 'true' })).total ?? 0,
});
