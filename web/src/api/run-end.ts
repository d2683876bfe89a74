import { useEffect, useRef } from 'react';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { Run } from '../../../server/src/modules/sync/contract.ts';
import { api } from './client.ts';
import { isActive, runQuery } from './run.ts';

const QUICK_MS = 1000;

/** A run that a button of this screen has started: short and looked at every second, without a stream of its own. */
export const briefRunQuery = (id: string) => ({
  ...runQuery(id),
  refetchInterval: (query: { state: { data?: Run } }) => (query.state.data === undefined || isActive(query.state.data) ? QUICK_MS : (false as const)),
});

/** Waits for the end of a run that a button of this screen has started; `onEnd` is called once. */
export function useRunEnd(id: string | undefined, onEnd: (run: Run) => void): void {
  const { data } = useQuery({ ...briefRunQuery(id ?? ''), enabled: id !== undefined });
  const told = useRef<string | undefined>(undefined);
  const tell = useRef(onEnd);
  useEffect(() => {
    tell.current = onEnd;
  });
  useEffect(() => {
    if (id === undefined || data === undefined || data.id !== id || isActive(data) || told.current === id) return;
    told.current = id;
    tell.current(data);
  }, [id, data]);
}

/** The newest run of one kind about one thing: the reading of a store that was just connected. */
export const latestRunQuery = (kind: string, subjectId: string) =>
  queryOptions({
    queryKey: ['runs', 'latest', kind, subjectId],
    queryFn: async () => (await api.sync.list({ kind, subjectId, limit: 1 })).items[0] ?? null,
    refetchInterval: (query) => (query.state.data === undefined || query.state.data === null || isActive(query.state.data) ? QUICK_MS : 5 * QUICK_MS),
  });
