import { bearerTokenCheck } from '@aiops-sre/service-kit/http/bearer-token.ts';
import type { Request, RequestHandler } from 'express';

/** A person, or a tool of one, that may decide. */
export interface Operator {
  readonly name: string;
}

/** Who a request comes from; undefined for a stranger. */
export type Authenticate = (request: Request) => Operator | undefined;

/**
 * By `Authorization: Bearer TOKEN`, which no page of another site can send. Without a token nobody may decide.
 *
 * @param onRefused told of each request of a stranger
 */
export function operatorByToken(token: string | undefined, onRefused: (path: string) => void): Authenticate {
  const isAuthorized = token === undefined ? () => false : bearerTokenCheck(token);
  return (request) => {
    if (isAuthorized(request.get('authorization'))) return { name: 'operator' };
    onRefused(request.originalUrl);
    return undefined;
  };
}

/** 401 for strangers; the others are in `response.locals.operator`. */
export function requireOperator(authenticate: Authenticate): RequestHandler {
  return (request, response, next) => {
    const operator = authenticate(request);
    if (operator === undefined) {
      response.status(401).set({ 'WWW-Authenticate': 'Bearer', Connection: 'close' });
      response.json({ error: "the operator's token is required" });
      return;
    }
    response.locals.operator = operator;
    next();
  };
}
