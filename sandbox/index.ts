import type { AddressInfo } from 'node:net';
import { createClock } from './clock.ts';
import { createControl } from './control.ts';
import { createFaults } from './faults.ts';
import { createLog } from './log.ts';
import type { Platform } from './platform.ts';
import { createQuota } from './quota.ts';
import { random } from './random.ts';
import { createHttp } from './server.ts';
import { createTrendyol } from './trendyol/platform.ts';

export interface SandboxOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  /** The same seed and the same calls give the same ids, customers and orders. Default 1. */
  seed?: number;
  /** Whether exceeded quotas are refused; they are counted anyway. Default true. */
  quotas?: boolean;
}

export interface Sandbox {
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Starts the market in this process. Rejects when the port is taken. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { port = 0, host = '127.0.0.1', quotas = true } = options;
  let seed = options.seed ?? 1;
  const clock = createClock();
  const quota = createQuota(clock, quotas);
  const log = createLog();
  const frame = { clock, quota, random: (label: string) => random(seed, label) };
  // Filled in place, so that a reset swaps the platforms under the running server.
  const platforms: Platform[] = [createTrendyol(frame)];
  const faults = createFaults(
    platforms.map((each) => each.name),
    frame.random('faults'),
  );
  const reset = (newSeed: number | undefined): void => {
    seed = newSeed ?? seed;
    clock.reset();
    quota.reset();
    quota.enforced = quotas;
    log.clear();
    faults.reset(frame.random('faults'));
    platforms.splice(0, platforms.length, createTrendyol(frame));
  };
  const control = createControl({ platforms, clock, faults, log, quota, reset });
  const server = createHttp({ platforms, control, clock, faults, log });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    port: taken,
    close: () =>
      new Promise((resolve) => {
        clock.reset();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
