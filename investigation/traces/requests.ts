import { factsOf } from './facts.ts';
import { type Span, type SpanTree, spanTree, type Trace } from './span.ts';
import { traceWeight } from './trace-weight.ts';

/** One request that the service answered, as its trace tells it. */
export interface TracedRequest {
  readonly traceId: string;
  /** The service's own server span. */
  readonly span: Span;
  readonly tree: SpanTree;
  /** For how many requests it stands. */
  readonly weight: number;
  /** What is known of it, its callers and what it called; see {@link factsOf}. */
  readonly facts: ReadonlySet<string>;
}

/** Every request of the service in a trace, and every message it took: one that is retried is several. */
export function requestsOf(trace: Trace, service: string): readonly TracedRequest[] {
  const tree = spanTree(trace);
  const weight = traceWeight(trace);
  return trace.spans
    .filter((span) => span.service === service && isEntry(span, tree))
    .map((span) => ({
      traceId: trace.traceId,
      span,
      tree,
      weight,
      facts: factsOf(span, tree),
    }));
}

function isEntry(span: Span, tree: SpanTree): boolean {
  if (span.kind === 'server' || span.kind === 'consumer') return true;
  return span.kind === 'unspecified' && tree.parentOf(span)?.service !== span.service;
}

/** Time in which the request was answered. */
export const durationMs = ({ span }: TracedRequest): number => span.endMs - span.startMs;
