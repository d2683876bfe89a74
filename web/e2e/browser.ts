import type { LaunchOptions } from '@playwright/test';

/** A browser that talks to nobody but the page under test. */
const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-default-apps',
];

/**
 * How the tests start a browser without a system-wide one: the Chromium that came with the packages (Linux, x64);
 * on other systems an installed Chrome. `KARAVAN_BROWSER` names another program.
 */
export async function launchOptions(): Promise<LaunchOptions> {
  const own = process.env['KARAVAN_BROWSER'];
  if (own !== undefined) return { executablePath: own, args: quiet };
  if (process.platform !== 'linux' || process.arch !== 'x64') return { channel: 'chrome', args: quiet };
  const { default: chromium } = await import('@sparticuz/chromium');
  const args = chromium.args.filter((arg) => !arg.startsWith('--headless') && arg !== '--single-process' && arg !== '--no-zygote');
  return { executablePath: await chromium.executablePath(), args: [...args, ...quiet] };
}
