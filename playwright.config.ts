import { defineConfig } from '@playwright/test';
import { launchOptions } from './web/e2e/browser.ts';

/** Browser tests on the real server, which each test file's fixtures start for themselves. */
export default defineConfig({
  testDir: 'web/e2e',
  workers: 1,
  timeout: 60_000,
  reporter: [['list']],
  use: { launchOptions: await launchOptions(), viewport: { width: 1440, height: 900 }, locale: 'en-GB', trace: 'retain-on-failure' },
});
