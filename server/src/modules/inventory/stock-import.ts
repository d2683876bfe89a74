import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import type { ImportedRow, ImportExtension } from '../catalog/catalog.ts';
import { entriesOf, recordChanges } from '../accounts/changes.ts';
import type { Undo, UndoConflict } from '../accounts/changes.ts';
import { moveItems, setOnHand } from './ledger.ts';
import { lockItems } from './locks.ts';
import { refreshItems } from './product-stock.ts';
import { makeItems } from './sources.ts';

/** Stock of one product as a file states it; absent members stay as they are. */
export interface StockRow {
  productId: string;
  sku: string;
  name: string;
  stock?: number;
  reorderPoint?: number;
}

/**
 * Takes over stock and reorder points of an import; items it makes and everything it moves are entries of the import's change set.
 * Returns the products it changed, and those made of components, which have no stock of their own.
 */
export async function importStock(tx: Tx, actor: Actor, changeSetId: string, rows: readonly StockRow[]): Promise<{ changed: string[]; skipped: string[] }> {
  const stated = rows.filter((row) => row.stock !== undefined || row.reorderPoint !== undefined);
  if (stated.length === 0) return { changed: [], skipped: [] };
  const { created } = await makeItems(tx, actor, stated);
  await tx.run(sql`
    with changed as (select id from unnest(${created}::uuid[]) as made(id)), logged as (${recordChanges(changeSetId, 'inventory_item', 'create')}) select 1`);
  const { moved, skipped } = await setOnHand(
    tx,
    actor,
    { cause: 'import', note: '', changeSetId },
    stated.flatMap((row) => (row.stock === undefined ? [] : [{ productId: row.productId, quantity: row.stock }])),
  );
  const points = new Map(stated.flatMap((row) => (row.reorderPoint === undefined ? [] : [[row.productId, row.reorderPoint] as const])));
  if (points.size === 0) return { changed: moved, skipped };
  const pointed = await tx.rows<{ product_id: string }>(sql`
    with wanted as (
      select distinct on (mapping.item_id) mapping.item_id, mapping.product_id, point.pieces
      from unnest(${[...points.keys()]}::uuid[], ${[...points.values()]}::numeric[]) with ordinality as point(product_id, pieces, n)
      join inventory_mapping as mapping on mapping.product_id = point.product_id order by mapping.item_id, point.n desc),
    changed as (
      update inventory_item as item set reorder_point = wanted.pieces, version = item.version + 1, updated_at = ${tx.now}
      from wanted where item.id = wanted.item_id and item.reorder_point is distinct from wanted.pieces
      returning item.id, wanted.product_id, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
    logged as (${recordChanges(changeSetId, 'inventory_item', 'update')})
    select product_id from changed`);
  return { changed: [...new Set([...moved, ...pointed.map((row) => row.product_id)])], skipped };
}

const COLUMNS = { stock: ['Stock', 'Stock on hand', 'Quantity', 'Qty'], reorderPoint: ['Reorder point', 'Reorder level', 'Minimum stock'] } as const;

/** Pieces as a file writes them: `12`, `12.5`, `1 200`; undefined for anything else. */
function toPieces(cell: string): number | undefined {
  const plain = cell.replaceAll(/[\s\u00a0]/g, '');
  return /^-?\d{1,9}(\.\d{1,3})?$/.test(plain) ? Number(plain) : undefined;
}

/** The columns of product files that inventory understands. A cell it cannot use is refused with its reason; the rest of the row holds. */
export const stockColumns: ImportExtension = {
  right: 'inventory.write',
  columns: COLUMNS,
  async apply(tx, actor, changeSetId, rows) {
    const rowProblems: { productId: string; column: string; value: string; reason: string }[] = [];
    const read = (row: ImportedRow, column: keyof typeof COLUMNS): number | undefined => {
      const cell = row.values[column];
      if (cell === undefined) return undefined;
      const pieces = toPieces(cell);
      if (pieces !== undefined && pieces >= 0) return pieces;
      rowProblems.push({
        productId: row.productId,
        column,
        value: cell,
        reason: pieces === undefined ? 'is no number of pieces like 12 or 12.5' : 'is below zero; count the shelf and set it by hand',
      });
      return undefined;
    };
    const stated = rows.map((row): StockRow => {
      const [stock, reorderPoint] = [read(row, 'stock'), read(row, 'reorderPoint')];
      return {
        productId: row.productId,
        sku: row.sku,
        name: row.title,
        ...(stock === undefined ? {} : { stock }),
        ...(reorderPoint === undefined ? {} : { reorderPoint }),
      };
    });
    const { changed, skipped } = await importStock(tx, actor, changeSetId, stated);
    const cells = new Map(rows.map((row) => [row.productId, row.values['stock'] ?? '']));
    rowProblems.push(
      ...skipped.map((productId) => ({
        productId,
        column: 'stock',
        value: cells.get(productId) ?? '',
        reason: 'this product is made of components; its stock follows from theirs',
      })),
    );
    return { rowProblems, changed };
  },
};

