import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findFolderHolder, type FolderLock, tryLockFolder } from './folder-lock.ts';
import { canEnter, createCluster, findProgram, findRunAs, openRootBase, removeDrafts, rootBaseFolder, type RunAs } from './postgres-program.ts';
import { Postmaster } from './postmaster.ts';
import { StartError } from './start-error.ts';

/** A running built-in PostgreSQL. */
export interface LocalPostgres {
  /** Address of the database `karavan`. */
  url: string;
  /** Address of the database `postgres`, from which others are created. */
  adminUrl: string;
  /** False when another process runs it and this one only uses it. */
  owned: boolean;
  /** Shuts it down cleanly and frees the data folder; does nothing when it is not ours. */
  stop(): Promise<void>;
}

export interface LocalPostgresOptions {
  /** May be left out for a throwaway, which then lives in a temporary folder that disappears with it. */
  dataDir?: string;
  /** A server wants the folder for itself; a command also works on the database of a running server. */
  purpose?: 'server' | 'command';
  /** For tests: quick and without any safety against a crash. */
  throwaway?: boolean;
  /** How long to wait for another process to leave the data folder. Default: 10 s for a server, 60 s for a command. */
  patienceMs?: number;
  log?: (message: string) => void;
  /** PostgreSQL ended by itself and could not be started again. */
  onDown?: (error: Error) => void;
}

const clusterName = 'pg18';
const passwordName = 'pg-password';
const databaseName = 'karavan';

/**
 * Starts PostgreSQL for a data folder: makes the folder and the database when missing, clears up after a killed run,
 * starts PostgreSQL again on the same port should it die, and lets it end cleanly however this process ends.
 * Throws StartError when the folder is taken by another Karavan or cannot be used.
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const throwaway = options.throwaway ?? false;
  const log = options.log ?? (() => {});
  const temporary = options.dataDir === undefined;
  if (temporary && !throwaway) throw new Error('a database that is kept needs a data folder');
  const dataDir = path.resolve(options.dataDir ?? mkdtempSync(path.join(os.tmpdir(), 'karavan-')));
  const cluster = path.join(dataDir, clusterName);

  const runAs = await prepareFolder(dataDir, temporary);
  const taken = await takeFolder(dataDir, options, log);
  if (!('release' in taken)) return taken;
  try {
    const program = await findProgram(runAs);
    await removeDrafts(cluster);
    const exists = existsSync(path.join(cluster, 'PG_VERSION'));
    const password = ensurePassword(dataDir, exists);
    if (!exists) await createCluster(program, cluster, password, runAs, throwaway);
    const postmaster = new Postmaster({ program, dataDir, cluster, runAs, throwaway, temporary, log, onDown: options.onDown ?? (() => {}) });
    const port = await postmaster.start();
    const adminUrl = databaseUrl(password, port, 'postgres');
    await ensureDatabase(adminUrl).catch(async (error: unknown) => {
      await postmaster.stop();
      throw error;
    });
    taken.describe({ pid: process.pid, postgresPort: port });
    return {
      url: databaseUrl(password, port, databaseName),
      adminUrl,
      owned: true,
      async stop() {
        await postmaster.stop();
        taken.release();
      },
    };
  } catch (error) {
    taken.release();
    throw error;
  }
}

/** The database of the Karavan that runs on this data folder now, if one does. */
export function findLocalPostgres(dataDir: string): LocalPostgres | undefined {
  if (!existsSync(path.join(dataDir, clusterName))) return undefined;
  const port = findFolderHolder(dataDir)?.postgresPort;
  if (port === undefined) return undefined;
  const password = readFileSync(path.join(dataDir, passwordName), 'utf8');
  return { url: databaseUrl(password, port, databaseName), adminUrl: databaseUrl(password, port, 'postgres'), owned: false, stop: async () => {} };
}

/** Makes the folder if missing and finds the user that PostgreSQL runs as in it. */
async function prepareFolder(dataDir: string, temporary: boolean): Promise<RunAs> {
  try {
    const isRoot = process.getuid?.() === 0;
    mkdirSync(dataDir, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
    const runAs = await findRunAs(path.join(dataDir, clusterName));
    if (runAs) {
      if (dataDir.startsWith(rootBaseFolder + path.sep)) openRootBase();
      chmodSync(dataDir, 0o711); // PostgreSQL's user passes through; what lies inside is closed file by file
      if (temporary) chownSync(dataDir, runAs.uid, runAs.gid); // so that the guard may remove it
    }
    if (!(await canEnter(dataDir, runAs))) {
      throw new StartError(`PostgreSQL's user cannot enter ${dataDir}, because a folder above it is closed; set KARAVAN_DATA to a folder outside of it.`);
    }
    return runAs;
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    throw new StartError(`The data folder ${dataDir} cannot be used (${messageOf(cause)}); set KARAVAN_DATA to a folder that this user may write to.`, {
      cause,
    });
  }
}

/** Waits for the folder to be free; a command is also content with the database of whoever holds it. */
async function takeFolder(dataDir: string, options: LocalPostgresOptions, log: (message: string) => void): Promise<FolderLock | LocalPostgres> {
  const command = options.purpose === 'command';
  const deadline = Date.now() + (options.patienceMs ?? (command ? 60_000 : 10_000));
  for (let waited = false; ; waited = true) {
    let lock: FolderLock | undefined;
    try {
      lock = tryLockFolder(dataDir);
    } catch (cause) {
      throw new StartError(`The data folder ${dataDir} cannot be used (${messageOf(cause)}); set KARAVAN_DATA to a folder that this user may write to.`, {
        cause,
      });
    }
    if (lock) {
      lock.describe({ pid: process.pid });
      return lock;
    }
    const running = command ? findLocalPostgres(dataDir) : undefined;
    if (running) return running;
    if (Date.now() >= deadline) {
      const pid = findFolderHolder(dataDir)?.pid;
      throw new StartError(
        `Another Karavan${pid ? ` (process ${pid})` : ''} is using the data folder ${dataDir}; stop it first, or set KARAVAN_DATA to another folder.`,
      );
    }
    if (!waited) log(`Another Karavan is using ${dataDir}; waiting for it to finish.`);
    await sleep(100);
  }
}

/** The password lies beside the cluster, readable by us alone. */
function ensurePassword(dataDir: string, clusterExists: boolean): string {
  const file = path.join(dataDir, passwordName);
  if (existsSync(file)) {
    const password = readFileSync(file, 'utf8');
    if (password) return password;
  }
  if (clusterExists)
    throw new StartError(
      `The database in ${dataDir} cannot be opened, because the file ${passwordName} is missing from that folder; put it back from your backup.`,
    );
  const password = randomBytes(24).toString('base64url');
  writeFileSync(`${file}.new`, password, { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return password;
}

async function ensureDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  client.on('error', () => {}); // PostgreSQL died in between: the query that waits says so
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [databaseName]);
    if (found.rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

const databaseUrl = (password: string, port: number, database: string) => `postgres://karavan:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
