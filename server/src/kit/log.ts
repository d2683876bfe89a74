import { pino } from 'pino';
import type { Logger } from 'pino';

/** Structured logs on standard output. Whatever looks like a secret is removed wherever it stands. */
export const createLog = (level: string): Logger =>
  pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        'authorization',
        'cookie',
        'password',
        'secret',
        'apiKey',
        'apiSecret',
        'token',
        'credentials',
        '*.authorization',
        '*.cookie',
        '*.password',
        '*.secret',
        '*.apiKey',
        '*.apiSecret',
        '*.token',
        '*.credentials',
        'req.headers.authorization',
        'req.headers.cookie',
        'req.headers["x-api-key"]',
        'err.config',
        'headers.authorization',
      ],
      censor: '[removed]',
    },
  });

export type { Logger } from 'pino';
