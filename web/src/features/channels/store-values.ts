import type { FormField, Platform, StockRule, Store } from '../../../../server/src/modules/channels/contract.ts';
import { describedInitial, describedOutput } from '../../ui/described-form.tsx';
import type { DescribedValues } from '../../ui/described-form.tsx';

/** An empty number input holds an empty text. */
type Entered = number | string;

export interface RuleValues extends Record<string, unknown> {
  sharePercent: Entered;
  buffer: Entered;
  minimum: Entered;
  cap: Entered;
}

export interface StoreValues extends Record<string, unknown> {
  name: string;
  mark: string;
  testMode: boolean;
  credentials: DescribedValues;
  settings: DescribedValues;
  stockRule: RuleValues;
}

/** What the form of a connected store begins with. Secrets are never known here. */
export const toValues = (store: Store, platform: Platform): StoreValues => ({
  name: store.name,
  mark: store.mark,
  testMode: store.testMode,
  credentials: describedInitial(
    platform.credentials,
    Object.fromEntries(store.credentials.flatMap(({ name, value }) => (value === null ? [] : [[name, value]]))),
  ),
  settings: describedInitial(platform.settings, store.settings),
  stockRule: { ...store.stockRule, cap: store.stockRule.cap ?? '' },
});

/** Number inputs may hand over a text while it is typed. */
const withNumbers = (fields: readonly FormField[], values: DescribedValues): DescribedValues =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      fields.find((field) => field.name === name)?.kind === 'number' && value !== '' ? Number(value) : value,
    ]),
  );

export const formOutput = (fields: readonly FormField[], values: DescribedValues): DescribedValues => describedOutput(fields, withNumbers(fields, values));

/** Of the credentials only what is new: the same again would count as new keys. */
export const changedOnly = (fields: readonly FormField[], values: DescribedValues, initial: DescribedValues): DescribedValues =>
  Object.fromEntries(Object.entries(formOutput(fields, values)).filter(([name, value]) => value !== initial[name]));

const whole = (value: Entered): number => Math.max(0, Math.floor(Number(value) || 0));

export const toRule = (values: RuleValues): StockRule => ({
  sharePercent: Math.min(100, whole(values.sharePercent)),
  buffer: whole(values.buffer),
  minimum: whole(values.minimum),
  cap: values.cap === '' ? null : whole(values.cap),
});

/** What the rule offers of so many pieces, as the server counts: share rounded down, less the buffer, 0 below the minimum, never over the cap. */
export function offeredOf(available: number, rule: StockRule): number {
  const offered = Math.floor((Math.max(0, Math.floor(available)) * rule.sharePercent) / 100) - rule.buffer;
  if (offered <= 0 || offered < rule.minimum) return 0;
  return Math.min(offered, rule.cap ?? offered);
}

/** The input that a connector's answer names: `apiSecret` → `credentials.apiSecret`. */
export const pathOf = (platform: Pick<Platform, 'credentials' | 'settings'>, field: string): string =>
  platform.credentials.some((one) => one.name === field)
    ? `credentials.${field}`
    : platform.settings.some((one) => one.name === field)
      ? `settings.${field}`
      : field;
