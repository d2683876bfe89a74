import { implement, ORPCError, ValidationError } from '@orpc/server';
import type { AnyContractRouter } from '@orpc/contract';
import type { RouterImplementer } from '@orpc/server';
import pg from 'pg';
import type { App } from './app.ts';
import { once } from './modules/accounts/idempotency.ts';
import { AppError, commonErrors } from './kit/errors.ts';
import { hasRight, systemActor } from './kit/actor.ts';
import type { Actor } from './kit/actor.ts';
import type { Tx } from './kit/db.ts';
import type { RouteMeta } from './kit/route.ts';

/** What the HTTP layer hands to every operation. */
export interface RequestContext {
  app: App;
  /** null for a stranger; the policy lets strangers reach public routes only. */
  actor: Actor | null;
  requestId: string;
  ip: string;
  idempotencyKey: string | undefined;
  method: string;
  path: string;
}

/** What a handler works with, after its policy has been checked. */
export interface EdgeContext extends RequestContext {
  actor: Actor;
  /** Opens the request's one transaction; with an Idempotency-Key a repetition answers what the first one answered. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Refuses whoever lacks the right a route asks for. `public` admits strangers, `signed_in` everybody else. */
export function requireRight(actor: Actor | null, right: string): Actor {
  if (right === 'public') return actor ?? { ...systemActor, kind: 'user', name: 'Visitor', rights: new Set() };
  if (actor === null) throw new AppError(commonErrors['auth.required']);
  if (right !== 'signed_in' && !hasRight(actor, right)) throw new AppError(commonErrors['auth.forbidden'], { data: { right } });
  return actor;
}

/** Implements a module's contract: every handler behind its route's policy, with `write` for its transaction. */
export const edge = <C extends AnyContractRouter>(contract: C) =>
  // For a contract that is not known yet the implementer's type is undecided; ours are always routers.
  (implement(contract).$context<RequestContext>() as unknown as RouterImplementer<C, RequestContext & Record<never, never>, RequestContext>).use(
    ({ context, next, procedure }, input) => {
      const actor = requireRight(context.actor, (procedure['~orpc'].meta as RouteMeta).right);
      const { app, idempotencyKey: key } = context;
      const write = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
        app.db.transaction((tx) =>
          key === undefined ? work(tx) : once(tx, actor, { key, fingerprint: [context.method, context.path, input] }, () => work(tx)),
        );
      return next({ context: { actor, write } satisfies Pick<EdgeContext, 'actor' | 'write'> });
    },
  );

/** The body of every refusal: RFC 9457 problem JSON with a stable code. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  field?: string;
  requestId: string;
  [fact: string]: unknown;
}

export const problemOf = (error: AppError, requestId: string): Problem => ({
  ...error.data,
  type: `/api/docs#${error.code}`,
  title: error.code,
  status: error.status,
  code: error.code,
  detail: error.message,
  ...(error.field === undefined ? {} : { field: error.field }),
  requestId,
});

const path = (parts: readonly unknown[] | undefined): string =>
  (parts ?? [])
    .map((part) => String(typeof part === 'object' && part !== null && 'key' in part ? part.key : part))
    .join('.')
    .replace(/^(body|query|params)\./, '');

/** PostgreSQL's own refusals of data (a date that is none, a number out of range) are the caller's mistake; a time-out is ours. */
function fromDatabase(error: pg.DatabaseError): AppError | undefined {
  if (error.code?.startsWith('22') === true)
    return new AppError(commonErrors['input.invalid'], { data: { reason: 'a value is out of range or not of its kind' }, cause: error });
  if (error.code === '57014' || error.code === '55P03' || error.code?.startsWith('53') === true)
    return new AppError(commonErrors['server.busy'], { cause: error });
  return undefined;
}

/** Any thrown value as the refusal a caller gets; `undefined` for a bug (logged by the caller, answered as 500). */
export function asRefusal(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (error instanceof pg.DatabaseError) return fromDatabase(error);
  if (error instanceof ORPCError) {
    if (error.cause instanceof ValidationError) {
      // An output that breaks its schema is our bug, not the caller's.
      if (error.status >= 500) return undefined;
      const [issue] = error.cause.issues;
      const issues = error.cause.issues.slice(0, 20).map((one) => ({ field: path(one.path), reason: one.message }));
      return new AppError(commonErrors['input.invalid'], {
        field: path(issue?.path),
        data: { reason: `${path(issue?.path) || 'input'}: ${issue?.message ?? 'invalid'}`, issues },
      });
    }
    if (error.status >= 400 && error.status < 500) {
      if (error.status === 404) return new AppError(commonErrors['resource.not_found'], { data: { kind: 'address' } });
      return new AppError({ ...commonErrors['input.invalid'], status: error.status }, { data: { reason: error.message } });
    }
  }
  return undefined;
}

export const bug = (): AppError => new AppError(commonErrors['server.failed']);
