import type { z } from 'zod';
import type { App } from '../../app.ts';
import type { Connector, Store } from '../../connectors/connector.ts';
import { sql } from '../../kit/db.ts';
import type { Db, Tx } from '../../kit/db.ts';
import { AppError, commonErrors, ConnectorError, invalid, notFound } from '../../kit/errors.ts';
import { createHttpClient } from '../../kit/http-client.ts';
import type { HttpClient } from '../../kit/http-client.ts';
import type { Vault } from '../../kit/vault.ts';
import { channelsErrors } from './contract.ts';
import type { Capability, TestResult } from './contract.ts';
import type { ChannelRow } from './tables.ts';

export type FormValues = Record<string, unknown>;

export interface OpenStore {
  channel: ChannelRow;
  connector: Connector;
  store: Store;
}

/** A store whose credentials were refused is tried again after this long, in case it was the platform's mistake. */
const AUTH_PAUSE_MS = 15 * 60_000;

/** The connector of a platform; an unknown platform answers 404. */
export function getConnector(app: Pick<App, 'connectors'>, platform: string): Connector {
  const connector = app.connectors.find((one) => one.manifest.platform === platform);
  if (connector === undefined) throw notFound('platform');
  return connector;
}

/** What a platform can do, as a list of words. */
export const capabilitiesOf = (connector: Connector): Capability[] =>
  (['products', 'orders', 'stock'] as const).filter((name) => connector[name] !== undefined);

/** Refuses with 404 `capability.unsupported` what a platform cannot do. */
export function requireCapability(connector: Connector, name: Capability): void {
  if (connector[name] === undefined) throw new AppError(commonErrors['capability.unsupported'], { data: { platform: connector.manifest.name } });
}

/** Checks one form of a connector; the first complaint becomes a 400 that names its field. */
export function parseForm(schema: z.ZodType<FormValues>, form: 'credentials' | 'settings', values: FormValues): FormValues {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  throw invalid([form, ...(unknown === undefined ? (issue?.path ?? []) : [unknown])].join('.'), issue?.message ?? `these ${form} cannot be used`);
}

export const sealContext = (channelId: string): string => `channel:${channelId}`;

export const sealCredentials = (vault: Vault, channelId: string, credentials: FormValues): string =>
  vault.seal(JSON.stringify(credentials), sealContext(channelId));

/** The credentials of a channel in the clear. Throws `channel.unreadable` when the seal cannot be opened. */
export function openCredentials(vault: Vault, channel: ChannelRow): FormValues {
  try {
    return JSON.parse(vault.open(channel.credentials_sealed, sealContext(channel.id))) as FormValues;
  } catch (cause) {
    throw new AppError(channelsErrors['channel.unreadable'], { data: { name: channel.name }, cause });
  }
}

/** Clients are kept per channel so that connections and what was learnt about limits live on; a changed channel gets a new one. */
const clients = new WeakMap<App, Map<string, { version: number; http: HttpClient }>>();

function clientOf(
  app: App,
  connector: Connector,
  of: { id: string; version: number; testMode: boolean; credentials: FormValues; settings: FormValues },
): HttpClient {
  const known = clients.get(app) ?? new Map<string, { version: number; http: HttpClient }>();
  clients.set(app, known);
  const kept = known.get(of.id);
  if (kept?.version === of.version) return kept.http;
  void kept?.http.close();
  const http = newClient(app, connector, of);
  known.set(of.id, { version: of.version, http });
  return http;
}

const newClient = (app: App, connector: Connector, of: { testMode: boolean; credentials: FormValues; settings: FormValues }): HttpClient => {
  const { manifest } = connector;
  return createHttpClient({
    baseUrl: app.config.endpoints[manifest.platform] ?? (of.testMode ? manifest.testBaseUrl : undefined) ?? manifest.baseUrl,
    quota: app.quota,
    account: connector.quotaAccount(of.credentials, of.settings),
    rules: connector.quotas({ credentials: of.credentials, settings: of.settings }),
    now: () => app.clock.now(),
    onExchange: (exchange) => app.log.debug({ platform: manifest.platform, ...exchange }, 'outbound request'),
  });
};

const stoppable = (http: HttpClient, signal: AbortSignal): HttpClient => ({
  request: (request) => http.request({ ...request, signal: request.signal === undefined ? signal : AbortSignal.any([signal, request.signal]) }),
  close: () => http.close(),
});

/**
 * A connected store ready for work: seal opened, settings checked, HTTP client with its quota. For jobs and the connection test only.
 * Refuses archived stores (404) and ones whose seal or settings cannot be read (`channel.unreadable`). `signal` ends its requests.
 */
