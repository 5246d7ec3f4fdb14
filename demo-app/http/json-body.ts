import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import { json, type Request, type RequestHandler } from 'express';
import type { z } from 'zod';

/** Largest accepted request body; more is answered with 413. */
export const BODY_LIMIT_BYTES = 16 * 1024;

/** Reads a JSON body of any media type: a wrong Content-Type then fails as what it is, a body that does not fit. */
export function readJson(): RequestHandler {
  return json({ limit: BODY_LIMIT_BYTES, type: () => true, strict: true });
}

/**
 * The request's body, checked.
 *
 * @throws {HttpError} 400, with the path and the reason of the first thing that is wrong.
 */
export function parseBody<T>(request: Request, schema: z.ZodType<T>): T {
  const result = schema.safeParse(request.body);
  if (result.success) return result.data;
  const { path, message } = result.error.issues[0]!;
  throw new HttpError(
    400,
    `body${path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('')}: ${message}`,
  );
}
