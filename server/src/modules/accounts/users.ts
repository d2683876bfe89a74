import { randomBytes } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import type { Actor } from '../../kit/actor.ts';
import { empty, isUniqueViolation, sql } from '../../kit/db.ts';
import type { Db, Sql, Tx } from '../../kit/db.ts';
import { AppError, notFound } from '../../kit/errors.ts';
import { decodeCursor, toPage } from '../../kit/page.ts';
import type { Page } from '../../kit/page.ts';
import { closeChangeSet, openChangeSet, recordChanges } from './changes.ts';
import { requireGrantable } from './companies.ts';
import { accountsErrors } from './contract.ts';
import type { RoleName, User } from './contract.ts';
import { hashOf } from './identity.ts';
import { clearAttempts } from './sign-in-lock.ts';
import type { UserRow } from './tables.ts';

const LINK_LIFE_MS = 7 * 24 * 3600 * 1000;

const toUser = (row: UserRow): User => ({
  id: row.id,
  email: row.email,
  name: row.name,
  title: row.title,
  role: row.role,
  companyIds: row.company_ids,
  active: row.active,
  locale: row.locale,
  hasPassword: row.password_set_at !== null,
  lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
});

/** Users who see more than the actor's companies do not exist for a limited actor. */
const visible = (actor: Actor): Sql => (actor.companyIds === null ? sql`true` : sql`company_ids <@ ${actor.companyIds}::uuid[]`);

/** Locks a user together with all owners, always in the same order, so that two owners cannot leave at the same moment. */
async function lockUser(tx: Tx, actor: Actor, id: string): Promise<{ user: UserRow; isLastOwner: boolean }> {
  const rows = await tx.rows<UserRow>(sql`
    select * from auth.user where (id = ${id} and ${visible(actor)}) or (role = 'owner' and active and company_ids is null) order by id for update`);
  const user = rows.find((row) => row.id === id && (actor.companyIds === null || row.company_ids?.every((company) => actor.companyIds?.includes(company))));
  if (user === undefined) throw notFound('user');
  const owners = rows.filter(isFullOwner);
  return { user, isLastOwner: isFullOwner(user) && owners.length === 1 };
}

/** There is always one: an active owner for all companies, who can let others in. */
const isFullOwner = (user: Pick<UserRow, 'role' | 'active' | 'company_ids'>): boolean => user.role === 'owner' && user.active && user.company_ids === null;

/** What is kept of a user for the change log: not when they were last here. */
const images = sql`to_jsonb(old) - 'last_seen_at' as old_row, to_jsonb(new) - 'last_seen_at' as new_row`;

export interface NewUser {
  email: string;
  name: string;
  role: RoleName;
  /** null or left out: all companies. */
  companyIds?: readonly string[] | null | undefined;
  title?: string | undefined;
  locale?: string | undefined;
  /** Left out: the answer holds a one-time link instead. */
  password?: string | undefined;
}

/** Shown once: the token of a link with which its user chooses a password. */
export interface PasswordLink {
  token: string;
  expiresAt: string;
}

async function makeLink(tx: Tx, userId: string): Promise<PasswordLink> {
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(tx.now.getTime() + LINK_LIFE_MS);
  await tx.run(sql`
    insert into password_link (user_id, hash, expires_at) values (${userId}, ${hashOf(token)}, ${expiresAt})
    on conflict (user_id) do update set hash = excluded.hash, expires_at = excluded.expires_at`);
  return { token, expiresAt: expiresAt.toISOString() };
}

async function savePassword(tx: Tx, userId: string, password: string): Promise<void> {
  const hash = await hashPassword(password);
  await tx.run(sql`
    insert into auth.account (id, user_id, provider_id, account_id, password, created_at, updated_at)
    values (${tx.newId()}, ${userId}, 'credential', ${userId}, ${hash}, ${tx.now}, ${tx.now})
    on conflict (user_id, provider_id) do update set password = excluded.password, updated_at = excluded.updated_at`);
}

/** Adds somebody who may sign in. E-mail addresses are kept in small letters and are unique. */
export async function createUser(tx: Tx, actor: Actor, input: NewUser): Promise<{ user: User; passwordLink: PasswordLink | null }> {
  const companyIds = input.companyIds ?? null;
  await requireGrantable(tx, actor, companyIds);
  const id = tx.newId();
  const changeSetId = await openChangeSet(tx, actor, { kind: 'access', reason: `User ${input.name} added` });
  try {
    await tx.run(sql`
      with changed as (
        insert into auth.user (id, email, email_verified, name, title, locale, role, company_ids, active, password_set_at, created_at, updated_at)
        values (${id}, ${input.email.toLowerCase()}, true, ${input.name}, ${input.title ?? ''}, ${input.locale ?? 'en'}, ${input.role}, ${companyIds === null ? null : [...companyIds]}::uuid[], true,
          ${input.password === undefined ? null : tx.now}, ${tx.now}, ${tx.now})
        returning id)
      ${recordChanges(changeSetId, 'user', 'create')}`);
  } catch (error) {
    throw isUniqueViolation(error, 'user_email_key') ? new AppError(accountsErrors['user.email_taken'], { field: 'email', cause: error }) : error;
  }
  await closeChangeSet(tx, changeSetId);
  if (input.password !== undefined) await savePassword(tx, id, input.password);
  const passwordLink = input.password === undefined ? await makeLink(tx, id) : null;
  return { user: await getUser(tx, actor, id), passwordLink };
}

