import type { Connector } from '../connector.ts';
import { MAX_WINDOW_MS, pullOrders } from './orders.ts';
import { pullProducts } from './products.ts';
import { credentialFields, credentialsSchema, currencyOf, orderStoreFronts, quotaRules, settingFields, settingsSchema, storeFrontOf } from './settings.ts';
import { batchResult, MAX_ITEMS, pushStock, readLevels } from './stock.ts';
import { testConnection } from './test-connection.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Trendyol, Türkiye and international store fronts. */
export const trendyol: Connector = {
  manifest: {
    platform: 'trendyol',
    kind: 'marketplace',
    name: 'Trendyol',
    mark: 'TY',
    baseUrl: 'https://apigw.trendyol.com/integration',
    testBaseUrl: 'https://stageapigw.trendyol.com/integration',
    credentials: credentialFields,
    settings: settingFields,
    credentialsSchema,
    settingsSchema,
    // The stream keeps three months; a day is left for the clock and the catch-up itself.
    orders: { everyMs: 5 * MINUTE, overlapMs: 60 * MINUTE, maxWindowMs: MAX_WINDOW_MS, historyMs: 89 * DAY },
    push: { maxItems: MAX_ITEMS, pollAfterMs: 4000, pollEveryMs: 4000, resultKeptMs: 4 * 60 * MINUTE },
    howToConnect:
      'In the Trendyol seller panel open Account info → Integration info with the master user; seller id, API key and API secret are there. Choose the store front your products live in and every store front you receive orders from.',
    docsUrl: 'https://developers.trendyol.com',
  },
  accountKey(credentials, settings) {
    return `${credentialsSchema.parse(credentials).sellerId}:${settingsSchema.parse(settings).productStoreFront}`;
  },
  describe(_credentials, input) {
    const settings = settingsSchema.parse(input);
    const front = storeFrontOf(settings.productStoreFront);
    return { name: `Trendyol ${front.name}`, mark: front.code, currency: currencyOf(front.code, settings) };
  },
  quotaAccount: (credentials) => `trendyol ${credentialsSchema.parse(credentials).sellerId}`,
  quotas: (store) => quotaRules(settingsSchema.parse(store.settings)),
  test: testConnection,
  products: { pull: pullProducts },
  orders: {
    storeFronts: (settings) => orderStoreFronts(settingsSchema.parse(settings)),
    everyMs: (settings) => settingsSchema.parse(settings).orderPollMinutes * MINUTE,
    pull: pullOrders,
  },
  stock: { push: pushStock, result: batchResult, read: readLevels },
};
