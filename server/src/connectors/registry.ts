import type { Connector, ImportProfile } from './connector.ts';
import { productFile } from './shopify/product-file.ts';
import { trendyol } from './trendyol/index.ts';

/** Every platform a store can be connected on: one line each. */
export const connectors: readonly Connector[] = [trendyol];

/** Product files of platforms that the import recognises: one line each. */
export const importProfiles: readonly ImportProfile[] = [productFile];
