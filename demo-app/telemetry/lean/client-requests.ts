import { subscribe } from 'node:diagnostics_channel';
import { errorMonitor } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import {
  type Attributes,
  context,
  type Histogram,
  propagation,
  SpanKind,
  SpanStatusCode,
  type TextMapSetter,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { HTTP, methodOf, targetOf } from './http-attributes.ts';

interface ClientRequestsOptions {
  readonly tracer: Tracer;
  /** http.client.request.duration, in seconds. */
  readonly duration: Histogram;
}

const headerSetter: TextMapSetter<ClientRequest> = {
  set: (request, name, value) => request.setHeader(name, value),
};

/**
 * Gives each HTTP request that is sent on behalf of a traced one a span and a duration, and carries the trace along.
 * Node announces a request before its headers are sent, so nothing has to be patched.
 * @see https://nodejs.org/api/diagnostics_channel.html#http
 */
export function instrumentClientRequests({ tracer, duration }: ClientRequestsOptions): void {
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { request: ClientRequest & { res?: IncomingMessage } };
    const parent = context.active();
    if (!trace.getSpan(parent)) return;

    const startedAt = performance.now();
    const method = methodOf(request);
    const { address, port } = targetOf(request);
    const attributes: Attributes = {
      [HTTP.method]: method,
      [HTTP.serverAddress]: address,
      [HTTP.serverPort]: port,
    };
    const url = `${request.protocol}//${address}:${port}${request.path}`;
    const spanOptions = { kind: SpanKind.CLIENT, attributes: { ...attributes, [HTTP.url]: url } };
    const span = tracer.startSpan(method, spanOptions, parent);
    propagation.inject(trace.setSpan(parent, span), request, headerSetter);

    let failure: string | undefined;
    request.once(errorMonitor, (error: NodeJS.ErrnoException) => {
      failure = error.code ?? error.name;
    });
    // Emitted once, whether the answer ended, failed or never came.
    request.once('close', () => {
      const status = request.res?.statusCode;
      if (status !== undefined) {
        attributes[HTTP.status] = status;
        span.setAttribute(HTTP.status, status);
        attributes[HTTP.version] = request.res!.httpVersion;
        if (status >= 400) failure ??= String(status);
      }
      if (failure !== undefined) {
        attributes[HTTP.errorType] = failure;
        span.setAttribute(HTTP.errorType, failure);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
      duration.record((performance.now() - startedAt) / 1000, attributes);
    });
  });
}