interface EntryState {
  id: string;
  sku: string;
  /** Pieces the change set moved; null when it moved none. */
  moved: number | null;
  moved_since: boolean;
  /** It changed reorder point or location. */
  edited: boolean;
  edited_since: boolean;
}

/**
 * Takes stock, reorder points and locations of a change set back where nothing happened to them since; the rest is reported. Items it
 * made leave the lists when their products go; their ledger stays.
 */
export const undoItems: Undo = async (tx, actor, { changeSetId, undoSetId }) => {
  const ids = await tx.rows<{ entity_id: string }>(sql`select entity_id from (${entriesOf(changeSetId, 'inventory_item')}) as entry`);
  await lockItems(
    tx,
    ids.map((row) => row.entity_id),
  );
  const states = await tx.rows<EntryState>(sql`
    select item.id, item.sku, mine.pieces::float8 as moved,
      coalesce(mine.last < (select max(later.seq) from stock_movement as later where later.item_id = item.id), false) as moved_since,
      coalesce(entry.after ?| array['reorder_point', 'location'], false) as edited,
      coalesce((entry.after ? 'reorder_point' and entry.after -> 'reorder_point' <> coalesce(to_jsonb(item.reorder_point), 'null'))
        or (entry.after ? 'location' and entry.after ->> 'location' <> item.location), false) as edited_since
    from (${entriesOf(changeSetId, 'inventory_item')}) as entry
    join inventory_item as item on item.id = entry.entity_id
    left join (select item_id, sum(delta) as pieces, max(seq) as last from stock_movement where change_set_id = ${changeSetId} group by item_id) as mine on mine.item_id = item.id`);

  const back = states.filter((state) => state.moved !== null && !state.moved_since);
  const moved = await moveItems(
    tx,
    actor,
    { cause: 'undo', note: '', changeSetId: undoSetId },
    'by',
    new Map(back.map((state) => [state.id, -(state.moved ?? 0)])),
  );
  const edited = states.filter((state) => state.edited && !state.edited_since).map((state) => state.id);
  await tx.run(sql`
    with entry as (${entriesOf(changeSetId, 'inventory_item')}),
    changed as (
      update inventory_item as item set version = item.version + 1, updated_at = ${tx.now},
        reorder_point = case when entry.after ? 'reorder_point' then (entry.before ->> 'reorder_point')::numeric else item.reorder_point end,
        location = case when entry.after ? 'location' then entry.before ->> 'location' else item.location end
      from entry where item.id = entry.entity_id and item.id = any(${edited}::uuid[])
      returning item.id, to_jsonb(old) as old_row, to_jsonb(new) as new_row),
    logged as (${recordChanges(undoSetId, 'inventory_item', 'update')})
    select 1 from changed`);
  await refreshItems(tx, moved);
  const conflicts = states.flatMap((state): UndoConflict[] => [
    ...(state.moved !== null && state.moved_since
      ? [{ entityKind: 'inventory_item', entityId: state.id, label: state.sku, reason: 'Its stock has moved since; count it and set it by hand.' }]
      : []),
    ...(state.edited && state.edited_since
      ? [{ entityKind: 'inventory_item', entityId: state.id, label: state.sku, reason: 'Its reorder point or location was changed since.' }]
      : []),
  ]);
  return { restored: new Set([...moved, ...edited]).size, conflicts: conflicts.slice(0, 200), conflictCount: conflicts.length };
};
