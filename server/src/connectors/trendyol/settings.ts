import { z } from 'zod';
import type { FormField, QuotaRule } from '../connector.ts';

interface StoreFront {
  code: string;
  name: string;
  currency: string;
  /** Language the platform answers in there, unless the store asks for another. */
  language: string;
}

/** Store fronts as published; one that the platform opens later is one more line. */
export const storeFronts: readonly StoreFront[] = [
  { code: 'RO', name: 'Romania', currency: 'RON', language: 'ro' },
  { code: 'GR', name: 'Greece', currency: 'EUR', language: 'el' },
  { code: 'BG', name: 'Bulgaria', currency: 'EUR', language: 'en' },
  { code: 'CZ', name: 'Czechia', currency: 'CZK', language: 'en' },
  { code: 'SK', name: 'Slovakia', currency: 'EUR', language: 'en' },
  { code: 'DE', name: 'Germany', currency: 'EUR', language: 'en' },
  { code: 'SA', name: 'Saudi Arabia', currency: 'SAR', language: 'ar' },
  { code: 'AE', name: 'United Arab Emirates', currency: 'AED', language: 'ar' },
  { code: 'KW', name: 'Kuwait', currency: 'KWD', language: 'ar' },
  { code: 'TR', name: 'Türkiye', currency: 'TRY', language: 'tr' },
];
const codes = storeFronts.map((front) => front.code);
const tiers = ['50k', '75k', '150k', '500k', 'unlimited'] as const;
export type Tier = (typeof tiers)[number];

export const credentialsSchema = z.strictObject({
  sellerId: z
    .string()
    .trim()
    .regex(/^[1-9]\d{0,14}$/, 'The seller id is a number.'),
  apiKey: z.string().trim().min(1).max(200),
  apiSecret: z.string().trim().min(1).max(200),
  integratorName: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9]{1,30}$/, 'Letters and digits only, at most 30.')
    .default('SelfIntegration'),
});
export type Credentials = z.infer<typeof credentialsSchema>;

const unique = (values: readonly string[]): boolean => new Set(values).size === values.length;

export const settingsSchema = z.strictObject({
  productStoreFront: z.enum(codes).default('RO'),
  orderStoreFronts: z.array(z.enum(codes)).max(codes.length).refine(unique, 'A store front is listed twice.').default([]),
  language: z.enum(['auto', 'tr', 'en', 'ro', 'ar', 'el']).default('auto'),
  tier: z.enum(tiers).default('50k'),
  orderPollMinutes: z.number().int().min(1).max(60).default(5),
  batchPollSeconds: z.number().int().min(3).max(60).default(4),
  orderDates: z.enum(['detect', 'istanbul', 'utc']).default('detect'),
  bulgariaCurrency: z.enum(['EUR', 'BGN']).default('EUR'),
  turkiyeHeader: z.enum(['TR', '1']).default('TR'),
});
export type Settings = z.infer<typeof settingsSchema>;

const storeFrontOptions = storeFronts.map((front) => ({ value: front.code, label: `${front.name} (${front.code})` }));

export const credentialFields: readonly FormField[] = [
  { name: 'sellerId', label: 'Seller id', kind: 'text', required: true, placeholder: '123456' },
  { name: 'apiKey', label: 'API key', kind: 'secret', required: true },
  { name: 'apiSecret', label: 'API secret', kind: 'secret', required: true },
  {
    name: 'integratorName',
    label: 'Integrator name',
    kind: 'text',
    required: true,
    defaultValue: 'SelfIntegration',
    help: 'Sent to Trendyol with every request. Keep SelfIntegration unless Trendyol gave you another name.',
  },
];

