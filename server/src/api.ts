import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { onError, ORPCError } from '@orpc/server';
import fastify from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.ts';
import { asRefusal, bug, problemOf } from './edge.ts';
import type { RequestContext } from './edge.ts';
import { AppError, commonErrors } from './kit/errors.ts';
import { newId } from './kit/ids.ts';
import { sql } from './kit/db.ts';
import { openApiDocument } from './openapi.ts';
import { router, uploads } from './router.ts';

const JSON_LIMIT = 1024 * 1024;
const webFolder = fileURLToPath(new URL('../../dist/', import.meta.url));

/** Security headers of every answer; the page needs nothing from elsewhere. Styles are inlined by the widget kit. */
const headers = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: https: http:; style-src 'self' 'unsafe-inline'; script-src 'self'; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'",
};

const requestIds = new WeakMap<object, string>();

/** Sends a refusal as problem JSON. A bug is logged with its context; the caller sees the request id. */
function sendProblem(app: App, request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const refusal = asRefusal(error);
  if (refusal === undefined) app.log.error({ err: error, requestId: request.id, method: request.method, url: request.url.split('?')[0] }, 'a request failed');
  const problem = problemOf(refusal ?? bug(), request.id);
  return reply.status(problem.status).header('content-type', 'application/problem+json').send(JSON.stringify(problem));
}

/**
 * A browser's write must come from our own pages, signed in or not: another site must neither use somebody's session nor set up
 * a fresh shop in its own name. A program that shows a key, and none that shows neither Origin nor Sec-Fetch-Site, is no browser.
 */
function refuseForeignOrigin(app: App, request: FastifyRequest): void {
  const { origin, host, cookie, authorization } = request.headers;
  if (request.method === 'GET' || request.method === 'HEAD' || (cookie === undefined && authorization !== undefined)) return;
  const site = request.headers['sec-fetch-site'];
  const foreign =
    origin !== undefined
      ? URL.parse(origin)?.host !== host && origin !== app.config.publicUrl
      : site !== undefined && site !== 'same-origin' && site !== 'none';
  if (foreign) throw new AppError(commonErrors['auth.forbidden'], { data: { right: 'same-origin requests' } });
}

/** Refuses JSON bodies over 1 MiB before reading them; a body of unknown length only passes on upload routes. */
function refuseLargeBody(request: FastifyRequest): void {
  const isUpload = request.routeOptions.config.upload === true;
  if (isUpload || request.method === 'GET' || request.method === 'HEAD') return;
  const length = Number(request.headers['content-length'] ?? (request.headers['transfer-encoding'] === undefined ? 0 : Number.POSITIVE_INFINITY));
  if (!(length <= JSON_LIMIT)) throw new AppError(commonErrors['body.too_large'], { data: { limit: '1 MiB' } });
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route takes a stream and counts it itself. */
    upload?: boolean;
  }
}

/** Who and what a request is, for handlers and upload routes alike. */
export async function contextOf(app: App, request: FastifyRequest): Promise<RequestContext> {
  const key = request.headers['idempotency-key'];
  if (Array.isArray(key) || (key !== undefined && (key.length > 200 || key.length === 0))) {
    throw new AppError(commonErrors['input.invalid'], { field: 'Idempotency-Key', data: { reason: 'Idempotency-Key is 1 to 200 characters' } });
  }
  return {
    app,
    actor: await app.signIn.authenticate(request),
    requestId: request.id,
    ip: request.ip,
    idempotencyKey: key,
    method: request.method,
    path: request.url.split('?')[0] ?? '',
  };
}

