import type { FastifyInstance } from 'fastify';
import { afterAll } from 'vitest';
import { createApi } from '../src/api.ts';
import { createApp } from '../src/app.ts';
import type { App } from '../src/app.ts';
import type { Connector } from '../src/connectors/connector.ts';
import { systemClock } from '../src/kit/clock.ts';
import type { Clock } from '../src/kit/clock.ts';
import { readConfig } from '../src/kit/config.ts';
import { systemActor } from '../src/kit/actor.ts';
import { drain } from '../src/kit/jobs.ts';
import { createApiKey, createCompany } from '../src/modules/accounts/accounts.ts';
import { testDatabaseUrl } from './database.ts';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  body: T;
  headers: Headers;
}

export interface TestApp {
  app: App;
  server: FastifyInstance;
  url: string;
  /** A request with an owner's API key; `as` sends another key, `null` none. */
  call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    options?: { as?: string | null; headers?: Record<string, string> },
  ): Promise<Answer<T>>;
  keyFor(role: string, companyIds?: string[]): Promise<string>;
  /** Does all background work that is due, until nothing is left. */
  settle(): Promise<void>;
}

export interface TestAppOptions {
  clock?: Clock;
  connectors?: readonly Connector[];
  endpoints?: Record<string, string>;
  /** Without the company that every other test wants to be there. */
  empty?: boolean;
}

/** The whole application on a database of its own with a listening API; no worker runs, `settle()` does its work on demand. */
export async function testApp(options: TestAppOptions = {}): Promise<TestApp> {
  const databaseUrl = await testDatabaseUrl();
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    KARAVAN_SECRET: 'a secret of the tests, long enough',
    LOG_LEVEL: 'fatal',
    PORT: '0',
    KARAVAN_ENDPOINTS: JSON.stringify(options.endpoints ?? {}),
  });
  const app = await createApp({
    config,
    databaseUrl,
    secrets: [config.secret],
    clock: options.clock ?? systemClock,
    ...(options.connectors === undefined ? {} : { connectors: options.connectors }),
  });
  const server = await createApi(app);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  afterAll(async () => {
    await server.close();
    await app.close();
  });
  const keyFor = async (role: string, companyIds?: string[]): Promise<string> =>
    (await app.db.transaction((tx) => createApiKey(tx, systemActor, { name: `test ${role}`, role, companyIds: companyIds ?? null, expiresAt: null }))).secret;
  const owner = await keyFor('owner');
  if (options.empty !== true)
    await app.db.transaction((tx) => createCompany(tx, systemActor, { name: 'Test SRL', country: 'RO', currency: 'RON', isDefault: true }));
  return {
    app,
    server,
    url,
    keyFor,
    async call<T>(method: string, path: string, body?: unknown, { as = owner, headers = {} }: { as?: string | null; headers?: Record<string, string> } = {}) {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(as === null ? {} : { authorization: `Bearer ${as}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: (text === '' ? undefined : text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text) as T,
      };
    },
    settle: () => drain(app.loops),
  };
}