export async function getUser(db: Db, actor: Actor, id: string): Promise<User> {
  const row = await db.maybe<UserRow>(sql`select * from auth.user where id = ${id} and ${visible(actor)}`);
  if (row === undefined) throw notFound('user');
  return toUser(row);
}

/** Users by name (at most some fifty, so no index). */
export async function listUsers(db: Db, actor: Actor, input: { limit: number; cursor?: string | undefined }): Promise<Page<User>> {
  const after = decodeCursor(input.cursor, 'name', 2);
  const rows = await db.rows<UserRow>(sql`
    select * from auth.user where ${visible(actor)} ${after === undefined ? empty : sql`and (lower(name), id) > (lower(${String(after[0])}), ${String(after[1])}::uuid)`}
    order by lower(name), id limit ${input.limit + 1}`);
  return toPage(rows, input.limit, 'name', (row) => [row.name, row.id], toUser);
}

export interface UserChange {
  id: string;
  name?: string | undefined;
  title?: string | undefined;
  locale?: string | undefined;
  role?: RoleName | undefined;
  companyIds?: readonly string[] | null | undefined;
  active?: boolean | undefined;
}

/** Changes a user. A deactivated one is signed out everywhere within seconds; the last active owner stays one. */
export async function updateUser(tx: Tx, actor: Actor, input: UserChange): Promise<User> {
  const { user: before, isLastOwner } = await lockUser(tx, actor, input.id);
  const role = input.role ?? before.role;
  const active = input.active ?? before.active;
  const companyIds = input.companyIds === undefined ? before.company_ids : input.companyIds;
  if (input.companyIds !== undefined) await requireGrantable(tx, actor, input.companyIds);
  if (!active && actor.kind === 'user' && actor.id === before.id) throw new AppError(accountsErrors['user.is_yourself']);
  if (isLastOwner && !isFullOwner({ role, active, company_ids: companyIds === null ? null : [...companyIds] }))
    throw new AppError(accountsErrors['user.last_owner']);
  const changeSetId = await openChangeSet(tx, actor, { kind: 'access', reason: `User ${before.name}` });
  await tx.run(sql`
    with changed as (
      update auth.user set name = ${input.name ?? before.name}, title = ${input.title ?? before.title}, locale = ${input.locale ?? before.locale}, role = ${role},
        company_ids = ${companyIds === null ? null : [...companyIds]}::uuid[], active = ${active}, updated_at = ${tx.now}
      where id = ${before.id} returning id, ${images})
    ${recordChanges(changeSetId, 'user', 'update')}`);
  await closeChangeSet(tx, changeSetId);
  if (!active) await tx.run(sql`delete from auth.session where user_id = ${before.id}`);
  return getUser(tx, actor, before.id);
}

/** Changes what people may change about themselves; a key is nobody. */
export async function updateOwnProfile(tx: Tx, actor: Actor, input: Pick<UserChange, 'name' | 'title' | 'locale'>): Promise<User> {
  if (actor.kind !== 'user' || actor.id === null) throw notFound('user');
  return updateUser(tx, actor, { id: actor.id, name: input.name, title: input.title, locale: input.locale });
}

/** Takes the password away, ends all sessions and makes a link for a new one. */
export async function resetPassword(tx: Tx, actor: Actor, id: string): Promise<PasswordLink> {
  const { user } = await lockUser(tx, actor, id);
  const changeSetId = await openChangeSet(tx, actor, { kind: 'access', reason: `Password of ${user.name} reset` });
  await tx.run(sql`
    with changed as (update auth.user set password_set_at = null, updated_at = ${tx.now} where id = ${id} returning id, ${images})
    ${recordChanges(changeSetId, 'user', 'update')}`);
  await closeChangeSet(tx, changeSetId);
  await tx.run(sql`delete from auth.account where user_id = ${id} and provider_id = 'credential'`);
  await tx.run(sql`delete from auth.session where user_id = ${id}`);
  return makeLink(tx, id);
}

/** Uses a one-time link: the password is set, older sessions end, a lock from failed sign-ins is lifted. */
export async function setPassword(tx: Tx, token: string, password: string): Promise<{ email: string }> {
  const user = await tx.maybe<{ id: string; email: string }>(sql`
    with used as (delete from password_link where hash = ${hashOf(token)} and expires_at > ${tx.now} returning user_id)
    update auth.user u set password_set_at = ${tx.now}, updated_at = ${tx.now} from used where u.id = used.user_id and u.active returning u.id, u.email`);
  if (user === undefined) throw new AppError(accountsErrors['password.link_used']);
  await savePassword(tx, user.id, password);
  await tx.run(sql`delete from auth.session where user_id = ${user.id}`);
  await clearAttempts(tx, user.email);
  return { email: user.email };
}

/** Removes a user with their sessions and own views. What they did stays in the change log under their name. */
export async function removeUser(tx: Tx, actor: Actor, id: string): Promise<void> {
  const { user: before, isLastOwner } = await lockUser(tx, actor, id);
  if (actor.kind === 'user' && actor.id === id) throw new AppError(accountsErrors['user.is_yourself']);
  if (isLastOwner) throw new AppError(accountsErrors['user.last_owner']);
  const changeSetId = await openChangeSet(tx, actor, { kind: 'access', reason: `User ${before.name} removed` });
  await tx.run(sql`
    with changed as (delete from auth.user where id = ${id} returning id, to_jsonb(auth.user.*) - 'last_seen_at' as old_row)
    ${recordChanges(changeSetId, 'user', 'delete')}`);
  await closeChangeSet(tx, changeSetId);
  await tx.run(sql`delete from saved_view where owner_id = ${id} and not shared`);
}
