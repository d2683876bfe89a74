/* What other modules, the demo and the programs may use of accounts; change sets are in changes.ts. */

export { roleName } from './contract.ts';
export type { Company, Right, RoleName, Shop, User } from './contract.ts';
/** Makes an API key and tells its secret once. */
export { createApiKey } from './api-keys.ts';
/** Companies, and SQL and refusals for actors who are limited to some of them. */
export { createCompany, getCompany, getDefaultCompany, requireUnlimited, withinCompanies } from './companies.ts';
/** Dated currency rates: `rateOn` is the value alone, `findRate` tells the day and source too. */
export { findRate, putFxRate, rateOn } from './fx.ts';
/** Name, time zone, home currency and demo flag of the shop. */
export { getShop, saveShop } from './settings.ts';
/** First start: a company to begin with, and the first owner from the settings; both do nothing when there is one. */
export { ensureCompany, ensureFirstOwner } from './setup.ts';
/** Adds somebody who may sign in. */
export { createUser } from './users.ts';
