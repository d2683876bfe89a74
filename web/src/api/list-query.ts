import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import type { ListPage } from '../ui/data-list.tsx';

/**
 * Keyset pages of a list: `listQuery(['products', 'list', search], (cursor) => api.catalog.products.list({ …input, cursor }))`.
 * While filters change the old rows stay, dimmed, until the new ones are there.
 */
export const listQuery = <Row>(queryKey: readonly unknown[], read: (cursor: string | undefined, signal: AbortSignal) => Promise<ListPage<Row>>) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: ListPage<Row>) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
