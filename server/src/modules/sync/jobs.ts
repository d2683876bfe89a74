import type { ModuleParts } from '../../app.ts';
import { sql } from '../../kit/db.ts';
import { runLoops } from './runs.ts';

const KEEP_QUIET_RUNS_MS = 24 * 3600 * 1000;
const KEEP_ENDED_RUNS_MS = 90 * 24 * 3600 * 1000;

export const syncParts: ModuleParts = {
  loops: (app) => runLoops({ db: app.db, clock: app.clock, log: app.log, kinds: app.runKinds, workerId: app.workerId }),
  schedules: (app) => [
    {
      name: 'sync.prune',
      everyMs: 6 * 3600 * 1000,
      async tick() {
        // Runs that changed something stay with their change set; scheduled pulls are kept for three months.
        await app.db.run(sql`
          delete from run where finished_at < ${new Date(app.clock.now().getTime() - KEEP_ENDED_RUNS_MS)} and change_set_id is null and state = 'done'`);
        await app.db.run(sql`delete from run where quiet and state = 'done' and finished_at < ${new Date(app.clock.now().getTime() - KEEP_QUIET_RUNS_MS)}`);
      },
    },
  ],
};
