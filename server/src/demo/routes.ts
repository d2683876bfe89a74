import type { FastifyInstance } from 'fastify';
import { edge } from '../edge.ts';
import { AppError } from '../kit/errors.ts';
import { demoContract, demoErrors } from './contract.ts';
import { drawing } from './drawings.ts';

const os = edge(demoContract);

export const demoRoutes = {
  end: os.end.handler(async ({ context: { app } }) => {
    if (app.demo === undefined) throw new AppError(demoErrors['demo.not_running']);
    await app.demo.end();
    return {};
  }),
};

/** The drawings that stand for photos in the demo shop. */
export function registerDemoImages(server: FastifyInstance): void {
  server.get<{ Params: { file: string } }>('/demo/images/:file', async (request, reply) => {
    const svg = drawing(request.params.file);
    if (svg === undefined) return reply.status(404).send();
    return reply.type('image/svg+xml').header('cache-control', 'public, max-age=31536000, immutable').send(svg);
  });
}
