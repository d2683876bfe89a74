import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/* What may import what. The rules stand here once and nowhere in prose. */

const root = fileURLToPath(new URL('../../', import.meta.url));
const order = ['accounts', 'sync', 'catalog', 'inventory', 'channels', 'orders', 'ads', 'profit', 'rules', 'insights', 'desk'];
const platforms = ['shopify', 'trendyol', 'temu', 'emag', 'oblio', 'tiktok', 'facebook'];

interface Source {
  path: string;
  text: string;
  imports: { target: string; typeOnly: boolean }[];
}

const read = (pattern: string): Source[] =>
  globSync(pattern, { cwd: root })
    .filter((path) => !path.includes('node_modules'))
    .map((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const imports = [...text.matchAll(/^(import|export)(\s+type)?[^'"`;]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm)].map((match) => ({
        target: (match[3] ?? match[4] ?? '').startsWith('.') ? normalize(join(dirname(path), match[3] ?? match[4] ?? '')) : (match[3] ?? match[4] ?? ''),
        typeOnly: match[2] !== undefined,
      }));
      return { path, text, imports };
    });

const isTest = (path: string): boolean => /\.test\.tsx?$|\/test\/|contract-suite\.ts$|\/e2e\//.test(path);
const server = read('server/src/**/*.ts').filter((source) => !isTest(source.path));
const web = read('web/src/**/*.{ts,tsx}').filter((source) => !isTest(source.path));
const sandbox = read('sandbox/**/*.ts').filter((source) => !isTest(source.path));

const moduleOf = (path: string): string | undefined => /^server\/src\/modules\/(\w+)\//.exec(path)?.[1];
const connectorOf = (path: string): string | undefined => /^server\/src\/connectors\/([\w-]+)\//.exec(path)?.[1];

function refuse(sources: readonly Source[], why: (source: Source, target: string, typeOnly: boolean) => string | undefined): string[] {
  return sources.flatMap((source) =>
    source.imports.flatMap(({ target, typeOnly }) => why(source, target, typeOnly) ?? []).map((reason) => `${source.path}: ${reason}`),
  );
}

test('the kit knows nothing of commerce: it imports only itself and packages', () => {
  const kit = server.filter((source) => source.path.startsWith('server/src/kit/'));
  expect(refuse(kit, (_source, target) => (target.startsWith('server/') && !target.startsWith('server/src/kit/') ? `imports ${target}` : undefined))).toEqual(
    [],
  );
});

test('a connector imports the kit, the contract and its own folder', () => {
  const all = server.filter((source) => connectorOf(source.path) !== undefined);
  expect(
    refuse(all, (source, target) => {
      const allowed =
        !target.startsWith('server/') ||
        target.startsWith('server/src/kit/') ||
        target === 'server/src/connectors/connector.ts' ||
        connectorOf(target) === connectorOf(source.path);
      return allowed ? undefined : `imports ${target}`;
    }),
  ).toEqual([]);
});

test('a module imports earlier modules through their public file, and later ones never', () => {
  const all = server.filter((source) => moduleOf(source.path) !== undefined);
  expect(
    refuse(all, (source, target, typeOnly) => {
      const own = moduleOf(source.path) ?? '';
      const other = moduleOf(target);
      if (other === undefined || other === own) {
        const edgeFile = ['server/src/app.ts', 'server/src/edge.ts', 'server/src/api.ts'].includes(target);
        if (edgeFile && !/\/(routes|jobs|upload|stores|downloads|sign-in)\.ts$/.test(source.path) && !typeOnly)
          return `imports ${target}, which belongs to the edge`;
        if (target === 'server/src/connectors/registry.ts') return 'imports the registry; connectors come with the App';
        return undefined;
      }
      if (order.indexOf(other) > order.indexOf(own)) {
        return source.path.endsWith('/reads.ts') && target.endsWith('/tables.ts') && typeOnly ? undefined : `imports ${target} of a later module`;
      }
      const file = target.replace(`server/src/modules/${other}/`, '');
      const isPublic =
        file === `${other}.ts` ||
        (other === 'accounts' && ['changes.ts', 'rights.ts'].includes(file)) ||
        (file === 'tables.ts' && typeOnly) ||
        file === 'contract.ts';
      return isPublic ? undefined : `imports ${target}, which is not the public file of ${other}`;
    }),
  ).toEqual([]);
});

