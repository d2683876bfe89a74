import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base, expect as plainExpect, request } from '@playwright/test';
import type { APIRequestContext, BrowserContext } from '@playwright/test';

/** A running demo shop: the real server with its worker, database and simulated platforms. */
export interface Shop {
  url: string;
  email: string;
  password: string;
  /** Control plane of the simulated platforms: `${sandbox}/world/orders`. */
  sandbox: string;
  /** Cookies of somebody who is signed in; signing in once is enough for all tests. */
  signedIn: Awaited<ReturnType<BrowserContext['storageState']>>;
}

const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
/** The machine may be busy with other tests; what is right comes sooner. */
export const expect = plainExpect.configure({ timeout: 20_000 });

const START_MS = 180_000;
const STOP_MS = 20_000;

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port is free'))));
    });
  });

/** Waits until the server says that it is ready and how to sign in; a server that ends before that fails with its own words. */
function ready(server: ChildProcess): Promise<{ url: string; email: string; password: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error(`The server was not ready after ${START_MS / 1000} s. It said:\n${said}`)), START_MS);
    const listen = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = /Karavan is ready: (\S+)/.exec(said)?.[1];
      const account = /sign in as (\S+) with the password (\S+)/.exec(said);
      if (url === undefined || account === null) return;
      clearTimeout(timer);
      resolve({ url, email: account[1] ?? '', password: account[2] ?? '' });
    };
    server.stdout?.on('data', listen);
    server.stderr?.on('data', listen);
    server.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`The server ended with code ${code}. It said:\n${said}`));
    });
  });
}

export async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  server.kill('SIGTERM');
  const timer = setTimeout(() => server.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(timer);
}

async function signIn({ url, email, password }: { url: string; email: string; password: string }): Promise<Shop['signedIn']> {
  const gate = await request.newContext({ baseURL: url, extraHTTPHeaders: { origin: url } });
  const answer = await gate.post('/api/auth/sign-in/email', { data: { email, password } });
  expect(answer.ok(), await answer.text()).toBe(true);
  const state = await gate.storageState();
  await gate.dispose();
  return state;
}

interface Options {
  /** Statuses that this test provokes; the browser reports each of them as an error of its own. */
  refusals: number[];
}

/**
 * Tests on one demo shop for the whole run (a failed test starts a new one). Every page is signed in, and a test fails
 * when its page threw or logged an error.
 */
export const test = base.extend<Options & { api: APIRequestContext; quiet: void }, { shop: Shop }>({
  shop: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the fixtures a fixture needs from this pattern
    async ({}, use) => {
      const data = await mkdtemp(join(tmpdir(), 'karavan-e2e-'));
      const [port, sandbox] = [await freePort(), await freePort()];
      const server = spawn(process.execPath, [main, '--with-parent'], {
        env: { ...process.env, PORT: String(port), SANDBOX_PORT: String(sandbox), KARAVAN_DATA: data, KARAVAN_DEMO: 'on', LOG_LEVEL: 'warn' },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      try {
        const account = await ready(server);
        await use({ ...account, sandbox: `http://127.0.0.1:${sandbox}/__sandbox`, signedIn: await signIn(account) });
      } finally {
        await stop(server);
        await rm(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      }
    },
    { scope: 'worker', timeout: START_MS + STOP_MS },
  ],
  baseURL: async ({ shop }, use) => use(shop.url),
  storageState: async ({ shop }, use) => use(shop.signedIn),
  refusals: [[], { option: true }],
  /** The API as the person on the page may use it. */
  api: async ({ shop }, use) => {
    const context = await request.newContext({ baseURL: shop.url, storageState: shop.signedIn, extraHTTPHeaders: { origin: shop.url } });
    await use(context);
    await context.dispose();
  },
  quiet: [
    async ({ context, refusals }, use) => {
      const noise: string[] = [];
      const expected = (text: string): boolean =>
        refusals.some((status) => text.startsWith(`Failed to load resource: the server responded with a status of ${status} `));
      context.on('console', (message) => {
        if (message.type() === 'error' && !expected(message.text())) noise.push(message.text());
      });
      context.on('weberror', (error) => noise.push(String(error.error())));
      await use();
      expect(noise, 'nothing is logged as an error').toEqual([]);
    },
    { auto: true },
  ],
});

/** Makes a product of its own for a test, so that tests do not stand in each other's way. */
export async function makeProduct(
  api: APIRequestContext,
  product: { sku: string; title: string; price?: string } & Record<string, unknown>,
): Promise<{ id: string; sku: string; title: string; version: number }> {
  const { price = '129.90', ...rest } = product;
  const answer = await api.post('/api/products', { data: { status: 'active', ...rest, price: { amount: price, currency: 'RON' } } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()) as { id: string; sku: string; title: string; version: number };
}
