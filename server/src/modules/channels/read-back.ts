import type { App } from '../../app.ts';
import { sql } from '../../kit/db.ts';
import type { Tx } from '../../kit/db.ts';
import { ConnectorError } from '../../kit/errors.ts';
import { followPushes, pushImages } from './listings.ts';
import type { WrittenPush } from './listings.ts';
import { backOffMs, lockPushes } from './pushes.ts';
import { noteHealth } from './stores.ts';
import type { OpenStore } from './stores.ts';

const CHECK_LEASE_MS = 60_000;
const MAX_READ = 100;
/** Pauses between looks at a value that is not there yet. */
const LOOKS_MS = [2_000, 5_000, 20_000, 60_000];
/** A platform that offers more than there is sells what we do not have: look once more, then send again. Offering less may be a sale on its way to us. */
const LOOKS_WHEN_MORE = 2;
const LOOKS_WHEN_LESS = 4;
/** Pauses before a value that did not stick is sent once more. */
const RESEND_MS = [0, 60_000, 300_000, 900_000];

interface Check {
  id: string;
  channel_product_id: string;
  external_id: string;
  barcode: string;
  quantity: number;
  sent_version: number;
  checks: number;
  attempts: number;
}

const claimChecks = (tx: Tx, channelId: string): Promise<Check[]> =>
  tx.rows<Check>(sql`
    update push set check_at = ${new Date(tx.now.getTime() + CHECK_LEASE_MS)}
    from channel_product cp
    where cp.id = push.channel_product_id and push.id in (
      select id from push where channel_id = ${channelId} and check_at <= ${tx.now} and state in ('sent', 'in_doubt') order by check_at limit ${MAX_READ} for update skip locked)
    returning push.id, push.channel_product_id, cp.external_id, cp.barcode, (push.sent)::int as quantity, push.sent_version, push.checks, push.attempts`);

interface Verdict {
  id: string;
  version: number;
  state: 'confirmed' | 'look_again' | 'send_again' | 'failed';
  at: Date | null;
  code: string | null;
  error: string | null;
}

/** What a look at the platform means. `there` is undefined when the platform does not show the product, null when it tells no quantity. */
export function judgeLook(
  check: { quantity: number; checks: number; attempts: number },
  there: number | null | undefined,
  now: Date,
): Omit<Verdict, 'id' | 'version'> {
  if (there === check.quantity) return { state: 'confirmed', at: null, code: null, error: null };
  const looks = there !== undefined && there !== null && there > check.quantity ? LOOKS_WHEN_MORE : LOOKS_WHEN_LESS;
  const hidden = there === undefined || there === null;
  const error = hidden ? 'The platform does not show this product at the moment.' : `The platform took ${check.quantity} but still shows ${there}.`;
  const code = hidden ? 'not_shown' : 'differs';
  if (check.checks + 1 < looks) return { state: 'look_again', at: new Date(now.getTime() + (LOOKS_MS[check.checks] ?? 60_000)), code, error };
  if (hidden && check.attempts >= RESEND_MS.length - 1)
    return { state: 'failed', at: null, code, error: 'The platform took the quantity but does not show this product. Check there whether it still exists.' };
  return { state: 'send_again', at: new Date(now.getTime() + (RESEND_MS[Math.min(check.attempts, RESEND_MS.length - 1)] ?? 900_000)), code, error };
}

async function recordLooks(tx: Tx, verdicts: readonly Verdict[]): Promise<void> {
  await lockPushes(tx, sql`id = any(${verdicts.map((one) => one.id)}::uuid[])`);
  const rows = await tx.rows<WrittenPush & { look: string }>(sql`
    update push set
      state = case look.state when 'confirmed' then 'confirmed' when 'failed' then 'failed' when 'send_again' then 'in_doubt' else push.state end,
      confirmed = case when look.state = 'confirmed' then sent else confirmed end,
      confirmed_at = case when look.state = 'confirmed' then ${tx.now} else confirmed_at end,
      verify = look.state <> 'confirmed',
      check_at = case when look.state = 'look_again' then look.at end,
      checks = case when look.state = 'look_again' then checks + 1 else 0 end,
      due_at = case when look.state = 'send_again' then look.at else due_at end,
      attempts = case look.state when 'send_again' then attempts + 1 when 'confirmed' then 0 else attempts end,
      error_code = look.code, error = look.error
    from unnest(${verdicts.map((one) => one.id)}::uuid[], ${verdicts.map((one) => one.version)}::int[], ${verdicts.map((one) => one.state)}::text[],
      ${verdicts.map((one) => one.at)}::timestamptz[], ${verdicts.map((one) => one.code)}::text[], ${verdicts.map((one) => one.error)}::text[]) as look(id, version, state, at, code, error)
    where push.id = look.id and push.sent_version = look.version and push.wanted_version = look.version and push.state in ('sent', 'in_doubt')
    returning ${pushImages}, look.state as look`);
  await followPushes(tx, rows);
  if (rows.some((row) => row.look === 'send_again')) tx.wake('channels.push');
}

/** What the platform was seen to hold becomes the observed quantity, unless something newer is known. */
export const noteObserved = (tx: Tx, channelId: string, seen: readonly { externalId: string; quantity: number | null }[], at: Date): Promise<number> =>
  tx.run(sql`
    update channel_product set quantity = seen.quantity, observed_at = ${at}
    from unnest(${seen.map((one) => one.externalId)}::text[], ${seen.map((one) => one.quantity)}::numeric[]) as seen(external_id, quantity)
    where channel_id = ${channelId} and channel_product.external_id = seen.external_id and observed_at <= ${at}`);

/** Reads back a page of values on one channel that only a look can settle. Returns false when none is due. */
export async function readBack(app: App, opened: OpenStore): Promise<boolean> {
  const { channel, connector, store } = opened;
  const checks = await app.db.transaction((tx) => claimChecks(tx, channel.id));
  if (checks.length === 0 || connector.stock === undefined) return false;
  const lookedAt = app.clock.now();
  try {
    const seen = await connector.stock.read(
      store,
      checks.map((check) => ({ externalId: check.external_id, barcode: check.barcode })),
    );
    const there = new Map(seen.map((one) => [one.externalId, one.quantity]));
    await app.db.transaction(async (tx) => {
      await noteHealth(tx, channel.id, undefined);
      await noteObserved(tx, channel.id, seen, lookedAt);
      await recordLooks(
        tx,
        checks.map((check) => ({ id: check.id, version: check.sent_version, ...judgeLook(check, there.get(check.external_id), tx.now) })),
      );
    });
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    await app.db.transaction(async (tx) => {
      await noteHealth(tx, channel.id, error);
      const at = error.retryAt ?? new Date(tx.now.getTime() + (error.kind === 'auth' ? 900_000 : backOffMs(checks[0]?.checks ?? 0)));
      await tx.run(sql`
        update push set check_at = ${at}, error_code = case when error_code = 'differs' then error_code else 'waiting' end, error = ${error.message.slice(0, 1000)}
        where id = any(${checks.map((check) => check.id)}::uuid[]) and check_at is not null and state in ('sent', 'in_doubt')`);
    });
  }
  return true;
}
