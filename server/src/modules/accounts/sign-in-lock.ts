import { sql } from '../../kit/db.ts';
import type { Db } from '../../kit/db.ts';

/** So many failures in a row close an address for this long, whether or not a user has it. */
const MAX_FAILURES = 8;
const LOCK_MS = 15 * 60 * 1000;
/** Failures this old no longer count as "in a row". */
const FORGET_MS = 24 * 3600 * 1000;

/**
 * Counts an attempt before its password is looked at, so that attempts in parallel cannot pass the limit together;
 * `clearAttempts` takes it back when the password was right. Answers until when the address is locked, if it is.
 */
export async function countAttempt(db: Db, email: string, now: Date): Promise<Date | undefined> {
  const lockUntil = new Date(now.getTime() + LOCK_MS);
  const counted = await db.run(sql`
    insert into sign_in_lock as lock (email, failures, last_failed_at) values (${email}, 1, ${now})
    on conflict (email) do update set
      failures = case when lock.locked_until is not null or lock.last_failed_at < ${new Date(now.getTime() - FORGET_MS)} then 1 else lock.failures + 1 end,
      locked_until = case when lock.locked_until is null and lock.failures + 1 >= ${MAX_FAILURES} and lock.last_failed_at >= ${new Date(now.getTime() - FORGET_MS)}
        then ${lockUntil}::timestamptz end,
      last_failed_at = ${now}
    where lock.locked_until is null or lock.locked_until <= ${now}`);
  if (counted === 1) return undefined;
  const lock = await db.maybe<{ locked_until: Date | null }>(sql`select locked_until from sign_in_lock where email = ${email}`);
  return lock?.locked_until ?? undefined;
}

/** The password was right, or a new one was set: the row of failures is broken. */
export const clearAttempts = (db: Db, email: string): Promise<number> => db.run(sql`delete from sign_in_lock where email = ${email}`);

/** Forgets addresses whose last failure was long ago. Returns how many. */
export const forgetOldLocks = (db: Db, now: Date): Promise<number> =>
  db.run(sql`delete from sign_in_lock where last_failed_at < ${new Date(now.getTime() - FORGET_MS)}`);

const WINDOW_MS = 60_000;
const MAX_FAILURES_PER_WINDOW = 100;
const MAX_NETWORKS = 20_000;

/** Failed sign-ins per network address and minute in this process: slows down guessing over many e-mail addresses. */
export class NetworkLimit {
  readonly #failures = new Map<string, { since: number; count: number }>();

  isReached(ip: string): boolean {
    const known = this.#failures.get(network(ip));
    return known !== undefined && performance.now() - known.since < WINDOW_MS && known.count >= MAX_FAILURES_PER_WINDOW;
  }

  countFailure(ip: string): void {
    const now = performance.now();
    const known = this.#failures.get(network(ip));
    if (known !== undefined && now - known.since < WINDOW_MS) {
      known.count++;
      return;
    }
    if (this.#failures.size >= MAX_NETWORKS) this.#failures.clear();
    this.#failures.set(network(ip), { since: now, count: 1 });
  }
}

/** One customer of a provider holds a whole /64 of IPv6 addresses. */
const network = (ip: string): string => (ip.includes('.') || !ip.includes(':') ? ip : ip.split(':').slice(0, 4).join(':'));
