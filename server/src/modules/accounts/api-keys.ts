import { randomBytes } from 'node:crypto';
import type { Actor } from '../../kit/actor.ts';
import { empty, sql } from '../../kit/db.ts';
import type { Db, Sql, Tx } from '../../kit/db.ts';
import { invalid, notFound } from '../../kit/errors.ts';
import { decodeCursor, toPage } from '../../kit/page.ts';
import type { Page } from '../../kit/page.ts';
import { closeChangeSet, openChangeSet, recordChanges } from './changes.ts';
import { requireGrantable } from './companies.ts';
import { roleName } from './contract.ts';
import type { ApiKey } from './contract.ts';
import { hashOf } from './identity.ts';
import type { ApiKeyRow } from './tables.ts';

const toApiKey = (row: ApiKeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  role: row.role,
  companyIds: row.company_ids,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
});

/** Keys that give access to more than the actor's companies do not exist for a limited actor. */
const visible = (actor: Actor): Sql => (actor.companyIds === null ? sql`true` : sql`company_ids <@ ${actor.companyIds}::uuid[]`);

/** What is kept of a key for the change log: never its hash. */
const image = (row: 'old' | 'new'): Sql => (row === 'old' ? sql`to_jsonb(old) - 'hash'` : sql`to_jsonb(new) - 'hash'`);

export interface NewApiKey {
  name: string;
  role: string;
  /** null: all companies. */
  companyIds: readonly string[] | null;
  expiresAt: Date | null;
}

/** Makes a key. `secret` is told here and never again: only its SHA-256 is kept. */
export async function createApiKey(tx: Tx, actor: Actor, input: NewApiKey): Promise<{ apiKey: ApiKey; secret: string }> {
  const role = roleName.safeParse(input.role);
  if (!role.success) throw invalid('role', `there is no role "${input.role}"; there are ${roleName.options.join(', ')}`);
  if (input.expiresAt !== null && input.expiresAt <= tx.now) throw invalid('expiresAt', 'this is already over');
  await requireGrantable(tx, actor, input.companyIds);
  const secret = `kv_${randomBytes(32).toString('base64url')}`;
  const changeSetId = await openChangeSet(tx, actor, { kind: 'access', reason: `API key ${input.name} made` });
  const id = tx.newId();
  await tx.run(sql`
    with changed as (
      insert into api_key (id, name, prefix, hash, role, company_ids, created_by, created_at, expires_at)
      values (${id}, ${input.name}, ${secret.slice(0, 9)}, ${hashOf(secret)}, ${role.data}, ${input.companyIds === null ? null : [...input.companyIds]}::uuid[], ${actor.name}, ${tx.now}, ${input.expiresAt})
      returning id)
    ${recordChanges(changeSetId, 'api_key', 'create')}`);
  await closeChangeSet(tx, changeSetId);
  return { apiKey: toApiKey(await tx.one<ApiKeyRow>(sql`select * from api_key where id = ${id}`)), secret };
}

/** Keys, newest first (primary key: ids sort by time). */
export async function listApiKeys(db: Db, actor: Actor, input: { limit: number; cursor?: string | undefined }): Promise<Page<ApiKey>> {
  const after = decodeCursor(input.cursor, 'newest', 1);
  const rows = await db.rows<ApiKeyRow>(sql`
    select * from api_key where ${visible(actor)} ${after === undefined ? empty : sql`and id < ${String(after[0])}::uuid`} order by id desc limit ${input.limit + 1}`);
  return toPage(rows, input.limit, 'newest', (row) => [row.id], toApiKey);
}

/** Ends a key, within seconds in every process. Repeating it changes nothing. */
export async function revokeApiKey(tx: Tx, actor: Actor, id: string): Promise<ApiKey> {
  const before = await tx.maybe<ApiKeyRow>(sql`select * from api_key where id = ${id} and ${visible(actor)} for update`);
  if (before === undefined) throw notFound('API key');
  const changeSetId = await openChangeSet(tx, actor, { kind: 'access', reason: `API key ${before.name} revoked` });
  await tx.run(sql`
    with changed as (
      update api_key set revoked_at = ${tx.now} where id = ${id} and revoked_at is null
      returning id, ${image('old')} as old_row, ${image('new')} as new_row)
    ${recordChanges(changeSetId, 'api_key', 'update')}`);
  await closeChangeSet(tx, changeSetId);
  return toApiKey(await tx.one<ApiKeyRow>(sql`select * from api_key where id = ${id}`));
}
