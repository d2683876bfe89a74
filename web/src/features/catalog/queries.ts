import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { Product, ProductFilter, ProductItem, ProductSort } from '../../../../server/src/modules/catalog/contract.ts';
import { api } from '../../api/client.ts';
import { listQuery } from '../../api/list-query.ts';
import { queryClient } from '../../api/query-client.ts';
import { isId, listSearch, manyOf, oneOf, someNumber, someText } from '../../lib/url-state.ts';
import type { SearchOf } from '../../lib/url-state.ts';
import type { ListPage } from '../../ui/data-list.tsx';

/** Address → API. In an address `-` is always the larger first, as the arrow of the column shows it. */
const sorts = {
  '-created': 'newest',
  created: '-newest',
  '-updated': 'updated',
  updated: '-updated',
  title: 'title',
  '-title': '-title',
  sku: 'sku',
  '-sku': '-sku',
  price: 'price',
  '-price': '-price',
  available: 'available',
  '-available': '-available',
} as const satisfies Record<string, ProductSort>;

/** State of the product list as its address holds it. */
export const productsSearch = listSearch(
  {
    status: oneOf(['draft', 'active', 'archived']),
    category: someText(36),
    tag: manyOf(),
    brand: manyOf(),
    stock: oneOf(['in', 'out']),
    stockBelow: someNumber(),
    channel: someText(36),
    state: oneOf(['live', 'sending', 'differs', 'refused', 'ended', 'none']),
    priceMin: someNumber(),
    priceMax: someNumber(),
    group: someText(36),
  },
  ['-created', 'created', '-updated', 'updated', 'title', '-title', 'sku', '-sku', 'price', '-price', 'available', '-available'],
);
export type ProductsSearch = SearchOf<typeof productsSearch>;

/* What an address may say and the API would refuse counts as not said. */
const MOST = 1_000_000_000;
const id = (value: string | undefined): string | undefined => (isId(value) ? value : undefined);
const figure = (value: number | undefined): number | undefined => (value === undefined || value < 0 || value > MOST ? undefined : value);
const decimal = (value: number | undefined): string | undefined => figure(value)?.toFixed(2);

/** The API's filter of a list state: for the list, its ids and its export. */
export function filterOf({
  q,
  view: _view,
  sort: _sort,
  status,
  priceMin,
  priceMax,
  category,
  channel,
  group,
  stockBelow,
  ...same
}: ProductsSearch): ProductFilter {
  const below = figure(stockBelow);
  return {
    ...same,
    search: q,
    status: status === undefined ? undefined : [status],
    category: id(category),
    channel: id(channel),
    group: id(group),
    stockBelow: below === undefined ? undefined : Math.ceil(below),
    priceMin: decimal(priceMin),
    priceMax: decimal(priceMax),
  };
}

/** The filter as an address of a download holds it. */
export const downloadQuery = (filter: ProductFilter): Record<string, string | number | readonly string[] | undefined> => filter;

const PAGE = 100;
/** So many pages are read again by themselves; a list scrolled further only after a change that may have touched all of it. */
const FEW_PAGES = 3;
const mayRefresh = ({ state }: { state: { data?: { pages: readonly unknown[] }; isInvalidated: boolean } }): boolean =>
  state.isInvalidated || (state.data?.pages.length ?? 0) <= FEW_PAGES;

export const productsQuery = (search: ProductsSearch) => ({
  ...listQuery(['products', 'list', filterOf(search), search.sort], (cursor, signal) =>
    api.catalog.list({ ...filterOf(search), sort: sorts[search.sort], limit: PAGE, cursor, total: cursor === undefined ? 'true' : undefined }, { signal }),
  ),
  refetchOnMount: mayRefresh,
  refetchOnWindowFocus: mayRefresh,
});

/** How many products a list state has; for the counts of views. */
export const productCountQuery = (search: ProductsSearch) =>
  queryOptions({
    queryKey: ['products', 'count', filterOf(search)],
    queryFn: async ({ signal }) => {
      const { total = 0, totalIsMore = false } = await api.catalog.list({ ...filterOf(search), limit: 1, total: 'true' }, { signal });
      return { total, totalIsMore };
    },
    staleTime: 60_000,
    retry: false,
  });

/** Ids of all products of a filter, for a selection that left some out. */
export const productIds = (filter: ProductFilter) => api.catalog.ids(filter);

