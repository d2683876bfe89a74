import type { Actor } from '../../kit/actor.ts';
import { empty, sql } from '../../kit/db.ts';
import type { Db, Sql } from '../../kit/db.ts';
import { notFound } from '../../kit/errors.ts';
import { decodeCursor, toPage } from '../../kit/page.ts';
import type { Page } from '../../kit/page.ts';
import { listCompanies } from './companies.ts';
import { rights } from './contract.ts';
import type { ChangeEntry, ChangeSet, Me } from './contract.ts';
import { getShop } from './settings.ts';
import type { ChangeEntryRow, ChangeSetRow, UserRow } from './tables.ts';
import { mayReadField, readableKinds, visibleSets } from './visibility.ts';

/** Who the actor is, what they may do and where. */
export async function readMe(db: Db, actor: Actor): Promise<Me> {
  const person = await db.maybe<Pick<UserRow, 'email' | 'role' | 'title' | 'locale'>>(
    actor.kind === 'api_key'
      ? sql`select null as email, role, '' as title, 'en' as locale from api_key where id = ${actor.id}`
      : sql`select email, role, title, locale from auth.user where id = ${actor.id}`,
  );
  const companies = await listCompanies(db, actor, { limit: 200 });
  return {
    actor: {
      kind: actor.kind,
      id: actor.id,
      name: actor.name,
      email: person?.email ?? null,
      role: person?.role ?? null,
      title: person?.title ?? '',
      locale: person?.locale ?? 'en',
    },
    rights: actor.rights === 'all' ? [...rights] : rights.filter((right) => actor.rights !== 'all' && actor.rights.has(right)),
    limited: actor.companyIds !== null,
    companies: companies.items,
    shop: await getShop(db),
  };
}

/** SQL over `change_entry e`: entries about things whose kind and company the actor may see. */
function visibleEntries(actor: Actor): Sql {
  const kinds = readableKinds(actor);
  const byKind = 'only' in kinds ? sql`e.entity_kind = any(${kinds.only}::text[])` : sql`not (e.entity_kind = any(${kinds.but}::text[]))`;
  if (actor.companyIds === null) return byKind;
  const elsewhere = sql`not company_id = any(${actor.companyIds}::uuid[])`;
  return sql`${byKind}
    and not (e.entity_kind = 'company' and not e.entity_id = any(${actor.companyIds}::uuid[]))
    and not (e.entity_kind = 'channel' and exists (select from channel where id = e.entity_id and ${elsewhere}))
    and not (e.entity_kind = 'channel_product' and exists (select from channel_product cp join channel c on c.id = cp.channel_id where cp.id = e.entity_id and ${elsewhere}))
    and not (e.entity_kind = 'order' and exists (select from "order" where id = e.entity_id and ${elsewhere}))
    and not (e.entity_kind = 'order_line' and exists (select from order_line l join "order" o on o.id = l.order_id where l.id = e.entity_id and ${elsewhere}))`;
}

/** SQL of the name people know a thing by, over `e(entity_kind, entity_id)`; null when it is gone. */
const labels: { select: Sql; join: Sql } = {
  select: sql`coalesce(product.sku, category.name, variant_group.title, inventory_item.sku, channel.name, channel_product.title, "order".number, order_line.title,
    company.name, person.name, api_key.name,
    case when e.entity_kind = 'shop' then shop.name end, fx_rate.base || '/' || fx_rate.quote || ' ' || fx_rate.on_date)`,
  join: sql`
    left join product on e.entity_kind in ('product', 'product_cost') and product.id = e.entity_id
    left join category on e.entity_kind = 'category' and category.id = e.entity_id
    left join variant_group on e.entity_kind = 'variant_group' and variant_group.id = e.entity_id
    left join inventory_item on e.entity_kind = 'inventory_item' and inventory_item.id = e.entity_id
    left join channel on e.entity_kind = 'channel' and channel.id = e.entity_id
    left join channel_product on e.entity_kind = 'channel_product' and channel_product.id = e.entity_id
    left join "order" on e.entity_kind = 'order' and "order".id = e.entity_id
    left join order_line on e.entity_kind = 'order_line' and order_line.id = e.entity_id
    left join company on e.entity_kind = 'company' and company.id = e.entity_id
    left join auth.user person on e.entity_kind = 'user' and person.id = e.entity_id
    left join api_key on e.entity_kind = 'api_key' and api_key.id = e.entity_id
    left join shop on e.entity_kind = 'shop' and shop.id = e.entity_id
    left join fx_rate on e.entity_kind = 'fx_rate' and fx_rate.id = e.entity_id`,
};

