import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isWindows, postgresEnv, type PostgresProgram, type RunAs, serverArguments } from './postgres-program.ts';
import { StartError } from './start-error.ts';

const logName = 'pg.log';
const startAttempts = 8;

export interface PostmasterOptions {
  program: PostgresProgram;
  dataDir: string;
  cluster: string;
  runAs: RunAs;
  throwaway: boolean;
  temporary: boolean;
  log: (message: string) => void;
  onDown: (error: Error) => void;
}

/**
 * Runs PostgreSQL and, should this process die in any way, shuts it down: its input is a pipe from us, and `read`
 * returns when we are gone. It has a session of its own, so that Ctrl-C and a killed process group do not reach it.
 */
const guardScript = `
signal=$1 remove=$2; shift 2
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
{ read -r _ <&3; kill -s "$signal" "$server"; } 2>/dev/null &
reader=$!
wait "$server"; code=$?
kill "$reader" 2>/dev/null
[ -z "$remove" ] || rm -rf "$remove"
exit $code
`;

/** PostgreSQL's main process in the course of its life: started, started again when it dies, stopped. */
export class Postmaster {
  readonly #options: PostmasterOptions;
  #child: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #restart: Promise<void> = Promise.resolve();
  #stopping = false;

  constructor(options: PostmasterOptions) {
    this.#options = options;
  }

  /** Starts it and returns its port. */
  async start(wantedPort?: number): Promise<number> {
    const { cluster, dataDir, log } = this.#options;
    for (let attempt = 1; attempt <= startAttempts && !this.#stopping; attempt++) {
      await endLeftover(cluster, log);
      const port = wantedPort ?? (await findFreePort());
      this.#spawn(port);
      if (await this.#isReady(port)) {
        this.#watch(port);
        return port;
      }
      if (this.#stopping) break;
      log(`PostgreSQL did not start (attempt ${attempt}).`);
      await sleep(100 * attempt); // another process took the port, or children of a killed PostgreSQL are still ending
    }
    throw new StartError(`PostgreSQL did not start: ${lastComplaint(path.join(dataDir, logName))} (more in ${path.join(dataDir, logName)})`);
  }

  /** Shuts it down and returns when it is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const { program, cluster, temporary, dataDir } = this.#options;
    if (isWindows) {
      await promisify(execFile)(program.pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w']).catch(() => {}); // fails when it is gone already
      if (temporary) rmSync(dataDir, { recursive: true, force: true });
    } else {
      this.#child?.ref();
      this.#child?.stdin?.end();
    }
    await this.#exited;
    await this.#restart;
  }

  #spawn(port: number): void {
    const { program, cluster, dataDir, runAs, throwaway, temporary } = this.#options;
    const logFile = path.join(dataDir, logName);
    if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > 10_000_000) renameSync(logFile, `${logFile}.1`);
    const out = openSync(logFile, 'a', 0o600);
    const command = [program.postgres, '-D', cluster, '-p', String(port), ...serverArguments(throwaway)];
    const signal = throwaway ? 'QUIT' : 'INT';
    const [file, args] = isWindows
      ? [command[0] as string, command.slice(1)]
      : ['/bin/sh', ['-c', guardScript, 'karavan-postgres-guard', signal, temporary ? dataDir : '', ...command]];
    const child = spawn(file, args, { ...runAs, cwd: '/', env: postgresEnv, detached: !isWindows, windowsHide: true, stdio: ['pipe', out, out] });
    closeSync(out);
    child.stdin?.on('error', () => {}); // it is gone; its exit says so
    child.unref();
    (child.stdin as net.Socket | null)?.unref();
    this.#child = child;
    this.#exited = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
  }

  /** True once it answers on the port, false when it ended before; a recovery after a crash may take minutes. */
  async #isReady(port: number): Promise<boolean> {
    const { cluster, log } = this.#options;
    const ended = this.#exited.then(() => true);
    let nextNews = Date.now() + 10_000;
    for (;;) {
      const file = readPidFile(cluster);
      if (file?.ready && file.port === port && (await isPostgresOf(file.pid, cluster))) return true;
      if (await Promise.race([ended, sleep(20, false)])) return false;
      if (Date.now() > nextNews) {
        log('PostgreSQL is still starting; after a crash it first repeats what was not yet written.');
        nextNews += 30_000;
      }
    }
  }

  /** When it ends without being told to, starts it again on the same port, so that every connection pool finds it. */
  #watch(port: number): void {
    const { log, onDown } = this.#options;
    this.#restart = this.#exited.then(async () => {
      if (this.#stopping) return;
      log('PostgreSQL ended unexpectedly; starting it again.');
      try {
        await this.start(port);
      } catch (error) {
        if (!this.#stopping) onDown(error as Error);
      }
    });
  }
}

/**
 * We hold the folder, so a PostgreSQL that still runs in it was left behind by a killed run. Its guard is most likely
 * ending it right now, and being told twice does no harm; if the guard was killed too, only we end it.
 */
async function endLeftover(cluster: string, log: (message: string) => void): Promise<void> {
  const left = readPidFile(cluster);
  if (!left) return;
  if (!(await isPostgresOf(left.pid, cluster))) {
    // PostgreSQL itself handles a dead number, but takes a living process that got the same number for a second server.
    if (isAlive(left.pid)) rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  log('Waiting for the PostgreSQL of an earlier run to shut down.');
  const steps = [
    { signal: 'SIGINT', waitMs: 60_000 }, // clean
    { signal: 'SIGQUIT', waitMs: 10_000 }, // at once; the next start repeats what was not yet written
  ] as const;
  for (const { signal, waitMs } of steps) {
    sendSignal(left.pid, signal);
    for (const deadline = Date.now() + waitMs; Date.now() < deadline; await sleep(50)) {
      if (!(await isPostgresOf(left.pid, cluster))) return;
    }
  }
  throw new StartError(`The PostgreSQL of an earlier run (process ${left.pid}) does not end; end it and start Karavan again.`);
}

/** What PostgreSQL says about itself: process number, port and whether it takes connections. */
function readPidFile(cluster: string): { pid: number; port: number; ready: boolean } | undefined {
  try {
    const lines = readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return pid > 0 ? { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' } : undefined;
  } catch {
    return undefined; // no such file: it does not run
  }
}

/** Whether the process is alive and PostgreSQL's main process for this cluster, not another one that got its number. */
async function isPostgresOf(pid: number, cluster: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (isWindows) return true;
  try {
    if (process.platform === 'linux') {
      const [program, flag, folder] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return program?.endsWith('/postgres') === true && flag === '-D' && folder === cluster;
    }
    const { stdout } = await promisify(execFile)('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)]);
    return !stdout.startsWith('/bin/sh ') && stdout.includes(`/postgres -D ${cluster} `);
  } catch {
    return false;
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // else it ended just now
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function lastComplaint(logFile: string): string {
  try {
    const complaints = readFileSync(logFile, 'utf8')
      .split('\n')
      .filter((line) => /\b(?:FATAL|PANIC|ERROR):|error while/.test(line));
    return complaints.at(-1)?.replace(/^.*?(?:FATAL|PANIC|ERROR): */, '') ?? 'it gave no reason';
  } catch {
    return 'it gave no reason';
  }
}
