import { durationMs, type TracedRequest } from '../traces/requests.ts';
import { operationOf, type Span, type SpanTree } from '../traces/span.ts';
import { type CallPattern, callPatterns } from './call-patterns.ts';
import { criticalPath } from './critical-path.ts';

/** A place in the traces, and what of the requests' time went there. */
export interface TimeShare {
  readonly place: string;
  /** At work there, or the one that is waited for. */
  readonly service: string;
  /** Of the sum of all durations, 0..1; over all places 1. */
  readonly share: number;
  /** Mean over the requests that have it. */
  readonly meanMs: number;
  readonly requests: number;
}

/** A {@link CallPattern} and in how many of the requests it is; calls, failures and time are of the longest. */
export interface FoundPattern extends CallPattern {
  readonly requests: number;
  readonly exampleTraceId: string;
}

/** The places on the requests' critical paths by the time that went there, the longest first. */
export function timeShares(requests: readonly TracedRequest[]): readonly TimeShare[] {
  const total = requests.reduce((sum, request) => sum + durationMs(request), 0);
  const places = new Map<
    string,
    { readonly service: string; milliseconds: number; readonly requests: Set<TracedRequest> }
  >();
  for (const request of requests)
    for (const { span, milliseconds } of criticalPath(request.span, request.tree)) {
      const place = placeOf(span, request.tree);
      const service = serviceAt(span, request.tree);
      const entry = places.get(place) ?? { service, milliseconds: 0, requests: new Set() };
      entry.milliseconds += milliseconds;
      entry.requests.add(request);
      places.set(place, entry);
    }
  return [...places]
    .map(([place, { service, milliseconds, requests: having }]) => ({
      place,
      service,
      share: total > 0 ? milliseconds / total : 0,
      meanMs: milliseconds / having.size,
      requests: having.size,
    }))
    .toSorted((one, other) => other.share - one.share);
}

/** Patterns of calls in the requests, the most frequent first. */
export function patternsIn(requests: readonly TracedRequest[]): readonly FoundPattern[] {
  const all = requests.flatMap((request) =>
    callPatterns(request.span, request.tree).map((pattern) => ({ ...pattern, request })),
  );
  return [...Map.groupBy(all, ({ kind, caller, operation }) => `${kind} ${caller} ${operation}`).values()]
    .map((same) => {
      const { request, ...longest } = same.toSorted((x, y) => y.milliseconds - x.milliseconds)[0]!;
      return {
        ...longest,
        requests: new Set(same.map((each) => each.request)).size,
        exampleTraceId: request.traceId,
      };
    })
    .toSorted((one, other) => other.requests - one.requests);
}

/** The client's own time is what lies between it and its server: network, queues, and an answer that never came. */
function placeOf(span: Span, tree: SpanTree): string {
  return span.kind === 'client'
    ? `${span.service} waiting for ${operationOf(span, tree)}`
    : operationOf(span, tree);
}

const serviceAt = (span: Span, tree: SpanTree): string =>
  (span.kind === 'client' && tree.childrenOf(span).find(({ kind }) => kind === 'server')?.service) ||
  span.service;
