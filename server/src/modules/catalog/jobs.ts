import type { ModuleParts } from '../../app.ts';
import { forgetOldImports } from './import.ts';
import { importRuns } from './import-merge.ts';
import { catalogUndo } from './undo.ts';

export const catalogParts: ModuleParts = {
  undo: catalogUndo,
  runs: (app) => [importRuns(app.db, app.importExtensions)],
  schedules: (app) => [
    {
      name: 'catalog.forget_imports',
      everyMs: 3600 * 1000,
      async tick() {
        await forgetOldImports(app.db, app.clock.now());
      },
    },
  ],
};
