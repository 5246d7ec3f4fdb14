import { type IncomingMessage, Server, type ServerResponse } from 'node:http';
import {
  type Attributes,
  context,
  type Histogram,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { linkCaller } from '../edge.ts';
import { isObserved } from '../observed-paths.ts';
import { HTTP, methodOf, pathOf, routeOf } from './http-attributes.ts';

interface ServerRequestsOptions {
  readonly tracer: Tracer;
  /** http.server.request.duration, in seconds. */
  readonly duration: Histogram;
}

/**
 * Gives each request to any HTTP server of this process a span, which is active while the request is handled, and a
 * duration. What leaves with it is bounded and impersonal: no addresses, no user agents, no query strings.
 */
export function instrumentServerRequests({ tracer, duration }: ServerRequestsOptions): void {
  const emit = Server.prototype.emit as (this: Server, event: string, ...values: unknown[]) => boolean;

  function emitInSpan(this: Server, event: string, ...values: unknown[]): boolean {
    if (event !== 'request') return emit.call(this, event, ...values);
    const [request, response] = values as [IncomingMessage, ServerResponse];
    const path = pathOf(request);
    if (!isObserved(path)) return emit.call(this, event, ...values);

    const startedAt = performance.now();
    const method = methodOf(request);
    const attributes: Attributes = {
      [HTTP.method]: method,
      [HTTP.scheme]: 'http',
      [HTTP.version]: request.httpVersion,
    };
    const parent = propagation.extract(ROOT_CONTEXT, request.headers);
    const spanOptions = { kind: SpanKind.SERVER, attributes: { ...attributes, [HTTP.path]: path } };
    const span = tracer.startSpan(method, spanOptions, parent);
    linkCaller(span, request.headers);
    response.once('close', () => {
      describeAnswer(span, attributes, request, response);
      span.end();
      duration.record((performance.now() - startedAt) / 1000, attributes);
    });
    return context.with(trace.setSpan(parent, span), emit, this, event, request, response);
  }
  Server.prototype.emit = emitInSpan;
}

/** Completes the span and the metric's attributes. An answer that was never finished has no status. */
function describeAnswer(
  span: Span,
  attributes: Attributes,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const route = routeOf(request);
  if (route !== undefined) {
    attributes[HTTP.route] = route;
    span.setAttribute(HTTP.route, route);
    span.updateName(`${attributes[HTTP.method]} ${route}`);
  }
  if (!response.headersSent) return;
  const { statusCode } = response;
  attributes[HTTP.status] = statusCode;
  span.setAttribute(HTTP.status, statusCode);
  if (statusCode >= 500) {
    attributes[HTTP.errorType] = String(statusCode);
    span.setAttribute(HTTP.errorType, String(statusCode));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
}
