import { ControlError } from './platform.ts';

// Readers for what the control plane is sent: each returns the value in its type or refuses with the field's name.

export function check(holds: boolean, name: string, wanted: string): asserts holds {
  if (!holds) throw new ControlError(400, `${name}: must be ${wanted}`);
}

export function object(value: unknown, name: string): Record<string, unknown> {
  check(typeof value === 'object' && value !== null && !Array.isArray(value), name, 'an object');
  return value as Record<string, unknown>;
}

export function list(value: unknown, name: string): unknown[] {
  check(Array.isArray(value), name, 'a list');
  return value;
}

export function text(value: unknown, name: string): string {
  check(typeof value === 'string' && value.length > 0, name, 'a text');
  return value;
}

export function number(value: unknown, name: string): number {
  check(typeof value === 'number' && Number.isFinite(value), name, 'a number');
  return value;
}

export function integer(value: unknown, name: string): number {
  check(typeof value === 'number' && Number.isSafeInteger(value), name, 'a whole number');
  return value;
}

export function flag(value: unknown, name: string): boolean {
  check(typeof value === 'boolean', name, 'true or false');
  return value;
}

export function oneOf<const T extends string>(value: unknown, name: string, allowed: readonly T[]): T {
  check(typeof value === 'string' && (allowed as readonly string[]).includes(value), name, `one of ${allowed.join(', ')}`);
  return value as T;
}

export function optional<T>(value: unknown, name: string, read: (value: unknown, name: string) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value, name);
}

/** A page of a list for the control plane: `page` from 0, `size` up to 100,000. */
export function page<T>(items: readonly T[], query: URLSearchParams): { total: number; page: number; size: number; items: T[] } {
  const at = Number(query.get('page') ?? 0);
  const size = Number(query.get('size') ?? 1000);
  check(Number.isSafeInteger(at) && at >= 0, 'page', 'a whole number from 0');
  check(Number.isSafeInteger(size) && size > 0 && size <= 100_000, 'size', 'a whole number from 1 to 100000');
  return { total: items.length, page: at, size, items: items.slice(at * size, (at + 1) * size) };
}
