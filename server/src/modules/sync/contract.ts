import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { commonErrors, defineErrors } from '../../kit/errors.ts';
import { pageInput, pageOf } from '../../kit/page.ts';
import { declare, route } from '../../kit/route.ts';

export const syncErrors = defineErrors({
  'run.not_active': { status: 409, message: 'This run has already ended; start a new one.' },
});

export const runState = z.enum(['queued', 'running', 'waiting', 'done', 'failed', 'cancelled']);

export const runSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  title: z.string(),
  subjectKind: z.string().nullable(),
  subjectId: z.uuid().nullable(),
  state: runState,
  done: z.number().int(),
  total: z.number().int().nullable(),
  failed: z.number().int(),
  /** Items per second over the whole run so far; null before there is anything to tell. */
  rate: z.number().nullable(),
  /** Seconds until the end at this rate; null when unknown. */
  etaSeconds: z.number().nullable(),
  retryAt: z.iso.datetime().nullable(),
  errorCode: z.string().nullable(),
  error: z.string().nullable(),
  outcome: z.record(z.string(), z.unknown()).nullable(),
  cancelRequested: z.boolean(),
  changeSetId: z.uuid().nullable(),
  actorName: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Run = z.infer<typeof runSchema>;

const missing = declare(commonErrors['resource.not_found']);
const tags = ['Runs'];

export const syncContract = {
  list: route('signed_in')
    .route({ method: 'GET', path: '/runs', tags, summary: 'Runs, newest first', operationId: 'listRuns' })
    .input(
      z.object({
        ...pageInput,
        state: z.enum(['active', 'ended']).optional(),
        kind: z.string().max(60).optional(),
        subjectId: z.uuid().optional(),
        /** Also scheduled looks that found nothing new. */
        all: z
          .enum(['true', 'false'])
          .transform((value) => value === 'true')
          .optional(),
      }),
    )
    .output(pageOf(runSchema)),
  get: route('signed_in')
    .route({ method: 'GET', path: '/runs/{id}', tags, summary: 'One run', operationId: 'getRun' })
    .input(z.object({ id: z.uuid() }))
    .output(runSchema)
    .errors(missing),
  events: route('signed_in')
    .route({ method: 'GET', path: '/runs/{id}/events', tags, summary: 'Progress of one run as server-sent events, until it ends', operationId: 'watchRun' })
    .input(z.object({ id: z.uuid() }))
    .output(eventIterator(runSchema))
    .errors(missing),
  cancel: route('runs.cancel')
    .route({ method: 'POST', path: '/runs/{id}/cancel', tags, summary: 'Ask a run to stop after its present step', operationId: 'cancelRun' })
    .input(z.object({ id: z.uuid() }))
    .output(runSchema)
    .errors({ ...missing, ...declare(syncErrors['run.not_active']) }),
};
