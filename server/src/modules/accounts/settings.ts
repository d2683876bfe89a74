import type { Actor } from '../../kit/actor.ts';
import { sql } from '../../kit/db.ts';
import type { Db, Tx } from '../../kit/db.ts';
import { AppError, commonErrors } from '../../kit/errors.ts';
import { closeChangeSet, openChangeSet, recordChanges } from './changes.ts';
import { requireUnlimited } from './companies.ts';
import type { Shop } from './contract.ts';
import type { ShopRow } from './tables.ts';

const toShop = (row: ShopRow): Shop => ({ name: row.name, timeZone: row.time_zone, currency: row.currency, demo: row.demo, version: row.version });

/** The settings of this installation; there are always some. */
export const getShop = async (db: Db): Promise<Shop> => toShop(await db.one<ShopRow>(sql`select * from shop`));

export interface ShopChange {
  name?: string | undefined;
  timeZone?: string | undefined;
  currency?: string | undefined;
  demo?: boolean | undefined;
  /** The version this change was made on; left out by Karavan itself. */
  version?: number | undefined;
}

/** Changes the given settings. Refuses a stale version with both versions, and whoever is limited to some companies. */
export async function saveShop(tx: Tx, actor: Actor, change: ShopChange): Promise<Shop> {
  requireUnlimited(actor);
  const before = await tx.one<ShopRow>(sql`select * from shop for update`);
  if (change.version !== undefined && change.version !== before.version)
    throw new AppError(commonErrors['resource.stale'], { data: { current: toShop(before) } });
  const changeSetId = await openChangeSet(tx, actor, { kind: 'edit', reason: 'Settings of the shop' });
  await tx.run(sql`
    with changed as (
      update shop set name = ${change.name ?? before.name}, time_zone = ${change.timeZone ?? before.time_zone}, currency = ${change.currency ?? before.currency},
        demo = ${change.demo ?? before.demo}, version = version + 1
      returning id, to_jsonb(old) as old_row, to_jsonb(new) as new_row)
    ${recordChanges(changeSetId, 'shop', 'update')}`);
  await closeChangeSet(tx, changeSetId);
  return getShop(tx);
}
