import { Router } from 'express';
import type { Logger } from 'pino';
import { parseBody, readJson } from '../http/json-body.ts';
import { requireBearer } from '../http/require-bearer.ts';
import type { Faults } from './faults.ts';
import { faultsSchema } from './faults-schema.ts';

interface AdminRoutesOptions {
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
    if (faults.announced()) logger.warn(faults.current(), 'faults set for a drill');
    response.json(faults.current());
  });
  router.delete('/faults', (_request, response) => {
    if (faults.announced() && faults.current().endsAt) logger.warn('faults cleared');
    faults.clear();
    response.json(faults.current());
  });
  router.post('/crash', (_request, response) => {
    logger.fatal('crash requested for a drill');
    response.once('close', crash);
    response.status(202).json({ crashing: true });
  });
  return router;
}
