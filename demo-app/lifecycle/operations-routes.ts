import { Router } from 'express';
import type { Logger } from 'pino';
import { requireBearer } from '../http/require-bearer.ts';

interface OperationsRoutesOptions {
  readonly token: string;
  readonly logger: Logger;
  /** Ends the process in good order; what watches over it starts it again. */
  readonly restart: () => void;
}

/** What automation may do to an instance, behind a bearer token of its own that opens nothing else. For /operations. */
export function operationsRoutes({ token, logger, restart }: OperationsRoutesOptions): Router {
  const router = Router();
  router.use(requireBearer(token));
  router.post('/restart', (_request, response) => {
    logger.warn('restart requested');
    response.once('close', restart);
    response.status(202).json({ restarting: true });
  });
  return router;
}
