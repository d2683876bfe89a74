import type { App } from '../../app.ts';
import type { Connector } from '../../connectors/connector.ts';
import type { Actor } from '../../kit/actor.ts';
import { empty, sql } from '../../kit/db.ts';
import type { Db } from '../../kit/db.ts';
import { AppError, notFound } from '../../kit/errors.ts';
import { COUNT_LIMIT } from '../../kit/page.ts';
import type { Vault } from '../../kit/vault.ts';
import { getShop } from '../accounts/accounts.ts';
import { stockRuleSchema } from './contract.ts';
import type { Channel, FormField, Platform, PlatformStats, Store } from './contract.ts';
import { ordersToday, wouldSellOut } from './reads.ts';
import { capabilitiesOf, getConnector, openCredentials } from './stores.ts';
import type { ChannelRow } from './tables.ts';

interface Counted extends ChannelRow {
  company_name: string;
  unmapped: number;
  ambiguous: number;
  failed: number;
  in_doubt: number;
}

/** Channels with what needs a person; counts stop at 10,000 (indexes channel_product_unmapped, push_by_state). */
const countedChannels = (db: Db, actor: Actor, only: { id?: string | undefined; platform?: string | undefined } = {}): Promise<Counted[]> =>
  db.rows<Counted>(sql`
    select channel.*, company.name as company_name,
      (select count(*) from (select from channel_product where channel_id = channel.id and product_id is null and missing_since is null limit ${COUNT_LIMIT}) x) as unmapped,
      (select count(*) from (select from channel_product where channel_id = channel.id and product_id is null and (match_problem is distinct from 'ambiguous') = false limit ${COUNT_LIMIT}) x) as ambiguous,
      (select count(*) from (select from push where channel_id = channel.id and state = 'failed' limit ${COUNT_LIMIT}) x) as failed,
      (select count(*) from (select from push where channel_id = channel.id and state = 'in_doubt' limit ${COUNT_LIMIT}) x) as in_doubt
    from channel join company on company.id = channel.company_id
    where channel.archived_at is null and (${actor.companyIds}::uuid[] is null or channel.company_id = any(${actor.companyIds}::uuid[]))
      ${only.id === undefined ? empty : sql`and channel.id = ${only.id}`} ${only.platform === undefined ? empty : sql`and channel.platform = ${only.platform}`}
    order by channel.created_at, channel.id`);

const platformName = (app: Pick<App, 'connectors'>, platform: string): string =>
  app.connectors.find((connector) => connector.manifest.platform === platform)?.manifest.name ?? platform;

const shared = (app: Pick<App, 'connectors'>, row: Counted) => ({
  id: row.id,
  platform: row.platform,
  platformName: platformName(app, row.platform),
  name: row.name,
  mark: row.mark,
  series: row.series,
  companyId: row.company_id,
  currency: row.currency,
  active: row.active,
  testMode: row.test_mode,
  writes: row.writes,
  health: row.health,
  healthMessage: row.health_message,
  healthAt: row.health_at?.toISOString() ?? null,
  problems: { unmapped: row.unmapped, ambiguous: row.ambiguous, failed: row.failed, inDoubt: row.in_doubt },
});

/** Every connected store the actor may see, in the order of connection. */
export const listChannels = async (app: App, actor: Actor, platform?: string): Promise<Channel[]> =>
  (await countedChannels(app.db, actor, { platform })).map((row) => shared(app, row));

/** Values of the credentials form as they may be shown: secrets only tell whether they are set. */
function maskedCredentials(connector: Connector, vault: Vault, row: ChannelRow): Store['credentials'] {
  let values: Record<string, unknown> = {};
  try {
    values = openCredentials(vault, row);
  } catch (error) {
    // A seal that cannot be opened shows as nothing set: they must be entered again.
    if (!(error instanceof AppError)) throw error;
  }
  return connector.manifest.credentials.map(({ name, kind }) => {
    const value = values[name];
    const isSet = value !== undefined && value !== '';
    return { name, isSet, value: kind === 'secret' || !isSet ? null : String(value) };
  });
}

