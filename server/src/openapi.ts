import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { contract } from './contract.ts';

/** The description of the whole API, made from the contracts: OpenAPI 3.1. */
export async function openApiDocument(): Promise<object> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: {
      title: 'Karavan',
      version: '1',
      description:
        'Everything the screens do. People use a session cookie, programs `Authorization: Bearer kv_…`. Writes take `Idempotency-Key`. Errors are problem JSON (RFC 9457) with a stable `code`.',
    },
    servers: [{ url: '/api' }],
    security: [{ session: [] }, { apiKey: [] }],
    components: {
      schemas: {
        Problem: {
          type: 'object',
          description: 'RFC 9457. `code` is stable, `detail` is a sentence for people; further members are facts of the refusal.',
          required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
          properties: {
            type: { type: 'string' },
            title: { type: 'string' },
            status: { type: 'integer' },
            code: { type: 'string' },
            detail: { type: 'string' },
            field: { type: 'string' },
            requestId: { type: 'string' },
          },
        },
      },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'karavan.session_token' },
        apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'kv_…' },
      },
    },
    // The codes travel in the description until `withProblems` moves them up.
    customErrorResponseBodySchema: (kinds) => ({ $ref: '#/components/schemas/Problem', description: kinds.map(([code]) => code).join(' · ') }),
  });
  return withProblems(document as unknown as OpenApi);
}

interface OpenApi {
  paths: Record<
    string,
    Record<string, { responses: Record<string, { description: string; content?: Record<string, { schema?: { description?: string } }> }> }>
  >;
}

/** Says of every refusal which codes it may carry and that its body is problem JSON. */
function withProblems(document: OpenApi): OpenApi {
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    for (const [status, response] of Object.entries(operation.responses)) {
      if (Number(status) < 400) continue;
      const codes = response.content?.['application/json']?.schema?.description ?? status;
      operation.responses[status] = {
        description: codes,
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } as object } },
      };
    }
  }
  return document;
}