test('a contract imports only the kit and zod, so that the web may use it', () => {
  const contracts = server.filter((source) => source.path.endsWith('/contract.ts') && moduleOf(source.path) !== undefined);
  expect(contracts.length).toBeGreaterThan(0);
  expect(
    refuse(contracts, (source, target) =>
      target.startsWith('server/src/kit/') ||
      ['zod', '@orpc/contract'].includes(target) ||
      target.startsWith(dirname(source.path)) ||
      target.endsWith('/contract.ts') ||
      target.endsWith('/rights.ts')
        ? undefined
        : `imports ${target}`,
    ),
  ).toEqual([]);
});

test('the sandbox shares no code with the server', () => {
  expect(refuse(sandbox, (_source, target) => (target.startsWith('server/') || target.startsWith('web/') ? `imports ${target}` : undefined))).toEqual([]);
  const connectors = server.filter((source) => source.path.startsWith('server/'));
  expect(
    refuse(connectors, (source, target) => (target.startsWith('sandbox/') && !source.path.startsWith('server/src/demo/') ? `imports ${target}` : undefined)),
  ).toEqual([]);
});

test('a feature of the web imports the kit of the web and contracts, never another feature', () => {
  const featureOf = (path: string): string | undefined => /^web\/src\/features\/([\w-]+)\//.exec(path)?.[1];
  expect(
    refuse(web, (source, target) => {
      if (target.startsWith('server/') && !target.endsWith('contract.ts') && !target.startsWith('server/src/kit/') && !target.endsWith('/rights.ts'))
        return `imports ${target}`;
      const own = featureOf(source.path);
      const other = featureOf(target);
      return own !== undefined && other !== undefined && own !== other ? `imports ${target} of another feature` : undefined;
    }),
  ).toEqual([]);
});

test('only config.ts reads the environment, only the HTTP client talks to the outside', () => {
  const environment = server.filter((source) => /process\.env\b/.test(source.text) && !source.path.endsWith('kit/config.ts')).map((source) => source.path);
  expect(environment.filter((path) => !path.endsWith('kit/postgres-program.ts'))).toEqual([]);
  const outbound = server
    .filter((source) => /(?<![.\w])fetch\(|from 'undici'/.test(source.text) && !source.path.endsWith('kit/http-client.ts'))
    .map((source) => source.path);
  expect(outbound.filter((path) => !path.startsWith('server/src/demo/'))).toEqual([]);
});

test('SQL writes only tables of its own module', async () => {
  const schema = readFileSync(join(root, 'server/schema.sql'), 'utf8');
  const owners = new Map([...schema.matchAll(/^-- (\w+): [^\n]*\ncreate table (\S+) \(/gm)].map((match) => [match[2] ?? '', match[1] ?? '']));
  expect(owners.size).toBeGreaterThan(20);
  const problems = server.flatMap((source) => {
    const own = moduleOf(source.path) ?? (source.path.startsWith('server/src/kit/') ? 'kit' : undefined);
    if (own === undefined) return [];
    const code = source.text.replaceAll(/^\s*(?:\*|\/\*|\/\/).*$/gm, '');
    return [...code.matchAll(/(?:insert into|update|delete from|merge into)\s+(?:only\s+)?"?([a-z_.]+)"?\s/g)].flatMap((match) => {
      const owner = owners.get(match[1] ?? '');
      return owner === undefined || owner === own ? [] : [`${source.path} writes ${match[1]} of ${owner}`];
    });
  });
  expect(problems).toEqual([]);
});

test('no platform is named outside its folder, the registry, the demo, tests and docs', () => {
  const pattern = new RegExp(`\\b(${platforms.join('|')})`, 'i');
  const named = [...server, ...web].filter(
    (source) =>
      !connectorOf(source.path) && !source.path.endsWith('connectors/registry.ts') && !source.path.startsWith('server/src/demo/') && pattern.test(source.text),
  );
  expect(named.map((source) => `${source.path}: ${pattern.exec(source.text)?.[0]}`)).toEqual([]);
});

test('every error code is declared once', () => {
  const codes = server.flatMap((source) => [...source.text.matchAll(/^\s{2}'([a-z_]+\.[a-z_]+)': \{ status:/gm)].map((match) => match[1] ?? ''));
  expect(codes.length).toBeGreaterThan(9);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});
