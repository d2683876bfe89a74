import { AppError, commonErrors, invalid, notFound } from '../../kit/errors.ts';
import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Db, Tx } from '../../kit/db.ts';
import { closeChangeSet, openChangeSet, recordChanges } from '../accounts/changes.ts';
import { catalogErrors } from './contract.ts';
import type { Category } from './contract.ts';
import type { CategoryRow } from './tables.ts';
import { limits } from './values.ts';

const toCategory = (row: CategoryRow): Category => ({
  id: row.id,
  parentId: row.parent_id,
  name: row.name,
  description: row.description,
  path: row.path,
  position: row.position,
  version: row.version,
});

/** The tree changes one transaction at a time: paths repeat the names of parents. */
const lockTree = (tx: Tx): Promise<number> => tx.run(sql`select pg_advisory_xact_lock(hashtext('category'))`);

/** The whole tree in reading order (index category_path). */
export async function listCategories(db: Db): Promise<Category[]> {
  return (await db.rows<CategoryRow>(sql`select * from category order by path, id`)).map(toCategory);
}

async function getRow(db: Db, id: string): Promise<CategoryRow> {
  const row = await db.maybe<CategoryRow>(sql`select * from category where id = ${id}`);
  if (row === undefined) throw notFound('category');
  return row;
}

async function refuseTakenName(tx: Tx, parentId: string | null, name: string, exceptId: string | null): Promise<void> {
  const taken = await tx.maybe(
    sql`select id from category where parent_id is not distinct from ${parentId} and name = ${name} and id is distinct from ${exceptId}`,
  );
  if (taken !== undefined) throw new AppError(catalogErrors['category.name_taken'], { field: 'name', data: { name } });
}

async function pathUnder(tx: Tx, parentId: string | null, name: string): Promise<string> {
  if (parentId === null) return name;
  const parent = await tx.maybe<{ path: string }>(sql`select path from category where id = ${parentId}`);
  if (parent === undefined) throw invalid('parentId', 'there is no such category');
  return `${parent.path} / ${name}`;
}

/** As PostgreSQL counts them. */
const characters = (text: string): number => Array.from(text).length;

const refuseLongPath = (length: number): void => {
  if (length > limits.categoryPath) throw invalid('name', `the names from the root to the category are longer than ${limits.categoryPath} characters together`);
};

export async function createCategory(
  tx: Tx,
  actor: Actor,
  input: { name: string; parentId: string | null; description: string; position: number },
): Promise<Category> {
  await lockTree(tx);
  const path = await pathUnder(tx, input.parentId, input.name);
  refuseLongPath(characters(path));
  await refuseTakenName(tx, input.parentId, input.name, null);
  const changeSetId = await openChangeSet(tx, actor, { kind: 'edit', reason: `New category ${path}` });
  const id = tx.newId();
  await tx.run(sql`
    with changed as (
      insert into category (id, parent_id, name, description, path, position, created_at, updated_at)
      values (${id}, ${input.parentId}, ${input.name}, ${input.description}, ${path}, ${input.position}, ${tx.now}, ${tx.now}) returning id)
    ${recordChanges(changeSetId, 'category', 'create')}`);
  await closeChangeSet(tx, changeSetId);
  return toCategory(await getRow(tx, id));
}

