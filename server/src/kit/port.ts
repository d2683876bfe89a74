import net from 'node:net';
import { StartError } from './start-error.ts';

const portsTried = 100;

/**
 * Listens on the wanted port or, when it is taken, on the next free one, and returns the one taken.
 * `listen` may reject with EADDRINUSE: the search goes on then. Port 0 means any free port.
 */
export async function listenOnNextFree(wanted: number, host: string, listen: (port: number) => Promise<number>): Promise<number> {
  if (wanted === 0) return listen(0);
  for (let port = wanted; port < wanted + portsTried && port <= 65_535; port++) {
    if (!(await isFree(port, host))) continue;
    try {
      return await listen(port);
    } catch (error) {
      if (codeOf(error) === 'EACCES') throw new StartError(`This user may not use port ${port}; set it to one above 1023.`, { cause: error });
      if (codeOf(error) === 'EADDRNOTAVAIL') throw new StartError(`This machine has no address ${host} to listen on; correct KARAVAN_HOST.`, { cause: error });
      if (codeOf(error) !== 'EADDRINUSE') throw error; // else another program took it after we asked
    }
  }
  return listen(0);
}

/** The sentence for the operator when another port than the wanted one was taken; undefined when there is nothing to say. */
export function portNotice(setting: 'PORT' | 'SANDBOX_PORT', wanted: number, taken: number): string | undefined {
  return wanted === 0 || wanted === taken ? undefined : `Port ${wanted} (${setting}) is taken by another program, so port ${taken} is used.`;
}

async function isFree(port: number, host: string): Promise<boolean> {
  // A browser may reach `localhost` by either address, and must not meet somebody else's server there.
  const hosts = ['127.0.0.1', 'localhost', '::1'].includes(host) ? ['127.0.0.1', '::1'] : [host];
  for (const one of hosts) if (await isTakenOn(port, one)) return false;
  return true;
}

function isTakenOn(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', (error) => resolve(codeOf(error) === 'EADDRINUSE')); // any other error (no IPv6 here) is for `listen` to meet
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(false)));
  });
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined);
