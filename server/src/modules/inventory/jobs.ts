import type { ModuleParts } from '../../app.ts';
import { reactToProducts } from './products.ts';
import { stockColumns, undoItems } from './stock-import.ts';

export const inventoryParts: ModuleParts = {
  subscriptions: { 'product.created': ['inventory.products'], 'product.updated': ['inventory.products'], 'product.deleted': ['inventory.products'] },
  undo: { inventory_item: undoItems },
  importExtensions: [stockColumns],
  loops: (app) => [{ name: 'inventory.products', everyMs: 15_000, pass: () => app.db.transaction(reactToProducts) }],
};
