import type { ModuleParts } from './app.ts';
import { accountsParts } from './modules/accounts/jobs.ts';
import { catalogParts } from './modules/catalog/jobs.ts';
import { channelsParts } from './modules/channels/jobs.ts';
import { inventoryParts } from './modules/inventory/jobs.ts';
import { ordersParts } from './modules/orders/jobs.ts';
import { syncParts } from './modules/sync/jobs.ts';

/** The modules in the order in which they may know each other: each may import only those before it. */
export const modules: readonly ModuleParts[] = [accountsParts, syncParts, catalogParts, inventoryParts, channelsParts, ordersParts];
