import type { Connector } from '../../connectors/connector.ts';
import type { Actor } from '../../kit/actor.ts';
import { isUniqueViolation, sql } from '../../kit/db.ts';
import type { Sql, Tx } from '../../kit/db.ts';
import { AppError, commonErrors } from '../../kit/errors.ts';
import type { Vault } from '../../kit/vault.ts';
import { getCompany, getDefaultCompany } from '../accounts/accounts.ts';
import { closeChangeSet, openChangeSet, recordChanges } from '../accounts/changes.ts';
import { setOnHand } from '../inventory/inventory.ts';
import { channelsErrors, stockRuleSchema } from './contract.ts';
import type { StockRule } from './contract.ts';
import { startPull } from './pull.ts';
import { openingStock } from './reads.ts';
import { getChannel, openCredentials, parseForm, requireCapability, sealCredentials } from './stores.ts';
import type { FormValues } from './stores.ts';
import type { ChannelRow } from './tables.ts';

/** What connecting and changing a store needs besides the transaction. */
export interface Tools {
  connector: Connector;
  vault: Vault;
}

export interface NewStore {
  credentials: FormValues;
  settings?: FormValues | undefined;
  name?: string | undefined;
  mark?: string | undefined;
  companyId?: string | undefined;
  testMode?: boolean | undefined;
  stockRule?: StockRule | undefined;
}

export interface StoreChange extends Partial<NewStore> {
  id: string;
  version: number;
  active?: boolean | undefined;
}

/** Columns that change entries leave out: sealed, or not decided by a person. */
const hidden = [
  'credentials_sealed',
  'webhook_secret_sealed',
  'webhook_token',
  'account_key',
  'health',
  'health_message',
  'health_at',
  'push_after',
  'push_failures',
  'pulled_at',
];
const image = (row: 'old' | 'new'): Sql => (row === 'old' ? sql`to_jsonb(old) - ${hidden}::text[]` : sql`to_jsonb(new) - ${hidden}::text[]`);

/** The database's word on a second account or name, as a refusal that names the store in the way. */
async function refuseDouble(tx: Tx, actor: Actor, wanted: { id: string; platform: string; accountKey: string; name: string }): Promise<void> {
  const [other] = await tx.rows<{ name: string; same_account: boolean; visible: boolean }>(sql`
    select name, platform = ${wanted.platform} and account_key = ${wanted.accountKey} as same_account,
      ${actor.companyIds}::uuid[] is null or company_id = any(${actor.companyIds}::uuid[]) as visible
    from channel where archived_at is null and id <> ${wanted.id} and ((platform = ${wanted.platform} and account_key = ${wanted.accountKey}) or name = ${wanted.name})
    order by same_account desc limit 1`);
  if (other === undefined) return;
  const name = other.visible ? other.name : 'a store of another company';
  throw other.same_account
    ? new AppError(channelsErrors['channel.already_connected'], { data: { name } })
    : new AppError(channelsErrors['channel.name_taken'], { field: 'name', data: { name } });
}

const lateDouble = (error: unknown, name: string): unknown =>
  isUniqueViolation(error, 'channel_account_key')
    ? new AppError(channelsErrors['channel.already_connected'], { data: { name }, cause: error })
    : isUniqueViolation(error, 'channel_name_key')
      ? new AppError(channelsErrors['channel.name_taken'], { field: 'name', data: { name }, cause: error })
      : error;

/**
 * Connects a store: forms checked by its connector, credentials sealed, writes off, its products pulled at once. Refuses an account that is
 * connected already. Returns the channel's id.
 */
