/** The virtual clock. It follows real time plus an offset until it is frozen; timers fire in order of their virtual moment. */
export interface Clock {
  now(): number;
  state(): { now: number; offsetMs: number; frozen: boolean };
  /** Runs `run` at that virtual moment; while it runs, `now()` is that moment. Returns a way to call it off. */
  at(moment: number, run: () => void): () => void;
  /** Moves forward and runs everything that falls due, in order, before it returns. */
  advance(ms: number): void;
  /** Goes to a moment; going back leaves waiting timers where they are. */
  set(moment: number): void;
  freeze(frozen: boolean): void;
  /** Forgets all timers and follows real time again. */
  reset(): void;
}

interface Timer {
  at: number;
  seq: number;
  run: (() => void) | undefined;
}

const LONGEST_SLEEP_MS = 60_000;

export function createClock(): Clock {
  let offsetMs = 0;
  let frozenAt: number | undefined;
  let running: number | undefined;
  let seq = 0;
  let sleep: NodeJS.Timeout | undefined;
  let heap: Timer[] = [];

  const outside = (): number => frozenAt ?? Date.now() + offsetMs;
  const now = (): number => running ?? outside();

  const wake = (): void => {
    clearTimeout(sleep);
    const first = heap[0];
    if (!first || frozenAt !== undefined) return;
    sleep = setTimeout(fire, Math.min(Math.max(first.at - outside(), 0), LONGEST_SLEEP_MS));
    sleep.unref();
  };
  const fire = (): void => {
    if (running !== undefined) return;
    try {
      for (let first = heap[0]; first && first.at <= outside(); first = heap[0]) {
        pop(heap);
        running = first.at;
        first.run?.();
      }
    } finally {
      running = undefined;
      wake();
    }
  };

  return {
    now,
    state: () => ({ now: now(), offsetMs: now() - Date.now(), frozen: frozenAt !== undefined }),
    at: (moment, run) => {
      const timer: Timer = { at: moment, seq: seq++, run };
      push(heap, timer);
      if (running === undefined && heap[0] === timer) wake();
      return () => {
        timer.run = undefined;
      };
    },
    advance: (ms) => {
      if (frozenAt !== undefined) frozenAt += ms;
      else offsetMs += ms;
      fire();
    },
    set: (moment) => {
      if (frozenAt !== undefined) frozenAt = moment;
      else offsetMs = moment - Date.now();
      fire();
    },
    freeze: (frozen) => {
      if (frozen) frozenAt = outside();
      else if (frozenAt !== undefined) {
        offsetMs = frozenAt - Date.now();
        frozenAt = undefined;
      }
      wake();
    },
    reset: () => {
      clearTimeout(sleep);
      heap = [];
      offsetMs = 0;
      frozenAt = undefined;
    },
  };
}

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.seq < b.seq);

function push(heap: Timer[], timer: Timer): void {
  let i = heap.push(timer) - 1;
  while (i > 0) {
    const up = (i - 1) >> 1;
    const parent = heap[up]!;
    if (!before(timer, parent)) break;
    heap[i] = parent;
    i = up;
  }
  heap[i] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
}
