import { once } from 'node:events';
import net from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { listenOnNextFree, portNotice } from './port.ts';
import { StartError } from './start-error.ts';

const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(port: number, host = '127.0.0.1'): Promise<number> {
  const server = net.createServer();
  servers.push(server);
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

test('a free port is taken as it is, and nothing is said', async () => {
  const wanted = await listen(0);
  servers.pop()?.close();
  expect(await listenOnNextFree(wanted, '127.0.0.1', listen)).toBe(wanted);
  expect(portNotice('PORT', wanted, wanted)).toBeUndefined();
});

test('the next free port replaces one that is taken, and a sentence names both', async () => {
  const wanted = await listen(0);
  const taken = await listenOnNextFree(wanted, '127.0.0.1', listen);
  expect(taken).toBeGreaterThan(wanted);
  expect(portNotice('PORT', wanted, taken)).toBe(`Port ${wanted} (PORT) is taken by another program, so port ${taken} is used.`);
});

test('a port that another program takes in the last moment is passed over', async () => {
  const wanted = await listen(0);
  servers.pop()?.close();
  const tried: number[] = [];
  const taken = await listenOnNextFree(wanted, '127.0.0.1', async (port) => {
    tried.push(port);
    if (port === wanted) await listen(port);
    return listen(port);
  });
  expect(tried[0]).toBe(wanted);
  expect(taken).toBeGreaterThan(wanted);
});

test('port 0 is any free one', async () => {
  expect(await listenOnNextFree(0, '127.0.0.1', listen)).toBeGreaterThan(0);
  expect(portNotice('PORT', 0, 45_000)).toBeUndefined();
});

test('a port that this user may not use and an address that is not ours are told in a sentence', async () => {
  const refuse = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
  const port = await listen(0);
  await expect(listenOnNextFree(port, '127.0.0.1', refuse('EACCES'))).rejects.toThrow(StartError);
  await expect(listenOnNextFree(port, '192.0.2.1', refuse('EADDRNOTAVAIL'))).rejects.toThrow(
    'This machine has no address 192.0.2.1 to listen on; correct KARAVAN_HOST.',
  );
});
