import { beforeAll, expect, test } from 'vitest';
import i18next from 'i18next';
import common from '../locales/en/common.ts';
import { fromProblemJson, Problem, toProblem } from './problem.ts';

beforeAll(() => i18next.init({ lng: 'en', resources: { en: { common } }, defaultNS: 'common' }));

test('problem JSON becomes code, sentence, field and request id', () => {
  const problem = fromProblemJson(
    { code: 'user.email_taken', detail: 'There is already a user with this e-mail address.', field: 'email', requestId: '01J', status: 409 },
    409,
  );
  expect(problem).toMatchObject({
    code: 'user.email_taken',
    message: 'There is already a user with this e-mail address.',
    field: 'email',
    requestId: '01J',
    status: 409,
  });
});

test('an answer without a body still says something and keeps the request id of its header', () => {
  expect(fromProblemJson(null, 502, '01K')).toMatchObject({ code: 'http.502', status: 502, requestId: '01K' });
});

test('what the client throws carries the problem it read', () => {
  const problem = fromProblemJson({ code: 'resource.stale', detail: 'Somebody changed this.' }, 409);
  expect(toProblem(Object.assign(new Error('x'), { data: problem }))).toBe(problem);
});

test('no answer at all is told from a bug of the page', () => {
  expect(toProblem(new TypeError('Failed to fetch'))).toMatchObject({ code: 'network.unreachable', status: 0 });
  const bug = new TypeError('x is undefined');
  expect(toProblem(bug)).toMatchObject({ code: 'page.failed' });
  expect(toProblem(bug)).toBe(toProblem(bug));
  expect(toProblem('text')).toBeInstanceOf(Problem);
});
