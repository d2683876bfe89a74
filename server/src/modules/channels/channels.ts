/*
 * What other modules may use of channels. Emits `channel_product.mapped` (channel product ids) when one got, lost or changed its product;
 * `channel.changed` (channel ids) after settings, writes or connection of a store changed.
 */
export { channelsErrors } from './contract.ts';
export type { StockRule } from './contract.ts';
export type { ChannelRow } from './tables.ts';
/** A connected store ready for work in a job; `withStore` also notes trouble on its channel. */
export { noteHealth, openStore, withStore } from './stores.ts';
export type { OpenStore } from './stores.ts';
/** The connector of a platform (404 when unknown), the 404 for what it cannot do, and one visible channel. */
export { getChannel, getConnector, requireCapability } from './stores.ts';
/** Connecting, pulling and turning on writes, as the routes do it; for the demo. */
export { connectStore, setWrites } from './connection.ts';
export { startPull } from './pull.ts';
/** Says by hand which product a channel product is. */
export { mapChannelProduct } from './mapping.ts';
