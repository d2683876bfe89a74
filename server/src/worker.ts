import type { App } from './app.ts';
import { startJobs } from './kit/jobs.ts';
import type { Jobs } from './kit/jobs.ts';

/** Starts the background half: loops that take due rows, schedules, runs. */
export const startWorker = (app: App): Promise<Jobs> => startJobs({ db: app.db, clock: app.clock, log: app.log, loops: app.loops, schedules: app.schedules });
