import type { RoleName, User } from '../../../../server/src/modules/accounts/contract.ts';

export const roles = ['owner', 'manager', 'catalogue_editor', 'order_desk', 'ad_buyer', 'viewer'] as const satisfies readonly RoleName[];

export interface UserValues extends Record<string, unknown> {
  name: string;
  email: string;
  title: string;
  role: RoleName;
  /** Which companies: all of them, or those in `companyIds`. */
  scope: 'all' | 'some';
  companyIds: string[];
  entry: 'link' | 'password';
  password: string;
  active: boolean;
}

/** A new person begins with the least. `only` are the companies of somebody who may not give more. */
export const newUserValues = (only: readonly string[] | undefined): UserValues => ({
  name: '',
  email: '',
  title: '',
  role: 'viewer',
  scope: only === undefined ? 'all' : 'some',
  companyIds: [...(only ?? [])],
  entry: 'link',
  password: '',
  active: true,
});

export const userValues = (user: User): UserValues => ({
  name: user.name,
  email: user.email,
  title: user.title,
  role: user.role,
  scope: user.companyIds === null ? 'all' : 'some',
  companyIds: user.companyIds ?? [],
  entry: 'link',
  password: '',
  active: user.active,
});

export const scopeOf = ({ scope, companyIds }: Pick<UserValues, 'scope' | 'companyIds'>): string[] | null => (scope === 'all' ? null : companyIds);

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789';
const GROUPS = 4;
const SIZE = 4;

/** A password that can be read aloud: four groups of four signs that are not mistaken for one another. */
export function makePassword(): string {
  const signs = crypto.getRandomValues(new Uint8Array(GROUPS * SIZE));
  // 32 signs: every byte falls on one of them equally often.
  const text = Array.from(signs, (sign) => LETTERS[sign % LETTERS.length]).join('');
  return Array.from({ length: GROUPS }, (_, group) => text.slice(group * SIZE, (group + 1) * SIZE)).join('-');
}
