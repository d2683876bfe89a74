import type { Clock } from './clock.ts';
import type { QuotaMeter } from './quota.ts';
import type { Random } from './random.ts';

/** One request that reached a platform, body read whole. `path` is the part after the platform's prefix. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  body: Buffer;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** A text, or a value that becomes JSON. */
  body?: unknown;
}

/** What the platform makes of a call before it does anything: a refusal, or the work to be done. */
export interface Admission {
  sellerId?: number | undefined;
  /** Method and route pattern, for the log. */
  route?: string | undefined;
  refusal?: Answer;
  /** `silentDrop`: answer as if it worked, change nothing. */
  run?: (options: { silentDrop: boolean }) => Answer;
}

/** What a simulated platform gets from the frame. */
export interface Frame {
  clock: Clock;
  quota: QuotaMeter;
  random(label: string): Random;
}

/** A simulated platform: its HTTP face and what the control plane may do to its world. Control verbs throw `ControlError`. */
export interface Platform {
  name: string;
  /** The first part of the path, `/trendyol/integration`. */
  prefix: string;
  admit(call: Call): Admission;
  /** The platform's own envelope for an injected failure. */
  failure(status: number): Answer;
  addWorld(input: unknown): Record<string, number>;
  viewWorld(query: URLSearchParams): unknown;
  addOrders(input: unknown): unknown;
  /** Undefined when there is no such package here. */
  changePackage(id: string, input: unknown): unknown;
  setDemand(input: unknown): unknown;
  demand(): unknown;
  switches: SwitchBoard;
}

/** The choices where the real platform's behaviour is not known. */
export interface SwitchBoard {
  describe(): Record<string, { value: unknown; values: unknown; default: unknown; about: string }>;
  set(input: unknown): void;
}

/** A control call that cannot be done: 400 malformed, 404 unknown, 409 impossible now. */
export class ControlError extends Error {
  readonly status: 400 | 404 | 409;

  constructor(status: 400 | 404 | 409, message: string) {
    super(message);
    this.name = 'ControlError';
    this.status = status;
  }
}
