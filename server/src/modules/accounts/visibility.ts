import { hasRight } from '../../kit/actor.ts';
import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Sql } from '../../kit/db.ts';
import type { Right } from './contract.ts';

interface KindRights {
  /** Without it the change log does not show things of this kind; null: everybody sees them. */
  read: Right | null;
  /** Without it they cannot be brought back. */
  write: Right;
}

const catalog: KindRights = { read: 'catalog.read', write: 'catalog.write' };
const inventory: KindRights = { read: 'inventory.read', write: 'inventory.write' };
const channels: KindRights = { read: 'channels.read', write: 'channels.write' };
const orders: KindRights = { read: 'orders.read', write: 'orders.write' };
const settings: KindRights = { read: null, write: 'settings.manage' };

/** Who may see and take back changes of what; kinds are called after their tables. */
const kinds: Readonly<Record<string, KindRights>> = {
  product: catalog,
  product_image: catalog,
  product_recipe: catalog,
  category: catalog,
  variant_group: catalog,
  product_cost: { read: 'costs.read', write: 'costs.write' },
  inventory_item: inventory,
  inventory_mapping: inventory,
  product_source: inventory,
  stock_movement: inventory,
  channel: channels,
  channel_product: channels,
  listing: channels,
  order: orders,
  order_line: orders,
  company: settings,
  shop: settings,
  fx_rate: settings,
  user: { read: 'accounts.manage', write: 'accounts.manage' },
  api_key: { read: 'keys.manage', write: 'keys.manage' },
};
/** A kind that nobody described is for those only who may undo changes. */
const otherwise: KindRights = { read: 'changes.undo', write: 'changes.undo' };

export const kindRights = (kind: string): KindRights => (Object.hasOwn(kinds, kind) ? (kinds[kind] ?? otherwise) : otherwise);

const mayRead = (actor: Actor, { read }: KindRights): boolean => read === null || hasRight(actor, read);

/** The kinds an actor may see: `only` these, or all `but` these for those who may undo changes. */
export function readableKinds(actor: Actor): { only: string[] } | { but: string[] } {
  const known = Object.keys(kinds);
  const readable = known.filter((kind) => mayRead(actor, kindRights(kind)));
  return mayRead(actor, otherwise) ? { but: known.filter((kind) => !readable.includes(kind)) } : { only: readable };
}

/** SQL over `change_set s`: changes of companies the actor may see. */
export const visibleSets = (actor: Actor): Sql =>
  actor.companyIds === null ? sql`true` : sql`(s.company_id is null or s.company_id = any(${actor.companyIds}::uuid[]))`;

/** What is never shown, whoever asks. */
const secret = /credential|secret|token|hash|password$/;
const guarded: readonly { fields: RegExp; right: Right }[] = [
  { fields: /cost/, right: 'costs.read' },
  { fields: /^(customer_|ship_to|bill_to)/, right: 'orders.customers' },
];

export const mayReadField = (actor: Actor, field: string): boolean =>
  !secret.test(field) && guarded.every(({ fields, right }) => !fields.test(field) || hasRight(actor, right));
