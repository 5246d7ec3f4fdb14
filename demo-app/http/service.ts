import { TRACE_RESPONSE_HEADER } from '@aiops-sre/conventions/probe.ts';
import { answerFor, HttpError } from '@aiops-sre/service-kit/http/http-error.ts';
import { trace } from '@opentelemetry/api';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { adminRoutes } from '../faults/admin-routes.ts';
import type { Disk } from '../faults/disk.ts';
import { createFaults } from '../faults/faults.ts';
import { injectFaults } from '../faults/inject-faults.ts';
import { operationsRoutes } from '../lifecycle/operations-routes.ts';
import type { Readiness } from '../lifecycle/readiness.ts';
import type { AppMetrics, Route } from '../metrics/app-metrics.ts';
import type { Network } from './network.ts';
import { addToEvent, recordOutcome } from './request-outcome.ts';

export interface ApiRoute extends Route {
  readonly handlers: readonly RequestHandler[];
  /** Sees the route's errors, injected ones too, before they are answered. */
  readonly onError?: (error: unknown) => void;
}

export interface ServiceOptions {
  /** The routes `metrics` was created with, with their handlers. */
  readonly api: readonly ApiRoute[];
  readonly metrics: AppMetrics;
  readonly readiness: Readiness;
  readonly logger: Logger;
  /** Without one there are no admin routes. */
  readonly adminToken?: string | undefined;
  /** Without one there are no operations routes. */
  readonly restartToken?: string | undefined;
  /** Ends the process in good order. */
  readonly restart?: () => void;
  /** Ends the process as a crash would. */
  readonly crash?: () => void;
  /** @returns uniform in [0, 1) */
  readonly random?: () => number;
  /** What drills make worse. */
  readonly network?: Network | undefined;
  readonly disk?: Disk | undefined;
}

/**
 * The HTTP side that all roles share: /healthz, /readyz, /metrics, /admin, /operations, and the API behind its counter, its log line
 * and the injected faults. Whatever goes wrong is answered as JSON: {"error": reason}.
 */
export function createService({
  api,
  metrics: { registry, requests },
  readiness,
  logger,
  adminToken,
  restartToken,
  restart = () => process.kill(process.pid, 'SIGTERM'),
  crash = () => process.exit(1),
  random = Math.random,
  network,
  disk,
}: ServiceOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');

  app.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' });
  });
  app.get('/readyz', (_request, response) => {
    const status = readiness.status();
    response.status(status === 'ready' ? 200 : 503).json({ status });
  });
  const onExpired = () => logger.warn('faults ended by themselves');
  const faults = api.length > 0 ? createFaults({ registry, random, network, disk, onExpired }) : undefined;
  app.get('/metrics', async (_request, response) => {
    if (faults?.failsScrapes())
      throw new HttpError(503, faults.announced() ? 'injected fault' : 'unavailable');
    response.once('finish', readiness.scraped);
    response.type(registry.contentType).send(await registry.metrics());
  });

  app.use(tellTrace);
  if (restartToken)
    app.use('/operations', operationsRoutes({ token: restartToken, logger, restart }), handleError);
  if (faults) {
    if (adminToken) app.use('/admin', adminRoutes({ token: adminToken, faults, logger, crash }), handleError);
    app.use(recordOutcome({ routes: api, requests, logger }));
    for (const { method, route, handlers, onError } of api)
      app.route(route)[method.toLowerCase() as 'get' | 'post'](
        // Last before the answer, so that a spoilt one says in span and log line whose it was.
        ...handlers.slice(0, -1),
        injectFaults(faults),
        ...handlers.slice(-1),
        observe(onError),
      );
  }

  app.use((request) => {
    throw new HttpError(404, `no such route: ${request.method} ${request.path}`);
  });
  app.use(handleError);
  return app;
}

/** Says in which trace a request is served, so that whoever asked can find it. */
const tellTrace: RequestHandler = (_request, response, next) => {
  const serving = trace.getActiveSpan()?.spanContext();
  if (serving) response.setHeader(TRACE_RESPONSE_HEADER, `00-${serving.traceId}-${serving.spanId}-01`);
  next();
};

const handleError: ErrorRequestHandler = (error, _request, response, next) => {
  const { status, message } = answerFor(error);
  if (status >= 500) {
    addToEvent(response, { error: describe(error) });
    // The few texts that clients see, so that failing traces can be compared by their reason.
    trace.getActiveSpan()?.setAttribute('error.message', message);
  }
  if (response.headersSent) return next(error);
  if (error instanceof HttpError && error.retryAfterSeconds !== undefined)
    response.set('Retry-After', String(error.retryAfterSeconds));
  response.status(status).json({ error: message });
};

function observe(onError: ApiRoute['onError']): ErrorRequestHandler {
  return (error, _request, _response, next) => {
    onError?.(error);
    next(error);
  };
}

/** For the log: an error and what caused it, without its stack where it was foreseen. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    type: error.name,
    message: error.message,
    ...(error.cause instanceof Error ? { cause: error.cause.message } : {}),
    ...(error instanceof HttpError ? {} : { stack: error.stack }),
  };
}