export const settingFields: readonly FormField[] = [
  {
    name: 'productStoreFront',
    label: 'Products from',
    kind: 'select',
    required: true,
    options: storeFrontOptions,
    defaultValue: 'RO',
    help: 'The store front your products, prices and stock live in. With Easy Cross Country this is the country you sell from.',
  },
  {
    name: 'orderStoreFronts',
    label: 'Orders from',
    kind: 'multi_select',
    required: false,
    options: storeFrontOptions,
    defaultValue: [],
    help: 'Every country you receive orders from. Empty: the store front of the products.',
  },
  {
    name: 'language',
    label: 'Language of names and messages',
    kind: 'select',
    required: true,
    defaultValue: 'auto',
    options: [
      { value: 'auto', label: 'By store front' },
      { value: 'en', label: 'English' },
      { value: 'ro', label: 'Romanian' },
      { value: 'el', label: 'Greek' },
      { value: 'ar', label: 'Arabic' },
      { value: 'tr', label: 'Turkish' },
    ],
  },
  {
    name: 'tier',
    label: 'Listing tier',
    kind: 'select',
    required: true,
    defaultValue: '50k',
    options: [
      { value: '50k', label: 'Up to 50,000 listings' },
      { value: '75k', label: 'Up to 75,000' },
      { value: '150k', label: 'Up to 150,000' },
      { value: '500k', label: 'Up to 500,000' },
      { value: 'unlimited', label: 'More' },
    ],
    help: 'Decides how many requests a minute Trendyol allows in Türkiye. Elsewhere its international limits hold.',
  },
  {
    name: 'orderPollMinutes',
    label: 'Look for orders every (minutes)',
    kind: 'number',
    required: true,
    defaultValue: 5,
    help: '1 to 60; Trendyol suggests 5 to 10.',
  },
  {
    name: 'batchPollSeconds',
    label: 'Ask for results every (seconds)',
    kind: 'number',
    required: true,
    defaultValue: 4,
    help: '3 to 60, for the first minute after a price or stock update; later less often.',
  },
  {
    name: 'orderDates',
    label: 'Order time arrives as',
    kind: 'select',
    required: true,
    defaultValue: 'detect',
    options: [
      { value: 'detect', label: 'Find out for each order' },
      { value: 'istanbul', label: 'Istanbul time' },
      { value: 'utc', label: 'Universal time' },
    ],
    help: 'Trendyol sends the order time three hours ahead, at least in Türkiye. Change this only if order times look wrong.',
  },
  {
    name: 'bulgariaCurrency',
    label: 'Currency in Bulgaria',
    kind: 'select',
    required: true,
    defaultValue: 'EUR',
    options: [
      { value: 'EUR', label: 'Euro (EUR)' },
      { value: 'BGN', label: 'Lev (BGN)' },
    ],
    help: 'For product prices, which come without a currency. Orders name their own.',
  },
  {
    name: 'turkiyeHeader',
    label: 'Store front code of Türkiye',
    kind: 'select',
    required: true,
    defaultValue: 'TR',
    options: [
      { value: 'TR', label: 'TR' },
      { value: '1', label: '1' },
    ],
    help: 'Some accounts are said to need 1. Change this only if the connection test says the store front is not available.',
  },
];

export const storeFrontOf = (code: string): StoreFront =>
  storeFronts.find((front) => front.code === code) ?? { code, name: code, currency: 'EUR', language: 'en' };

/** Currency of product prices on a store front. */
export const currencyOf = (code: string, settings: Settings): string => (code === 'BG' ? settings.bulgariaCurrency : storeFrontOf(code).currency);

export const orderStoreFronts = (settings: Settings): readonly string[] =>
  settings.orderStoreFronts.length > 0 ? settings.orderStoreFronts : [settings.productStoreFront];

/** Requests per minute: Türkiye by listing tier, elsewhere the international table; `undefined` is no limit beyond the general one. */
const perMinute: Record<Tier | 'international', { read: number; inventory: number | undefined }> = {
  '50k': { read: 1000, inventory: 350 },
  '75k': { read: 1250, inventory: 500 },
  '150k': { read: 1500, inventory: 1000 },
  '500k': { read: 1750, inventory: 1500 },
  unlimited: { read: 2000, inventory: 2000 },
  international: { read: 1000, inventory: undefined },
};

/** Endpoints by the group they are counted in; `read` is what the product reads share. */
export const groups = {
  approved: ['approved', 'read'],
  unapproved: ['unapproved', 'read'],
  levels: ['levels', 'read'],
  batch: ['batch', 'read'],
  inventory: ['inventory'],
  orders: ['orders'],
} as const;

/** 50 requests in 10 s on each endpoint, the per-minute limits of the group, and the five seconds advised between two pages of orders. */
export function quotaRules(settings: Settings): readonly QuotaRule[] {
  const limits = perMinute[settings.productStoreFront === 'TR' ? settings.tier : 'international'];
  const minute = 60_000;
  return [
    ...['approved', 'unapproved', 'levels', 'batch', 'inventory'].map((group) => ({ group, limit: 50, windowMs: 10_000 })),
    { group: 'read', limit: limits.read, windowMs: minute },
    ...(limits.inventory === undefined ? [] : [{ group: 'inventory', limit: limits.inventory, windowMs: minute }]),
    { group: 'orders', limit: 1, windowMs: 5000 },
  ];
}
