import { minifyContractRouter } from '@orpc/contract';
import react from '@vitejs/plugin-react';
import { defineConfig, runnerImport } from 'vite';
import type { Plugin } from 'vite';

/**
 * `virtual:contract`: methods and paths of the API without its schemas. The browser needs no more to call it; types come from
 * the contract itself. Keeps zod and every server file out of the page.
 */
const contractRoutes: Plugin = {
  name: 'contract-routes',
  resolveId: (id) => (id === 'virtual:contract' ? '\0contract' : undefined),
  async load(id) {
    if (id !== '\0contract') return undefined;
    const { module, dependencies } = await runnerImport<typeof import('./server/src/contract.ts')>(new URL('server/src/contract.ts', import.meta.url).pathname);
    for (const file of dependencies) this.addWatchFile(file);
    const drop = new Set(['summary', 'description', 'tags', 'operationId', 'right']);
    return `export default ${JSON.stringify(minifyContractRouter(module.contract), (key, value: unknown) => (drop.has(key) ? undefined : value))}`;
  },
};

export default defineConfig({
  root: 'web',
  plugins: [react(), contractRoutes],
  build: { outDir: '../dist', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 900 },
  // The host stays the page's own: the server refuses writes whose origin is another one.
  server: { proxy: { '/api': { target: 'http://127.0.0.1:4000', changeOrigin: false }, '/demo': { target: 'http://127.0.0.1:4000', changeOrigin: false } } },
});
