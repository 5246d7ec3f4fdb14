interface SpanLink {
  /** Hex. */
  readonly traceId: string;
  /** As the spans of that trace have it. */
  readonly spanId: string;
}

/** A span as the diagnosis reads it. Times are milliseconds since the epoch, with fractions. */
export interface Span {
  readonly spanId: string;
  /** Empty where there is none. */
  readonly parentSpanId: string;
  readonly service: string;
  readonly name: string;
  /** `unspecified`: its sender knows no kinds. */
  readonly kind: 'server' | 'client' | 'internal' | 'producer' | 'consumer' | 'unspecified';
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: boolean;
  readonly traceState: string;
  /** What its sender says of how it failed; empty where it says nothing. */
  readonly statusMessage: string;
  /** Of the span under the names of today's semantic conventions, numbers and booleans as text. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Spans of other traces, or of this one, that it goes on from: who sent the message. Left out where there are none. */
  readonly links?: readonly SpanLink[];
  /** Of the process. */
  readonly resource: Readonly<Record<string, string>>;
}

export interface Trace {
  readonly traceId: string;
  readonly spans: readonly Span[];
}

/** The spans of one trace and how they hang together: without circles, whatever was sent. */
export interface SpanTree {
  readonly parentOf: (span: Span) => Span | undefined;
  /** By start. */
  readonly childrenOf: (span: Span) => readonly Span[];
}

export function spanTree({ spans }: Trace): SpanTree {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const parents = new Map<Span, Span>();
  const isBelow = (span: Span, other: Span) => {
    for (let up: Span | undefined = span; up; up = parents.get(up)) if (up === other) return true;
    return false;
  };
  for (const span of spans) {
    const parent = byId.get(span.parentSpanId);
    if (parent && !isBelow(parent, span)) parents.set(span, parent);
  }
  const children = Map.groupBy(spans, (span) => parents.get(span));
  for (const siblings of children.values()) siblings.sort((one, other) => one.startMs - other.startMs);
  return {
    parentOf: (span) => parents.get(span),
    childrenOf: (span) => children.get(span) ?? [],
  };
}

/** The database that a client's span calls, by its name, else by its kind: as it is called in the service graph. */
export function databaseOf({ kind, attributes }: Span): string | undefined {
  const system = attributes['db.system.name'];
  return kind !== 'client' || system === undefined ? undefined : (attributes['db.namespace'] ?? system);
}

/**
 * What a span does, in a few words and the same for every span that does it: `fulfillment POST /api/documents`, also
 * for the client's side of that call. The client's of a call nobody answered has the path, with its numbers left out.
 */
export function operationOf(span: Span, tree: SpanTree): string {
  if (span.kind !== 'client') return `${span.service} ${span.name}`;
  const callee = tree.childrenOf(span).find(({ kind }) => kind === 'server');
  if (callee) return `${callee.service} ${callee.name}`;
  const database = span.attributes['db.system.name'];
  if (database) return `${database} ${span.name}`;
  const path = URL.parse(span.attributes['url.full'] ?? '')?.pathname.replaceAll(/\d+/g, '#') ?? '';
  return `no answer to ${span.name} ${path}`.trimEnd();
}
