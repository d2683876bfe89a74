import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { InventoryItemDetail, ItemFilter, ItemSort } from '../../../../server/src/modules/inventory/contract.ts';
import { api } from '../../api/client.ts';
import { listQuery } from '../../api/list-query.ts';
import { queryClient } from '../../api/query-client.ts';
import { listSearch, oneOf } from '../../lib/url-state.ts';
import type { SearchOf } from '../../lib/url-state.ts';

export const itemFilters = ['below_reorder_point', 'out_of_stock', 'oversold', 'unmapped'] as const satisfies readonly ItemFilter[];

/** State of the inventory list as its address holds it. */
export const inventorySearch = listSearch({ filter: oneOf(itemFilters) }, ['sku', '-sku', 'name', '-name', 'available', '-available']);
export type InventorySearch = SearchOf<typeof inventorySearch>;

const PAGE = 100;
const orderOf = (sort: string): { sort: ItemSort; direction: 'asc' | 'desc' } => ({
  sort: sort.replace('-', '') as ItemSort,
  direction: sort.startsWith('-') ? 'desc' : 'asc',
});

export const inventoryQuery = ({ q, filter, sort }: InventorySearch) =>
  listQuery(['inventory', 'list', q, filter, sort], (cursor, signal) =>
    api.inventory.list({ search: q, filter, ...orderOf(sort), limit: PAGE, cursor }, { signal }),
  );

/** How many items a filter has; for the counts beside the views. */
export const itemCountQuery = (filter: ItemFilter | undefined) =>
  queryOptions({
    queryKey: ['inventory', 'count', filter],
    queryFn: async ({ signal }) => {
      const { total = 0, totalIsMore = false } = await api.inventory.list({ filter, limit: 1 }, { signal });
      return { total, totalIsMore };
    },
    staleTime: 30_000,
    retry: false,
  });

export const itemQuery = (id: string) => queryOptions({ queryKey: ['inventory', 'one', id], queryFn: () => api.inventory.get({ id }) });

export const movementsQuery = (id: string, limit = 50) =>
  infiniteQueryOptions({
    queryKey: ['inventory', 'movements', id, limit],
    queryFn: ({ pageParam }) => api.inventory.movements({ id, limit, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });

/** Which item a product takes its stock from; `item` is null while none is mapped. */
export const productSourceQuery = (productId: string) =>
  queryOptions({
    queryKey: ['inventory', 'of-product', productId],
    queryFn: async () => {
      const { sku, isComposite } = await api.catalog.get({ id: productId });
      const { items } = await api.inventory.mappings({ search: sku, limit: 200 });
      return { isComposite, item: items.find((row) => row.product.id === productId)?.item ?? null };
    },
  });

/** Items to choose from by SKU or name. */
export const itemChoicesQuery = (search: string) =>
  queryOptions({
    queryKey: ['inventory', 'choices', search],
    queryFn: async () => (await api.inventory.list({ search: search === '' ? undefined : search, limit: 20 })).items,
    staleTime: 30_000,
  });

/** Stock is shown with products and orders too. */
export async function invalidateStock(): Promise<void> {
  await Promise.all([queryClient.invalidateQueries({ queryKey: ['inventory'] }), queryClient.invalidateQueries({ queryKey: ['products'] })]);
}

export async function keepItem(item: InventoryItemDetail): Promise<void> {
  queryClient.setQueryData(itemQuery(item.id).queryKey, item);
  await invalidateStock();
}

/** The change that moved an item last, to offer its way back. */
export const lastChangeOf = async (itemId: string): Promise<string | null> =>
  (await api.inventory.movements({ id: itemId, limit: 1 })).items[0]?.changeSetId ?? null;
