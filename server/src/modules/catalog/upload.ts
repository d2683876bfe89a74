import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { App } from '../../app.ts';
import { contextOf } from '../../api.ts';
import { requireRight } from '../../edge.ts';
import type { Actor } from '../../kit/actor.ts';
import { AppError, commonErrors, invalid } from '../../kit/errors.ts';
import { toRun } from '../sync/sync.ts';
import { exportQuery, importQuery } from './contract.ts';
import { exportProblems, exportProducts } from './export.ts';
import { getImportOf, receiveImport } from './import.ts';

const UPLOAD_LIMIT = 500 * 1024 * 1024;

/** The query by its schema; `tag[]=a`, `tag[0]=a` and a repeated `tag=a` all mean the same. */
function parseQuery<T>(schema: z.ZodType<T>, query: unknown): T {
  const plain: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(query as Record<string, string | string[]>)) {
    const key = name.replace(/\[\d*\]$/, '');
    plain[key] = plain[key] === undefined ? value : [plain[key], value].flat();
  }
  const parsed = schema.safeParse(plain);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(issue?.path.join('.') ?? '', `${issue?.path.join('.') ?? 'the query'}: ${issue?.message ?? 'invalid'}`);
}

/** The body's bytes, counted as they come. */
async function* counted(body: Readable): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += (chunk as Buffer).length;
    if (bytes > UPLOAD_LIMIT) throw new AppError(commonErrors['body.too_large'], { data: { limit: '500 MB' } });
    yield chunk as Buffer;
  }
}

const actorOf = async (app: App, request: FastifyRequest, right: string): Promise<Actor> => requireRight((await contextOf(app, request)).actor, right);

const sendCsv = (reply: FastifyReply, filename: string, body: AsyncGenerator<Buffer>): FastifyReply =>
  reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${filename.replace(/[^\w.-]+/g, '-')}"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(body, { objectMode: false }));

/** Files in and out, as streams outside the JSON contract, which only describes them. */
export function registerImportUploads(server: FastifyInstance, app: App): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

  server.post('/api/products/import', { config: { upload: true } }, async (request, reply) => {
    const actor = await actorOf(app, request, 'catalog.write');
    const { filename, profile, currency } = parseQuery(importQuery, request.query);
    if (Number(request.headers['content-length']) > UPLOAD_LIMIT) throw new AppError(commonErrors['body.too_large'], { data: { limit: '500 MB' } });
    if (request.headers['content-type']?.startsWith('multipart/') === true) throw invalid('body', 'send the file itself as the body (text/csv), not a form');
    const run = await receiveImport(
      app.db,
      actor,
      { body: counted(request.raw), filename: filename || 'products.csv', profile, currency },
      { extensions: app.importExtensions, profiles: app.importProfiles },
    );
    return reply.status(202).send(toRun(run));
  });

  server.get('/api/products/import/:runId/problems', async (request, reply) => {
    const actor = await actorOf(app, request, 'catalog.read');
    const { runId } = parseQuery(z.object({ runId: z.uuid() }), request.params);
    const { importId } = await getImportOf(app.db, actor, runId);
    return sendCsv(reply, `import-problems-${runId.slice(0, 8)}.csv`, exportProblems(app.db, importId));
  });

  server.get('/api/products/export', async (request, reply) => {
    const actor = await actorOf(app, request, 'catalog.read');
    const { for: purpose, ...filter } = parseQuery(exportQuery, request.query);
    return sendCsv(reply, `products-${app.clock.now().toISOString().slice(0, 10)}.csv`, await exportProducts(app.db, actor, filter, purpose));
  });
}
