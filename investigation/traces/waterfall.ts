import { criticalPath } from '../slow-spans/critical-path.ts';
import type { TracedRequest } from './requests.ts';
import type { Span } from './span.ts';

/** A span as a line of a picture of its trace, from top to bottom. */
export interface WaterfallLine {
  readonly service: string;
  readonly name: string;
  /** Spans above it, within the request. */
  readonly depth: number;
  /** From the request's start; may be negative, as clocks differ. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly failed: boolean;
  /** Of its time, what delayed the request: its part of the critical path. */
  readonly delayedMs: number;
}

/**
 * The spans of a request, parents before children. Of more than `mostLines` those are left out that delayed it least and did
 * not fail; what is below them moves up to the next above that is left.
 */
export function waterfall({ span: root, tree }: TracedRequest, mostLines: number): readonly WaterfallLine[] {
  const delayed = new Map<Span, number>();
  for (const { span, milliseconds } of criticalPath(root, tree))
    delayed.set(span, (delayed.get(span) ?? 0) + milliseconds);
  const all: Span[] = [];
  const collect = (span: Span) => {
    all.push(span);
    for (const child of tree.childrenOf(span)) collect(child);
  };
  collect(root);
  const worth = (span: Span) =>
    span === root ? Infinity : (span.failed ? 1e9 : 0) + (delayed.get(span) ?? 0);
  const kept = new Set(all.toSorted((one, other) => worth(other) - worth(one)).slice(0, mostLines));
  const lines: WaterfallLine[] = [];
  const draw = (span: Span, depth: number) => {
    const isKept = kept.has(span);
    if (isKept)
      lines.push({
        service: span.service,
        name: span.name,
        depth,
        startMs: span.startMs - root.startMs,
        durationMs: span.endMs - span.startMs,
        failed: span.failed,
        delayedMs: delayed.get(span) ?? 0,
      });
    for (const child of tree.childrenOf(span)) draw(child, depth + (isKept ? 1 : 0));
  };
  draw(root, 0);
  return lines;
}
