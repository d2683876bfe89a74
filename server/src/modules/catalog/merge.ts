import { empty, raw, sql } from '../../kit/db.ts';
import type { Sql, Tx } from '../../kit/db.ts';
import { recordChanges } from '../accounts/changes.ts';
import { productColumns } from './fields.ts';
import type { Field, StagedRow } from './fields.ts';
import { shopDay } from './reads.ts';

export interface Merged {
  /** Ids of products that did not exist before. */
  created: string[];
  /** Ids of products of which anything changed, pictures and costs included. */
  updated: string[];
}

const columnsOf = (fields: ReadonlySet<Field>) => [...fields].flatMap((field) => productColumns[field]);

/** Drafts as the source of a merge: one JSON parameter, whatever their number. */
export const sourceOf = (rows: readonly StagedRow[]): Sql => sql`
  select r.*, g.id as group_id
  from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (
    row_number integer, product_id uuid, sku text, barcode text, barcode_kind text, title text, description text, brand text, category_id uuid,
    group_handle text, group_title text, option_names text[], options jsonb, attributes jsonb, tags text[], status text, price_minor bigint, compare_at_minor bigint,
    currency text, vat_rate numeric, weight_grams numeric, length_mm numeric, width_mm numeric, height_mm numeric, warehouse_location text, drive_folder_url text,
    images jsonb, unit_cost numeric, cost_currency text)
  left join variant_group g on g.handle = r.group_handle`;

/** Rows `after` < row number ≤ `upTo` of a staged file as the source of a merge. */
export const stagedSource = (importId: string, after: number, upTo: number): Sql => sql`
  select r.*, c.id as category_id, g.id as group_id
  from import_row r left join category c on c.path = r.category_path left join variant_group g on g.handle = r.group_handle
  where r.import_id = ${importId} and r.row_number > ${after} and r.row_number <= ${upTo}`;

/**
 * Brings products to what the source says, writing change entries in the same statements. SKUs decide: `create` makes those that are new
 * and leaves the others alone, `update` changes those that exist, `upsert` does both. Only `fields` of existing products are touched; a row
 * that changes nothing leaves no trace. New products need title, price and currency; rows without them are left out.
 */
export async function mergeProducts(
  tx: Tx,
  changeSetId: string,
  source: Sql,
  fields: ReadonlySet<Field>,
  mode: 'create' | 'update' | 'upsert',
): Promise<Merged> {
  if (fields.has('group')) await mergeGroups(tx, changeSetId, source);
  const created = mode === 'update' ? [] : await insertNew(tx, changeSetId, source);
  const updated = new Set(mode === 'create' ? [] : await updateExisting(tx, changeSetId, source, fields));
  if (fields.has('images')) for (const id of await mergeImages(tx, changeSetId, source)) updated.add(id);
  if (fields.has('cost')) for (const id of await mergeCosts(tx, changeSetId, source)) updated.add(id);
  for (const id of created) updated.delete(id);
  tx.emit('product.created', created);
  tx.emit('product.updated', [...updated]);
  return { created, updated: [...updated] };
}

async function insertNew(tx: Tx, changeSetId: string, source: Sql): Promise<string[]> {
  const columns = Object.values(productColumns).flat();
  const values = columns.map(({ name, fallback }) => (fallback === undefined ? `source.${name}` : `coalesce(source.${name}, ${fallback})`));
  const rows = await tx.rows<{ id: string }>(sql`
    with source as (${source}),
    changed as (
      insert into product (id, sku, created_at, updated_at, ${raw(columns.map((column) => column.name).join(', '))})
      select source.product_id, source.sku, ${tx.now}, ${tx.now}, ${raw(values.join(', '))}
      from source
      where source.title is not null and source.price_minor is not null
      order by source.row_number
      on conflict (sku) do nothing
      returning id),
    logged as (${recordChanges(changeSetId, 'product', 'create')})
    select id from changed`);
  return rows.map((row) => row.id);
}

async function updateExisting(tx: Tx, changeSetId: string, source: Sql, fields: ReadonlySet<Field>): Promise<string[]> {
  const columns = columnsOf(fields);
  if (columns.length === 0) return [];
  const value = ({ name, keep }: { name: string; keep: boolean }): string => (keep ? `coalesce(source.${name}, p.${name})` : `source.${name}`);
  // A reference price in another currency than the new price would be a wrong number: it goes.
  const dropsReference = fields.has('price') && !fields.has('compareAtPrice');
  const rows = await tx.rows<{ id: string }>(sql`
    with source as (${source}),
    changed as (
      update product p set version = p.version + 1, updated_at = ${tx.now}, ${raw(columns.map((column) => `${column.name} = ${value(column)}`).join(', '))}
        ${dropsReference ? sql`, compare_at_minor = case when coalesce(source.currency, p.currency) = p.currency then p.compare_at_minor end` : empty}
      from source
      where p.sku = source.sku and p.id <> source.product_id
        and (${raw(columns.map((column) => `p.${column.name}`).join(', '))}) is distinct from (${raw(columns.map(value).join(', '))})
      returning p.id, ${differing('old')} as old_row, ${differing('new')} as new_row),
    logged as (${recordChanges(changeSetId, 'product', 'update')})
    select id from changed`);
  return rows.map((row) => row.id);
}

/** One side of the columns that an update changed. Whole rows as JSON would cost more than the update itself. */
const differing = (side: 'old' | 'new'): Sql =>
  raw(
    Object.values(productColumns)
      .flat()
      .map(({ name }) => `case when old.${name} is distinct from new.${name} then jsonb_build_object('${name}', ${side}.${name}) else '{}' end`)
      .join(' || '),
  );

