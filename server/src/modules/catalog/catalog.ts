/* What later modules, the demo and the programs may use of catalog. */

export { catalogErrors } from './contract.ts';
export type { Product, ProductItem, ProductStatus } from './contract.ts';
export type { ProductDraft } from './fields.ts';
/** Products by the set, inside an open change set; and by hand, each with a change set of its own. */
export { createProduct, createProducts, removeProduct, saveProduct, updateProducts } from './products.ts';
/** Makes the categories of paths like "Home / Kitchen". */
export { ensureCategories } from './categories.ts';
/** One product with everything the actor may see of it. */
export { getProduct } from './reads.ts';
/** Columns of import files that a later module understands. */
export type { ImportExtension, ImportedRow } from './import-merge.ts';
