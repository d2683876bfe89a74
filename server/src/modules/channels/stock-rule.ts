import type { StockRule } from './contract.ts';

/**
 * How many pieces a channel is offered of `available`: whole pieces, the channel's share of them rounded down, less the buffer;
 * fewer than the minimum are offered as 0, and never more than the cap. Always an integer ≥ 0, never more than there is.
 */
export function wantedQuantity(available: number, rule: StockRule): number {
  const pieces = Math.max(0, Math.floor(available));
  const offered = Math.floor((pieces * rule.sharePercent) / 100) - rule.buffer;
  if (offered <= 0 || offered < rule.minimum) return 0;
  return Math.min(offered, rule.cap ?? offered);
}

/** Order in which wishes are sent: smaller first. */
export const priorities = { risky: 1, falling: 3, rising: 5 } as const;

/** Near zero a late answer sells what is not there: such wishes go first and are read back. `before` is the last value known there. */
export function priorityOf(wanted: number, before: number | null): number {
  const falling = before === null || wanted < before;
  if (wanted <= 2 || (falling && wanted <= 5)) return priorities.risky;
  return falling ? priorities.falling : priorities.rising;
}

/** The rule in words for the product page: "available × 50 % − 2, at most 20". */
export function describeRule(rule: StockRule): string {
  const parts = ['available'];
  if (rule.sharePercent !== 100) parts.push(`× ${rule.sharePercent} %`);
  if (rule.buffer > 0) parts.push(`− ${rule.buffer}`);
  const limits = [rule.minimum > 1 ? `0 below ${rule.minimum}` : '', rule.cap === null ? '' : `at most ${rule.cap}`].filter((limit) => limit !== '');
  return [parts.join(' '), ...limits].join(', ');
}
