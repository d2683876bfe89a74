import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { useMutation, useQueries, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../../server/src/modules/sync/contract.ts';
import { useActor } from '../../api/actor.ts';
import { queryClient } from '../../api/query-client.ts';
import { isActive } from '../../api/run.ts';
import { briefRunQuery } from '../../api/run-end.ts';
import { channelsQuery, orderCountsQuery, platformsQuery } from '../../api/shell.ts';
import { formatNumber } from '../../lib/format.ts';
import { ListBar, Stack } from '../../ui/page.tsx';
import { RunProgress } from '../../ui/run-progress.tsx';
import { toast, toastProblem } from '../../ui/toast.tsx';
import { refreshOrderLists, syncOrders } from './queries.ts';

/** "Sync now": starts a run per store, shows how far they are, says what came. */
export function useSyncOrders(): { start: () => void; busy: boolean; strip: ReactNode } {
  const { t } = useTranslation('orders');
  const { can } = useActor();
  const mayRead = can('channels.read');
  const channels = useQuery({ ...channelsQuery, enabled: mayRead }).data?.items ?? [];
  const platforms = useQuery(platformsQuery).data?.items ?? [];
  const [ids, setIds] = useState<string[]>([]);
  const runs = useQueries({ queries: ids.map((id) => briefRunQuery(id)) }).flatMap(({ data }) => data ?? []);
  const starting = useMutation({ mutationFn: syncOrders, onSuccess: setIds, onError: toastProblem });
  const ended = ids.length > 0 && runs.length === ids.length && runs.every((run) => !isActive(run));

  useEffect(() => {
    if (!ended) return;
    setIds([]);
    report(runs, t);
    void Promise.all([refreshOrderLists(), queryClient.invalidateQueries({ queryKey: orderCountsQuery.queryKey })]);
    // The runs are those of this end; a later change of them is none.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [ended]);

  const start = (): void => {
    const able = platforms.filter((platform) => platform.capabilities.includes('orders')).map((platform) => platform.platform);
    const wanted = able.filter((platform) => !mayRead || channels.some((channel) => channel.platform === platform && channel.active));
    if (wanted.length === 0) toast(t('list.noStore'), { state: 'attention' });
    else starting.mutate(wanted);
  };
  const shown = runs.filter(isActive);
  const strip =
    shown.length === 0 ? null : (
      <ListBar>
        <Stack tight>
          {shown.map((run) => (
            <RunProgress key={run.id} run={run} slim />
          ))}
        </Stack>
      </ListBar>
    );
  return { start, busy: starting.isPending || ids.length > 0, strip };
}

function report(runs: readonly Run[], t: ReturnType<typeof useTranslation<'orders'>>['t']): void {
  const failed = runs.find((run) => run.state === 'failed');
  if (failed !== undefined) {
    toast(t('list.syncFailed', { title: failed.title, error: failed.error ?? '' }), { state: 'bad' });
    return;
  }
  const sum = (key: 'created' | 'advanced'): number => runs.reduce((total, run) => total + (Number(run.outcome?.[key]) || 0), 0);
  const created = sum('created');
  const advanced = sum('advanced');
  const words = [
    ...(created > 0 ? [t('list.syncedNew', { count: created, number: formatNumber(created) })] : []),
    ...(advanced > 0 ? [t('list.syncedChanged', { count: advanced, number: formatNumber(advanced) })] : []),
  ];
  toast(words.length === 0 ? t('list.syncedNone') : words.join(', '));
}