export async function openStore(app: App, channelId: string, options: { signal?: AbortSignal } = {}): Promise<OpenStore> {
  const channel = await app.db.maybe<ChannelRow>(sql`select * from channel where id = ${channelId} and archived_at is null`);
  if (channel === undefined) throw notFound('store');
  const connector = getConnector(app, channel.platform);
  const credentials = openCredentials(app.vault, channel);
  const settings = connector.manifest.settingsSchema.safeParse(channel.settings);
  if (!settings.success) throw new AppError(channelsErrors['channel.unreadable'], { data: { name: channel.name }, cause: settings.error });
  const http = clientOf(app, connector, {
    id: channel.id,
    version: channel.version,
    testMode: channel.test_mode,
    credentials,
    settings: settings.data,
  });
  const store: Store = {
    channelId: channel.id,
    credentials,
    settings: settings.data,
    testMode: channel.test_mode,
    http: options.signal === undefined ? http : stoppable(http, options.signal),
    now: () => app.clock.now(),
  };
  return { channel, connector, store };
}

/** Asks the platform whether credentials work, before or after they are kept. A refusal is an answer, not an error. */
async function testConnection(connector: Connector, store: Store): Promise<TestResult> {
  try {
    const { ok, message, field, facts } = await connector.test(store);
    return { ok, message, field: field ?? null, facts: facts.map(({ label, value }) => ({ label, value })) };
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return { ok: false, message: error.message, field: null, facts: [] };
  }
}

/** Tries the connection of a store. When it works, what waited because its credentials were refused goes on. */
export async function testStore(app: App, channelId: string): Promise<TestResult> {
  const { connector, store } = await openStore(app, channelId);
  const result = await testConnection(connector, store);
  if (result.ok) await app.db.transaction((tx) => noteHealth(tx, channelId, undefined));
  return result;
}

/** Tries credentials that are not kept anywhere. */
export async function testCredentials(
  app: App,
  connector: Connector,
  input: { credentials: FormValues; settings: FormValues; testMode: boolean },
): Promise<TestResult> {
  const credentials = parseForm(connector.manifest.credentialsSchema, 'credentials', input.credentials);
  const settings = parseForm(connector.manifest.settingsSchema, 'settings', input.settings);
  const http = newClient(app, connector, { testMode: input.testMode, credentials, settings });
  try {
    return await testConnection(connector, { channelId: '', credentials, settings, testMode: input.testMode, http, now: () => app.clock.now() });
  } finally {
    await http.close();
  }
}

/**
 * Writes down how a call to the platform went: `undefined` for well. Refused credentials → `auth_failed`, and pushes wait;
 * `rate_limited` → `waiting`; out of reach or unreadable → `failing`; well again → `ok`, and what waited for credentials goes on.
 * A refusal of one request says nothing about the store.
 */
export async function noteHealth(tx: Tx, channelId: string, problem: ConnectorError | undefined): Promise<void> {
  if (problem === undefined) {
    const resumed = await tx.maybe<{ was: string }>(sql`
      update channel set health = 'ok', health_message = '', health_at = ${tx.now},
        push_after = case when health = 'auth_failed' then null else push_after end
      where id = ${channelId} and (health <> 'ok' or health_at < ${new Date(tx.now.getTime() - 60_000)})
      returning old.health as was`);
    if (resumed?.was === 'auth_failed') tx.wake('channels.push');
    return;
  }
  if (problem.kind === 'rejected') return;
  const health = problem.kind === 'auth' ? 'auth_failed' : problem.kind === 'rate_limited' ? 'waiting' : 'failing';
  const message =
    problem.kind === 'auth'
      ? `The platform refuses these credentials: ${problem.message} Enter them again; until then nothing is read or sent.`
      : problem.message;
  await tx.run(sql`
    update channel set health = ${health}, health_message = ${message.slice(0, 1000)}, health_at = ${tx.now},
      push_after = ${problem.kind === 'auth' ? sql`greatest(push_after, ${new Date(tx.now.getTime() + AUTH_PAUSE_MS)})` : sql`push_after`}
    where id = ${channelId}`);
}

/** Runs `work` with an opened store and notes on its channel how that went. Errors go on to the caller. */
export async function withStore<T>(app: App, channelId: string, signal: AbortSignal, work: (opened: OpenStore) => Promise<T>): Promise<T> {
  const opened = await openStore(app, channelId, { signal });
  try {
    return await work(opened);
  } catch (error) {
    if (error instanceof ConnectorError && !signal.aborted) await app.db.transaction((tx) => noteHealth(tx, channelId, error));
    throw error;
  }
}

/** One store the actor may see; other companies' and archived stores do not exist. With `platform`, only on that platform. */
export async function getChannel(db: Db, actor: { companyIds: readonly string[] | null }, id: string, platform?: string): Promise<ChannelRow> {
  const row = await db.maybe<ChannelRow>(sql`
    select * from channel where id = ${id} and archived_at is null
      and (${platform ?? null}::text is null or platform = ${platform ?? null})
      and (${actor.companyIds}::uuid[] is null or company_id = any(${actor.companyIds}::uuid[]))`);
  if (row === undefined) throw notFound('store');
  return row;
}
