import type { StatusClass } from '@aiops-sre/conventions/metric-names.ts';
import { context, trace } from '@opentelemetry/api';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { type AppMetrics, type Route, UNMATCHED } from '../metrics/app-metrics.ts';

/** nginx' status for a client that left before the answer; it is never sent, only counted and logged. */
const CLIENT_CLOSED_REQUEST = 499;

interface RequestOutcomeOptions {
  readonly routes: readonly Route[];
  readonly requests: AppMetrics['requests'];
  readonly logger: Logger;
}

/**
 * Counts each request in the SLI counter and writes its one log line, when its response is finished or aborted.
 * An answer that was not sent completely counts as the client's doing (499, class 4xx), unless it was a 5xx already.
 */
export function recordOutcome({ routes, requests, logger }: RequestOutcomeOptions): RequestHandler {
  const known = new Map(routes.map((route) => [`${route.method} ${route.route}`, route]));
  return (request, response, next) => {
    const startedAt = performance.now();
    const active = context.active();
    response.once('close', () => {
      const status = finalStatus(response);
      const { method, route } = known.get(`${servedAs(request.method)} ${request.route?.path}`) ?? UNMATCHED;
      requests.inc({ method, route, status_class: `${Math.floor(status / 100)}xx` as StatusClass });
      // 'close' comes from the socket, outside of the request's context: go back for trace_id and span_id.
      context.with(active, () => writeEvent(logger, request, response, route, status, startedAt));
    });
    next();
  };
}

/** Express answers HEAD with the handlers of GET. */
function servedAs(method: string): string {
  return method === 'HEAD' ? 'GET' : method;
}

function finalStatus(response: Response): number {
  return response.writableFinished || response.statusCode >= 500
    ? response.statusCode
    : CLIENT_CLOSED_REQUEST;
}

function writeEvent(
  logger: Logger,
  request: Request,
  response: Response,
  route: string,
  status: number,
  startedAt: number,
) {
  const outcome = outcomeOf(status);
  const event = {
    event: 'request',
    method: request.method,
    route,
    status,
    duration_ms: Math.round((performance.now() - startedAt) * 100) / 100,
    outcome,
    ...response.locals.event,
  };
  // Beside the fields, words for people and for the detection of patterns: no ids, no durations.
  const reason = (event as { error?: { message?: string } }).error?.message;
  const message = `${request.method} ${route} answered ${status} ${outcome}${reason ? `: ${reason}` : ''}`;
  if (status >= 500) logger.error(event, message);
  else logger.info(event, message);
}

function outcomeOf(status: number): 'ok' | 'client_error' | 'server_error' | 'aborted' {
  if (status === CLIENT_CLOSED_REQUEST) return 'aborted';
  if (status >= 500) return 'server_error';
  return status >= 400 ? 'client_error' : 'ok';
}

/** Says something of the request in its span and in its log line, under the same names. */
export function describeRequest(
  response: Response,
  attributes: Readonly<Record<string, string | number>>,
): void {
  trace.getActiveSpan()?.setAttributes(attributes);
  addToEvent(response, attributes);
}

/** Adds fields to the request's log line. */
export function addToEvent(response: Response, fields: Readonly<Record<string, unknown>>): void {
  response.locals.event = { ...response.locals.event, ...fields };
}
