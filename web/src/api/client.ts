import { createORPCClient, ORPCError } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import type { JsonifiedClient } from '@orpc/openapi-client';
import routes from 'virtual:contract';
import { fromProblemJson } from './problem.ts';

/** Refusals come as `application/problem+json`, which the link would hand over unread, as a file. */
function asJson(response: Response): Response {
  if (response.headers.get('content-type')?.startsWith('application/problem+json') !== true) return response;
  const headers = new Headers(response.headers);
  headers.set('content-type', 'application/json');
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

const link = new OpenAPILink(routes, {
  url: `${window.location.origin}/api`,
  fetch: async (request, init) => asJson(await fetch(request, { ...init, credentials: 'same-origin' })),
  // Refusals arrive as problem JSON; `toProblem` reads them from `data`.
  customErrorResponseBodyDecoder: (body, response) => {
    const problem = fromProblemJson(body, response.status, first(response.headers['x-request-id']));
    return new ORPCError(problem.code, { status: response.status, message: problem.message, data: problem });
  },
});

const first = (header: string | readonly string[] | undefined): string | undefined => (typeof header === 'string' ? header : header?.[0]);

/** Every operation of the API, typed by its contract: `api.catalog.products.list({ limit: 50 })`. */
export const api: JsonifiedClient<ContractRouterClient<typeof routes>> = createORPCClient(link);

/**
 * Sends a file to an upload route and tells how far it is. Resolves with the answer's JSON, rejects with a Problem.
 * The one place besides the client that talks HTTP, because `fetch` cannot report what was sent.
 */
export function upload(
  path: string,
  file: Blob,
  options: { headers?: Record<string, string>; onProgress?: (share: number) => void; signal?: AbortSignal } = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${window.location.origin}/api${path}`);
    request.responseType = 'json';
    for (const [name, value] of Object.entries({ 'content-type': file.type || 'application/octet-stream', ...options.headers }))
      request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && options.onProgress?.(event.loaded / event.total);
    request.onload = () =>
      request.status < 400
        ? resolve(request.response)
        : reject(fromProblemJson(request.response, request.status, request.getResponseHeader('x-request-id') ?? undefined));
    request.onerror = () => reject(new TypeError('network: the upload did not reach the server'));
    options.signal?.addEventListener('abort', () => request.abort());
    request.onabort = () => reject(options.signal?.reason ?? new DOMException('aborted', 'AbortError'));
    request.send(file);
  });
}

/** JSON to a route outside the contract (sign-in). Resolves with the answer's JSON, rejects with a Problem. */
export async function postJson(path: string, body: Record<string, unknown>): Promise<unknown> {
  const response = await fetch(`${window.location.origin}/api${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    credentials: 'same-origin',
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw fromProblemJson(answer, response.status, response.headers.get('x-request-id') ?? undefined);
  return answer;
}

/** What a route outside the contract answers (the sessions of a person). Rejects with a Problem. */
export async function getJson(path: string): Promise<unknown> {
  const response = await fetch(`${window.location.origin}/api${path}`, { credentials: 'same-origin' });
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw fromProblemJson(answer, response.status, response.headers.get('x-request-id') ?? undefined);
  return answer;
}
