import type { Actor } from '../../kit/actor.ts';
import { isUniqueViolation, sql } from '../../kit/db.ts';
import type { Db, Tx } from '../../kit/db.ts';
import { AppError, notFound } from '../../kit/errors.ts';
import type { Page } from '../../kit/page.ts';
import { accountsErrors } from './contract.ts';
import type { View } from './contract.ts';
import type { SavedViewRow } from './tables.ts';

const SHOWN = 200;

const toView = (actor: Actor, row: SavedViewRow): View => ({
  id: row.id,
  screen: row.screen,
  name: row.name,
  query: row.query as Record<string, unknown>,
  shared: row.shared,
  own: row.owner_id === actor.id,
  position: row.position,
});

const nameTaken = (error: unknown): unknown =>
  isUniqueViolation(error, 'saved_view_name_key') ? new AppError(accountsErrors['view.name_taken'], { field: 'name', cause: error }) : error;

/** One's own and the shared views of a screen, in their order (constraint saved_view_name_key). */
export async function listViews(db: Db, actor: Actor, screen: string): Promise<Page<View>> {
  const rows = await db.rows<SavedViewRow>(sql`
    select * from saved_view where screen = ${screen} and (shared or owner_id = ${actor.id}) order by position, name, id limit ${SHOWN}`);
  return { items: rows.map((row) => toView(actor, row)), nextCursor: null };
}

export async function createView(
  tx: Tx,
  actor: Actor,
  input: { screen: string; name: string; query: Record<string, unknown>; shared: boolean },
): Promise<View> {
  try {
    return toView(
      actor,
      await tx.one<SavedViewRow>(sql`
      insert into saved_view (id, screen, name, query, owner_id, shared, position, created_at)
      values (${tx.newId()}, ${input.screen}, ${input.name}, ${JSON.stringify(input.query)}::jsonb, ${actor.id}, ${input.shared},
        (select count(*) from saved_view where screen = ${input.screen} and owner_id = ${actor.id}), ${tx.now})
      returning *`),
    );
  } catch (error) {
    throw nameTaken(error);
  }
}

export interface ViewChange {
  id: string;
  name?: string | undefined;
  query?: Record<string, unknown> | undefined;
  shared?: boolean | undefined;
  position?: number | undefined;
}

/** Changes a view of one's own; a shared view of somebody else is theirs. */
export async function updateView(tx: Tx, actor: Actor, input: ViewChange): Promise<View> {
  try {
    const row = await tx.maybe<SavedViewRow>(sql`
      update saved_view set name = coalesce(${input.name ?? null}, name), query = coalesce(${input.query === undefined ? null : JSON.stringify(input.query)}::jsonb, query),
        shared = coalesce(${input.shared ?? null}, shared), position = coalesce(${input.position ?? null}, position)
      where id = ${input.id} and owner_id = ${actor.id} returning *`);
    if (row === undefined) throw notFound('view');
    return toView(actor, row);
  } catch (error) {
    throw nameTaken(error);
  }
}

export async function removeView(tx: Tx, actor: Actor, id: string): Promise<void> {
  if ((await tx.run(sql`delete from saved_view where id = ${id} and owner_id = ${actor.id}`)) === 0) throw notFound('view');
}
