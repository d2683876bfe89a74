import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError, defaultDataDir, readConfig, settingsTable } from './config.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'karavan-config-'));
const surroundings = { folder, isRoot: false };
const read = (env: Record<string, string>) => readConfig(env, surroundings);
const secret = 'a secret that is long enough to be one';

afterAll(() => rmSync(folder, { recursive: true }));

test('without any setting the defaults hold, and the secret is made once', () => {
  const config = read({});
  expect(config).toEqual({
    host: '127.0.0.1',
    port: 4000,
    publicUrl: undefined,
    dataDir: path.join(folder, 'data'),
    databaseUrl: undefined,
    secret: readFileSync(path.join(folder, 'data/secret'), 'utf8'),
    roles: { api: true, worker: true },
    demo: 'when_empty',
    owner: undefined,
    sandboxPort: 4100,
    endpoints: {},
    logLevel: 'info',
  });
  expect(config.secret.length).toBeGreaterThanOrEqual(32);
  expect(statSync(path.join(folder, 'data/secret')).mode & 0o777).toBe(0o600);
  expect(read({ PORT: ' ', LOG_LEVEL: '' })).toEqual(config);
});

test('every setting is taken over', () => {
  const config = read({
    PORT: '0',
    KARAVAN_HOST: '::',
    KARAVAN_URL: 'https://hub.example.com/',
    KARAVAN_DATA: 'elsewhere',
    DATABASE_URL: 'postgresql://user:pass@db.example.com/karavan',
    KARAVAN_SECRET: secret,
    KARAVAN_ROLES: 'worker',
    KARAVAN_DEMO: 'on',
    KARAVAN_OWNER_EMAIL: 'ana@example.com',
    KARAVAN_OWNER_PASSWORD: '  ten characters at least ',
    SANDBOX_PORT: '5100',
    KARAVAN_ENDPOINTS: '{"trendyol":"http://localhost:4100/trendyol"}',
    LOG_LEVEL: 'warn',
  });
  expect(config).toEqual({
    host: '::',
    port: 0,
    publicUrl: 'https://hub.example.com',
    dataDir: path.join(folder, 'elsewhere'),
    databaseUrl: 'postgresql://user:pass@db.example.com/karavan',
    secret,
    roles: { api: false, worker: true },
    demo: 'on',
    owner: { email: 'ana@example.com', password: '  ten characters at least ' },
    sandboxPort: 5100,
    endpoints: { trendyol: 'http://localhost:4100/trendyol' },
    logLevel: 'warn',
  });
});

test('with a database of the operator there is no demo unless asked for', () => {
  expect(read({ DATABASE_URL: 'postgres://db/karavan', KARAVAN_SECRET: secret }).demo).toBe('off');
});