type SetRow = ChangeSetRow & { undoable: boolean };
type EntryRow = ChangeEntryRow & { label: string | null };

/** A change set, and whether undo would find anything in it that it knows how to bring back. */
const setColumns = (undoableKinds: readonly string[]) => sql`
  s.*, s.undone_by is null and exists (
    select from change_entry u where u.change_set_id = s.id and u.entity_kind = any(${[...undoableKinds]}::text[])) as undoable`;

const toChangeSet = (row: SetRow): ChangeSet => ({
  id: row.id,
  kind: row.kind,
  reason: row.reason,
  actorKind: row.actor_kind,
  actorName: row.actor_name,
  companyId: row.company_id,
  runId: row.run_id,
  entryCount: row.entry_count,
  undoOf: row.undo_of,
  undoneBy: row.undone_by,
  undoable: row.undoable,
  createdAt: row.created_at.toISOString(),
});

type Image = Readonly<Record<string, unknown>>;

const nameIn = (image: Image): string => {
  const name = image['sku'] ?? image['number'] ?? image['name'] ?? image['title'];
  return typeof name === 'string' ? name : '';
};

function toEntry(actor: Actor, row: EntryRow): ChangeEntry {
  const before = (row.before ?? {}) as Image;
  const after = (row.after ?? {}) as Image;
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => mayReadField(actor, field)).toSorted();
  return {
    entityKind: row.entity_kind,
    entityId: row.entity_id,
    label: row.label ?? nameIn(before),
    op: row.op,
    fields: fields.map((field) => ({ field, before: before[field] ?? null, after: after[field] ?? null })),
  };
}

export interface ChangeFilter {
  limit: number;
  cursor?: string | undefined;
  kind?: string | undefined;
  entityKind?: string | undefined;
  entityId?: string | undefined;
  actorId?: string | undefined;
}

/** Change sets, newest first (index change_set_newest, _by_kind or _by_actor; change_entry_entity with one thing). */
export async function listChanges(db: Db, actor: Actor, undoableKinds: readonly string[], input: ChangeFilter): Promise<Page<ChangeSet>> {
  const after = decodeCursor(input.cursor, 'newest', 2);
  const about =
    input.entityKind === undefined && input.entityId === undefined
      ? empty
      : sql`and exists (
        select from change_entry e where e.change_set_id = s.id and ${visibleEntries(actor)}
          ${input.entityKind === undefined ? empty : sql`and e.entity_kind = ${input.entityKind}`}
          ${input.entityId === undefined ? empty : sql`and e.entity_id = ${input.entityId}`})`;
  const rows = await db.rows<SetRow>(sql`
    select ${setColumns(undoableKinds)} from change_set s
    where ${visibleSets(actor)} ${about}
      ${after === undefined ? empty : sql`and (s.created_at, s.id) < (${String(after[0])}::timestamptz, ${String(after[1])}::uuid)`}
      ${input.kind === undefined ? empty : sql`and s.kind = ${input.kind}`}
      ${input.actorId === undefined ? empty : sql`and s.actor_id = ${input.actorId}`}
    order by s.created_at desc, s.id desc limit ${input.limit + 1}`);
  return toPage(rows, input.limit, 'newest', (row) => [row.created_at.toISOString(), row.id], toChangeSet);
}

