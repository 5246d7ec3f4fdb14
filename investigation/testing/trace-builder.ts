import type { Span, Trace } from '../traces/span.ts';

let lastId = 0;

export interface SpanSpec {
  readonly service: string;
  readonly name: string;
  readonly kind?: Span['kind'];
  /** Milliseconds from the trace's start. */
  readonly from: number;
  readonly to: number;
  readonly failed?: boolean;
  readonly statusMessage?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly resource?: Readonly<Record<string, string>>;
  readonly traceState?: string;
  readonly links?: Span['links'];
  readonly children?: readonly SpanSpec[];
}

const EPOCH_MS = 1_700_000_000_000;

/** A trace out of nested spans, for tests. */
export function traceOf(root: SpanSpec): Trace {
  const spans: Span[] = [];
  const add = (spec: SpanSpec, parentSpanId: string) => {
    lastId += 1;
    const spanId = `span-${lastId}`;
    spans.push({
      spanId,
      parentSpanId,
      service: spec.service,
      name: spec.name,
      kind: spec.kind ?? 'server',
      startMs: EPOCH_MS + spec.from,
      endMs: EPOCH_MS + spec.to,
      failed: spec.failed ?? false,
      statusMessage: spec.statusMessage ?? '',
      traceState: spec.traceState ?? '',
      attributes: spec.attributes ?? {},
      ...(spec.links && { links: spec.links }),
      resource: { 'service.name': spec.service, ...spec.resource },
    });
    for (const child of spec.children ?? []) add(child, spanId);
  };
  add(root, '');
  lastId += 1;
  return { traceId: lastId.toString(16).padStart(32, '0'), spans };
}

/** A client's span around the server's span of the same call. */
export function call(client: string, server: SpanSpec): SpanSpec {
  return {
    service: client,
    name: 'POST',
    kind: 'client',
    from: server.from - 1,
    to: server.to + 1,
    failed: server.failed ?? false,
    attributes: { 'url.full': `http://127.0.0.1:1${server.name.replace(/^\S+ /, '')}` },
    children: [server],
  };
}

/** Tempo's JSON of a trace. */
export function asOtlpJson({ spans }: Trace): unknown {
  const attributes = (of: Readonly<Record<string, string>>) =>
    Object.entries(of).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const nanoseconds = (ms: number) => `${BigInt(Math.round(ms * 1000)) * 1000n}`;
  return {
    trace: {
      resourceSpans: spans.map((span) => ({
        resource: { attributes: attributes(span.resource) },
        scopeSpans: [
          {
            spans: [
              {
                spanId: span.spanId,
                ...(span.parentSpanId && { parentSpanId: span.parentSpanId }),
                traceState: span.traceState,
                name: span.name,
                kind: `SPAN_KIND_${span.kind.toUpperCase()}`,
                startTimeUnixNano: nanoseconds(span.startMs),
                endTimeUnixNano: nanoseconds(span.endMs),
                attributes: attributes(span.attributes),
                ...(span.links && { links: span.links }),
                status: span.failed ? { code: 'STATUS_CODE_ERROR', message: span.statusMessage } : {},
              },
            ],
          },
        ],
      })),
    },
  };
}
