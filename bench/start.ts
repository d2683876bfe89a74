import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync, readdirSync } from 'node:fs';
import { below, median, root } from './measure.ts';
import type { Bench } from './measure.ts';

/** Resident memory in MB of the Karavan process (API and worker in one) below a launcher. */
function karavanMemory(launcher: number): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      if (Number(/PPid:\s+(\d+)/.exec(status)?.[1]) !== launcher) continue;
      if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.ts')) continue;
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    } catch {
      // the process ended while we looked at it: the next one
    }
  }
  return Number.NaN;
}

/** One start as a person does it: the command, the first page, then idle; resolves when everything has ended again. */
async function startOnce(dataDir: string, idleMs: number): Promise<{ seconds: number; memory: number }> {
  const began = performance.now();
  const child = spawn('node', ['start.mjs'], {
    cwd: root,
    env: { ...process.env, KARAVAN_DATA: dataDir, KARAVAN_DEMO: 'off', PORT: '0', LOG_LEVEL: 'warn' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.once('exit', (code) => reject(new Error(`the start ended with ${code}: ${text}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = /ready: (\S+)/.exec(text);
      if (match?.[1] !== undefined) resolve(match[1].replace('localhost', '127.0.0.1'));
    });
  });
  const page = await fetch(url);
  await page.text();
  if (!page.ok) throw new Error(`the first page answered ${page.status}`);
  const seconds = (performance.now() - began) / 1000;
  await sleep(idleMs);
  const memory = karavanMemory(child.pid ?? 0);
  await new Promise<void>((resolve) => {
    child.removeAllListeners('exit');
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
  return { seconds, memory };
}

/** `start`: everything installed and built, the database there: from the command to the first page; memory of API and worker when idle. */
export const startBench: Bench = async ({ say }) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'karavan-bench-'));
  say('making the database once');
  await startOnce(dataDir, 0);
  const runs: { seconds: number; memory: number }[] = [];
  for (let run = 0; run < 5; run++) runs.push(await startOnce(dataDir, run === 4 ? 15_000 : 0));
  await rm(dataDir, { recursive: true, force: true });
  return [
    below('command to first page, median of 5', 's', median(runs.map((run) => run.seconds)), 3),
    below('API and worker in one process, idle', 'MB', runs.at(-1)?.memory ?? Number.NaN, 300),
  ];
};
