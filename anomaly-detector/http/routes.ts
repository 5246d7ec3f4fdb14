import { answerFor } from '@aiops-sre/service-kit/http/http-error.ts';
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import type { Readiness } from '../readiness.ts';
import { type VerdictAccess, verdictRoute } from './verdict-route.ts';

/** What the routes need of the detector. */
export type RouteSources = {
  readiness(): Promise<Readiness>;
  metrics(): Promise<string>;
  services(): unknown;
  anomalies(): unknown;
  calendar(): unknown;
  /** Told of what answered a request with 500. */
  onError(error: Error): void;
  judge: Parameters<typeof verdictRoute>[0]['judge'];
};

const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The detector's HTTP interface. */
export function createRoutes(sources: RouteSources, access: VerdictAccess): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'alive' });
  });
  app.get('/readyz', async (_request, response) => {
    const readiness = await sources.readiness();
    response.status(readiness.ready ? 200 : 503).json(readiness);
  });
  app.get('/metrics', async (_request, response) => {
    response.type(METRICS_CONTENT_TYPE).send(await sources.metrics());
  });
  app.get('/services', (_request, response) => {
    response.json(sources.services());
  });
  app.get('/anomalies', (_request, response) => {
    response.json(sources.anomalies());
  });
  app.get('/calendar', (_request, response) => {
    response.json(sources.calendar());
  });
  app.use(verdictRoute({ access, judge: sources.judge }));
  app.use((request: Request, response: Response) => {
    response.status(404).json({ error: `no such path: ${request.path.slice(0, 200)}` });
  });
  // Express knows an error handler by its four parameters.
  const failed: ErrorRequestHandler = (error: Error, _request, response, _next) => {
    const { status, message } = answerFor(error);
    if (status >= 500) sources.onError(error);
    response.status(status).json({ error: message });
  };
  app.use(failed);
  return app;
}
