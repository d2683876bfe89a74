import type { Clock } from './clock.ts';

/** `bucket`: that many at once, refilled evenly over the window. `sliding`: never more than that many in any window. */
export type QuotaShape = 'bucket' | 'sliding';

export interface Limit {
  key: string;
  limit: number;
  windowMs: number;
}

export interface BucketUse {
  platform: string;
  sellerId: number;
  key: string;
  limit: number;
  windowMs: number;
  used: number;
  maxInWindow: number;
  accepted: number;
  refused: number;
  exceeded: boolean;
}

/** Counts every call against its limits and says whether it may pass. A refused call takes nothing from any limit. */
export interface QuotaMeter {
  enforced: boolean;
  take(platform: string, sellerId: number, shape: QuotaShape, limits: readonly Limit[]): boolean;
  report(): BucketUse[];
  reset(): void;
}

export function createQuota(clock: Clock, enforced: boolean): QuotaMeter {
  const buckets = new Map<string, Bucket>();
  const meter: QuotaMeter = {
    enforced,
    take: (platform, sellerId, shape, limits) => {
      const now = clock.now();
      const met = limits.map((limit) => {
        const id = `${platform}/${sellerId}/${limit.key}`;
        let bucket = buckets.get(id);
        if (!bucket) buckets.set(id, (bucket = new Bucket(platform, sellerId, limit, now)));
        bucket.limit = limit;
        return bucket;
      });
      const open = met.every((bucket) => bucket.hasRoom(now, shape));
      const pass = open || !meter.enforced;
      for (const bucket of met) bucket.count(now, pass);
      return pass;
    },
    report: () => [...buckets.values()].map((bucket) => bucket.report(clock.now())),
    reset: () => buckets.clear(),
  };
  return meter;
}

class Bucket {
  limit: Limit;
  private readonly platform: string;
  private readonly sellerId: number;
  private readonly sent = new Window();
  private readonly passed = new Window();
  private tokens: number;
  private filledAt: number;
  private maxInWindow = 0;
  private accepted = 0;
  private refused = 0;

  constructor(platform: string, sellerId: number, limit: Limit, now: number) {
    this.platform = platform;
    this.sellerId = sellerId;
    this.limit = limit;
    this.tokens = limit.limit;
    this.filledAt = now;
  }

  hasRoom(now: number, shape: QuotaShape): boolean {
    const { limit, windowMs } = this.limit;
    if (now < this.filledAt) this.passed.clear();
    const refill = now < this.filledAt ? limit : ((now - this.filledAt) * limit) / windowMs;
    this.tokens = Math.min(limit, this.tokens + refill);
    this.filledAt = now;
    return shape === 'sliding' ? this.passed.within(now, windowMs) < limit : this.tokens >= 1;
  }

  count(now: number, pass: boolean): void {
    this.sent.add(now);
    this.maxInWindow = Math.max(this.maxInWindow, this.sent.within(now, this.limit.windowMs));
    if (pass) {
      this.passed.add(now);
      this.passed.within(now, this.limit.windowMs);
      this.tokens = Math.max(0, this.tokens - 1);
      this.accepted++;
    } else this.refused++;
  }

  report(now: number): BucketUse {
    const { key, limit, windowMs } = this.limit;
    const { platform, sellerId, maxInWindow, accepted, refused } = this;
    const used = this.sent.within(now, windowMs);
    return { platform, sellerId, key, limit, windowMs, used, maxInWindow, accepted, refused, exceeded: maxInWindow > limit };
  }
}

/** Moments in order; those older than the window are let go, in blocks. */
class Window {
  private moments: number[] = [];
  private first = 0;

  add(now: number): void {
    if (now < (this.moments.at(-1) ?? now)) this.clear();
    this.moments.push(now);
  }

  /** How many lie in (now − windowMs, now]. */
  within(now: number, windowMs: number): number {
    while (this.first < this.moments.length && this.moments[this.first]! <= now - windowMs) this.first++;
    if (this.first > 1024 && this.first * 2 > this.moments.length) {
      this.moments = this.moments.slice(this.first);
      this.first = 0;
    }
    return this.moments.length - this.first;
  }

  clear(): void {
    this.moments = [];
    this.first = 0;
  }
}
