import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { Request } from 'express';

/**
 * The key by which a request that is sent again is known.
 *
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 * @throws {HttpError} 400 without one
 */
export function idempotencyKeyOf(request: Request): string {
  const key = request.get('Idempotency-Key') ?? '';
  if (!/^[\x21-\x7e]{1,128}$/.test(key))
    throw new HttpError(400, 'Idempotency-Key: expected a header of 1 to 128 characters without spaces');
  return key;
}
