import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, stop } from './fixtures.ts';

const main = fileURLToPath(new URL('../../server/src/main.ts', import.meta.url));
const START_MS = 120_000;

/** Runs `visit` on a fresh installation without demo and without users, then removes it. */
export async function onEmptyShop(visit: (url: string) => Promise<void>): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'karavan-e2e-empty-'));
  const server = spawn(process.execPath, [main, '--with-parent'], {
    env: { ...process.env, PORT: String(await freePort()), KARAVAN_DATA: data, KARAVAN_DEMO: 'off', LOG_LEVEL: 'warn' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const late = AbortSignal.timeout(START_MS);
    let said = '';
    let url: string | undefined;
    while (url === undefined) {
      const [chunk] = (await once(server.stdout, 'data', { signal: late })) as [Buffer];
      said += chunk.toString();
      url = /Karavan is ready: (\S+)/.exec(said)?.[1];
    }
    await visit(url);
  } finally {
    await stop(server);
    await rm(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
