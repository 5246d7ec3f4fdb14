import { createHash, timingSafeEqual } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import { HttpError } from '../http/http-error.ts';
import { parseBody, readJson } from '../http/json-body.ts';
import { type Faults, faultsSchema } from './faults.ts';

export interface AdminRoutesOptions {
  readonly token: string;
  readonly faults: Faults;
  readonly logger: Logger;
  /** Ends the process as a crash would. */
  readonly crash: () => void;
}

/** Fault injection for drills, behind a bearer token. To be mounted at /admin, and only where there is a token. */
export function adminRoutes({ token, faults, logger, crash }: AdminRoutesOptions): Router {
  const router = Router();
  router.use(requireBearer(token));
  router.get('/faults', (_request, response) => {
    response.json(faults.current());
  });
  router.put('/faults', readJson(), (request, response) => {
    faults.set(parseBody(request, faultsSchema));
    logger.warn(faults.current(), 'faults set for a drill');
    response.json(faults.current());
  });
  router.delete('/faults', (_request, response) => {
    faults.clear();
    logger.warn('faults cleared');
    response.json(faults.current());
  });
  router.post('/crash', (_request, response) => {
    logger.fatal('crash requested for a drill');
    response.once('close', crash);
    response.status(202).json({ crashing: true });
  });
  return router;
}

function requireBearer(token: string): RequestHandler {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${token}`);
  return (request, _response, next) => {
    // Digests have one length, so that the comparison takes one time.
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) next();
    else next(new HttpError(401, 'a bearer token is needed'));
  };
}