/** Makes the variant groups the source names; option names they do not know yet are put behind those they do. */
async function mergeGroups(tx: Tx, changeSetId: string, source: Sql): Promise<void> {
  await tx.run(sql`
    with source as (${source}),
    named as (
      select group_handle as handle, (array_agg(group_title order by row_number) filter (where group_title is not null))[1] as title
      from source where group_handle is not null group by group_handle),
    options as (
      select handle, array_agg(name order by first_row, first_place) as names
      from (
        select group_handle as handle, name, min(row_number) as first_row, min(place) as first_place
        from source cross join unnest(option_names) with ordinality as option(name, place)
        where group_handle is not null group by group_handle, name) as by_name
      group by handle),
    wanted as (
      select named.handle, named.title, coalesce(known.option_names, '{}')
        || coalesce((select array_agg(name order by place) from unnest(options.names) with ordinality as option(name, place) where name <> all (coalesce(known.option_names, '{}'))), '{}') as names
      from named left join options using (handle) left join variant_group known on known.handle = named.handle),
    written as (
      insert into variant_group (id, handle, title, option_names, created_at, updated_at)
      select uuidv7(), handle, coalesce(title, handle), names, ${tx.now}, ${tx.now} from wanted order by handle
      on conflict (handle) do update set option_names = excluded.option_names, updated_at = excluded.updated_at,
        title = coalesce((select wanted.title from wanted where wanted.handle = excluded.handle), variant_group.title)
      where (variant_group.option_names, variant_group.title)
        is distinct from (excluded.option_names, coalesce((select wanted.title from wanted where wanted.handle = excluded.handle), variant_group.title))
      returning variant_group.id, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
    made as (with changed as (select id from written where old_row is null) ${recordChanges(changeSetId, 'variant_group', 'create')}),
    logged as (with changed as (select * from written where old_row is not null) ${recordChanges(changeSetId, 'variant_group', 'update')})
    select 1`);
}

/** Pictures of products whose list of them differs are written anew; what is known of a picture stays with its address. */
async function mergeImages(tx: Tx, changeSetId: string, source: Sql): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    with source as (${source}),
    wanted as (
      select p.id as product_id, p.created_at, source.images from source join product p on p.sku = source.sku where source.images is not null),
    differing as (
      select wanted.*, present.images as existing
      from wanted cross join lateral (
        select coalesce(jsonb_agg(jsonb_build_object('url', i.url, 'alt', i.alt) order by i.position), '[]') as images
        from product_image i where i.product_id = wanted.product_id) as present
      where present.images <> wanted.images),
    gone as (
      delete from product_image i using differing where i.product_id = differing.product_id
      returning i.product_id, i.url, i.filename, i.checksum, i.drive_file_id, i.drive_modified_at),
    known as (select distinct on (product_id, url) * from gone),
    placed as (
      insert into product_image (id, product_id, position, url, alt, filename, checksum, drive_file_id, drive_modified_at)
      select uuidv7(), differing.product_id, image.place - 1, image.url, image.alt, coalesce(known.filename, ''), known.checksum, known.drive_file_id, known.drive_modified_at
      from differing
        cross join lateral rows from (jsonb_to_recordset(differing.images) as (url text, alt text)) with ordinality as image(url, alt, place)
        left join known on known.product_id = differing.product_id and known.url = image.url),
    bumped as (
      update product p set version = p.version + 1, updated_at = ${tx.now}
      from differing where p.id = differing.product_id and p.updated_at <> ${tx.now}),
    changed as (
      select product_id as id, jsonb_build_object('images', existing) as old_row, jsonb_build_object('images', images) as new_row
      from differing where created_at <> ${tx.now}),
    logged as (${recordChanges(changeSetId, 'product', 'update')})
    select product_id as id from differing`);
  return rows.map((row) => row.id);
}

/** Writes a cost from today (in the shop's time zone) where it is not already the one that counts. */
async function mergeCosts(tx: Tx, changeSetId: string, source: Sql): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(sql`
    with source as (${source}),
    today as (select ${shopDay(tx.now)} as day),
    differing as (
      select p.id as product_id, source.unit_cost, coalesce(source.cost_currency, p.currency) as currency
      from source join product p on p.sku = source.sku cross join today
        left join lateral (
          select c.unit_cost, c.currency from product_cost c where c.product_id = p.id and c.valid_from <= today.day order by c.valid_from desc limit 1) as latest on true
      where source.unit_cost is not null
        and (latest.unit_cost, latest.currency) is distinct from (source.unit_cost, coalesce(source.cost_currency, p.currency))),
    written as (
      insert into product_cost (product_id, valid_from, unit_cost, currency)
      select product_id, today.day, unit_cost, currency from differing cross join today
      on conflict (product_id, valid_from) do update set unit_cost = excluded.unit_cost, currency = excluded.currency
      returning new.product_id, new.valid_from,
        case when old.product_id is not null then jsonb_build_object('unit_cost', old.unit_cost, 'currency', old.currency) end as before,
        jsonb_build_object('unit_cost', new.unit_cost, 'currency', new.currency) as after),
    changed as (
      select product_id as id, jsonb_build_object(valid_from::text, before) as old_row, jsonb_build_object(valid_from::text, after) as new_row from written),
    logged as (${recordChanges(changeSetId, 'product_cost', 'update')})
    select product_id as id from written`);
  return rows.map((row) => row.id);
}
