import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import pg from 'pg';
import { systemActor } from '../server/src/kit/actor.ts';
import { systemClock } from '../server/src/kit/clock.ts';
import { openDatabase, sql } from '../server/src/kit/db.ts';
import { startLocalPostgres } from '../server/src/kit/local-postgres.ts';
import { migrate } from '../server/src/kit/migrate.ts';
import { createApiKey, createCompany } from '../server/src/modules/accounts/accounts.ts';

export interface Result {
  metric: string;
  value: number;
  unit: string;
  /** The limit or peer measured in the same run; null where the target is absolute. */
  limit: number | null;
  ratio: number | null;
  target: string;
  holds: boolean;
}

export type Bench = (options: { rows: number; say(text: string): void }) => Promise<Result[]>;

export const root = fileURLToPath(new URL('../', import.meta.url));
export const BENCH_SECRET = 'a secret of the measurements, long enough';

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

export interface BenchDatabase {
  url: string;
  query(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** As `query`, always over the same connection: temporary tables stay. */
  one(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** A PostgreSQL with full safety on disk (as in use), a migrated database in it, and a way to run SQL. */
export async function benchDatabase(): Promise<BenchDatabase> {
  // Below /var/lib or the like when root: PostgreSQL runs as another user and must reach the folder.
  const dataDir = await mkdtemp(join(tmpdir(), 'karavan-bench-'));
  const postgres = await startLocalPostgres({ dataDir, purpose: 'server' });
  await migrate(postgres.url);
  const pool = new pg.Pool({ connectionString: postgres.url, max: 4 });
  const single = new pg.Client({ connectionString: postgres.url });
  await single.connect();
  return {
    url: postgres.url,
    one: async (text, values = []) => (await single.query(text, values)).rows as Record<string, unknown>[],
    query: async (text, values = []) => (await pool.query(text, values)).rows as Record<string, unknown>[],
    async stop() {
      await single.end();
      await pool.end();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Program {
  url: string;
  child: ChildProcess;
  /** Resident memory in MB, now and the highest since it started. */
  memory(): Promise<{ now: number; peak: number }>;
  stop(): Promise<void>;
}

/** Starts a program of this repository in a process of its own and waits for the line that tells its address. */
export async function startProgram(file: string, env: Record<string, string>, ready: RegExp, args: readonly string[] = []): Promise<Program> {
  const child = spawn(process.execPath, [join(root, file), ...args], { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`${file} ended with ${code}: ${text}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = ready.exec(text);
      if (match !== null) resolve(match[1] ?? '');
    });
  });
  return {
    url: url.replace('localhost', '127.0.0.1'),
    child,
    async memory() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      const read = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
      return { now: read('VmRSS'), peak: read('VmHWM') };
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

/** Karavan itself on a database of the bench. */
export const startKaravan = (databaseUrl: string, roles: 'api' | 'worker' | 'both', endpoints: Record<string, string> = {}): Promise<Program> =>
  startProgram(
    'server/src/main.ts',
    {
      DATABASE_URL: databaseUrl,
      KARAVAN_SECRET: BENCH_SECRET,
      KARAVAN_ROLES: roles,
      KARAVAN_ENDPOINTS: JSON.stringify(endpoints),
      PORT: '0',
      LOG_LEVEL: 'warn',
      KARAVAN_DEMO: 'off',
      NODE_ENV: 'production',
    },
    /ready: (\S+)/,
  );

export interface Load {
  perSecond: number;
  p975: number;
}

/** Fires GETs over 8 connections for some seconds; any answer but 200 is an error. */
export async function fire(url: string, headers: Record<string, string>, seconds = 5): Promise<Load> {
  const result = await autocannon({ url, connections: 8, duration: seconds, headers });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} answers were not 200, ${result.errors} errors`);
  return { perSecond: result.requests.average, p975: result.latency.p97_5 };
}

export const atLeast = (metric: string, unit: string, value: number, limit: number, ratio: number): Result => ({
  metric,
  unit,
  value,
  limit,
  ratio: value / limit,
  target: `≥ ${Math.round(ratio * 100)} %`,
  holds: value / limit >= ratio,
});

export const atMost = (metric: string, unit: string, value: number, limit: number, ratio: number): Result => ({
  metric,
  unit,
  value,
  limit,
  ratio: value / limit,
  target: `≤ ${ratio} ×`,
  holds: value / limit <= ratio,
});

export const below = (metric: string, unit: string, value: number, bound: number): Result => ({
  metric,
  unit,
  value,
  limit: null,
  ratio: value / bound,
  target: `< ${bound} ${unit}`,
  holds: value < bound,
});

export const above = (metric: string, unit: string, value: number, bound: number): Result => ({
  metric,
  unit,
  value,
  limit: null,
  ratio: value / bound,
  target: `≥ ${bound} ${unit}`,
  holds: value >= bound,
});

/** An owner's API key in a database that no running program of ours has cached yet. */
export async function apiKeyFor(databaseUrl: string): Promise<string> {
  const db = openDatabase({ url: databaseUrl, clock: systemClock });
  try {
    const company = await db.maybe(sql`select id from company`);
    if (company === undefined)
      await db.transaction((tx) => createCompany(tx, systemActor, { name: 'Bench SRL', country: 'RO', currency: 'RON', isDefault: true }));
    return (await db.transaction((tx) => createApiKey(tx, systemActor, { name: 'bench', role: 'owner', companyIds: null, expiresAt: null }))).secret;
  } finally {
    await db.close();
  }
}