async function toStores(app: App, db: Db, rows: readonly Counted[]): Promise<Store[]> {
  const counts = await db.rows<{ channel_id: string; products: number; mapped: number }>(sql`
    select channel_id, count(*) as products, count(product_id) as mapped from channel_product where channel_id = any(${rows.map((row) => row.id)}::uuid[]) group by channel_id`);
  const emptied = await wouldSellOut(
    db,
    rows.map((row) => row.id),
  );
  return rows.map((row) => {
    const count = counts.find((one) => one.channel_id === row.id);
    return {
      ...shared(app, row),
      companyName: row.company_name,
      credentials: maskedCredentials(getConnector(app, row.platform), app.vault, row),
      settings: row.settings as Record<string, unknown>,
      stockSource: row.stock_source,
      stockRule: stockRuleSchema.parse(row.stock_rule),
      tokenExpiresAt: row.token_expires_at?.toISOString() ?? null,
      productCount: count?.products ?? 0,
      mappedCount: count?.mapped ?? 0,
      wouldSellOutCount: emptied.find((one) => one.channel_id === row.id)?.count ?? 0,
      pulledAt: row.pulled_at?.toISOString() ?? null,
      version: row.version,
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
    };
  });
}

/** Stores of a platform that the actor may see. */
export async function listStores(app: App, actor: Actor, platform: string): Promise<Store[]> {
  getConnector(app, platform);
  return toStores(app, app.db, await countedChannels(app.db, actor, { platform }));
}

/** One store as its settings page shows it. */
export async function readStore(app: App, db: Db, actor: Actor, platform: string, id: string): Promise<Store> {
  getConnector(app, platform);
  const [store] = await toStores(app, db, await countedChannels(db, actor, { id, platform }));
  if (store === undefined) throw notFound('store');
  return store;
}

const toField = (field: Connector['manifest']['credentials'][number]): FormField => {
  const { options, defaultValue, ...rest } = field;
  return {
    ...rest,
    ...(options === undefined ? {} : { options: options.map((option) => ({ ...option })) }),
    ...(defaultValue === undefined ? {} : { defaultValue: typeof defaultValue === 'object' ? [...defaultValue] : defaultValue }),
  };
};

/** What stores can be connected on: forms and capabilities as data. */
export async function listPlatforms(app: App, actor: Actor): Promise<Platform[]> {
  const counts = await app.db.rows<{ platform: string; count: number }>(sql`
    select platform, count(*) as count from channel where archived_at is null and (${actor.companyIds}::uuid[] is null or company_id = any(${actor.companyIds}::uuid[])) group by platform`);
  return app.connectors.map((connector) => {
    const { manifest } = connector;
    return {
      platform: manifest.platform,
      name: manifest.name,
      mark: manifest.mark,
      kind: manifest.kind,
      credentials: manifest.credentials.map(toField),
      settings: manifest.settings.map(toField),
      capabilities: capabilitiesOf(connector),
      hasTestMode: manifest.testBaseUrl !== undefined,
      howToConnect: manifest.howToConnect,
      docsUrl: manifest.docsUrl ?? null,
      storeCount: counts.find((one) => one.platform === manifest.platform)?.count ?? 0,
    };
  });
}

/** A platform at a glance; with a channel, that one alone. Orders are counted from midnight in the shop's time zone. */
export async function platformStats(app: App, actor: Actor, platform: string, channelId?: string): Promise<PlatformStats> {
  const connector = getConnector(app, platform);
  const rows = await countedChannels(app.db, actor, { platform, id: channelId });
  if (channelId !== undefined && rows.length === 0) throw notFound('store');
  const ids = rows.map((row) => row.id);
  const products = await app.db.one<PlatformStats['products']>(sql`
    select count(*) as total, count(*) filter (where status = 'live' and missing_since is null) as live, count(product_id) as mapped,
      count(*) filter (where product_id is null) as unmapped, count(*) filter (where product_id is null and match_problem = 'ambiguous') as ambiguous,
      count(missing_since) as missing
    from channel_product where channel_id = any(${ids}::uuid[])`);
  const pushes = await app.db.rows<{ state: string; count: number }>(
    sql`select state, count(*) as count from push where channel_id = any(${ids}::uuid[]) group by state`,
  );
  const inState = (state: string): number => pushes.find((one) => one.state === state)?.count ?? 0;
  const pulled = rows.flatMap((row) => row.pulled_at ?? []).toSorted((a, b) => a.getTime() - b.getTime());
  return {
    platform,
    name: connector.manifest.name,
    capabilities: capabilitiesOf(connector),
    stores: rows.map((row) => shared(app, row)),
    products,
    pushes: {
      wanted: inState('wanted'),
      sending: inState('sending'),
      sent: inState('sent'),
      confirmed: inState('confirmed'),
      failed: inState('failed'),
      inDoubt: inState('in_doubt'),
    },
    ordersToday: connector.orders === undefined ? null : await ordersToday(app.db, ids, app.clock.now(), (await getShop(app.db)).timeZone),
    pulledAt: pulled[0]?.toISOString() ?? null,
  };
}
