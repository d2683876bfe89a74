import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts the program and waits for the line with its address. */
async function start(args: string[], env: Record<string, string> = {}): Promise<{ child: ChildProcess; url: string; output: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  children.push(child);
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /^sandbox listening on (http:\/\/127\.0\.0\.1:\d+)$/m.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
  return { child, url, output };
}

describe('the program', () => {
  it('serves, and ends cleanly on SIGTERM', async () => {
    const { child, url } = await start(['--port', '0']);
    expect((await fetch(`${url}/__sandbox/clock`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('takes another port when its own is taken, and says so', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as AddressInfo;
    const { url, output } = await start([], { SANDBOX_PORT: String(port) });
    expect(output).toContain(`port ${port} is taken`);
    expect(url).not.toContain(`:${port}`);
    blocker.close();
  });

  it('ends when its standard input closes only if told it has a parent', async () => {
    const alone = await start(['--port', '0']);
    const kept = await start(['--port', '0', '--with-parent']);
    alone.child.stdin?.end();
    kept.child.stdin?.end();
    expect(await once(kept.child, 'exit')).toEqual([0, null]);
    expect((await fetch(`${alone.url}/__sandbox/clock`)).status).toBe(200);
  });

  it('does not outlive a parent that is killed', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, [${JSON.stringify(MAIN)}, '--port', '0', '--with-parent'], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdout.pipe(process.stdout);
    `;
    const parent = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(parent);
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const url = line.toString().trim().split(' ').at(-1) ?? '';
    expect((await fetch(`${url}/__sandbox/clock`)).status).toBe(200);
    parent.kill('SIGKILL');
    await expect
      .poll(
        () =>
          fetch(`${url}/__sandbox/clock`).then(
            () => 'alive',
            () => 'gone',
          ),
        { timeout: 5000 },
      )
      .toBe('gone');
  });

  it.each([
    ['--port', 'abc'],
    ['--seed', '-1'],
    ['--nonsense', '1'],
  ])('refuses %s %s with one sentence', async (...args) => {
    await expect(start(args)).rejects.toThrow('ended with 1');
  });
});
