import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from './clock.ts';
import type { Control } from './control.ts';
import type { Faults } from './faults.ts';
import type { RequestLog } from './log.ts';
import { ControlError } from './platform.ts';
import type { Admission, Answer, Platform } from './platform.ts';

const PLATFORM_BODY_BYTES = 8 * 1024 * 1024;
const CONTROL_BODY_BYTES = 512 * 1024 * 1024;

export interface Parts {
  platforms: readonly Platform[];
  control: Control;
  clock: Clock;
  faults: Faults;
  log: RequestLog;
}

/** The HTTP frame: reads a request whole, finds whose it is, lets faults interfere, answers and logs. */
export function createHttp(parts: Parts): Server {
  const server = createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    handle(parts, request, response).catch((error: unknown) => {
      // The caller went away in the middle of its request.
      if (!request.complete) return void response.destroy();
      // A bug of the sandbox itself; a platform's own failures are answers.
      console.error('sandbox:', error);
      if (response.headersSent) response.destroy();
      else send(response, { status: 500, body: { error: `sandbox bug: ${String(error)}` } });
    });
  });
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  return server;
}

async function handle(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s, 2);
  if (path === '/__sandbox' || path.startsWith('/__sandbox/')) return handleControl(parts, request, response, path, search);
  const platform = parts.platforms.find((each) => path === each.prefix || path.startsWith(`${each.prefix}/`));
  if (!platform) return void send(response, { status: 404, body: { error: `nothing is simulated at ${path}` } });

  const started = performance.now();
  const at = parts.clock.now();
  const method = request.method ?? 'GET';
  const body = await read(request, PLATFORM_BODY_BYTES);
  const log = (admission: Admission, status: number, responseBytes: number, fault?: string): void => {
    const { sellerId, route } = admission;
    const ms = Math.round((performance.now() - started) * 100) / 100;
    parts.log.add({
      at,
      platform: platform.name,
      method,
      path,
      query: search,
      sellerId,
      route,
      status,
      ms,
      requestBytes: body?.length ?? 0,
      responseBytes,
      fault,
    });
  };
  const answer = (admission: Admission, reply: Answer, fault?: string): void => log(admission, reply.status, send(response, reply), fault);

  if (body === undefined) return answer({}, platform.failure(504));
  const headers = request.headers as Record<string, string | undefined>;
  const call = { method, path: path.slice(platform.prefix.length), query: new URLSearchParams(search), headers, body };
  const admission = platform.admit(call);
  if (admission.refusal || !admission.run) return answer(admission, admission.refusal ?? platform.failure(404));

  const fault = parts.faults.take({ platform: platform.name, method, path, sellerId: admission.sellerId });
  if (!fault) return answer(admission, admission.run({ silentDrop: false }));

  const hang = (): void => log(admission, 0, 0, fault.kind);
  const drop = (): void => {
    request.socket.destroy();
    log(admission, 0, 0, fault.kind);
  };
  const fail = (): void => {
    const own = platform.failure(fault.status ?? 500);
    answer(admission, { status: own.status, headers: { ...own.headers, ...fault.headers }, body: fault.body ?? own.body }, fault.kind);
  };
  switch (fault.kind) {
    case 'timeout':
      return hang();
    case 'drop':
      return drop();
    case 'empty':
      return answer(admission, { status: 200, body: '' }, fault.kind);
    case 'status':
      return fail();
    case 'apply_then_fail':
      admission.run({ silentDrop: false });
      return fault.then === 'timeout' ? hang() : fault.then === 'drop' ? drop() : fail();
    case 'silent_drop':
      return answer(admission, admission.run({ silentDrop: true }), fault.kind);
    case 'truncate': {
      const whole = admission.run({ silentDrop: false });
      const { text, type } = payload(whole);
      const half = text.subarray(0, Math.floor(text.length / 2));
      return answer(admission, { status: whole.status, headers: { 'content-type': type, ...whole.headers }, body: half }, fault.kind);
    }
    case 'delay':
      await sleep(fault.delayMs, undefined, { ref: false });
      return answer(admission, admission.run({ silentDrop: false }), fault.kind);
  }
}

async function handleControl(parts: Parts, request: IncomingMessage, response: ServerResponse, path: string, search: string): Promise<void> {
  const body = await read(request, CONTROL_BODY_BYTES);
  if (!body) return void send(response, { status: 413, body: { error: 'the body is larger than 512 MiB; send it in several posts' } });
  try {
    let input: unknown;
    if (body.length > 0) {
      try {
        input = JSON.parse(body.toString('utf8'));
      } catch {
        throw new ControlError(400, 'body: must be JSON');
      }
    }
    send(response, {
      status: 200,
      body: parts.control(request.method ?? 'GET', path.slice('/__sandbox'.length), new URLSearchParams(search), input),
    });
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    send(response, { status: error.status, body: { error: error.message } });
  }
}

/** The body, or undefined when it is larger than allowed (the rest is read and thrown away, so that an answer can be given). */
async function read(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size <= maxBytes ? Buffer.concat(chunks) : undefined;
}

function payload(answer: Answer): { text: Buffer; type: string } {
  const { body } = answer;
  if (Buffer.isBuffer(body)) return { text: body, type: 'application/octet-stream' };
  if (typeof body === 'string') return { text: Buffer.from(body), type: body.startsWith('<') ? 'text/html; charset=utf-8' : 'application/json;charset=UTF-8' };
  return { text: Buffer.from(body === undefined ? '' : JSON.stringify(body)), type: 'application/json;charset=UTF-8' };
}

function send(response: ServerResponse, answer: Answer): number {
  const { text, type } = payload(answer);
  const headers: Record<string, string> = { 'content-length': String(text.length) };
  if (text.length > 0) headers['content-type'] = type;
  response.writeHead(answer.status, { ...headers, ...answer.headers });
  response.end(text);
  return text.length;
}
