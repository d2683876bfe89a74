import { z } from 'zod';

/* A pattern means nothing to the person whose input it refused. */
z.config({ customError: (issue) => (issue.code === 'invalid_format' && issue['format'] === 'regex' ? 'is not written as it should be' : undefined) });

const hasNul = (value: string): boolean => value.includes('\u0000');

/** True for text PostgreSQL and every platform can hold: no NUL, no half of a surrogate pair. */
export const isStorable = (value: string): boolean => !hasNul(value) && value.isWellFormed();

/** The one schema for text from outside: trimmed, at most `max` characters, free of NUL and lone surrogates. */
export const text = (max: number, options: { min?: number } = {}) =>
  z
    .string()
    .refine(isStorable, { message: 'contains characters that cannot be stored (NUL or half a character)' })
    .transform((value) => value.trim())
    .pipe(
      z
        .string()
        .min(options.min ?? 0)
        .max(max),
    );

/** As `text`, kept exactly as given: for descriptions, passwords and bodies where blanks matter. */
export const rawText = (max: number) =>
  z.string().max(max).refine(isStorable, { message: 'contains characters that cannot be stored (NUL or half a character)' });
