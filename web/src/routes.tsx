import type { ComponentType } from 'react';
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import type { AnyRoute } from '@tanstack/react-router';
import { meQuery } from './api/actor.ts';
import type { Right } from './api/actor.ts';
import { onLostSession, queryClient } from './api/query-client.ts';
import { setupQuery } from './api/shell.ts';
import { i18next } from './lib/i18n.ts';
import { paths, safeBack } from './lib/paths.ts';
import { parseSearch, stringifySearch } from './lib/url-state.ts';
import type { RawSearch } from './lib/url-state.ts';
import type { Namespace } from './locales/en/index.ts';
import { Failed, FailedPart, Forbidden, NotFound } from './ui/boundaries.tsx';
import { FrameSkeleton, PageSkeleton, SkeletonLines } from './ui/states.tsx';

/** What a screen's `load` gets: the query cache to fill, the address's parts. */
export interface LoadArgs {
  queryClient: QueryClient;
  params: Record<string, string>;
  search: RawSearch;
}

/** What a page file exports: the screen, and what it needs before it is drawn. */
export interface PageModule {
  Page: ComponentType;
  load?: (args: LoadArgs) => unknown;
}

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  validateSearch: (search: Record<string, unknown>) => search as RawSearch,
  component: Outlet,
  notFoundComponent: NotFound,
});

/** Screens behind sign-in, inside the frame. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: async ({ context, location }) => {
    if (context.queryClient.getQueryData(meQuery.queryKey) !== undefined) return;
    const { needed, signedIn } = await context.queryClient.fetchQuery(setupQuery);
    if (!signedIn) throw redirect({ href: needed ? paths.setup() : paths.signIn(location.href) });
    await context.queryClient.ensureQueryData(meQuery);
  },
  component: lazyRouteComponent(() => import('./app-shell.tsx'), 'AppShell'),
  pendingComponent: FrameSkeleton,
  errorComponent: Failed,
});

interface PageOptions {
  /** The namespace of its texts: the feature's name. */
  ns: Namespace;
  /** Without this right the page says so instead of failing. */
  right?: Right;
  /** Shape of the outline while it loads; a `tab` stands inside its parent's page. */
  shape?: 'list' | 'page' | 'tab';
}

/** A page in its own chunk; its texts and data load beside its code. */
function page(parent: AnyRoute, path: string, file: () => Promise<PageModule>, { ns, right, shape = 'list' }: PageOptions) {
  return createRoute({
    getParentRoute: () => parent,
    path,
    // No deps: a changed filter re-reads in the background and never puts the outline in place of the screen.
    loader: async ({ context, params, location }) => {
      if (right !== undefined && !(await context.queryClient.ensureQueryData(meQuery)).rights.includes(right)) return;
      const [module] = await Promise.all([file(), i18next.loadNamespaces(ns)]);
      await module.load?.({ queryClient: context.queryClient, params: params as Record<string, string>, search: location.search as RawSearch });
    },
    component: lazyRouteComponent(async () => {
      const { Page } = await file();
      return {
        default: function Guarded() {
          const me = queryClient.getQueryData(meQuery.queryKey);
          return right !== undefined && me !== undefined && !me.rights.includes(right) ? <Forbidden /> : <Page />;
        },
      };
    }),
    pendingComponent: () => (shape === 'tab' ? <SkeletonLines lines={6} /> : <PageSkeleton kind={shape} />),
    errorComponent: shape === 'tab' ? FailedPart : Failed,
    notFoundComponent: NotFound,
  });
}

/** Somebody who is signed in already has no business at the gate. */
const gate = createRoute({
  getParentRoute: () => root,
  id: 'gate',
  beforeLoad: async ({ context, location, search }) => {
    const { needed, signedIn } = await context.queryClient.fetchQuery(setupQuery);
    if (signedIn) throw redirect({ href: safeBack(typeof search['back'] === 'string' ? search['back'] : undefined) });
    if (needed !== (location.pathname === paths.setup()) && location.pathname !== paths.setPassword())
      throw redirect({ href: needed ? paths.setup() : paths.signIn() });
  },
  component: Outlet,
  errorComponent: Failed,
});

const product = page(inside, '/products/$id', () => import('./features/catalog/product-page.tsx'), { ns: 'catalog', right: 'catalog.read', shape: 'page' });

/** Its pages stand beside a navigation of their own. */
const settings = page(inside, paths.settings(), () => import('./features/settings/settings-frame.tsx'), { ns: 'settings', shape: 'page' });

