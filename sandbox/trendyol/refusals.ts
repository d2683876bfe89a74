import type { Answer } from '../platform.ts';

/** Thrown inside a route: the platform's refusal, ready to send. */
export class Refused extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`refused with ${answer.status}`);
    this.name = 'Refused';
    this.answer = answer;
  }
}

/** Product and inventory services: `{errors: [{key, message, errorCode}]}`. */
export function productError(status: number, key: string, message: string): Answer {
  return { status, body: { errors: [{ key, message, errorCode: String(status) }] } };
}

/** The gateway and the older services: `{timestamp, exception, errors}`. */
export function gatewayError(status: number, timestamp: number, exception: string, key: string, message: string): Answer {
  return { status, body: { timestamp, exception, errors: [{ key, message, errorCode: '' }] } };
}

export const tooManyRequests = (): Answer => productError(429, 'too.many.requests', 'too.many.requests');

const FORBIDDEN_PAGE = `<html>
<head><title>403 Forbidden</title></head>
<body>
<center><h1>403 Forbidden</h1></center>
<hr><center>edge</center>
</body>
</html>
`;

export function forbidden(body: 'html' | 'json'): Answer {
  return { status: 403, body: body === 'html' ? FORBIDDEN_PAGE : { error: 'Forbidden', message: 'User-Agent is required' } };
}