describe('a wrong value stops the start with a sentence that names the setting', () => {
  const port = 'must be a whole number from 0 to 65535 (0 takes any free port), but it is';
  const database = 'DATABASE_URL must be an address like postgres://user:password@host:5432/karavan.';
  const endpoints = 'KARAVAN_ENDPOINTS must be a JSON object of platforms and addresses, like {"platform":"http://localhost:4100/platform"}, but it is';
  const cases: [Record<string, string>, string][] = [
    [{ PORT: 'abc' }, `PORT ${port} "abc".`],
    [{ PORT: '65536' }, `PORT ${port} "65536".`],
    [{ PORT: '-1' }, `PORT ${port} "-1".`],
    [{ PORT: '0x10' }, `PORT ${port} "0x10".`],
    [{ SANDBOX_PORT: '4100.5' }, `SANDBOX_PORT ${port} "4100.5".`],
    [{ KARAVAN_HOST: 'http://localhost' }, 'KARAVAN_HOST must be a host name or an address of this machine, but it is "http://localhost".'],
    [{ KARAVAN_URL: 'ftp://hub' }, 'KARAVAN_URL must be an address that begins with http:// or https://, but it is "ftp://hub".'],
    [{ DATABASE_URL: 'mysql://user:hunter2@db/karavan', KARAVAN_SECRET: secret }, database],
    [{ DATABASE_URL: 'postgres://user:hunter2@db', KARAVAN_SECRET: secret }, database],
    [
      { DATABASE_URL: 'postgres://db/karavan' },
      'KARAVAN_SECRET is required together with DATABASE_URL, because it must be the same in every process; make one with: openssl rand -base64 32',
    ],
    [{ KARAVAN_SECRET: 'short' }, 'KARAVAN_SECRET must be at least 32 characters long.'],
    [{ KARAVAN_ROLES: 'api,worker' }, 'KARAVAN_ROLES must be api, worker or both, but it is "api,worker".'],
    [{ KARAVAN_DEMO: 'yes' }, 'KARAVAN_DEMO must be on or off, but it is "yes".'],
    [{ KARAVAN_OWNER_EMAIL: 'ana' }, 'KARAVAN_OWNER_EMAIL must be an e-mail address, but it is "ana".'],
    [{ KARAVAN_OWNER_EMAIL: 'ana@example.com', KARAVAN_OWNER_PASSWORD: 'hunter2' }, 'KARAVAN_OWNER_PASSWORD must be 10 to 200 characters long.'],
    [{ KARAVAN_OWNER_EMAIL: 'ana@example.com' }, 'KARAVAN_OWNER_EMAIL is set without KARAVAN_OWNER_PASSWORD; set both, or neither to use the set-up page.'],
    [{ KARAVAN_OWNER_PASSWORD: 'a long password' }, 'KARAVAN_OWNER_PASSWORD is set without KARAVAN_OWNER_EMAIL; set both, or neither to use the set-up page.'],
    [{ KARAVAN_ENDPOINTS: '{' }, `${endpoints} "{".`],
    [{ KARAVAN_ENDPOINTS: '["http://localhost"]' }, `${endpoints} "["http://localhost"]".`],
    [{ KARAVAN_ENDPOINTS: '{"trendyol":4100}' }, `${endpoints} "{"trendyol":4100}".`],
    [{ LOG_LEVEL: 'verbose' }, 'LOG_LEVEL must be trace, debug, info, warn, error, fatal or silent, but it is "verbose".'],
  ];
  test.each(cases)('%j', (env, sentence) => {
    expect(() => read(env)).toThrow(new ConfigError(sentence));
  });
});

test('a data folder that is a file and a damaged secret are refused', () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, 'short');
  expect(() => read({ KARAVAN_DATA: 'file' })).toThrow(`KARAVAN_DATA must be the path of a folder, but ${file} is a file.`);
  expect(() => read({ KARAVAN_DATA: 'file/below' })).toThrow(
    /^The data folder .*file\/below cannot be used \(.*\); set KARAVAN_DATA to a folder that this user may write to\.$/,
  );
  read({ KARAVAN_DATA: 'damaged' });
  writeFileSync(path.join(folder, 'damaged/secret'), 'short');
  expect(() => read({ KARAVAN_DATA: 'damaged' })).toThrow(/^The file .*damaged\/secret is damaged; put it back from your backup/);
});

test('root keeps the data of each checkout apart, outside of any home folder', () => {
  const one = defaultDataDir({ folder: '/root/karavan', isRoot: true });
  expect(one).toMatch(/^\/var\/lib\/karavan\/[0-9a-f]{12}$/);
  expect(defaultDataDir({ folder: '/root/other', isRoot: true })).not.toBe(one);
});

test('the table for the documentation has a row for every setting', () => {
  const names = [...settingsTable().matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  expect(names).toEqual([
    'PORT',
    'KARAVAN_HOST',
    'KARAVAN_URL',
    'KARAVAN_DATA',
    'DATABASE_URL',
    'KARAVAN_SECRET',
    'KARAVAN_ROLES',
    'KARAVAN_DEMO',
    'KARAVAN_OWNER_EMAIL',
    'KARAVAN_OWNER_PASSWORD',
    'SANDBOX_PORT',
    'KARAVAN_ENDPOINTS',
    'LOG_LEVEL',
  ]);
});
