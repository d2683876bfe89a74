/* What other modules, the demo and the programs may use of orders. */

export { ordersErrors } from './contract.ts';
export type { Order, OrderDetail, OrderProblem, OrderStatus } from './contract.ts';
/** The one way in for channel orders: poll, webhook and sweep alike. */
export { ingest } from './ingest.ts';
export type { Ingested } from './ingest.ts';
export type { OrderChannel, Via } from './packages.ts';
/** Starts reading a store's orders now. */
export { startOrderPull } from './pull.ts';
/** Says by hand which product an order line is. */
export { mapLine } from './matching.ts';
/** One order with everything the actor may see of it. */
export { getOrder } from './detail.ts';