export async function connectStore(tx: Tx, actor: Actor, { connector, vault }: Tools, input: NewStore): Promise<string> {
  const { manifest } = connector;
  const credentials = parseForm(manifest.credentialsSchema, 'credentials', input.credentials);
  const settings = parseForm(manifest.settingsSchema, 'settings', input.settings ?? {});
  const suggested = connector.describe(credentials, settings);
  const company =
    input.companyId !== undefined
      ? await getCompany(tx, actor, input.companyId)
      : actor.companyIds?.[0] !== undefined
        ? await getCompany(tx, actor, actor.companyIds[0])
        : await getDefaultCompany(tx);
  const id = tx.newId();
  const name = input.name ?? suggested.name;
  const accountKey = connector.accountKey(credentials, settings);
  await refuseDouble(tx, actor, { id, platform: manifest.platform, accountKey, name });
  const changeSetId = await openChangeSet(tx, actor, { kind: 'connect', reason: `Store ${name} connected`, companyId: company.id });
  try {
    await tx.run(sql`
      with changed as (
        insert into channel (id, platform, name, mark, series, company_id, currency, test_mode, account_key, credentials_sealed, settings, stock_rule, created_at, updated_at)
        values (${id}, ${manifest.platform}, ${name}, ${(input.mark ?? suggested.mark).slice(0, 3)}, (select count(*) % 6 + 1 from channel), ${company.id}, ${suggested.currency},
          ${input.testMode ?? false}, ${accountKey}, ${sealCredentials(vault, id, credentials)}, ${JSON.stringify(settings)}, ${JSON.stringify(stockRuleSchema.parse(input.stockRule ?? {}))}, ${tx.now}, ${tx.now})
        returning id)
      ${recordChanges(changeSetId, 'channel', 'create')}`);
  } catch (error) {
    throw lateDouble(error, name);
  }
  await closeChangeSet(tx, changeSetId);
  if (connector.products !== undefined) await startPull(tx, actor, { id, name, company_id: company.id });
  return id;
}

/** A channel to be changed, locked. */
async function lockChannel(tx: Tx, actor: Actor, connector: Connector, id: string): Promise<ChannelRow> {
  await getChannel(tx, actor, id, connector.manifest.platform);
  await tx.run(sql`select 1 from channel where id = ${id} for update`);
  return getChannel(tx, actor, id, connector.manifest.platform);
}

/**
 * Changes a store. Credentials left out or empty stay; the rest of the form replaces what was. `stale` makes the refusal of an old version,
 * with the present state. New credentials end the pause of refused ones.
 */
export async function updateStore(tx: Tx, actor: Actor, { connector, vault }: Tools, input: StoreChange, stale: () => Promise<AppError>): Promise<void> {
  const before = await lockChannel(tx, actor, connector, input.id);
  if (before.version !== input.version) throw await stale();
  const { manifest } = connector;
  const given = Object.fromEntries(Object.entries(input.credentials ?? {}).filter(([, value]) => value !== ''));
  const renewed = Object.keys(given).length > 0;
  // Only what is left out must still be readable.
  const needsOld = manifest.credentials.some((field) => !(field.name in given));
  const credentials = parseForm(manifest.credentialsSchema, 'credentials', { ...(needsOld ? openCredentials(vault, before) : {}), ...given });
  const settings = parseForm(manifest.settingsSchema, 'settings', input.settings ?? (before.settings as FormValues));
  const name = input.name ?? before.name;
  const accountKey = connector.accountKey(credentials, settings);
  await refuseDouble(tx, actor, { id: before.id, platform: before.platform, accountKey, name });
  const changeSetId = await openChangeSet(tx, actor, {
    kind: 'edit',
    reason: renewed ? `Store ${name}, with new credentials` : `Store ${name}`,
    companyId: before.company_id,
  });
  try {
    await tx.run(sql`
      with changed as (
        update channel set name = ${name}, mark = ${input.mark ?? before.mark}, test_mode = ${input.testMode ?? before.test_mode}, active = ${input.active ?? before.active},
          settings = ${JSON.stringify(settings)}, stock_rule = ${JSON.stringify(input.stockRule ?? before.stock_rule)}, account_key = ${accountKey},
          credentials_sealed = ${renewed ? sealCredentials(vault, before.id, credentials) : before.credentials_sealed},
          currency = ${connector.describe(credentials, settings).currency},
          health = case when ${renewed} then 'unknown' else health end, health_message = case when ${renewed} then '' else health_message end,
          push_after = case when ${renewed} then null else push_after end, push_failures = case when ${renewed} then 0 else push_failures end,
          version = version + 1, updated_at = ${tx.now}
        where id = ${before.id} returning id, ${image('old')} as old_row, ${image('new')} as new_row)
      ${recordChanges(changeSetId, 'channel', 'update')}`);
  } catch (error) {
    throw lateDouble(error, name);
  }
  await closeChangeSet(tx, changeSetId);
  // A new stock rule, or a store that goes on after a pause, means new wishes.
  tx.emit('channel.changed', [before.id]);
  if (renewed && connector.products !== undefined && (input.active ?? before.active))
    await startPull(tx, actor, { id: before.id, name, company_id: before.company_id });
}