const tree = root.addChildren([
  gate.addChildren([
    page(gate, '/sign-in', () => import('./features/accounts/sign-in-page.tsx'), { ns: 'accounts', shape: 'page' }),
    page(gate, '/setup', () => import('./features/accounts/setup-page.tsx'), { ns: 'accounts', shape: 'page' }),
    page(gate, paths.setPassword(), () => import('./features/accounts/set-password-page.tsx'), { ns: 'accounts', shape: 'page' }),
  ]),
  inside.addChildren([
    // One line per screen: address, file, namespace, right.
    page(inside, paths.today(), () => import('./features/desk/today-page.tsx'), { ns: 'desk', shape: 'page' }),
    page(inside, paths.orders(), () => import('./features/orders/orders-page.tsx'), { ns: 'orders', right: 'orders.read' }),
    page(inside, '/orders/$id', () => import('./features/orders/order-page.tsx'), { ns: 'orders', right: 'orders.read', shape: 'page' }),
    page(inside, '/$platform', () => import('./features/channels/standing-page.tsx'), { ns: 'channels', right: 'channels.read' }),
    page(inside, paths.products(), () => import('./features/catalog/products-page.tsx'), { ns: 'catalog', right: 'catalog.read' }),
    page(inside, paths.newProduct(), () => import('./features/catalog/new-product-page.tsx'), { ns: 'catalog', right: 'catalog.write', shape: 'page' }),
    page(inside, paths.importProducts(), () => import('./features/catalog/import-page.tsx'), { ns: 'catalog', right: 'catalog.write', shape: 'page' }),
    product.addChildren([
      page(product, 'channels', () => import('./features/catalog/product-channels-page.tsx'), { ns: 'catalog', right: 'catalog.read', shape: 'tab' }),
      page(product, 'stock', () => import('./features/inventory/product-stock-page.tsx'), { ns: 'inventory', right: 'inventory.read', shape: 'tab' }),
    ]),
    page(inside, paths.inventory(), () => import('./features/inventory/inventory-page.tsx'), { ns: 'inventory', right: 'inventory.read' }),
    page(inside, '/inventory/$id', () => import('./features/inventory/item-page.tsx'), { ns: 'inventory', right: 'inventory.read', shape: 'page' }),
    page(inside, paths.activity(), () => import('./features/activity/activity-page.tsx'), { ns: 'activity' }),
    page(inside, '/activity/runs/$id', () => import('./features/activity/run-page.tsx'), { ns: 'activity', shape: 'page' }),
    page(inside, '/activity/changes/$id', () => import('./features/activity/change-page.tsx'), { ns: 'activity', shape: 'page' }),
    settings.addChildren([
      page(settings, '/', () => import('./features/settings/settings-page.tsx'), { ns: 'settings', shape: 'page' }),
      page(settings, 'me', () => import('./features/settings/me-page.tsx'), { ns: 'settings', shape: 'page' }),
      page(settings, 'shop', () => import('./features/settings/shop-page.tsx'), { ns: 'settings', shape: 'page' }),
      page(settings, 'companies', () => import('./features/settings/companies-page.tsx'), { ns: 'settings' }),
      page(settings, 'rates', () => import('./features/settings/rates-page.tsx'), { ns: 'settings' }),
      page(settings, 'users', () => import('./features/settings/users-page.tsx'), { ns: 'settings', right: 'accounts.manage' }),
      page(settings, 'keys', () => import('./features/settings/keys-page.tsx'), { ns: 'settings', right: 'keys.manage' }),
      page(settings, 'channels', () => import('./features/channels/stores-page.tsx'), { ns: 'channels', right: 'channels.read', shape: 'page' }),
      page(settings, 'channels/new', () => import('./features/channels/connect-page.tsx'), { ns: 'channels', right: 'channels.connect', shape: 'page' }),
      page(settings, 'channels/$platform/$id', () => import('./features/channels/store-page.tsx'), { ns: 'channels', right: 'channels.read', shape: 'page' }),
    ]),
    createRoute({ getParentRoute: () => inside, path: '$', component: NotFound }),
  ]),
  // Every part of the kit in all its states; not in the built app.
  ...(import.meta.env.DEV
    ? [
        createRoute({
          getParentRoute: () => root,
          path: '/specimen',
          component: lazyRouteComponent(() => import('./specimen/specimen-page.tsx'), 'SpecimenPage'),
        }),
      ]
    : []),
]);

export const router = createRouter({
  routeTree: tree,
  context: { queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  // The query cache decides what is fresh.
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultPendingMinMs: 250,
  defaultPendingComponent: () => <PageSkeleton />,
  defaultErrorComponent: Failed,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

onLostSession(() => {
  queryClient.removeQueries({ queryKey: meQuery.queryKey });
  const { pathname, href } = router.state.location;
  if (![paths.signIn(), paths.setup(), paths.setPassword()].includes(pathname)) void router.navigate({ href: paths.signIn(href), replace: true });
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
