import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { App } from '../app.ts';
import type { Config } from '../kit/config.ts';
import { join as joinSql, raw, sql } from '../kit/db.ts';
import { StartError } from '../kit/start-error.ts';
import { fillShop, openMarket } from './shop.ts';

/** The simulated marketplaces beside a demo shop, and how to sign in there. */
export interface Demo {
  /** Settings under which platforms are looked for in the sandbox. */
  config: Config;
  sandboxUrl: string;
  email: string;
  password: string;
  stop(): Promise<void>;
}

export const DEMO_EMAIL = 'demo@karavan.local';
const sandboxProgram = fileURLToPath(new URL('../../../sandbox/main.ts', import.meta.url));

/** Whether this start is a demo: the shop is one already, or nothing is there yet and the settings do not forbid it. */
async function wantsDemo(config: Config, databaseUrl: string): Promise<boolean> {
  if (config.demo === 'off') return false;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ demo: boolean; empty: boolean; asked: boolean }>(
      `select demo, not exists (select from product) and not exists (select from auth."user") as empty,
        exists (select from schema_note where name = 'demo_ended') as asked from shop`,
    );
    const shop = rows[0];
    // Whoever ended the demo wants their own shop, also when nothing is in it yet.
    return shop !== undefined && (shop.demo || (shop.empty && (config.demo === 'on' || !shop.asked)));
  } finally {
    await client.end();
  }
}

/** The demo's password: made once per data folder, shown at every start. */
function demoPassword(dataDir: string): string {
  const file = join(dataDir, 'demo-password');
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, randomBytes(9).toString('base64url'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}

/** Starts the sandbox as a child that ends with us, even if we are killed; resolves with its address. */
async function startSandbox(port: number): Promise<{ url: string; child: ChildProcess }> {
  // Another seed at each start: the new life of the market must not repeat order numbers of the last one.
  const seed = String(Math.floor(Date.now() / 1000));
  const child = spawn(process.execPath, [sandboxProgram, '--with-parent', '--port', String(port), '--seed', seed], { stdio: ['pipe', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new StartError(`The simulated marketplaces could not start (${code ?? 'killed'}); set KARAVAN_DEMO=off to do without them.`)),
    );
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = /listening on (\S+)/.exec(text);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
  });
  child.removeAllListeners('exit');
  return { url, child };
}

/** Decides whether a demo belongs to this start and brings up its marketplaces; undefined when it does not. */
export async function prepareDemo(config: Config, databaseUrl: string): Promise<Demo | undefined> {
  if (!config.roles.api || !config.roles.worker || !(await wantsDemo(config, databaseUrl))) return undefined;
  const { url, child } = await startSandbox(config.sandboxPort);
  return {
    config: { ...config, endpoints: { trendyol: `${url}/trendyol/integration`, ...config.endpoints } },
    sandboxUrl: url,
    email: DEMO_EMAIL,
    password: demoPassword(config.dataDir),
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

/** Builds the shop on first use, gives the marketplaces their goods and shoppers, and lets the App end the demo. */
export async function fillDemo(app: App, demo: Demo, original: Config): Promise<void> {
  const market = openMarket(demo.sandboxUrl);
  await fillShop(app, market, demo);
  app.demo = {
    async end() {
      delete app.demo;
      app.config = original;
      await emptyEverything(app);
      await demo.stop();
    },
  };
}

/** Removes every row of every table; the shop is as after installation and asks for its first owner. */
async function emptyEverything(app: App): Promise<void> {
  await app.db.transaction(async (tx) => {
    const tables = await tx.rows<{ name: string }>(sql`
      select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname in ('public', 'auth') and tablename not in ('schema_migration', 'schema_note', 'shop', 'schedule') order by 1`);
    await tx.run(sql`truncate ${joinSql(tables.map((table) => raw(table.name)))} restart identity cascade`);
    await tx.run(sql`alter sequence order_number_seq restart`);
    await tx.run(sql`update shop set name = 'My shop', time_zone = 'Europe/Bucharest', currency = 'RON', demo = false, version = version + 1`);
    await tx.run(sql`insert into schema_note (name, at) values ('demo_ended', ${tx.now}) on conflict (name) do nothing`);
  });
}