/** Disconnects a store: it vanishes from lists, nothing is read or sent any more, what is on its way is stopped. Its history stays. */
export async function archiveStore(tx: Tx, actor: Actor, connector: Connector, id: string): Promise<void> {
  const before = await lockChannel(tx, actor, connector, id);
  const changeSetId = await openChangeSet(tx, actor, { kind: 'disconnect', reason: `Store ${before.name} disconnected`, companyId: before.company_id });
  await tx.run(sql`
    with changed as (
      update channel set archived_at = ${tx.now}, active = false, writes = 'off', version = version + 1, updated_at = ${tx.now}
      where id = ${id} returning id, ${image('old')} as old_row, ${image('new')} as new_row)
    ${recordChanges(changeSetId, 'channel', 'update')}`);
  await closeChangeSet(tx, changeSetId);
  tx.emit('channel.changed', [id]);
}

/**
 * Turns a store's writes on or off. The first time on, somebody says whose stock counts: `channel` makes its quantities the opening stock of
 * mapped products that never moved, `ours` leaves ours as it is. Off holds from this commit on: senders stop within a second.
 */
export async function setWrites(
  tx: Tx,
  actor: Actor,
  connector: Connector,
  input: { id: string; on: boolean; stockSource?: 'ours' | 'channel' | undefined },
): Promise<void> {
  requireCapability(connector, 'stock');
  const before = await lockChannel(tx, actor, connector, input.id);
  const stockSource = input.stockSource ?? before.stock_source;
  if (input.on && stockSource === null) throw new AppError(channelsErrors['channel.stock_source_required'], { field: 'stockSource' });
  if (input.on && before.health === 'auth_failed') throw new AppError(channelsErrors['channel.credentials_refused'], { data: { name: before.name } });
  const changeSetId = await openChangeSet(tx, actor, {
    kind: 'writes',
    reason: `Writes of ${before.name} turned ${input.on ? 'on' : 'off'}`,
    companyId: before.company_id,
  });
  await tx.run(sql`
    with changed as (
      update channel set writes = ${input.on ? 'on' : 'off'}, stock_source = ${stockSource}, version = version + 1, updated_at = ${tx.now}
      where id = ${before.id} and (writes, stock_source) is distinct from (${input.on ? 'on' : 'off'}, ${stockSource}::text)
      returning id, ${image('old')} as old_row, ${image('new')} as new_row)
    ${recordChanges(changeSetId, 'channel', 'update')}`);
  if (input.on && stockSource === 'channel') await adoptOpening(tx, actor, { id: before.id, name: before.name }, changeSetId);
  if (await closeChangeSet(tx, changeSetId)) tx.emit('channel.changed', [before.id]);
}

/** Takes over what the channel holds as opening stock of products of ours that never moved; with ids only for those channel products. */
export async function adoptOpening(
  tx: Tx,
  actor: Actor,
  channel: { id: string; name: string },
  changeSetId: string | undefined,
  channelProductIds?: readonly string[],
): Promise<number> {
  const opening = await openingStock(tx, channel.id, channelProductIds);
  if (opening.length === 0) return 0;
  const { moved } = await setOnHand(
    tx,
    actor,
    { cause: 'opening', note: `As ${channel.name} had it`, ...(changeSetId === undefined ? {} : { changeSetId }) },
    opening.map((row) => ({ productId: row.product_id, quantity: row.quantity })),
  );
  return moved.length;
}

/** The refusal of a save that began from an older version. */
export const staleStore = (current: unknown): AppError => new AppError(commonErrors['resource.stale'], { data: { current } });
