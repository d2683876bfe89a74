import { setTimeout as sleep } from 'node:timers/promises';
import { edge } from '../../edge.ts';
import { AppError } from '../../kit/errors.ts';
import { syncContract, syncErrors } from './contract.ts';
import { listRuns, toRun } from './reads.ts';
import { cancelRun, getRun } from './sync.ts';

const os = edge(syncContract);

const WATCH_EVERY_MS = 500;
const isActive = (state: string): boolean => state === 'queued' || state === 'running' || state === 'waiting';

export const syncRoutes = {
  list: os.list.handler(({ context, input }) => listRuns(context.app.db, context.actor, input)),
  get: os.get.handler(async ({ context, input }) => toRun(await getRun(context.app.db, context.actor, input.id))),
  events: os.events.handler(async function* ({ context, input, signal }) {
    let last = '';
    for (;;) {
      const run = toRun(await getRun(context.app.db, context.actor, input.id));
      const text = JSON.stringify(run);
      if (text !== last) yield run;
      last = text;
      if (!isActive(run.state) || signal?.aborted === true) return;
      await sleep(WATCH_EVERY_MS);
    }
  }),
  cancel: os.cancel.handler(({ context, input }) =>
    context.write(async (tx) => {
      const before = await getRun(tx, context.actor, input.id);
      if (!isActive(before.state)) throw new AppError(syncErrors['run.not_active']);
      return toRun(await cancelRun(tx, context.actor, input.id));
    }),
  ),
};
