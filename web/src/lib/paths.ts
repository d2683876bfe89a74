/** Every link of Karavan. Screens and the kit take their addresses only from here. */

type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** `at('/products', { status: 'active', tag: ['a', 'b'] })` → `/products?status=active&tag=a&tag=b`; empty members are left out. */
function at(path: string, query: Query = {}): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    if (typeof value === 'object') for (const one of value) params.append(key, one);
    else params.set(key, String(value));
  }
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

const seg = encodeURIComponent;

export const paths = {
  today: () => '/',
  products: (query?: Query) => at('/products', query),
  product: (id: string, tab?: 'channels' | 'stock') => (tab === undefined ? `/products/${seg(id)}` : `/products/${seg(id)}/${tab}`),
  newProduct: () => '/products/new',
  importProducts: () => '/products/import',
  importRun: (runId: string) => at('/products/import', { run: runId }),
  inventory: (query?: Query) => at('/inventory', query),
  inventoryItem: (id: string) => `/inventory/${seg(id)}`,
  orders: (query?: Query) => at('/orders', query),
  order: (id: string) => `/orders/${seg(id)}`,
  /** Every store of one platform; with `channel`, that store's page. The platform's name comes from data. */
  platform: (platform: string, query?: Query) => at(`/${seg(platform)}`, query),
  channel: (platform: string, channelId: string, tab?: string) => at(`/${seg(platform)}`, { channel: channelId, tab }),
  activity: (query?: Query) => at('/activity', query),
  run: (id: string) => `/activity/runs/${seg(id)}`,
  change: (id: string) => `/activity/changes/${seg(id)}`,
  settings: (section?: 'me' | 'shop' | 'companies' | 'rates' | 'channels' | 'users' | 'keys', query?: Query) =>
    section === undefined ? '/settings' : at(`/settings/${section}`, query),
  /** Connecting a store; with `store`, one that is connected already and goes through the steps that are left. */
  connectChannel: (platform?: string, store?: string, step?: 'stock') => at('/settings/channels/new', { platform, store, step }),
  store: (platform: string, id: string) => `/settings/channels/${seg(platform)}/${seg(id)}`,
  signIn: (back?: string) => at('/sign-in', { back: back === '/' ? undefined : back }),
  setup: () => '/setup',
  setPassword: (token?: string) => at('/set-password', { token }),
  apiDocs: () => '/api/docs',
  /** Files that the server makes; opened as downloads. */
  exportProducts: (query?: Query) => at('/api/products/export', query),
  importProblems: (runId: string) => `/api/products/import/${seg(runId)}/problems`,
  /** For `upload`, which puts `/api` before it. */
  uploadProducts: (query?: Query) => at('/products/import', query),
} as const;

/** Only addresses of this site may be returned to after signing in. */
export const safeBack = (back: string | undefined): string =>
  back !== undefined && /^\/(?![/\\])/.test(back) && !back.startsWith('/sign-in') ? back : paths.today();