/** Renames, moves or describes a category; the paths below it follow. A stale version is 409 `resource.stale`. */
export async function updateCategory(
  tx: Tx,
  actor: Actor,
  input: {
    id: string;
    version: number;
    name?: string | undefined;
    parentId?: string | null | undefined;
    description?: string | undefined;
    position?: number | undefined;
  },
): Promise<Category> {
  await lockTree(tx);
  const before = await getRow(tx, input.id);
  if (before.version !== input.version)
    throw new AppError(commonErrors['resource.stale'], { field: 'version', data: { yours: input, current: toCategory(before) } });
  const parentId = input.parentId === undefined ? before.parent_id : input.parentId;
  const name = input.name ?? before.name;
  const path = await pathUnder(tx, parentId, name);
  if (parentId !== null && (path.startsWith(`${before.path} / `) || parentId === before.id))
    throw new AppError(catalogErrors['category.cycle'], { field: 'parentId' });
  await refuseTakenName(tx, parentId, name, before.id);
  const below = `${before.path.replace(/[\\%_]/g, '\\$&')} / %`;
  const { longest } = await tx.one<{ longest: number }>(
    sql`select coalesce(max(length(path)), 0) as longest from category where id = ${before.id} or path like ${below}`,
  );
  refuseLongPath(longest - characters(before.path) + characters(path));
  const changeSetId = await openChangeSet(tx, actor, { kind: 'edit', reason: `Edit of category ${before.path}` });
  await tx.run(sql`
    with changed as (
      update category c set
        parent_id = case when c.id = ${before.id} then ${parentId}::uuid else c.parent_id end,
        name = case when c.id = ${before.id} then ${name} else c.name end,
        description = case when c.id = ${before.id} then ${input.description ?? before.description} else c.description end,
        position = case when c.id = ${before.id} then ${input.position ?? before.position}::integer else c.position end,
        path = ${path}::text || substr(c.path, length(${before.path}::text) + 1), version = c.version + 1, updated_at = ${tx.now}
      where c.id = ${before.id} or (c.path like ${below} and ${path !== before.path})
      returning c.id, to_jsonb(old) as old_row, to_jsonb(new) as new_row)
    ${recordChanges(changeSetId, 'category', 'update')}`);
  await closeChangeSet(tx, changeSetId);
  return toCategory(await getRow(tx, before.id));
}

/** Deletes a category that holds neither products nor subcategories. */
export async function removeCategory(tx: Tx, actor: Actor, id: string): Promise<void> {
  await lockTree(tx);
  const row = await tx.maybe<CategoryRow>(sql`select * from category where id = ${id} for update`);
  if (row === undefined) throw notFound('category');
  const held = await tx.one<{ products: number; children: number }>(sql`
    select (select count(*) from product where category_id = ${id}) as products, (select count(*) from category where parent_id = ${id}) as children`);
  if (held.products + held.children > 0) throw new AppError(catalogErrors['category.not_empty'], { data: held });
  const changeSetId = await openChangeSet(tx, actor, { kind: 'edit', reason: `Deletion of category ${row.path}` });
  await tx.run(sql`
    with changed as (delete from category where id = ${id} returning id, to_jsonb(category) as old_row)
    ${recordChanges(changeSetId, 'category', 'delete')}`);
  await closeChangeSet(tx, changeSetId);
}

/** Makes the categories of these paths ("Home / Kitchen"), parents included, inside an open change set. Returns path → id of all of them. */
export async function ensureCategories(tx: Tx, changeSetId: string, paths: readonly string[]): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  await lockTree(tx);
  const wanted = [...new Set(paths.flatMap((path) => path.split(' / ').map((_, at, names) => names.slice(0, at + 1).join(' / '))))].toSorted(
    (a, b) => a.length - b.length,
  );
  const known = await tx.rows<{ id: string; path: string }>(sql`select id, path from category where path = any(${wanted}::text[])`);
  const ids = new Map(known.map((row) => [row.path, row.id]));
  const missing = wanted.filter((path) => !ids.has(path));
  for (const path of missing) ids.set(path, tx.newId());
  const cut = missing.map((path) => path.lastIndexOf(' / '));
  await tx.run(sql`
    with changed as (
      insert into category (id, parent_id, name, path, created_at, updated_at)
      select id, parent_id, name, path, ${tx.now}, ${tx.now}
      from unnest(${missing.map((path) => ids.get(path))}::uuid[], ${missing.map((path, at) => ids.get(path.slice(0, Math.max(0, cut[at] ?? 0))) ?? null)}::uuid[],
        ${missing.map((path, at) => ((cut[at] ?? -1) < 0 ? path : path.slice((cut[at] ?? 0) + 3)))}::text[], ${missing}::text[]) as made(id, parent_id, name, path)
      returning id)
    ${recordChanges(changeSetId, 'category', 'create')}`);
  return ids;
}
