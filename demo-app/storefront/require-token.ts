import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { AxiosInstance } from 'axios';
import type { RequestHandler } from 'express';
import type { z } from 'zod';
import { failureOf } from '../http/json-client.ts';
import { tokenVerdictSchema } from '../identity/token-check.ts';
import { customerDescription, customerSchema } from './describe-customer.ts';

/**
 * Asks identity about the request's bearer token, and says in span and log line whose it is; no token is a visitor, whom identity lets in.
 * A bad token is 401, an identity that does not answer 503.
 */
export function requireToken(identity: AxiosInstance, pseudonymKey = ''): RequestHandler {
  const describe = customerDescription(pseudonymKey);
  return async (request, response, next) => {
    const token = /^Bearer +(\S{1,256})$/i.exec(request.headers.authorization ?? '')?.[1];
    if (request.headers.authorization !== undefined && token === undefined)
      throw new HttpError(401, 'authorization: expected a bearer token');
    const { active, account } = await verdictOn(identity, token ?? '');
    if (!active) throw new HttpError(401, 'authorization: token not accepted');
    const customer = customerSchema.safeParse(account);
    if (customer.success) describe(response, customer.data);
    next();
  };
}

async function verdictOn(
  identity: AxiosInstance,
  token: string,
): Promise<z.infer<typeof tokenVerdictSchema>> {
  const answer = await identity.post('/api/token-checks', { token }).catch((error: unknown) => {
    throw new HttpError(503, 'identity is not available', {
      retryAfterSeconds: 1,
      cause: new Error(`identity: ${failureOf(error)}`),
    });
  });
  const verdict = tokenVerdictSchema.safeParse(answer.data);
  if (answer.status !== 200 || !verdict.success)
    throw new HttpError(503, 'identity is not available', {
      retryAfterSeconds: 1,
      cause: new Error(`identity answered ${answer.status}`),
    });
  return verdict.data;
}