/** Builds the HTTP server: API, sign-in, uploads, web pages. Not listening yet. */
export async function createApi(app: App): Promise<FastifyInstance> {
  const server = fastify({
    logger: false,
    genReqId: () => newId(),
    bodyLimit: JSON_LIMIT,
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: (error, request, reply) =>
      void sendProblem(app, request, reply, new AppError(commonErrors['input.invalid'], { data: { reason: 'the address cannot be read' }, cause: error })),
  });
  server.setErrorHandler((error, request, reply) => {
    const status = error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
    const known =
      asRefusal(error) ??
      (status >= 400 && status < 500 ? new AppError({ ...commonErrors['input.invalid'], status }, { data: { reason: (error as Error).message } }) : error);
    return sendProblem(app, request, reply, known);
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(headers).header('x-request-id', request.id);
    refuseForeignOrigin(app, request);
    refuseLargeBody(request);
  });
  server.addHook('onResponse', async (request, reply) => {
    app.log.debug(
      { requestId: request.id, method: request.method, url: request.url.split('?')[0], status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });

  server.get('/healthz', async () => ({ ok: true }));
  server.get('/readyz', async (_request, reply) => {
    const database = await app.db.one(sql`select 1 as up`).then(
      () => true,
      () => false,
    );
    return reply.status(database ? 200 : 503).send({ ok: database, database });
  });
  await app.signIn.register(server);
  for (const register of uploads) await server.register(async (scope) => register(scope, app));

  const document = JSON.stringify(await openApiDocument());
  server.get('/api/openapi.json', async (_request, reply) => reply.type('application/json').send(document));
  await server.register(fastifyStatic, {
    root: dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')),
    prefix: '/api/docs/assets/',
    decorateReply: false,
  });
  server.get('/api/docs', async (_request, reply) => reply.type('text/html').send(docsPage));
  server.get('/api/docs/start.js', async (_request, reply) => reply.type('text/javascript').send(docsScript));

  const handler = new OpenAPIHandler<RequestContext>(router, {
    customErrorResponseBodyEncoder: (error) => error.data,
    clientInterceptors: [
      async (options) => {
        try {
          return await options.next();
        } catch (error) {
          const requestId = requestIds.get(options.context) ?? '';
          const refusal = asRefusal(error);
          if (refusal === undefined) app.log.error({ err: error, requestId, path: options.path.join('.') }, 'a request failed');
          const problem = problemOf(refusal ?? bug(), requestId);
          throw new ORPCError(problem.code, { status: problem.status, message: problem.detail, data: problem, cause: error });
        }
      },
    ],
    interceptors: [
      async (options) => {
        try {
          return await options.next();
        } catch (error) {
          // What fails before a procedure is found: an unreadable body or address.
          if (error instanceof ORPCError && typeof error.data === 'object' && error.data !== null && 'requestId' in error.data) throw error;
          const unreadable =
            error instanceof SyntaxError ? new AppError(commonErrors['input.invalid'], { data: { reason: 'the body is not JSON' }, cause: error }) : undefined;
          const problem = problemOf(asRefusal(error) ?? unreadable ?? bug(), options.context.requestId);
          throw new ORPCError(problem.code, { status: problem.status, message: problem.detail, data: problem, cause: error });
        }
      },
      onError((error, options) => {
        if (!(error instanceof ORPCError)) app.log.error({ err: error, requestId: options.context.requestId }, 'a request failed');
      }),
    ],
  });
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
    scope.addHook('onSend', async (_request, reply, payload) => {
      if (reply.statusCode >= 400 && String(reply.getHeader('content-type')).startsWith('application/json'))
        reply.header('content-type', 'application/problem+json');
      return payload;
    });
    scope.all('/api/*', async (request, reply) => {
      const context = await contextOf(app, request);
      requestIds.set(context, request.id);
      const { matched } = await handler.handle(request, reply, { prefix: '/api', context });
      if (!matched) throw new AppError(commonErrors['resource.not_found'], { data: { kind: 'address' } });
    });
  });

  if (existsSync(join(webFolder, 'index.html'))) {
    await server.register(fastifyStatic, { root: webFolder, wildcard: false, index: false, maxAge: '1y', immutable: true });
    server.setNotFoundHandler((request, reply) => {
      // Pages are drawn in the browser: every address that is not a file gets the page, never cached.
      if (request.method === 'GET' && !request.url.startsWith('/api/') && !request.url.startsWith('/assets/')) {
        return reply.type('text/html').header('cache-control', 'no-cache').sendFile('index.html', { maxAge: 0, immutable: false });
      }
      return sendProblem(app, request, reply, new AppError(commonErrors['resource.not_found'], { data: { kind: 'address' } }));
    });
  } else {
    server.setNotFoundHandler((request, reply) =>
      sendProblem(app, request, reply, new AppError(commonErrors['resource.not_found'], { data: { kind: 'address' } })),
    );
  }
  return server;
}

const docsPage = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Karavan API</title>
<link rel="stylesheet" href="/api/docs/assets/swagger-ui.css"></head><body><div id="reference"></div>
<script src="/api/docs/assets/swagger-ui-bundle.js"></script><script src="/api/docs/start.js"></script></body></html>`;
const docsScript = "SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#reference', deepLinking: true });";
