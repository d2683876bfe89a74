import { edge } from '../../edge.ts';
import { createCategory, listCategories, removeCategory, updateCategory } from './categories.ts';
import { catalogContract } from './contract.ts';
import { listBrands, listProductIds, listProducts, listTags } from './list.ts';
import { createProduct, removeProduct, saveProduct } from './products.ts';
import { getProduct } from './reads.ts';

const os = edge(catalogContract);

/** Files in and out are taken by upload.ts. */
export const catalogRoutes = {
  list: os.list.handler(({ context, input }) => listProducts(context.app.db, context.actor, input)),
  ids: os.ids.handler(({ context, input }) => listProductIds(context.app.db, context.actor, input)),
  tags: os.tags.handler(async ({ context, input }) => ({ items: await listTags(context.app.db, input.search, input.limit) })),
  brands: os.brands.handler(async ({ context, input }) => ({ items: await listBrands(context.app.db, input.search, input.limit) })),
  get: os.get.handler(({ context, input }) => getProduct(context.app.db, context.actor, input.id)),
  create: os.create.handler(({ context, input }) => context.write((tx) => createProduct(tx, context.actor, input))),
  update: os.update.handler(({ context, input }) => context.write((tx) => saveProduct(tx, context.actor, input))),
  remove: os.remove.handler(({ context, input }) =>
    context.write(async (tx) => {
      await removeProduct(tx, context.actor, input.id);
      return { id: input.id };
    }),
  ),
  categories: os.categories.handler(async ({ context }) => ({ items: await listCategories(context.app.db) })),
  createCategory: os.createCategory.handler(({ context, input }) => context.write((tx) => createCategory(tx, context.actor, input))),
  updateCategory: os.updateCategory.handler(({ context, input }) => context.write((tx) => updateCategory(tx, context.actor, input))),
  removeCategory: os.removeCategory.handler(({ context, input }) =>
    context.write(async (tx) => {
      await removeCategory(tx, context.actor, input.id);
      return { id: input.id };
    }),
  ),
};
