import { edge } from '../../edge.ts';
import { inventoryContract } from './contract.ts';
import { adjust, updateItem } from './items.ts';
import { syncStock } from './product-stock.ts';
import { getItem, getMapping, listItems, listMappings, listMovements } from './reads.ts';
import { mapProduct } from './sources.ts';

const os = edge(inventoryContract);

export const inventoryRoutes = {
  list: os.list.handler(({ context, input }) => listItems(context.app.db, input)),
  get: os.get.handler(({ context, input }) => getItem(context.app.db, context.actor, input.id)),
  movements: os.movements.handler(({ context, input }) => listMovements(context.app.db, context.actor, input)),
  adjust: os.adjust.handler(({ context, input }) => context.write((tx) => adjust(tx, context.actor, input))),
  update: os.update.handler(({ context, input }) => context.write((tx) => updateItem(tx, context.actor, input))),
  mappings: os.mappings.handler(({ context, input }) => listMappings(context.app.db, input)),
  map: os.map.handler(({ context, input }) =>
    context.write(async (tx) => {
      await mapProduct(tx, context.actor, input.productId, input.itemId);
      return getMapping(tx, input.productId);
    }),
  ),
  syncStock: os.syncStock.handler(({ context, input }) => context.write((tx) => syncStock(tx, input.productIds))),
};
