import { bearerTokenCheck } from '@aiops-sre/service-kit/http/bearer-token.ts';
import { HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import type { RequestHandler } from 'express';

/** Lets through who knows `token`; 401 for everybody else. */
export function requireBearer(token: string): RequestHandler {
  const isAuthorized = bearerTokenCheck(token);
  return (request, _response, next) => {
    if (isAuthorized(request.headers.authorization)) next();
    else next(new HttpError(401, 'a bearer token is needed'));
  };
}
