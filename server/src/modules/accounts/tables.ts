/* Generated from the migrated database by `npm run generate`; a test compares it. */

/** a scoped key for programs; only the SHA-256 of the key is kept */
export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string;
  hash: Buffer;
  role: 'owner' | 'manager' | 'catalogue_editor' | 'order_desk' | 'ad_buyer' | 'viewer';
  company_ids: string[] | null;
  created_by: string;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

/** one row changed by a change set; creates hold the id only, updates the changed fields, deletes the whole row */
export interface ChangeEntryRow {
  change_set_id: string;
  entity_kind: string;
  entity_id: string;
  op: 'create' | 'update' | 'delete';
  before: unknown;
  after: unknown;
}

/** a group of changes by one actor; the unit of audit and undo */
export interface ChangeSetRow {
  id: string;
  actor_kind: 'user' | 'api_key' | 'system';
  actor_id: string | null;
  actor_name: string;
  kind: string;
  reason: string;
  company_id: string | null;
  run_id: string | null;
  entry_count: number;
  undo_of: string | null;
  undone_by: string | null;
  created_at: Date;
}

/** a legal company of the seller; channels, orders, ad accounts and invoices belong to one */
export interface CompanyRow {
  id: string;
  name: string;
  legal_name: string;
  vat_number: string;
  country: string;
  currency: string;
  is_default: boolean;
  archived_at: Date | null;
  version: number;
  created_at: Date;
}

/** one base = value quote, as published or entered for a day; a past day is never overwritten silently */
export interface FxRateRow {
  id: string;
  source: string;
  base: string;
  quote: string;
  on_date: string;
  value: string;
  fetched_at: Date;
}

/** answers of repeated writes, kept 24 h */
export interface IdempotencyKeyRow {
  actor_id: string;
  key: string;
  request_hash: string;
  response: unknown;
  created_at: Date;
}

/** a one-time link to choose a password; only the SHA-256 of its token is kept */
export interface PasswordLinkRow {
  user_id: string;
  hash: Buffer;
  expires_at: Date;
}

/** a named filter, sort and column choice of a list */
export interface SavedViewRow {
  id: string;
  screen: string;
  name: string;
  query: unknown;
  owner_id: string | null;
  shared: boolean;
  position: number;
  created_at: Date;
}

/** settings of the installation: one row */
export interface ShopRow {
  id: string;
  name: string;
  time_zone: string;
  currency: string;
  demo: boolean;
  version: number;
}

/** failed sign-ins per address, whether or not a user has it */
export interface SignInLockRow {
  email: string;
  failures: number;
  last_failed_at: Date;
  locked_until: Date | null;
}

/** how a user proves who they are; the password is a scrypt hash */
export interface AccountRow {
  id: string;
  user_id: string;
  provider_id: string;
  account_id: string;
  password: string | null;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: Date | null;
  refresh_token_expires_at: Date | null;
  scope: string | null;
  created_at: Date;
  updated_at: Date;
}

/** one signed-in browser */
export interface SessionRow {
  id: string;
  user_id: string;
  token: string;
  expires_at: Date;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Date;
  updated_at: Date;
}

/** a person who may sign in; company_ids null means all companies, password_set_at null means that none is chosen yet */
export interface UserRow {
  id: string;
  email: string;
  email_verified: boolean;
  name: string;
  image: string | null;
  title: string;
  locale: string;
  role: 'owner' | 'manager' | 'catalogue_editor' | 'order_desk' | 'ad_buyer' | 'viewer';
  company_ids: string[] | null;
  active: boolean;
  password_set_at: Date | null;
  last_seen_at: Date | null;
  created_at: Date;
  updated_at: Date;
}
