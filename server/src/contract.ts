import { demoContract } from './demo/contract.ts';
import { accountsContract } from './modules/accounts/contract.ts';
import { catalogContract } from './modules/catalog/contract.ts';
import { channelsContract } from './modules/channels/contract.ts';
import { deskContract } from './modules/desk/contract.ts';
import { inventoryContract } from './modules/inventory/contract.ts';
import { ordersContract } from './modules/orders/contract.ts';
import { syncContract } from './modules/sync/contract.ts';

/** Every operation of the API. The web client and openapi.json are made from this alone. */
export const contract = {
  accounts: accountsContract,
  sync: syncContract,
  catalog: catalogContract,
  inventory: inventoryContract,
  channels: channelsContract,
  orders: ordersContract,
  desk: deskContract,
  demo: demoContract,
};
