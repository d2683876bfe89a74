import { queryOptions } from '@tanstack/react-query';
import type { OrderDetail, OrderLine, OrderProblem, OrderStatus } from '../../../../server/src/modules/orders/contract.ts';
import { api } from '../../api/client.ts';
import { listQuery } from '../../api/list-query.ts';
import { searchProducts } from '../../api/products.ts';
import { queryClient } from '../../api/query-client.ts';
import { isId, listSearch, oneOf, someFlag, someText } from '../../lib/url-state.ts';
import type { SearchOf } from '../../lib/url-state.ts';
import type { Choice } from '../../ui/product-picker.tsx';

export const views = ['open', 'today', 'late', 'mapping', 'all'] as const;
export type OrderView = (typeof views)[number];

export const statuses = [
  'pending',
  'new',
  'processing',
  'shipped',
  'delivered',
  'delivery_failed',
  'returned',
  'cancelled',
] as const satisfies readonly OrderStatus[];
export const problems = ['needs_mapping', 'oversold'] as const satisfies readonly OrderProblem[];

/** The address of the list. `sort` left out follows the view. */
export const ordersSearch = listSearch(
  {
    status: oneOf(statuses),
    channel: someText(),
    problem: oneOf(problems),
    deadline: oneOf(['late', 'today']),
    quarantine: someFlag(),
  },
  ['default', 'newest', 'deadline'],
);
export type OrdersSearch = SearchOf<typeof ordersSearch>;

export const viewOf = (search: Pick<OrdersSearch, 'view'>): OrderView => views.find((view) => view === search.view) ?? 'open';

export function sortOf(search: Pick<OrdersSearch, 'sort' | 'view'>): 'newest' | 'deadline' {
  const view = viewOf(search);
  return search.sort !== 'default' ? search.sort : view === 'today' || view === 'late' ? 'deadline' : 'newest';
}

/** What each view asks for; the filters of the sentence narrow it. */
const viewInput = {
  open: { status: 'open' },
  today: { status: 'open', deadline: 'today' },
  late: { status: 'open', deadline: 'late' },
  mapping: { status: 'open', problem: 'needs_mapping' },
  all: {},
} as const satisfies Record<OrderView, object>;

const inputOf = (search: OrdersSearch) => {
  const given = { status: search.status, problem: search.problem, deadline: search.deadline };
  const narrowed = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<typeof given>;
  const channelId = isId(search.channel) ? search.channel : undefined;
  return { ...viewInput[viewOf(search)], ...narrowed, search: search.q, channelId, sort: sortOf(search) };
};

const LISTS = ['orders', 'list'] as const;

export const ordersQuery = (search: OrdersSearch) => {
  const input = inputOf(search);
  return listQuery([...LISTS, input], (cursor) => api.orders.list({ ...input, limit: 100, cursor }));
};

export const refreshOrderLists = () => queryClient.invalidateQueries({ queryKey: LISTS });

/** One order; read again every few seconds, because the platform moves it on. */
export const orderQuery = (id: string) => queryOptions({ queryKey: ['orders', 'one', id], queryFn: () => api.orders.get({ id }), refetchInterval: 10_000 });

export const quarantineQuery = () => listQuery(['orders', 'quarantine'], (cursor) => api.orders.quarantine({ limit: 50, cursor }));

/** Products that a line without one may be: by its barcode and SKU, then by the first words of its title. */
export const candidatesQuery = (line: Pick<OrderLine, 'id' | 'barcode' | 'sku' | 'title'>, words: Record<'barcode' | 'sku' | 'title', string>) =>
  queryOptions({
    queryKey: ['orders', 'candidates', line.id],
    queryFn: async (): Promise<Choice[]> => {
      const start = line.title.split(/\s+/).slice(0, 2).join(' ');
      const asked = (
        [
          ['barcode', line.barcode],
          ['sku', line.sku],
          ['title', line.title.slice(0, 200)],
          ['title', start],
        ] as const
      ).filter(([, q]) => q.trim() !== '');
      const found = await Promise.all(asked.map(async ([reason, q]) => (await searchProducts(q)).map((choice) => ({ ...choice, note: words[reason] }))));
      const first = new Map<string, Choice>();
      for (const choice of found.flat()) if (!first.has(choice.id)) first.set(choice.id, choice);
      return [...first.values()].slice(0, 8);
    },
  });

/** Says which product was sold; the whole order comes back changed. */
export async function mapLine(input: { id: string; lineId: string; productId: string }): Promise<OrderDetail> {
  const order = await api.orders.mapLine(input);
  queryClient.setQueryData(orderQuery(input.id).queryKey, order);
  await Promise.all([
    refreshOrderLists(),
    queryClient.invalidateQueries({ queryKey: ['orders', 'counts'] }),
    queryClient.invalidateQueries({ queryKey: ['today'] }),
  ]);
  return order;
}

/** Reads the orders of these platforms now. Answers the runs that do it. */
export async function syncOrders(platforms: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(platforms.map((platform) => api.orders.sync({ platform })));
  await queryClient.invalidateQueries({ queryKey: ['runs', 'active'] });
  return answers.flatMap((answer) => answer.runs.map((run) => run.id));
}