/** One change set with a page of its entries (primary key of change_entry). */
export async function getChange(
  db: Db,
  actor: Actor,
  undoableKinds: readonly string[],
  input: { id: string; limit: number; cursor?: string | undefined },
): Promise<{ changeSet: ChangeSet; entries: Page<ChangeEntry> }> {
  const set = await db.maybe<SetRow>(sql`select ${setColumns(undoableKinds)} from change_set s where s.id = ${input.id} and ${visibleSets(actor)}`);
  if (set === undefined) throw notFound('change');
  const after = decodeCursor(input.cursor, 'entity', 2);
  const rows = await db.rows<EntryRow>(sql`
    with e as (
      select e.* from change_entry e
      where e.change_set_id = ${input.id} and ${visibleEntries(actor)}
        ${after === undefined ? empty : sql`and (e.entity_kind, e.entity_id) > (${String(after[0])}, ${String(after[1])}::uuid)`}
      order by e.entity_kind, e.entity_id limit ${input.limit + 1})
    select e.*, ${labels.select} as label from e ${labels.join} order by e.entity_kind, e.entity_id`);
  return {
    changeSet: toChangeSet(set),
    entries: toPage(
      rows,
      input.limit,
      'entity',
      (row) => [row.entity_kind, row.entity_id],
      (row) => toEntry(actor, row),
    ),
  };
}

/** What happened to one thing, newest first (index change_entry_entity: ids of change sets sort by time). */
export async function listHistory(
  db: Db,
  actor: Actor,
  undoableKinds: readonly string[],
  input: { kind: string; id: string; limit: number; cursor?: string | undefined },
): Promise<Page<{ changeSet: ChangeSet; entry: ChangeEntry }>> {
  const after = decodeCursor(input.cursor, 'newest', 1);
  const rows = await db.rows<SetRow & Omit<EntryRow, 'change_set_id'>>(sql`
    with e as (
      select e.* from change_entry e join change_set s on s.id = e.change_set_id
      where e.entity_kind = ${input.kind} and e.entity_id = ${input.id} and ${visibleEntries(actor)} and ${visibleSets(actor)}
        ${after === undefined ? empty : sql`and e.change_set_id < ${String(after[0])}::uuid`}
      order by e.change_set_id desc limit ${input.limit + 1})
    select ${setColumns(undoableKinds)}, e.entity_kind, e.entity_id, e.op, e.before, e.after, ${labels.select} as label
    from e join change_set s on s.id = e.change_set_id ${labels.join} order by s.id desc`);
  return toPage(
    rows,
    input.limit,
    'newest',
    (row) => [row.id],
    (row) => ({ changeSet: toChangeSet(row), entry: toEntry(actor, { ...row, change_set_id: row.id }) }),
  );
}

/** Whether the run that writes into a change set has not ended yet. */
export const isStillWritten = async (db: Db, changeSetId: string): Promise<boolean> =>
  (
    await db.one<{ active: boolean }>(sql`
    select exists (
      select from run r join change_set s on s.run_id = r.id or r.change_set_id = s.id
      where s.id = ${changeSetId} and r.state in ('queued', 'running', 'waiting')) as active`)
  ).active;

/** The first entries of the given kinds, by the name people know them by. */
export const firstEntries = (
  db: Db,
  changeSetId: string,
  entityKinds: readonly string[],
  limit: number,
): Promise<{ entityKind: string; entityId: string; label: string }[]> =>
  db.rows(sql`
    with e as (
      select entity_kind, entity_id from change_entry
      where change_set_id = ${changeSetId} and entity_kind = any(${[...entityKinds]}::text[]) order by entity_kind, entity_id limit ${limit})
    select e.entity_kind as "entityKind", e.entity_id as "entityId", coalesce(${labels.select}, '') as label from e ${labels.join}`);
