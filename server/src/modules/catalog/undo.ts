import { raw, sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { entriesOf, recordChanges } from '../accounts/changes.ts';
import type { Undo, UndoConflict, UndoResult } from '../accounts/changes.ts';
import { productColumns } from './fields.ts';
import { deleteProducts } from './products.ts';
import { usesOf } from './reads.ts';

const SHOWN_CONFLICTS = 200;

const resultOf = (restored: number, entityKind: string, left: readonly { id: string; label: string; reason: string }[]): UndoResult => ({
  restored,
  conflictCount: left.length,
  conflicts: left.slice(0, SHOWN_CONFLICTS).map((one): UndoConflict => ({ entityKind, entityId: one.id, label: one.label, reason: one.reason })),
});

/**
 * Products: those the change made go, if they are as it made them and nothing refers to them; fields it changed go back where they are
 * still as it left them; those it deleted come back while their SKU is free.
 */
const undoProducts: Undo = async (tx, _actor, { changeSetId, undoSetId }) => {
  const results = [
    await takeBackCreated(tx, changeSetId, undoSetId),
    await putBackFields(tx, changeSetId, undoSetId),
    await bringBackDeleted(tx, changeSetId, undoSetId),
  ];
  return resultOf(
    results.reduce((sum, one) => sum + one.restored, 0),
    'product',
    results.flatMap((one) => one.left),
  );
};

interface Part {
  restored: number;
  left: { id: string; label: string; reason: string }[];
}

async function takeBackCreated(tx: Tx, changeSetId: string, undoSetId: string): Promise<Part> {
  const made = await tx.rows<{ id: string; sku: string; version: number }>(sql`
    select p.id, p.sku, p.version from (${entriesOf(changeSetId, 'product')}) as e join product p on p.id = e.entity_id where e.op = 'create' order by p.id for update of p`);
  const untouched = made.filter((row) => row.version === 1);
  const uses = new Map(
    (
      await usesOf(
        tx,
        untouched.map((row) => row.id),
      )
    ).map((use) => [use.id, use.where]),
  );
  const free = untouched.filter((row) => !uses.has(row.id)).map((row) => row.id);
  if (free.length > 0) await deleteProducts(tx, undoSetId, free);
  return {
    restored: free.length,
    left: made.flatMap((row) => {
      const use = uses.get(row.id);
      if (row.version === 1 && use === undefined) return [];
      return [{ id: row.id, label: row.sku, reason: use === undefined ? 'It was changed since; delete or archive it by hand.' : `It stays, because ${use}.` }];
    }),
  };
}

const columns = Object.values(productColumns)
  .flat()
  .map((column) => column.name);

async function putBackFields(tx: Tx, changeSetId: string, undoSetId: string): Promise<Part> {
  // What a category or group was before may be gone by now; then that field stays.
  const names = raw(columns.join(', '));
  const rows = await tx.rows<{ id: string; sku: string; kept: string[] | null; changed: boolean }>(sql`
    with entry as (${entriesOf(changeSetId, 'product')}),
    present as (
      select p.id, p.sku, e.before, e.after, to_jsonb(p) || jsonb_build_object('images', pictures.images) as image
      from entry e join product p on p.id = e.entity_id
        cross join lateral (
          select case when e.after ? 'images'
            then (select coalesce(jsonb_agg(jsonb_build_object('url', i.url, 'alt', i.alt) order by i.position), '[]') from product_image i where i.product_id = p.id) end as images) as pictures
      where e.op = 'update'),
    judged as (
      select present.id, present.sku, fields.back, fields.kept
      from present cross join lateral (
        select coalesce(jsonb_object_agg(key, present.before -> key) filter (where same), '{}') as back, array_agg(key order by key) filter (where not same) as kept
        from (
          select key, present.image -> key = present.after -> key
            and case key
              when 'category_id' then present.before ->> key is null or exists (select from category c where c.id = (present.before ->> key)::uuid)
              when 'group_id' then present.before ->> key is null or exists (select from variant_group g where g.id = (present.before ->> key)::uuid)
              else true end as same
          from jsonb_object_keys(present.after) as key) as compared) as fields),
    pictures as (
      select judged.id, judged.back -> 'images' as images, present.image -> 'images' as existing from judged join present using (id) where judged.back ? 'images'),
    gone as (delete from product_image i using pictures where i.product_id = pictures.id),
    placed as (
      insert into product_image (id, product_id, position, url, alt)
      select uuidv7(), pictures.id, picture.place - 1, picture.url, picture.alt
      from pictures cross join lateral rows from (jsonb_to_recordset(pictures.images) as (url text, alt text)) with ordinality as picture(url, alt, place)),
    written as (
      update product p set (${names}) = (select ${names} from jsonb_populate_record(p, judged.back - 'images')), version = p.version + 1, updated_at = ${tx.now}
      from judged where p.id = judged.id and judged.back <> '{}'
      returning p.id, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
    changed as (
      select written.id,
        written.old_row || case when pictures.id is null then '{}' else jsonb_build_object('images', pictures.existing) end as old_row,
        written.new_row || case when pictures.id is null then '{}' else jsonb_build_object('images', pictures.images) end as new_row
      from written left join pictures on pictures.id = written.id),
    logged as (${recordChanges(undoSetId, 'product', 'update')})
    select judged.id, judged.sku, judged.kept, judged.back <> '{}' as changed from judged`);
  const back = rows.filter((row) => row.changed).map((row) => row.id);
  tx.emit('product.updated', back);
  const gone = await tx.rows<{ id: string }>(sql`
    select e.entity_id as id from (${entriesOf(changeSetId, 'product')}) as e where e.op = 'update' and not exists (select from product p where p.id = e.entity_id)`);
  return {
    restored: back.length,
    left: [
      ...rows.flatMap((row) =>
        row.kept === null
          ? []
          : [
              {
                id: row.id,
                label: row.sku,
                reason: `Changed since, so it stays: ${row.kept.map((name) => name.replaceAll('_', ' ').replace(/ (?:minor|id)$/, '')).join(', ')}.`,
              },
            ],
      ),
      ...gone.map((row) => ({ id: row.id, label: '', reason: 'It was deleted since.' })),
    ],
  };
}

async function bringBackDeleted(tx: Tx, changeSetId: string, undoSetId: string): Promise<Part> {
  const rows = await tx.rows<{ id: string; sku: string; back: boolean }>(sql`
    with entry as (select entity_id, before from (${entriesOf(changeSetId, 'product')}) as e where e.op = 'delete'),
    made as (
      insert into product
      select (jsonb_populate_record(null::product, e.before || jsonb_build_object(
        'category_id', (select c.id from category c where c.id = (e.before ->> 'category_id')::uuid),
        'group_id', (select g.id from variant_group g where g.id = (e.before ->> 'group_id')::uuid), 'updated_at', ${tx.now}::timestamptz))).*
      from entry e
      on conflict do nothing
      returning id),
    pictured as (
      insert into product_image (id, product_id, position, url, alt)
      select uuidv7(), made.id, picture.place - 1, picture.url, picture.alt
      from made join entry e on e.entity_id = made.id
        cross join lateral rows from (jsonb_to_recordset(e.before -> 'images') as (url text, alt text)) with ordinality as picture(url, alt, place)),
    logged as (with changed as (select id from made) ${recordChanges(undoSetId, 'product', 'create')})
    select e.entity_id as id, e.before ->> 'sku' as sku, made.id is not null as back from entry e left join made on made.id = e.entity_id`);
  tx.emit(
    'product.created',
    rows.filter((row) => row.back).map((row) => row.id),
  );
  return {
    restored: rows.filter((row) => row.back).length,
    left: rows.filter((row) => !row.back).map((row) => ({ id: row.id, label: row.sku, reason: 'Another product has its SKU now.' })),
  };
}

/** Costs: each day's entry goes back to what it was, if nobody has written that day since. Costs of deleted products come back with them. */
const undoCosts: Undo = async (tx, _actor, { changeSetId, undoSetId }) => {
  const rows = await tx.rows<{ id: string; sku: string; same: boolean }>(sql`
    with entry as (
      select e.entity_id as product_id, e.op, day.key::date as valid_from, nullif(e.before -> day.key, 'null') as before, nullif(e.after -> day.key, 'null') as after
      from (${entriesOf(changeSetId, 'product_cost')}) as e cross join jsonb_object_keys(coalesce(e.after, e.before)) as day(key)),
    judged as (
      select entry.*, p.sku, k.unit_cost, k.currency,
        case when k.product_id is null then entry.after is null else k.unit_cost = (entry.after ->> 'unit_cost')::numeric and k.currency = entry.after ->> 'currency' end as same
      from entry join product p on p.id = entry.product_id left join product_cost k on k.product_id = entry.product_id and k.valid_from = entry.valid_from),
    gone as (
      delete from product_cost k using judged where judged.same and judged.before is null and k.product_id = judged.product_id and k.valid_from = judged.valid_from),
    written as (
      insert into product_cost (product_id, valid_from, unit_cost, currency)
      select product_id, valid_from, (before ->> 'unit_cost')::numeric, before ->> 'currency' from judged where same and before is not null
      on conflict (product_id, valid_from) do update set unit_cost = excluded.unit_cost, currency = excluded.currency),
    changed as (
      select product_id as id, jsonb_object_agg(valid_from::text, after) as old_row, jsonb_object_agg(valid_from::text, before) as new_row from judged where same group by product_id),
    logged as (${recordChanges(undoSetId, 'product_cost', 'update')})
    select product_id as id, sku, bool_and(coalesce(same, false)) as same from judged group by product_id, sku`);
  return resultOf(
    rows.filter((row) => row.same).length,
    'product_cost',
    rows.filter((row) => !row.same).map((row) => ({ ...row, label: row.sku, reason: 'The cost of that day was changed since.' })),
  );
};

/** Variant groups: those the change made go when no product is left in them; titles and options go back where they are still its own. */
const undoGroups: Undo = async (tx, _actor, { changeSetId, undoSetId }) => {
  const gone = await tx.rows<{ id: string }>(sql`
    with changed as (
      delete from variant_group g using (${entriesOf(changeSetId, 'variant_group')}) as e
      where g.id = e.entity_id and e.op = 'create' and not exists (select from product p where p.group_id = g.id)
      returning g.id, to_jsonb(g) as old_row),
    logged as (${recordChanges(undoSetId, 'variant_group', 'delete')})
    select id from changed`);
  const back = await tx.rows<{ id: string }>(sql`
    with changed as (
      update variant_group g set (title, option_names) = (select title, option_names from jsonb_populate_record(g, e.before)), updated_at = ${tx.now}
      from (${entriesOf(changeSetId, 'variant_group')}) as e
      where g.id = e.entity_id and e.op = 'update' and to_jsonb(g) @> e.after
      returning g.id, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
    logged as (${recordChanges(undoSetId, 'variant_group', 'update')})
    select id from changed`);
  return restOf(
    tx,
    changeSetId,
    'variant_group',
    'title',
    [...gone, ...back].map((row) => row.id),
  );
};

/** Categories: made ones go when they are empty, edited ones go back, deleted ones return, all while name and place are free. */
const undoCategories: Undo = async (tx, _actor, { changeSetId, undoSetId }) => {
  await tx.run(sql`select pg_advisory_xact_lock(hashtext('category'))`);
  const empty = await tx.rows<{ id: string }>(sql`
    with recursive made as (select entity_id as id from (${entriesOf(changeSetId, 'category')}) as e where e.op = 'create'),
    needed as (
      select c.id, c.parent_id from category c where exists (select from product p where p.category_id = c.id) or c.id not in (select id from made)
      union
      select parent.id, parent.parent_id from category parent join needed on needed.parent_id = parent.id),
    changed as (
      delete from category c using made where c.id = made.id and c.version = 1 and c.id not in (select id from needed) returning c.id, to_jsonb(c) as old_row),
    logged as (${recordChanges(undoSetId, 'category', 'delete')})
    select id from changed`);
  const back = await tx.rows<{ id: string }>(sql`
    with changed as (
      update category c set (parent_id, name, description, path, position) = (select parent_id, name, description, path, position from jsonb_populate_record(c, e.before)),
        version = c.version + 1, updated_at = ${tx.now}
      from (${entriesOf(changeSetId, 'category')}) as e
      where c.id = e.entity_id and e.op = 'update' and to_jsonb(c) @> e.after
        and not exists (select from category other where other.path = e.before ->> 'path' and other.id <> c.id)
        and (e.before ->> 'parent_id' is null or exists (select from category parent where parent.id = (e.before ->> 'parent_id')::uuid))
      returning c.id, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
    logged as (${recordChanges(undoSetId, 'category', 'update')})
    select id from changed`);
  const returned = await tx.rows<{ id: string }>(sql`
    with changed as (
      insert into category
      select (jsonb_populate_record(null::category, e.before)).* from (${entriesOf(changeSetId, 'category')}) as e
      where e.op = 'delete' and (e.before ->> 'parent_id' is null or exists (select from category parent where parent.id = (e.before ->> 'parent_id')::uuid and e.before ->> 'path' = parent.path || ' / ' || (e.before ->> 'name')))
      on conflict do nothing returning id),
    logged as (${recordChanges(undoSetId, 'category', 'create')})
    select id from changed`);
  return restOf(
    tx,
    changeSetId,
    'category',
    'path',
    [...empty, ...back, ...returned].map((row) => row.id),
  );
};

/** Entries of a small table that an undo did not bring back. */
async function restOf(tx: Tx, changeSetId: string, kind: 'variant_group' | 'category', label: string, done: readonly string[]): Promise<UndoResult> {
  const left = await tx.rows<{ id: string; label: string; op: string }>(sql`
    select e.entity_id as id, coalesce(t.${raw(label)}, e.before ->> ${label}, '') as label, e.op
    from (${entriesOf(changeSetId, kind)}) as e left join ${raw(kind)} t on t.id = e.entity_id
    where not e.entity_id = any(${done}::uuid[]) and (e.op <> 'create' or t.id is not null)`);
  return resultOf(
    done.length,
    kind,
    left.map((row) => ({ ...row, reason: row.op === 'create' ? 'It is in use or was changed since.' : 'It was changed since.' })),
  );
}

/** Brought back in the reverse order: products before the costs, groups and categories they need or leave behind. */
export const catalogUndo: Readonly<Record<string, Undo>> = {
  category: undoCategories,
  variant_group: undoGroups,
  product_cost: undoCosts,
  product: undoProducts,
};