export const productQuery = (id: string) => queryOptions({ queryKey: ['products', 'one', id], queryFn: () => api.catalog.get({ id }) });
export const productChannelsQuery = (id: string) =>
  queryOptions({ queryKey: ['products', 'channels', id], queryFn: () => api.channels.productChannels({ id }), refetchInterval: 15_000 });

interface HistoryPlace {
  product?: string | null;
  cost?: string | null;
}
const HISTORY_PAGE = 20;

/** Changes of a product and, where the person may see them, of its costs, newest first. `null` in a place: read to its end. */
export const productHistoryQuery = (id: string, withCosts: boolean) =>
  infiniteQueryOptions({
    queryKey: ['products', 'history', id, withCosts],
    initialPageParam: { cost: withCosts ? undefined : null } as HistoryPlace,
    queryFn: async ({ pageParam }) => {
      const read = async (kind: string, cursor: string | null | undefined) =>
        cursor === null ? { items: [], nextCursor: null } : api.accounts.changes.history({ kind, id, limit: HISTORY_PAGE, cursor });
      const [product, cost] = await Promise.all([read('product', pageParam.product), read('product_cost', pageParam.cost)]);
      const items = [...product.items, ...cost.items].toSorted((a, b) => b.changeSet.createdAt.localeCompare(a.changeSet.createdAt));
      return { items, next: { product: product.nextCursor, cost: cost.nextCursor } };
    },
    getNextPageParam: ({ next }) => (next.product === null && next.cost === null ? undefined : next),
  });
export type HistoryEntry = Awaited<ReturnType<typeof api.accounts.changes.history>>['items'][number];

export const categoriesQuery = queryOptions({ queryKey: ['categories'], queryFn: async () => (await api.catalog.categories()).items, staleTime: 60_000 });
export const tagsQuery = queryOptions({
  queryKey: ['products', 'tags'],
  queryFn: async () => (await api.catalog.tags({ limit: 500 })).items.map((item) => item.tag),
  staleTime: 60_000,
});
export const brandsQuery = queryOptions({
  queryKey: ['products', 'brands'],
  queryFn: async () => (await api.catalog.brands({ limit: 500 })).items,
  staleTime: 60_000,
});

/** After any change to products: everything that shows them is read again. */
export const invalidateProducts = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['products'] });

/** An import that ended: its products, new categories, its own place in the lists of runs and changes. */
export async function invalidateAfterImport(): Promise<void> {
  await Promise.all(
    [['products'], ['categories'], ['inventory'], ['runs', 'active'], ['runs', 'list'], ['changes']].map((queryKey) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
}

interface Lists {
  pages: ListPage<ProductItem>[];
  pageParams: unknown[];
}

/** Takes a saved product into the cache: its row changes where it stands, short lists and the rest are read again. */
export async function keepProduct(product: Product): Promise<void> {
  queryClient.setQueryData(productQuery(product.id).queryKey, product);
  const row = (item: ProductItem): ProductItem => {
    if (item.id !== product.id) return item;
    const { title, barcode, brand, status, price, compareAtPrice, tags, category, options, version, updatedAt, images } = product;
    return { ...item, title, barcode, brand, status, price, compareAtPrice, tags, category, options, version, updatedAt, imageUrl: images[0]?.url ?? null };
  };
  queryClient.setQueriesData<Lists>(
    { queryKey: ['products', 'list'] },
    (lists) =>
      lists && {
        ...lists,
        pages: lists.pages.map((page) => (page.items.some((item) => item.id === product.id) ? { ...page, items: page.items.map(row) } : page)),
      },
  );
  await queryClient.invalidateQueries({
    queryKey: ['products'],
    predicate: ({ queryKey, state }) => queryKey[1] !== 'list' || ((state.data as Lists | undefined)?.pages.length ?? 0) <= FEW_PAGES,
  });
}

export async function createCategory(input: { name: string; parentId: string | null }) {
  const category = await api.catalog.createCategory(input);
  await queryClient.invalidateQueries({ queryKey: categoriesQuery.queryKey });
  return category;
}

export const importsQuery = queryOptions({
  queryKey: ['runs', 'list', 'catalog.import'],
  queryFn: async () => (await api.sync.list({ kind: 'catalog.import', limit: 5 })).items,
});
export const changeSetQuery = (id: string) =>
  queryOptions({ queryKey: ['changes', 'one', id], queryFn: async () => (await api.accounts.changes.get({ id, limit: 1 })).changeSet });
