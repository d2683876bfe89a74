import { createApi } from './api.ts';
import { createApp } from './app.ts';
import type { App } from './app.ts';
import { fillDemo, prepareDemo } from './demo/demo.ts';
import type { Demo } from './demo/demo.ts';
import { readConfig } from './kit/config.ts';
import type { Config } from './kit/config.ts';
import { watchLauncher } from './kit/launcher.ts';
import { startLocalPostgres } from './kit/local-postgres.ts';
import { migrate } from './kit/migrate.ts';
import { listenOnNextFree, portNotice } from './kit/port.ts';
import { StartError } from './kit/start-error.ts';
import { ensureFirstOwner } from './modules/accounts/accounts.ts';
import { startWorker } from './worker.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Things to stop, in the reverse of the order in which they were started. */
const started: (() => Promise<unknown>)[] = [];
let stopping: Promise<void> | undefined;

/** Stops everything once, whoever asks first; a second signal ends at once. */
function stop(code: number): void {
  if (stopping !== undefined) return;
  stopping = (async () => {
    for (const end of started.toReversed()) {
      await end().catch((error: unknown) => process.stderr.write(`while stopping: ${String(error)}\n`));
    }
    process.exit(code);
  })();
}

/** The database to use: the operator's, or the built-in one that lives and ends with this process. */
async function openStorage(config: Config): Promise<string> {
  if (config.databaseUrl !== undefined) return config.databaseUrl;
  const postgres = await startLocalPostgres({
    dataDir: config.dataDir,
    purpose: 'server',
    log: say,
    onDown: (error) => {
      process.stderr.write(`${error.message}\n`);
      stop(1);
    },
  });
  started.push(() => postgres.stop());
  return postgres.url;
}

async function startServing(app: App): Promise<number> {
  const api = await createApi(app);
  started.push(() => api.close());
  const { host, port } = app.config;
  const taken = await listenOnNextFree(port, host, async (next) => {
    await api.listen({ host, port: next });
    const address = api.server.address();
    return typeof address === 'object' && address !== null ? address.port : next;
  });
  const notice = portNotice('PORT', port, taken);
  if (notice !== undefined) say(notice);
  return taken;
}

async function start(): Promise<void> {
  const config = readConfig();
  const databaseUrl = await openStorage(config);
  await migrate(databaseUrl);
  const demo: Demo | undefined = await prepareDemo(config, databaseUrl);
  if (demo !== undefined) started.push(() => demo.stop());
  const app = await createApp({ config: demo?.config ?? config, databaseUrl, secrets: [config.secret] });
  started.push(() => app.close());
  await ensureFirstOwner(app);
  const port = config.roles.api ? await startServing(app) : undefined;
  if (demo !== undefined) await fillDemo(app, demo, config);
  if (config.roles.worker) {
    const jobs = await startWorker(app);
    started.push(() => jobs.stop());
  }
  if (port === undefined) say('Karavan works in the background.');
  else say(`Karavan is ready: ${config.publicUrl ?? `http://localhost:${port}`}`);
  if (demo !== undefined) say(`Demo shop: sign in as ${demo.email} with the password ${demo.password}`);
}

process.on('SIGTERM', () => stop(0));
process.on('SIGINT', () => stop(0));
watchLauncher(() => stop(0));
try {
  await start();
} catch (error) {
  if (error instanceof StartError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`Karavan could not start: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  stop(1);
}
