import { z } from 'zod';
import { defineErrors } from '../kit/errors.ts';
import { declare, route } from '../kit/route.ts';

export const demoErrors = defineErrors({
  'demo.not_running': { status: 409, message: 'This is not a demo shop; there is nothing to end.' },
});

export const demoContract = {
  end: route('accounts.manage')
    .route({
      method: 'POST',
      path: '/demo/end',
      tags: ['Demo'],
      summary: 'Remove the demo shop with everything in it and begin an empty one',
      operationId: 'endDemo',
    })
    .input(z.object({}).optional())
    .output(z.object({}))
    .errors(declare(demoErrors['demo.not_running'])),
};
