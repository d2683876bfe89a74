import { createHash } from 'node:crypto';
import type { Actor } from '../../kit/actor.ts';
import type { Clock } from '../../kit/clock.ts';
import { sql } from '../../kit/db.ts';
import type { Database } from '../../kit/db.ts';
import { rightsOf } from './rights.ts';
import type { ApiKeyRow, UserRow } from './tables.ts';

/** An answer is trusted for this long; whatever is revoked, deactivated or demoted takes effect everywhere within it. */
const TRUST_MS = 3000;
const MAX_TRUSTED = 10_000;
const SEEN_EVERY_MS = 60_000;

export const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Remembers who stands behind a cookie or key for a moment. Strangers are not remembered. */
export class Trusted {
  readonly #entries = new Map<string, { until: number; actor: Promise<Actor | null> }>();

  async find(credential: string, load: () => Promise<Actor | null>): Promise<Actor | null> {
    const id = hashOf(credential).toString('base64');
    const known = this.#entries.get(id);
    if (known !== undefined && performance.now() < known.until) return known.actor;
    if (this.#entries.size >= MAX_TRUSTED) this.#entries.clear();
    const actor = load();
    this.#entries.set(id, { until: performance.now() + TRUST_MS, actor });
    try {
      const found = await actor;
      if (found === null) this.#entries.delete(id);
      return found;
    } catch (error) {
      this.#entries.delete(id);
      throw error;
    }
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** The person with this id, unless deactivated. Notes once a minute that they were here. */
export async function findUserActor(db: Database, clock: Clock, userId: string): Promise<Actor | null> {
  const user = await db.maybe<Pick<UserRow, 'id' | 'name' | 'role' | 'company_ids' | 'last_seen_at'>>(sql`
    select id, name, role, company_ids, last_seen_at from auth.user where id = ${userId} and active`);
  if (user === undefined) return null;
  const now = clock.now();
  const before = new Date(now.getTime() - SEEN_EVERY_MS);
  if (user.last_seen_at === null || user.last_seen_at < before) {
    await db.run(sql`update auth.user set last_seen_at = ${now} where id = ${user.id} and (last_seen_at is null or last_seen_at < ${before})`);
  }
  return { kind: 'user', id: user.id, name: user.name, rights: rightsOf(user.role), companyIds: user.company_ids };
}

/** The program with this key, unless revoked or expired. Notes once a minute that the key was used. */
export async function findKeyActor(db: Database, clock: Clock, secret: string): Promise<Actor | null> {
  const now = clock.now();
  const key = await db.maybe<Pick<ApiKeyRow, 'id' | 'name' | 'role' | 'company_ids' | 'last_used_at'>>(sql`
    select id, name, role, company_ids, last_used_at from api_key
    where hash = ${hashOf(secret)} and revoked_at is null and (expires_at is null or expires_at > ${now})`);
  if (key === undefined) return null;
  const before = new Date(now.getTime() - SEEN_EVERY_MS);
  if (key.last_used_at === null || key.last_used_at < before) {
    await db.run(sql`update api_key set last_used_at = ${now} where id = ${key.id} and (last_used_at is null or last_used_at < ${before})`);
  }
  return { kind: 'api_key', id: key.id, name: key.name, rights: rightsOf(key.role), companyIds: key.company_ids };
}
