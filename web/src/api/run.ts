import { useEffect, useState } from 'react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Run } from '../../../server/src/modules/sync/contract.ts';
import { api } from './client.ts';
import { queryClient } from './query-client.ts';

export const runQuery = (id: string) => queryOptions({ queryKey: ['runs', 'one', id], queryFn: () => api.sync.get({ id }) });

export const isActive = (run: Pick<Run, 'state'>): boolean => run.state === 'queued' || run.state === 'running' || run.state === 'waiting';

/** Takes a run that an answer brought into the cache, so that its page opens at once. */
export function keepRun(run: Run): void {
  queryClient.setQueryData(runQuery(run.id).queryKey, run);
  void queryClient.invalidateQueries({ queryKey: ['runs', 'active'] });
}

/** Asks a run to stop after its present step. */
export async function cancelRun(id: string): Promise<void> {
  keepRun(await api.sync.cancel({ id }));
}

const POLL_MS = 2_000;

/**
 * One run, live while the tab is visible: its events as they come, or a look every two seconds when the stream breaks.
 * Only for the run on screen; lists of runs are polled.
 */
export function useRun(id: string) {
  const [streaming, setStreaming] = useState(false);
  const query = useQuery({
    ...runQuery(id),
    refetchInterval: (one) => (!streaming && one.state.data !== undefined && isActive(one.state.data) ? POLL_MS : false),
  });
  const active = query.data !== undefined && isActive(query.data);
  useEffect(() => {
    if (!active) return undefined;
    let stop = new AbortController();
    const follow = async (signal: AbortSignal): Promise<void> => {
      try {
        for await (const run of await api.sync.events({ id }, { signal })) {
          if (signal.aborted) return;
          setStreaming(true);
          queryClient.setQueryData(runQuery(id).queryKey, run);
        }
      } catch {
        // A broken stream is no failed run: looking every two seconds takes over.
      } finally {
        if (!signal.aborted) setStreaming(false);
      }
    };
    const start = (): void => {
      stop.abort();
      setStreaming(false);
      if (document.visibilityState !== 'visible') return;
      stop = new AbortController();
      void follow(stop.signal);
    };
    start();
    document.addEventListener('visibilitychange', start);
    return () => {
      document.removeEventListener('visibilitychange', start);
      stop.abort();
    };
  }, [id, active]);
  return query;
}
