import { oc } from '@orpc/contract';
import { commonErrors } from './errors.ts';
import type { ErrorKind } from './errors.ts';

/** Policy of a route, held to by the edge before the handler runs. */
export interface RouteMeta {
  /** A named right, or `signed_in` for anybody with an account or key, or `public` for anybody at all. */
  right: string;
}

/** Error codes of a module as oRPC wants them declared. */
export const declare = <C extends string>(...kinds: readonly (ErrorKind & { code: C })[]): Record<C, { status: number; message: string }> =>
  Object.fromEntries(kinds.map((kind) => [kind.code, { status: kind.status, message: kind.message }])) as Record<C, { status: number; message: string }>;

const everywhere = declare(commonErrors['input.invalid'], commonErrors['server.busy'], commonErrors['server.failed']);
const guarded = declare(commonErrors['auth.required'], commonErrors['auth.forbidden'], commonErrors['body.too_large'], commonErrors['idempotency.key_reused']);

/**
 * Begins every operation of a contract: `route('catalog.read').route({ method, path, tags, summary }).input(…).output(…)`.
 * Refusals that any route may give are declared here; a route adds its own with `.errors(declare(…))`.
 */
export const route = (right: string) => oc.$meta<RouteMeta>({ right }).errors({ ...everywhere, ...guarded });
