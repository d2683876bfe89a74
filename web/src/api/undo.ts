import { api } from './client.ts';
import { queryClient } from './query-client.ts';

export type UndoResult = Awaited<ReturnType<typeof api.accounts.changes.undo>>;

/** Takes back a change set. Whatever is on screen is read again: a change may have touched anything. */
export async function undoChange(id: string): Promise<UndoResult> {
  const result = await api.accounts.changes.undo({ id });
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
  return result;
}
