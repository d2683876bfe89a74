import { z } from 'zod';
import { rawText, text } from '../../kit/text.ts';

/** Every right there is. Routes name one; roles are sets of them (rights.ts). */
export const rights = [
  'catalog.read',
  'catalog.write',
  'costs.read',
  'costs.write',
  'inventory.read',
  'inventory.write',
  'channels.read',
  'channels.write',
  'channels.connect',
  'orders.read',
  'orders.write',
  'orders.customers',
  'changes.undo',
  'runs.cancel',
  'accounts.manage',
  'settings.manage',
  'keys.manage',
] as const;
export type Right = (typeof rights)[number];

export const roleName = z.enum(['owner', 'manager', 'catalogue_editor', 'order_desk', 'ad_buyer', 'viewer']);
export type RoleName = z.infer<typeof roleName>;

const currencies = new Set(Intl.supportedValuesOf('currency'));
const isTimeZone = (zone: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false; // Intl throws for a zone it does not know: that is the answer
  }
};

export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, 'is a currency code of three capital letters, like RON')
  .refine((code) => currencies.has(code), 'is not a currency code');
export const countryCode = z.string().regex(/^[A-Z]{2}$/, 'is a country code of two capital letters, like RO');
export const timeZone = z.string().max(60).refine(isTimeZone, 'is a time zone like Europe/Bucharest');
export const day = z.iso.date();
export const email = text(254).pipe(z.email('is an e-mail address').transform((address) => address.toLowerCase()));
export const password = rawText(200).min(10, 'has at least 10 characters');
export const companyIds = z.array(z.uuid()).min(1).max(200).nullable();
export const decimal = z
  .string()
  .regex(/^\d{1,10}(\.\d{1,8})?$/, 'is a positive number with at most 8 decimals')
  .refine((value) => Number(value) > 0, 'is more than 0');
export const instant = z.iso.datetime();
export const byId = z.object({ id: z.uuid() });
export const done = z.object({ done: z.literal(true) });

export const shopSchema = z.object({ name: z.string(), timeZone: z.string(), currency: z.string(), demo: z.boolean(), version: z.number().int() });
export type Shop = z.infer<typeof shopSchema>;

export const companySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  legalName: z.string(),
  vatNumber: z.string(),
  country: z.string(),
  currency: z.string(),
  isDefault: z.boolean(),
  archivedAt: instant.nullable(),
  version: z.number().int(),
});
export type Company = z.infer<typeof companySchema>;

export const userSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  title: z.string(),
  role: roleName,
  /** null: all companies. */
  companyIds: z.array(z.uuid()).nullable(),
  active: z.boolean(),
  locale: z.string(),
  /** False until the person has chosen a password through the one-time link. */
  hasPassword: z.boolean(),
  lastSeenAt: instant.nullable(),
  createdAt: instant,
});
export type User = z.infer<typeof userSchema>;

/** What `/set-password` needs; shown once, in answer to the request that made it. */
export const passwordLink = z.object({ token: z.string(), expiresAt: instant });

export const meSchema = z.object({
  actor: z.object({
    kind: z.enum(['user', 'api_key', 'system']),
    id: z.uuid().nullable(),
    name: z.string(),
    email: z.string().nullable(),
    role: roleName.nullable(),
    title: z.string(),
    locale: z.string(),
  }),
  rights: z.array(z.enum(rights)),
  /** True when the actor sees only the companies listed here. */
  limited: z.boolean(),
  companies: z.array(companySchema),
  shop: shopSchema,
});
export type Me = z.infer<typeof meSchema>;

export const apiKeySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The first characters, to tell keys apart. */
  prefix: z.string(),
  role: roleName,
  companyIds: z.array(z.uuid()).nullable(),
  createdBy: z.string(),
  createdAt: instant,
  expiresAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
  revokedAt: instant.nullable(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

export const fxRateSchema = z.object({
  id: z.uuid(),
  source: z.string(),
  base: z.string(),
  quote: z.string(),
  onDate: day,
  value: z.string(),
  fetchedAt: instant,
});
export type FxRate = z.infer<typeof fxRateSchema>;

/** The state of a list as its address holds it: filters, sort, columns. */
export const viewQuery = z
  .record(rawText(100), z.union([rawText(2000), z.number(), z.boolean(), z.array(rawText(500)).max(200)]))
  .refine((query) => Object.keys(query).length <= 60, 'has at most 60 members');
export const viewSchema = z.object({
  id: z.uuid(),
  screen: z.string(),
  name: z.string(),
  query: z.record(z.string(), z.unknown()),
  shared: z.boolean(),
  own: z.boolean(),
  position: z.number().int(),
});
export type View = z.infer<typeof viewSchema>;

export const changeSetSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  reason: z.string(),
  actorKind: z.enum(['user', 'api_key', 'system']),
  actorName: z.string(),
  companyId: z.uuid().nullable(),
  runId: z.uuid().nullable(),
  entryCount: z.number().int(),
  undoOf: z.uuid().nullable(),
  undoneBy: z.uuid().nullable(),
  undoable: z.boolean(),
  createdAt: instant,
});
export type ChangeSet = z.infer<typeof changeSetSchema>;

export const changeEntrySchema = z.object({
  entityKind: z.string(),
  entityId: z.uuid(),
  /** What people call it: a SKU, an order number, a name; empty when it is gone. */
  label: z.string(),
  op: z.enum(['create', 'update', 'delete']),
  fields: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
});
export type ChangeEntry = z.infer<typeof changeEntrySchema>;

export const undoResultSchema = z.object({
  undoSetId: z.uuid().nullable(),
  restored: z.number().int(),
  conflictCount: z.number().int(),
  conflicts: z.array(z.object({ entityKind: z.string(), entityId: z.uuid(), label: z.string(), reason: z.string() })),
});

export const names = { name: text(120, { min: 1 }), title: text(80).default(''), locale: z.enum(['en', 'ro', 'tr']).default('en') };
export const companyFields = {
  name: text(120, { min: 1 }),
  legalName: text(200).default(''),
  vatNumber: text(40).default(''),
  country: countryCode,
  currency: currencyCode,
};
/** The same fields, none of them required and none of them invented. */
export const changed = <T extends z.ZodRawShape>(shape: T) =>
  Object.fromEntries(Object.entries(shape).map(([key, schema]) => [key, z.optional(schema instanceof z.ZodDefault ? schema.unwrap() : schema)])) as {
    [K in keyof T]: z.ZodOptional<T[K] extends z.ZodDefault<infer Inner> ? Inner : T[K]>;
  };
