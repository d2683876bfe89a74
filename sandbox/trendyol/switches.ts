import { ControlError } from '../platform.ts';
import type { SwitchBoard } from '../platform.ts';

interface Declared {
  /** The first value is the default; for a number, `values` is its range. */
  values: readonly (string | boolean)[] | 'number';
  default: string | boolean | number;
  about: string;
}

const choice = <const T extends readonly (string | boolean)[]>(values: T, about: string): { values: T; default: T[number]; about: string } => ({
  values,
  default: values[0]!,
  about,
});
const amount = (value: number, about: string): { values: 'number'; default: number; about: string } => ({ values: 'number', default: value, about });

/** Where the real platform's behaviour is unknown or differs by witness: the likelier first. */
const DECLARED = {
  forbiddenBody: choice(['html', 'json'], 'body of the 403 for a missing or wrong User-Agent'),
  userAgentRule: choice(['format', 'present'], 'format: "{sellerId} - Name" with the path\'s seller and a name of ≤ 30 letters and digits; present: any text'),
  storeFrontErrorKey: choice(
    ['invalid.storefrontcode', 'supplier.api.supplier.not.found'],
    'key of the 400 when the header is missing or names a store front the seller does not have (an unknown code is always invalid.storefrontcode)',
  ),
  acceptTrAsOne: choice([false, true], 'storeFrontCode "1" means TR'),
  bgCurrency: choice(['EUR', 'BGN'], 'currency of the BG store front'),
  quotaShape: choice(['bucket', 'sliding'], 'bucket: the limit at once, refilled evenly; sliding: never more than the limit in any window'),
  orderErrorEnvelope: choice(['legacy', 'openapi'], 'envelope of order errors: {timestamp, exception, errors} or {error, message}'),
  v1Orders: choice(['426', '404'], 'answer of the closed GET /orders'),
  orderDatePlus3h: choice(['all', 'tr', 'none'], 'where orderDate is Istanbul wall-clock written as UTC'),
  windowTooLong: choice(['reject', 'clamp'], 'more than 14 days between start and end: 400, or the last 14 days of it'),
  v2DateField: choice(['lastModified', 'byOrderField', 'created'], 'which date startDate/endDate of v2/orders filter; byOrderField: the one it is sorted by'),
  cursorFilters: choice(
    ['repeat', 'omit'],
    'repeat: a cursor call must carry the same filters as the first; omit: leaving one out is allowed, changing it is not',
  ),
  streamIdField: choice(['shipmentPackageId', 'id'], 'name of the package id in the stream'),
  awaitingRootStatus: choice(['absent', 'present'], 'whether an Awaiting package has the root status'),
  legacyNames: choice([false, true], 'packages carry the field names of before April 2026'),
  extraFields: choice([true, false], 'every third package carries fields nobody announced'),
  bigTrackingNumbers: choice([true, false], 'every fifth tracking number has 20 digits (beyond 2^53)'),
  cancelRestoresStock: choice([false, true], 'a cancelled package gives its units back to the platform stock'),
  partialCancelOld: choice(['UnPacked', 'Cancelled'], 'status of a package after a part of it was cancelled'),
  repeatScope: choice(['storeFront', 'seller', 'off'], 'whether the 15-minute rule looks at one store front or at all of a seller; off: it does not hold'),
  badItem: choice(['fail-item', 'reject-request'], 'a price or stock item out of range: FAILED in the batch, or 400 for the whole request'),
  singlePrice: choice(['fail', 'accept'], 'only one of salePrice and listPrice: the item fails, or the other keeps its value'),
  batchUnfinished: choice(['in-progress', 'empty', 'partial'], 'items of an unfinished batch: all IN_PROGRESS, none yet, or the first half already final'),
  batchFirstPollUnfinished: choice([true, false], 'the first poll never shows a finished batch'),
  batchDelayMs: amount(1500, 'virtual ms from the write to its effect'),
  unknownBatch: choice(['nulls', 'processing'], 'unknown or expired batch: all-null envelope, or status PROCESSING; both 200'),
  unapprovedPictures: choice(['images', 'media'], 'name of the pictures in the unapproved list'),
  deliveryKey: choice(['deliveryOption', 'deliveryOptions'], 'name of the delivery time in the approved list'),
  zeroStockQuantity: choice(['sent', 'missing'], 'stock.quantity of a variant with none'),
  filteredVariants: choice(['card', 'matching'], 'a filter by barcode or stock code: the whole card, or only the matching variants'),
} satisfies Record<string, Declared>;

type Declarations = typeof DECLARED;
export type Switches = {
  [K in keyof Declarations]: Declarations[K]['values'] extends 'number' ? number : Declarations[K]['values'][number];
};

export function createSwitches(): { values: Switches; board: SwitchBoard } {
  const all: Record<string, Declared> = DECLARED;
  const values: Record<string, unknown> = Object.fromEntries(Object.entries(all).map(([name, each]) => [name, each.default]));
  const board: SwitchBoard = {
    describe: () =>
      Object.fromEntries(
        Object.entries(all).map(([name, each]) => [name, { value: values[name], values: each.values, default: each.default, about: each.about }]),
      ),
    set: (input) => {
      if (typeof input !== 'object' || input === null) throw new ControlError(400, 'switches: must be an object');
      for (const [name, value] of Object.entries(input)) {
        const declared = Object.hasOwn(all, name) ? all[name] : undefined;
        if (!declared) throw new ControlError(400, `switches: there is no switch "${name}"`);
        const fits = declared.values === 'number' ? typeof value === 'number' && value >= 0 : declared.values.includes(value as string | boolean);
        if (!fits)
          throw new ControlError(400, `${name}: must be ${declared.values === 'number' ? 'a number from 0' : declared.values.map(String).join(' or ')}`);
      }
      Object.assign(values, input);
    },
  };
  return { values: values as Switches, board };
}
