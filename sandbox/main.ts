import { parseArgs } from 'node:util';
import { startSandbox } from './index.ts';
import type { Sandbox, SandboxOptions } from './index.ts';

const DEFAULT_PORT = 4100;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      seed: { type: 'string', default: '1' },
      'no-quotas': { type: 'boolean', default: false },
      'with-parent': { type: 'boolean', default: false },
    },
  });
  const port = whole(values.port ?? (process.env.SANDBOX_PORT || String(DEFAULT_PORT)), 'port', 65_535);
  const sandbox = await startOnFreePort({
    port,
    host: values.host,
    seed: whole(values.seed, 'seed', Number.MAX_SAFE_INTEGER),
    quotas: !values['no-quotas'],
  });

  let closing = false;
  const end = (): void => {
    if (closing) return;
    closing = true;
    void sandbox.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  if (values['with-parent']) {
    // The pipe closes when the parent ends, however it ends.
    process.stdin.on('end', end).on('close', end).on('error', end).resume();
  }
  console.log(`sandbox listening on ${sandbox.url}`);
}

async function startOnFreePort(options: SandboxOptions): Promise<Sandbox> {
  try {
    return await startSandbox(options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    console.log(`port ${options.port} is taken, using a free one`);
    return startSandbox({ ...options, port: 0 });
  }
}

function whole(given: string, name: string, max: number): number {
  const value = Number(given);
  if (!/^\d+$/.test(given) || value > max) throw new Error(`${name} must be a whole number from 0 to ${max}, not "${given}"`);
  return value;
}

main().catch((error: unknown) => {
  console.error(`sandbox: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
