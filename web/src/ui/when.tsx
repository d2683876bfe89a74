import { useSyncExternalStore } from 'react';
import { formatDeadline, formatExact, formatRelative } from '../lib/format.ts';
import type { Instant } from '../lib/format.ts';
import { useZone } from '../lib/zone.ts';
import css from './kit.module.css';

const TICK = 20_000;
let now = Date.now();
const watchers = new Set<() => void>();
let timer: number | undefined;

function watch(changed: () => void): () => void {
  watchers.add(changed);
  timer ??= window.setInterval(() => {
    now = Date.now();
    for (const one of watchers) one();
  }, TICK);
  return () => {
    watchers.delete(changed);
    if (watchers.size === 0) {
      window.clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The present, moving on every 20 seconds while something on screen shows it. */
export const useNow = (): number => useSyncExternalStore(watch, () => now);

/** A relative time with the exact one, zone named, on hover. `deadline` reads as `in 2 h` or `47 min late`. */
export function When({ at, deadline = false }: { at: Instant; deadline?: boolean }) {
  const zone = useZone();
  const seen = useNow();
  const instant = new Date(at);
  // What just happened may be a few seconds newer than the last tick; it is not in the future for that.
  const ahead = instant.getTime() - seen;
  const present = ahead > 0 && ahead < TICK ? instant.getTime() : seen;
  return (
    <time
      dateTime={instant.toISOString()}
      title={formatExact(instant, zone)}
      className={css.when}
      data-late={(deadline && instant.getTime() < present) || undefined}
    >
      {deadline ? formatDeadline(instant, present) : formatRelative(instant, zone, present)}
    </time>
  );
}
