/**
 * W3C tracestate entry of a synthetic request: the Collector's tail sampler keeps every trace that carries it.
 * @see https://www.w3.org/TR/trace-context/#tracestate-header
 */
export const PROBE_TRACESTATE = { key: 'aiops', value: 'probe' } as const;
