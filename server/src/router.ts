import type { FastifyInstance } from 'fastify';
import type { App } from './app.ts';
import { demoRoutes, registerDemoImages } from './demo/routes.ts';
import { accountsRoutes } from './modules/accounts/routes.ts';
import { catalogRoutes } from './modules/catalog/routes.ts';
import { registerImportUploads } from './modules/catalog/upload.ts';
import { channelsRoutes } from './modules/channels/routes.ts';
import { deskRoutes } from './modules/desk/routes.ts';
import { inventoryRoutes } from './modules/inventory/routes.ts';
import { ordersRoutes } from './modules/orders/routes.ts';
import { syncRoutes } from './modules/sync/routes.ts';

/** Every operation with its handler; the same tree as the contract. */
export const router = {
  accounts: accountsRoutes,
  sync: syncRoutes,
  catalog: catalogRoutes,
  inventory: inventoryRoutes,
  channels: channelsRoutes,
  orders: ordersRoutes,
  desk: deskRoutes,
  demo: demoRoutes,
};

/** Routes that take files as streams, outside the contract's JSON. */
export const uploads: readonly ((server: FastifyInstance, app: App) => void)[] = [registerImportUploads, registerDemoImages];
