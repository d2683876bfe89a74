import { rights } from './contract.ts';
import type { Right, RoleName } from './contract.ts';

const all: readonly Right[] = rights;

/** Roles as data: every role is a set of rights, and nothing else is decided by a role's name. */
const roles: Readonly<Record<RoleName, ReadonlySet<Right>>> = {
  owner: new Set(all),
  manager: new Set(all.filter((right) => right !== 'accounts.manage' && right !== 'keys.manage')),
  catalogue_editor: new Set<Right>([
    'catalog.read',
    'catalog.write',
    'costs.read',
    'costs.write',
    'inventory.read',
    'inventory.write',
    'channels.read',
    'channels.write',
    'changes.undo',
    'runs.cancel',
  ]),
  order_desk: new Set<Right>([
    'catalog.read',
    'inventory.read',
    'inventory.write',
    'channels.read',
    'orders.read',
    'orders.write',
    'orders.customers',
    'runs.cancel',
  ]),
  ad_buyer: new Set<Right>(['catalog.read', 'costs.read', 'inventory.read', 'channels.read', 'orders.read']),
  viewer: new Set<Right>(['catalog.read', 'inventory.read', 'channels.read', 'orders.read']),
};

/** The rights of a role. A role this version does not know has none. */
export const rightsOf = (role: string): ReadonlySet<Right> => (Object.hasOwn(roles, role) ? roles[role as RoleName] : new Set());
