import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { toProblem } from './problem.ts';

let lostSession: () => void = () => undefined;

/** What to do when the server no longer knows us; set once by the router. */
export const onLostSession = (act: () => void): void => {
  lostSession = act;
};

const watch = (error: unknown): void => {
  if (toProblem(error).code === 'auth.required') lostSession();
};

/** Server state of the whole app. Reads are repeated when the network or the server was briefly away, never after a refusal. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => failures < 2 && [0, 502, 503, 504].includes(toProblem(error).status) && toProblem(error).code !== 'page.failed',
    },
    mutations: { retry: false },
  },
});
