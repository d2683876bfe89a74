import type { App } from '../../app.ts';
import { hasRight } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { raw, sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { AppError, commonErrors, notFound } from '../../kit/errors.ts';
import { closeChangeSet, entriesOf, openChangeSet, recordChanges } from './changes.ts';
import type { Undo, UndoConflict, UndoResult } from './changes.ts';
import { accountsErrors } from './contract.ts';
import { firstEntries, isStillWritten } from './reads.ts';
import type { ChangeSetRow } from './tables.ts';
import { kindRights, visibleSets } from './visibility.ts';

const SHOWN_CONFLICTS = 200;

/**
 * Takes back a change set in a change set of its own: later modules first, each row only if it is still as the change left it.
 * Refused twice, while its run still works, and without the right to change what it changed. When nothing could be brought
 * back, it stays undoable and `undoSetId` is null.
 */
export async function undoChangeSet(app: Pick<App, 'undoers'>, tx: Tx, actor: Actor, id: string): Promise<UndoResult & { undoSetId: string | null }> {
  const set = await tx.maybe<ChangeSetRow>(sql`select s.* from change_set s where s.id = ${id} and ${visibleSets(actor)} for update`);
  if (set === undefined) throw notFound('change');
  if (set.undone_by !== null) throw new AppError(accountsErrors['change.already_undone']);
  if (await isStillWritten(tx, id)) throw new AppError(accountsErrors['change.still_running']);
  const present = await tx.rows<{ kind: string; count: number }>(sql`
    select entity_kind as kind, count(*) as count from change_entry where change_set_id = ${id} group by entity_kind`);
  const undoers = [...app.undoers].toReversed().filter(([kind]) => present.some((one) => one.kind === kind));
  if (undoers.length === 0) throw new AppError(accountsErrors['change.not_undoable']);
  const missing = undoers.map(([kind]) => kindRights(kind).write).find((right) => !hasRight(actor, right));
  if (missing !== undefined) throw new AppError(commonErrors['auth.forbidden'], { data: { right: missing } });

  const undoSetId = await openChangeSet(tx, actor, { kind: 'undo', reason: `Undo: ${set.reason}`, companyId: set.company_id, undoOf: id });
  const results: UndoResult[] = [];
  for (const [, undo] of undoers) results.push(await undo(tx, actor, { changeSetId: id, undoSetId }));
  results.push(
    await leftAlone(
      tx,
      id,
      present.filter((one) => !app.undoers.has(one.kind)),
    ),
  );
  const changed = await closeChangeSet(tx, undoSetId);
  if (changed) await tx.run(sql`update change_set set undone_by = ${undoSetId} where id = ${id}`);
  return {
    undoSetId: changed ? undoSetId : null,
    restored: results.reduce((sum, one) => sum + one.restored, 0),
    conflicts: results.flatMap((one) => one.conflicts).slice(0, SHOWN_CONFLICTS),
    conflictCount: results.reduce((sum, one) => sum + one.conflictCount, 0),
  };
}

/** Entries of kinds that nothing brings back, such as users and keys. */
async function leftAlone(tx: Tx, changeSetId: string, kinds: readonly { kind: string; count: number }[]): Promise<UndoResult> {
  const conflictCount = kinds.reduce((sum, one) => sum + one.count, 0);
  if (conflictCount === 0) return { restored: 0, conflicts: [], conflictCount };
  const entries = await firstEntries(
    tx,
    changeSetId,
    kinds.map((one) => one.kind),
    SHOWN_CONFLICTS,
  );
  return { restored: 0, conflictCount, conflicts: entries.map((entry) => ({ ...entry, reason: 'A change of this kind is changed back by hand.' })) };
}

interface Restorable {
  kind: 'company' | 'shop';
  columns: readonly string[];
}

/** Undo of edits to small settings tables. Rows changed since, made by the change, or with a moved default are left alone. */
const restore =
  ({ kind, columns }: Restorable): Undo =>
  async (tx, _actor, { changeSetId, undoSetId }) => {
    const table = raw(kind);
    const names = raw(columns.join(', '));
    // A name that another row has taken since would break its unique key.
    const nameIsFree = kind === 'company' ? sql`and not exists (select from company other where other.name = e.before ->> 'name' and other.id <> t.id)` : sql``;
    const restored = await tx.rows<{ id: string }>(sql`
    with e as (${entriesOf(changeSetId, kind)}),
    changed as (
      update ${table} t set (${names}) = (select ${names} from jsonb_populate_record(t, e.before)), version = t.version + 1
      from e where t.id = e.entity_id and e.op = 'update' and not e.before ? 'is_default' and to_jsonb(t) @> e.after ${nameIsFree}
      returning t.id, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
    logged as (${recordChanges(undoSetId, kind, 'update')})
    select id from changed`);
    const left = await tx.rows<{ id: string; label: string; op: string; moved: boolean }>(sql`
    with e as (${entriesOf(changeSetId, kind)})
    select e.entity_id as id, coalesce(t.name, '') as label, e.op, coalesce(e.before ? 'is_default', false) as moved from e left join ${table} t on t.id = e.entity_id
    where not e.entity_id = any(${restored.map((row) => row.id)}::uuid[])`);
    const conflicts = left.map((row): UndoConflict => ({
      entityKind: kind,
      entityId: row.id,
      label: row.label,
      reason: row.op === 'create' ? 'It may be in use; archive it instead.' : row.moved ? 'Choose the default company by hand.' : 'It was changed since.',
    }));
    return { restored: restored.length, conflicts, conflictCount: conflicts.length };
  };

export const accountsUndo: Readonly<Record<string, Undo>> = {
  company: restore({ kind: 'company', columns: ['name', 'legal_name', 'vat_number', 'country', 'currency', 'archived_at'] }),
  shop: restore({ kind: 'shop', columns: ['name', 'time_zone', 'currency', 'demo'] }),
};
