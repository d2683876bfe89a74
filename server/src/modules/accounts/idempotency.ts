import { createHash, createHmac } from 'node:crypto';
import { AppError, commonErrors } from '../../kit/errors.ts';
import { sql } from '../../kit/db.ts';
import type { Db, Tx } from '../../kit/db.ts';
import type { Actor } from '../../kit/actor.ts';

export interface RepeatableRequest {
  key: string;
  /** Anything that makes two requests different: method, path, input. */
  fingerprint: unknown;
}

/**
 * Runs `work` once per actor and key: its row is in the write's own transaction, so parallel repetitions wait for the first and get
 * its answer. The same key with another request is refused with 422. Only hashes are kept, the request's under the raw key: a
 * request may hold a password.
 */
export async function once<T>(tx: Tx, actor: Actor, request: RepeatableRequest, work: () => Promise<T>): Promise<T> {
  const actorId = `${actor.kind}:${actor.id ?? ''}`;
  const key = createHash('sha256').update(request.key).digest('base64url');
  const hash = createHmac('sha256', request.key)
    .update(JSON.stringify(request.fingerprint) ?? '')
    .digest('base64url');
  const inserted = await tx.run(sql`
    insert into idempotency_key (actor_id, key, request_hash, created_at) values (${actorId}, ${key}, ${hash}, ${tx.now})
    on conflict (actor_id, key) do nothing`);
  if (inserted === 0) {
    const known = await tx.one<{ request_hash: string; response: unknown }>(sql`
      select request_hash, response from idempotency_key where actor_id = ${actorId} and key = ${key}`);
    if (known.request_hash !== hash) throw new AppError(commonErrors['idempotency.key_reused']);
    return known.response as T;
  }
  const response = await work();
  await tx.run(sql`update idempotency_key set response = ${JSON.stringify(response ?? null)} where actor_id = ${actorId} and key = ${key}`);
  return response;
}

/** Forgets keys older than a day. Returns how many. */
export const forgetOldKeys = (db: Db, now: Date): Promise<number> =>
  db.run(sql`delete from idempotency_key where created_at < ${new Date(now.getTime() - 24 * 3600 * 1000)}`);
