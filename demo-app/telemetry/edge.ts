import type { IncomingHttpHeaders } from 'node:http';
import { PROBE_KEY_HEADER } from '@aiops-sre/conventions/probe.ts';
import { secretCheck } from '@aiops-sre/service-kit/http/bearer-token.ts';
import { ROOT_CONTEXT, type Span, type TextMapPropagator, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

const w3c = new W3CTraceContextPropagator();

/**
 * W3C trace context where strangers call: a visitor decides neither whether a request is traced nor what its trace says of
 * it, so that each begins a trace of its own. With the probe key the caller's trace and its state are gone on with; without
 * `probeKey` nobody's are.
 */
export function edgePropagator(probeKey: string | undefined): TextMapPropagator {
  const isKey = probeKey === undefined ? () => false : secretCheck(probeKey);
  return {
    inject: (context, carrier, setter) => w3c.inject(context, carrier, setter),
    extract(context, carrier, getter) {
      const given = getter.get(carrier, PROBE_KEY_HEADER);
      return typeof given === 'string' && isKey(given) ? w3c.extract(context, carrier, getter) : context;
    },
    fields: () => w3c.fields(),
  };
}

/**
 * Links a request's span with the trace its caller named, where it is no part of that: people who debug both sides find
 * the one from the other. The caller's tracestate, which is free text, is left out.
 */
export function linkCaller(span: Span, headers: IncomingHttpHeaders): void {
  const caller = trace.getSpanContext(
    w3c.extract(ROOT_CONTEXT, headers, { get: (carrier, key) => carrier[key], keys: Object.keys }),
  );
  if (!caller || caller.traceId === span.spanContext().traceId) return;
  const { traceId, spanId, traceFlags } = caller;
  span.addLink({ context: { traceId, spanId, traceFlags, isRemote: true } });
}
