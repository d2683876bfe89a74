/** What an error code promises: the HTTP status and a sentence for a seller. `{name}` is filled from the data. */
export interface ErrorKind {
  status: number;
  message: string;
}

/** Declares a module's error codes. A code is `noun.what_happened`, unique in the whole house. */
export function defineErrors<const K extends Record<string, ErrorKind>>(kinds: K): { [C in keyof K & string]: ErrorKind & { code: C } } {
  return Object.fromEntries(Object.entries(kinds).map(([code, kind]) => [code, { ...kind, code }])) as never;
}

export interface ErrorDetails {
  /** The input field that is wrong, as a path: `lines.0.quantity`. */
  field?: string;
  /** Machine-readable facts that go into the problem; also fill `{name}` places of the message. */
  data?: Record<string, unknown>;
  cause?: unknown;
}

/** An expected refusal: has a code, a status and a sentence that says what happened and what to do next. */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly field: string | undefined;
  readonly data: Record<string, unknown>;

  constructor(kind: ErrorKind & { code: string }, details: ErrorDetails = {}) {
    const data = details.data ?? {};
    super(
      kind.message.replace(/\{(\w+)\}/g, (place, name: string) => (name in data ? String(data[name]) : place)),
      details.cause === undefined ? {} : { cause: details.cause },
    );
    this.name = 'AppError';
    this.code = kind.code;
    this.status = kind.status;
    this.field = details.field;
    this.data = data;
  }
}

/** Refusals any route may give. */
export const commonErrors = defineErrors({
  'input.invalid': { status: 400, message: 'Something in this request is not as it should be: {reason}' },
  'auth.required': { status: 401, message: 'Sign in first, or send an API key.' },
  'auth.forbidden': { status: 403, message: 'Your role does not include the right "{right}". Ask an owner.' },
  'resource.not_found': { status: 404, message: 'There is no such {kind}.' },
  'resource.stale': { status: 409, message: 'Somebody changed this since you opened it. Compare both versions, then save again.' },
  'body.too_large': { status: 413, message: 'This is larger than the {limit} allowed here.' },
  'idempotency.key_reused': { status: 422, message: 'This Idempotency-Key was already used for a different request. Use a new one.' },
  'capability.unsupported': { status: 404, message: '{platform} cannot do this.' },
  'server.busy': { status: 503, message: 'The database did not answer in time. Nothing was changed; try again.' },
  'server.failed': { status: 500, message: 'Something went wrong on our side. Nothing was saved. Quote the request id when you report it.' },
});

export const notFound = (kind: string): AppError => new AppError(commonErrors['resource.not_found'], { data: { kind } });

export const invalid = (field: string, reason: string): AppError => new AppError(commonErrors['input.invalid'], { field, data: { reason } });

/** What can go wrong with an outside platform. The list is closed: retries and screens are decided by it alone. */
export type ConnectorErrorKind = 'auth' | 'rate_limited' | 'rejected' | 'unavailable' | 'bad_response';

/**
 * An outside platform did not do what was asked.
 * `auth` the credentials are refused; `rate_limited` come back at `retryAt`; `rejected` it understood and said no (`reasons`);
 * `unavailable` no answer, 5xx or time-out (a write may have been applied); `bad_response` an answer we cannot read.
 */
export class ConnectorError extends Error {
  readonly kind: ConnectorErrorKind;
  readonly retryAt: Date | undefined;
  readonly reasons: readonly string[];
  /** True when a write may have taken effect although no good answer came. */
  readonly inDoubt: boolean;
  /** The platform's own code where it gave one. */
  readonly code: string | undefined;

  constructor(
    kind: ConnectorErrorKind,
    message: string,
    details: { retryAt?: Date; reasons?: readonly string[]; inDoubt?: boolean; code?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.name = 'ConnectorError';
    this.kind = kind;
    this.retryAt = details.retryAt;
    this.reasons = details.reasons ?? [];
    this.inDoubt = details.inDoubt ?? false;
    this.code = details.code;
  }
}
