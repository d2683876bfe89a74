import { createApi } from '../server/src/api.ts';
import { createApp } from '../server/src/app.ts';
import { connectors } from '../server/src/connectors/registry.ts';
import { readConfig } from '../server/src/kit/config.ts';
import { startWorker } from '../server/src/worker.ts';

/* Karavan with connectors that keep no quota of their own: what the house itself can take in. */

const config = readConfig();
const app = await createApp({
  config,
  databaseUrl: config.databaseUrl ?? '',
  secrets: [config.secret],
  connectors: connectors.map((connector) => ({ ...connector, quotas: () => [] })),
});
const api = await createApi(app);
const url = await api.listen({ host: '127.0.0.1', port: 0 });
await startWorker(app);
process.stdout.write(`ready: ${url}\n`);
