import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { sql } from './db.ts';
import type { Database } from './db.ts';

/**
 * Background work. What is to be done lives in rows of the module that owes it, written with the change that made it
 * necessary; a loop takes due rows `for update skip locked`, in any number of processes. A wake-up (`tx.wake`) only makes
 * it look at once; a sweep every `everyMs` finds rows that no wake-up came for. A pass may run twice and be killed anywhere.
 */
export interface Loop {
  /** Also the name wake-ups and events use: `channels.push`. */
  name: string;
  everyMs: number;
  /** Does one batch in one or more transactions. True when there may be more to do at once. */
  pass(signal: AbortSignal): Promise<boolean>;
}

/** Something that happens on a timetable, in one process at a time, also after a restart. */
export interface Schedule {
  name: string;
  everyMs: number;
  /** Short: it writes rows or starts runs; long work belongs into a run. */
  tick(): Promise<void>;
}

export interface Jobs {
  stop(): Promise<void>;
}

interface Running {
  wake(): void;
  stopped: Promise<void>;
}

function startLoop(loop: Loop, signal: AbortSignal, log: Logger): Running {
  let wakeUp: (() => void) | undefined;
  let woken = false;
  const wake = (): void => {
    woken = true;
    wakeUp?.();
  };
  signal.addEventListener('abort', wake, { once: true });
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted) {
      woken = false;
      let more = false;
      try {
        more = await loop.pass(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures++;
        log.error({ err: error, loop: loop.name, failures }, 'a background pass failed; it will be tried again');
      }
      if (more && failures === 0) continue;
      // After failures wait longer, so that a broken row or a lost database does not spin.
      const pause = failures === 0 ? loop.everyMs : Math.min(60_000, 500 * 2 ** Math.min(failures, 7));
      if (woken && failures === 0) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      wakeUp = undefined;
    }
  };
  return { wake, stopped: run() };
}

/** Takes due schedules one by one; `next_at` moves on before the work, so that a tick that dies is not repeated at once. */
function scheduleLoop(db: Database, schedules: readonly Schedule[], clock: Clock, log: Logger): Loop {
  return {
    name: 'schedules',
    everyMs: 1000,
    async pass() {
      const now = clock.now();
      const due = await db.rows<{ name: string }>(sql`
        update schedule set last_at = ${now}, next_at = ${now}::timestamptz + (every.ms || ' ms')::interval
        from unnest(${schedules.map((one) => one.name)}::text[], ${schedules.map((one) => one.everyMs)}::bigint[]) as every(name, ms)
        where schedule.name = every.name and next_at <= ${now}
        returning schedule.name`);
      for (const { name } of due) {
        try {
          await schedules.find((one) => one.name === name)?.tick();
        } catch (error) {
          log.error({ err: error, schedule: name }, 'a scheduled job failed; it runs again at its next time');
        }
      }
      return false;
    },
  };
}

/** Starts all loops and schedules of this process. `stop` waits until the passes under way have ended. */
export async function startJobs(options: { db: Database; clock: Clock; log: Logger; loops: readonly Loop[]; schedules: readonly Schedule[] }): Promise<Jobs> {
  const { db, clock, log, schedules } = options;
  const abort = new AbortController();
  if (schedules.length > 0) {
    await db.run(sql`
      insert into schedule (name, next_at) select name, ${clock.now()} from unnest(${schedules.map((one) => one.name)}::text[]) as name
      on conflict (name) do nothing`);
  }
  const loops = schedules.length > 0 ? [...options.loops, scheduleLoop(db, schedules, clock, log)] : [...options.loops];
  const running = new Map<string, Running>();
  const stopListening = await db.listen((name) => running.get(name)?.wake());
  for (const loop of loops) running.set(loop.name, startLoop(loop, abort.signal, log));
  return {
    async stop() {
      abort.abort();
      await stopListening();
      await Promise.all([...running.values()].map((one) => one.stopped));
    },
  };
}

/** Runs every loop in turn until none reports more work: lets tests and the command line finish what is due without waiting. */
export async function drain(loops: readonly Loop[], signal: AbortSignal = new AbortController().signal): Promise<void> {
  for (let again = true; again;) {
    again = false;
    for (const loop of loops) if (await loop.pass(signal)) again = true;
  }
}
