import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import type { Me, Right } from '../../../server/src/modules/accounts/contract.ts';
import { api } from './client.ts';

/** Who is signed in, what they may do, which companies they see, and the shop's own settings. */
export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => api.accounts.me(), staleTime: 5 * 60_000 });

export interface ActorView extends Me {
  /** Whether the actor has a right; screens hide what the API would refuse. */
  can: (right: Right) => boolean;
}

/** The actor of this page. Only inside the shell, which has loaded it. */
export function useActor(): ActorView {
  const { data } = useSuspenseQuery(meQuery);
  return { ...data, can: (right) => data.rights.includes(right) };
}

export type { Right };
