/**
 * W3C tracestate entry of a synthetic request: its trace is kept whatever is sampled away.
 * @see https://www.w3.org/TR/trace-context/#tracestate-header
 */
export const PROBE_TRACESTATE = { key: 'aiops', value: 'probe' } as const;

/** Request header with the key that only the platform knows: the edge goes on with such a caller's trace and its state. */
export const PROBE_KEY_HEADER = 'x-aiops-probe-key';

/**
 * Response header with the trace in which a request was served, `00-TRACE_ID-SPAN_ID-01`.
 * @see https://www.w3.org/TR/trace-context-2/#traceresponse-header
 */
export const TRACE_RESPONSE_HEADER = 'traceresponse';

/** The trace id of a {@link TRACE_RESPONSE_HEADER}; undefined where the header is missing or of another form. */
export function servedInTrace(traceResponse: unknown): string | undefined {
  return /^00-([\da-f]{32})-/.exec(String(traceResponse))?.[1];
}

/** The check from outside: who buys something, how often, and how long it may take. */
export const CHECKOUT_PROBE = {
  /** Label `probe` of its metrics. */
  name: 'checkout',
  /** Name of its user. */
  user: 'probe',
  everySeconds: 10,
  limitSeconds: 20,
} as const;

/** Span attribute of requests that show the probe key: not a person's, and so no business. @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/user-agent/ */
export const SYNTHETIC = { key: 'user_agent.synthetic.type', value: 'test' } as const;
