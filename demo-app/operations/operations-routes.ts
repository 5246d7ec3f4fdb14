import { createHash, timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import type { Logger } from 'pino';
import { HttpError } from '../http/http-error.ts';

export interface OperationsRoutesOptions {
  readonly token: string;
  readonly logger: Logger;
  /** Ends the process in good order; what watches over it starts it again. */
  readonly restart: () => void;
}

/** What automation may do to an instance, behind a bearer token of its own that opens nothing else. For /operations. */
export function operationsRoutes({ token, logger, restart }: OperationsRoutesOptions): Router {
  const router = Router();
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${token}`);
  router.use((request, _response, next) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) next();
    else next(new HttpError(401, 'a bearer token is needed'));
  });
  router.post('/restart', (_request, response) => {
    logger.warn('restart requested');
    response.once('close', restart);
    response.status(202).json({ restarting: true });
  });
  return router;
}
