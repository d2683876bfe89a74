import { AppError, commonErrors, invalid, notFound } from '../../kit/errors.ts';
import { hasRight } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { closeChangeSet, openChangeSet, recordChanges } from '../accounts/changes.ts';
import { catalogErrors } from './contract.ts';
import type { Product, ProductCreateInput, ProductUpdateInput } from './contract.ts';
import { toStaged } from './fields.ts';
import type { Field, ProductDraft } from './fields.ts';
import { mergeProducts, sourceOf } from './merge.ts';
import { getProduct, usesOf } from './reads.ts';

/**
 * Makes products inside an open change set; all or none. Every draft needs sku, title and price. Returns their ids in the order given.
 * Refuses a SKU that exists or stands twice in the drafts (`product.sku_taken`) and amounts that their currency does not have.
 */
export async function createProducts(tx: Tx, changeSetId: string, drafts: readonly ProductDraft[]): Promise<string[]> {
  if (drafts.length === 0) return [];
  const rows = drafts.map((draft, at) => toStaged(draft, tx.newId(), at + 1));
  await lockCategories(tx, drafts);
  const fields = new Set(drafts.flatMap(fieldsOf));
  const { created } = await mergeProducts(tx, changeSetId, sourceOf(rows), fields, 'create');
  if (created.length < rows.length) {
    const made = new Set(created);
    const taken = rows.find((row) => !made.has(row.product_id));
    throw new AppError(catalogErrors['product.sku_taken'], { field: 'sku', data: { sku: taken?.sku ?? '' } });
  }
  return rows.map((row) => row.product_id);
}

/**
 * Changes existing products, found by SKU, inside an open change set. All drafts set the same fields; what they do not name stays.
 * Unknown SKUs are left out. Returns the ids of products of which anything changed.
 */
export async function updateProducts(tx: Tx, changeSetId: string, drafts: readonly ProductDraft[]): Promise<string[]> {
  const [first] = drafts;
  if (first === undefined) return [];
  const fields = new Set(fieldsOf(first));
  if (drafts.some((draft) => fields.symmetricDifference(new Set(fieldsOf(draft))).size > 0))
    throw new Error('The drafts of one updateProducts call must set the same fields.');
  await lockCategories(tx, drafts);
  const rows = drafts.map((draft, at) => toStaged(draft, tx.newId(), at + 1));
  return (await mergeProducts(tx, changeSetId, sourceOf(rows), fields, 'update')).updated;
}

/** One new product with its change set. Setting a cost needs the right costs.write. */
export async function createProduct(tx: Tx, actor: Actor, input: ProductCreateInput): Promise<Product> {
  refuseCost(actor, input);
  const changeSetId = await openChangeSet(tx, actor, { kind: 'edit', reason: `New product ${input.sku}` });
  const [id] = await createProducts(tx, changeSetId, [input]);
  await closeChangeSet(tx, changeSetId);
  return getProduct(tx, actor, id ?? '');
}

/**
 * One person's save. The version must be the one that was read: otherwise 409 `resource.stale` with `yours` and `current`.
 * Another SKU is refused (`product.sku_immutable`). Saving what is already there changes nothing, the version included.
 */
export async function saveProduct(tx: Tx, actor: Actor, input: ProductUpdateInput): Promise<Product> {
  const { id, version, sku, ...patch } = input;
  refuseCost(actor, input);
  const held = await tx.maybe<{ version: number; sku: string; currency: string }>(
    sql`select version, sku, currency from product where id = ${id} for no key update`,
  );
  if (held === undefined) throw notFound('product');
  if (sku !== undefined && sku.trim() !== held.sku) throw new AppError(catalogErrors['product.sku_immutable'], { field: 'sku', data: { sku: held.sku } });
  if (held.version !== version)
    throw new AppError(commonErrors['resource.stale'], { field: 'version', data: { yours: input, current: await getProduct(tx, actor, id) } });
  const currency = patch.price?.currency ?? held.currency;
  if (patch.compareAtPrice != null && patch.compareAtPrice.currency !== currency)
    throw invalid('compareAtPrice.currency', `must be ${currency} as the price is`);
  const changeSetId = await openChangeSet(tx, actor, { kind: 'edit', reason: `Edit of ${held.sku}` });
  await updateProducts(tx, changeSetId, [{ sku: held.sku, ...patch }]);
  await closeChangeSet(tx, changeSetId);
  return getProduct(tx, actor, id);
}

/** Deletes a product that no order, listing, channel product, promised stock or recipe refers to; else 409 `product.in_use`: archive it. */
export async function removeProduct(tx: Tx, actor: Actor, id: string): Promise<void> {
  const held = await tx.maybe<{ sku: string }>(sql`select sku from product where id = ${id} for update`);
  if (held === undefined) throw notFound('product');
  const [use] = await usesOf(tx, [id]);
  if (use !== undefined) throw new AppError(catalogErrors['product.in_use'], { data: { where: use.where } });
  const changeSetId = await openChangeSet(tx, actor, { kind: 'edit', reason: `Deletion of ${held.sku}` });
  await deleteProducts(tx, changeSetId, [id]);
  await closeChangeSet(tx, changeSetId);
}

/** Deletes products that were found to be free, keeping what an undo needs: the row, its pictures, its costs. */
export async function deleteProducts(tx: Tx, changeSetId: string, ids: readonly string[]): Promise<void> {
  await tx.run(sql`
    with changed as (
      select product_id as id, jsonb_object_agg(valid_from::text, jsonb_build_object('unit_cost', unit_cost, 'currency', currency)) as old_row
      from product_cost where product_id = any(${ids}::uuid[]) group by product_id)
    ${recordChanges(changeSetId, 'product_cost', 'delete')}`);
  await tx.run(sql`
    with pictures as (
      select product_id, jsonb_agg(jsonb_build_object('url', url, 'alt', alt) order by position) as images
      from product_image where product_id = any(${ids}::uuid[]) group by product_id),
    gone as (delete from product where id = any(${ids}::uuid[]) returning id, to_jsonb(product) as image),
    changed as (
      select gone.id, gone.image || jsonb_build_object('images', coalesce(pictures.images, '[]')) as old_row
      from gone left join pictures on pictures.product_id = gone.id)
    ${recordChanges(changeSetId, 'product', 'delete')}`);
  tx.emit('product.deleted', ids);
}

const fieldsOf = (draft: ProductDraft): Field[] => Object.keys(draft).filter((name): name is Field => name !== 'sku' && draft[name as Field] !== undefined);

function refuseCost(actor: Actor, input: { cost?: unknown }): void {
  if (input.cost !== undefined && !hasRight(actor, 'costs.write'))
    throw new AppError(commonErrors['auth.forbidden'], { field: 'cost', data: { right: 'costs.write' } });
}

/** Named categories must exist and stay until the commit. */
async function lockCategories(tx: Tx, drafts: readonly ProductDraft[]): Promise<void> {
  const ids = [...new Set(drafts.flatMap((draft) => draft.categoryId ?? []))];
  if (ids.length === 0) return;
  const found = await tx.rows<{ id: string }>(sql`select id from category where id = any(${ids}::uuid[]) order by id for key share`);
  if (found.length < ids.length) throw invalid('categoryId', 'there is no such category');
}
