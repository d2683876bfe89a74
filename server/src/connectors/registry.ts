import type { Connector, ImportProfile } from './connector.ts';
import { productFile } from './shopify/product-file.ts';
import { trendyol } from './trendyol/index.ts';

/** Every platform a store can be connected on: one line each. */
export const connectors: readonly Connector[] = [trendyol];

/** Product files of platforms that the import recognises: one line each. */
export const importProfiles: readonly ImportProfile[] = [productFile];

/** The connector of a platform, or undefined: an unknown platform is the caller's 404. */
export const findConnector = (platform: string): Connector | undefined => connectors.find((connector) => connector.manifest.platform === platform);
