import { i18next } from '../lib/i18n.ts';

/** The one shape in which screens meet an error, whatever layer threw it. */
export class Problem extends Error {
  /** Stable, `noun.what_happened`; `network.unreachable` when no answer came. */
  readonly code: string;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The wrong input field as a path: `lines.0.quantity`. */
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  /** Facts that go with the code: both versions of a stale save, limits, conflicts. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly at = Date.now();

  constructor(
    message: string,
    details: { code: string; status: number; field?: string; requestId?: string; data?: Readonly<Record<string, unknown>>; cause?: unknown },
  ) {
    super(message, { cause: details.cause });
    this.name = 'Problem';
    this.code = details.code;
    this.status = details.status;
    this.field = details.field;
    this.requestId = details.requestId;
    this.data = details.data ?? {};
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** Reads problem JSON: `{code, detail, status, field, requestId, …facts}`. */
export function fromProblemJson(body: unknown, status: number, requestId?: string, cause?: unknown): Problem {
  const source = isRecord(body) ? body : {};
  return new Problem(text(source['detail']) ?? text(source['message']) ?? text(source['title']) ?? i18next.t('problem.unexpected'), {
    code: text(source['code']) ?? `http.${status}`,
    status,
    field: text(source['field']),
    requestId: text(source['requestId']) ?? requestId,
    data: source,
    cause,
  });
}

/** Whatever was thrown → a Problem. The same error always gives the same Problem, so that it shows once and with one time. */
const known = new WeakMap<object, Problem>();
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (!isRecord(error)) return new Problem(i18next.t('problem.unexpected'), { code: 'page.failed', status: 0, cause: error });
  const before = known.get(error);
  if (before !== undefined) return before;
  const made = translate(error);
  known.set(error, made);
  return made;
}

function translate(error: Record<string, unknown>): Problem {
  // An answer of the API: the client has put the problem it read there.
  if (error['data'] instanceof Problem) return error['data'];
  // `fetch` rejects with a TypeError when no answer came at all.
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message))
    return new Problem(i18next.t('problem.offline'), { code: 'network.unreachable', status: 0, cause: error });
  return new Problem(i18next.t('problem.unexpected'), { code: 'page.failed', status: 0, cause: error });
}
