import type { Span, SpanTree } from '../traces/span.ts';

/** A stretch of a trace that delayed its end: the span that was at work, with no child of it to wait for. */
export interface Segment {
  readonly span: Span;
  readonly milliseconds: number;
}

/**
 * Where the time of a span goes: from its end backwards, always into the child that ended last before. The stretches
 * add up to the span's duration; shortening anything else would not have made it faster.
 * @see Zhang et al., "CRISP: Critical Path Analysis of Large-Scale Microservice Architectures" (USENIX ATC 2022)
 */
export function criticalPath(root: Span, tree: SpanTree): readonly Segment[] {
  const segments: Segment[] = [];
  const walk = (span: Span, fromMs: number, untilMs: number) => {
    let cursor = untilMs;
    let own = 0;
    for (const child of tree.childrenOf(span).toSorted((one, other) => other.endMs - one.endMs)) {
      // A child that outlives its parent delays it only as far as the parent goes.
      const childEnd = Math.min(child.endMs, cursor);
      const childStart = Math.max(child.startMs, fromMs);
      if (childEnd <= childStart) continue;
      own += cursor - childEnd;
      walk(child, childStart, childEnd);
      cursor = childStart;
    }
    own += cursor - fromMs;
    if (own > 0) segments.push({ span, milliseconds: own });
  };
  walk(root, root.startMs, root.endMs);
  return segments;
}
