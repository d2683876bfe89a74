import { sql } from '../../kit/db.ts';
import type { Sql, Tx } from '../../kit/db.ts';
import type { Actor } from '../../kit/actor.ts';

/** What a change set says about itself before its entries are written. */
export interface ChangeIntent {
  /** Kind of work: `edit`, `import`, `bulk`, `undo`, `mapping` … */
  kind: string;
  /** A sentence for the activity page: "Import of spring.csv". */
  reason: string;
  companyId?: string | null;
  runId?: string | null;
  undoOf?: string;
}

/** Opens a change set; entries are added by `recordChanges` inside the statements that change rows. Returns its id. */
export async function openChangeSet(tx: Tx, actor: Actor, intent: ChangeIntent): Promise<string> {
  const id = tx.newId();
  await tx.run(sql`
    insert into change_set (id, actor_kind, actor_id, actor_name, kind, reason, company_id, run_id, undo_of, created_at)
    values (${id}, ${actor.kind}, ${actor.id}, ${actor.name}, ${intent.kind}, ${intent.reason}, ${intent.companyId ?? null}, ${intent.runId ?? null}, ${intent.undoOf ?? null}, ${tx.now})`);
  return id;
}

/**
 * SQL that writes the change entries of a data-modifying CTE called `changed`, in the same statement as the change:
 *
 *     with changed as (update product set … returning product.id, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
 *          logged as (${recordChanges(changeSetId, 'product', 'update')})
 *     select count(*) from changed
 *
 * `create` needs only `id`; `delete` keeps `old_row`; `update` keeps the fields that differ and skips rows where none does.
 */
export function recordChanges(changeSetId: string, entityKind: string, op: 'create' | 'update' | 'delete'): Sql {
  const target = sql`insert into change_entry (change_set_id, entity_kind, entity_id, op, before, after)`;
  if (op === 'create') return sql`${target} select ${changeSetId}::uuid, ${entityKind}, changed.id, 'create', null, null from changed`;
  if (op === 'delete') return sql`${target} select ${changeSetId}::uuid, ${entityKind}, changed.id, 'delete', changed.old_row, null from changed`;
  return sql`${target}
    select ${changeSetId}::uuid, ${entityKind}, changed.id, 'update', diff.before, diff.after
    from changed, lateral changed_fields(changed.old_row, changed.new_row) as diff
    where diff.after is not null
    on conflict (change_set_id, entity_kind, entity_id) do update set after = change_entry.after || excluded.after, before = excluded.before || change_entry.before`;
}

/** SQL of the entries of one change set and kind, for a module's undo: columns entity_id, op, before, after. */
export const entriesOf = (changeSetId: string, entityKind: string): Sql =>
  sql`select entity_id, op, before, after from change_entry where change_set_id = ${changeSetId} and entity_kind = ${entityKind}`;

/** Writes how many entries a change set has; a set without entries is removed and `false` returned: nothing changed. */
export async function closeChangeSet(tx: Tx, changeSetId: string): Promise<boolean> {
  const { count } = await tx.one<{ count: number }>(sql`select count(*) as count from change_entry where change_set_id = ${changeSetId}`);
  if (count === 0) await tx.run(sql`delete from change_set where id = ${changeSetId}`);
  else await tx.run(sql`update change_set set entry_count = ${count} where id = ${changeSetId}`);
  return count > 0;
}

/** A row an undo left alone, and why, in plain words. */
export interface UndoConflict {
  entityKind: string;
  entityId: string;
  label: string;
  reason: string;
}

export interface UndoResult {
  restored: number;
  /** The first 200; `conflictCount` counts all. */
  conflicts: UndoConflict[];
  conflictCount: number;
}

/**
 * How a module takes back its part of a change set: rows still as the change left them go back to before, inside `undoSetId`;
 * rows changed since are left alone and reported. Set-based; must cope with 100,000 entries.
 */
export type Undo = (tx: Tx, actor: Actor, undone: { changeSetId: string; undoSetId: string }) => Promise<UndoResult>;
