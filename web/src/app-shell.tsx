import { useEffect } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useActor } from './api/actor.ts';
import { api, postJson } from './api/client.ts';
import { queryClient } from './api/query-client.ts';
import { activeRunsQuery, channelsQuery, orderCountsQuery, search } from './api/shell.ts';
import { paths } from './lib/paths.ts';
import { ZoneContext } from './lib/zone.ts';
import { confirm } from './ui/confirm.tsx';
import { Shell } from './ui/shell.tsx';
import type { ShellChannel } from './ui/shell.tsx';
import { toastProblem } from './ui/toast.tsx';

/** The frame fed from the API. */
export function AppShell() {
  const { actor, shop, can } = useActor();
  const router = useRouter();
  const { t } = useTranslation();
  const channels = useQuery({ ...channelsQuery, enabled: can('channels.read') });
  const runs = useQuery(activeRunsQuery);
  const orders = useQuery({ ...orderCountsQuery, enabled: can('orders.read') }).data?.byStatus;
  useEffect(() => {
    document.title = shop.name;
  }, [shop.name]);
  const signOut = async (): Promise<void> => {
    try {
      await postJson('/auth/sign-out', {});
      queryClient.clear();
      await router.navigate({ href: paths.signIn() });
    } catch (error) {
      toastProblem(error);
    }
  };
  const leaveDemo = async (): Promise<void> => {
    if (
      !(await confirm({ title: t('demo.endTitle'), body: t('demo.endBody', { name: shop.name }), action: t('demo.end'), keep: t('demo.stay'), danger: true }))
    )
      return;
    try {
      await api.demo.end();
      // The session went with its user; its cookie is left, and the answer no longer matters.
      await postJson('/auth/sign-out', {}).catch(() => undefined);
      // Everything known so far belonged to the demo shop: begin anew, the cache included.
      window.location.assign(paths.setup());
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <ZoneContext value={shop.timeZone}>
      <Shell
        shopName={shop.name}
        demo={shop.demo}
        onLeaveDemo={can('accounts.manage') ? () => void leaveDemo() : undefined}
        user={{ name: actor.name, email: actor.email ?? '' }}
        show={{
          orders: can('orders.read'),
          products: can('catalog.read'),
          inventory: can('inventory.read'),
          // Everybody has an account; the settings themselves show what a person may open.
          settings: true,
          connect: can('channels.connect') && channels.data !== undefined,
        }}
        counts={{ orders: orders === undefined ? undefined : (orders.pending ?? 0) + (orders.new ?? 0) + (orders.processing ?? 0) }}
        channels={(channels.data?.items ?? [])
          .filter((channel) => channel.active)
          .map((channel): ShellChannel => ({
            ...channel,
            trouble: channel.health === 'auth_failed' || channel.health === 'failing' ? 'bad' : channel.health === 'waiting' ? 'attention' : undefined,
          }))}
        runs={runs.data?.items ?? []}
        search={search}
        onSignOut={() => void signOut()}
      >
        <Outlet />
      </Shell>
    </ZoneContext>
  );
}
