import { operationOf, type Span, type SpanTree } from '../traces/span.ts';

/** Calls that one span makes over and over. */
export interface CallPattern {
  /** `n+1`: many calls of one operation, as a loop over a list makes them. `retry`: the same again after it failed. */
  readonly kind: 'n+1' | 'retry';
  readonly caller: string;
  readonly operation: string;
  readonly calls: number;
  readonly failed: number;
  /** Whether each began after the one before had ended. */
  readonly sequential: boolean;
  /** Time in which at least one of them was under way. */
  readonly milliseconds: number;
}

/** From so many calls of one operation on it is a loop; what a page of a few entries needs stays below. */
const LOOP_CALLS = 5;

/** Patterns among the calls of a request and of whatever it called, the longest first. */
export function callPatterns(root: Span, tree: SpanTree): readonly CallPattern[] {
  const found: CallPattern[] = [];
  const visit = (span: Span) => {
    const children = tree.childrenOf(span);
    const calls = Map.groupBy(
      children.filter(({ kind }) => kind !== 'server'),
      (child) => operationOf(child, tree).replace(/^no answer to /, ''),
    );
    for (const siblings of merged(calls, tree)) {
      const pattern = patternOf(span, siblings, tree);
      if (pattern) found.push(pattern);
    }
    for (const child of children) visit(child);
  };
  visit(root);
  return found.toSorted((one, other) => other.milliseconds - one.milliseconds);
}

/** A call that nobody answered belongs with those to the same path that somebody did. */
function merged(calls: Map<string, Span[]>, tree: SpanTree): readonly (readonly Span[])[] {
  const groups = [...calls.values()];
  const answered = groups.filter(([first]) => tree.childrenOf(first!).length > 0);
  const unanswered = groups.filter(([first]) => tree.childrenOf(first!).length === 0);
  for (const lost of unanswered) {
    const home = answered.find(([first]) => pathOf(first!) === pathOf(lost[0]!));
    if (home) home.push(...lost);
    else answered.push(lost);
  }
  return answered.map((group) => group.toSorted((one, other) => one.startMs - other.startMs));
}

const pathOf = ({ name, attributes }: Span) => `${name} ${URL.parse(attributes['url.full'] ?? '')?.pathname}`;

function patternOf(caller: Span, calls: readonly Span[], tree: SpanTree): CallPattern | undefined {
  const failed = calls.filter((call) => call.failed).length;
  const repeated = calls.slice(0, -1).filter((call) => call.failed).length;
  const isRetry = repeated > 0 && repeated >= (calls.length - 1) / 2;
  if (!isRetry && calls.length < LOOP_CALLS) return undefined;
  // The SDK's clock has whole milliseconds at a span's start.
  const sequential = calls.every((call, index) => index === 0 || call.startMs >= calls[index - 1]!.endMs - 1);
  return {
    kind: isRetry ? 'retry' : 'n+1',
    caller: `${caller.service} ${caller.name}`,
    operation: operationOf(calls.find((call) => tree.childrenOf(call).length > 0) ?? calls[0]!, tree),
    calls: calls.length,
    failed,
    sequential,
    milliseconds: covered(calls),
  };
}

/** Length of the union of the spans' times. */
function covered(byStart: readonly Span[]): number {
  let sum = 0;
  let reached = -Infinity;
  for (const { startMs, endMs } of byStart) {
    sum += Math.max(0, endMs - Math.max(startMs, reached));
    reached = Math.max(reached, endMs);
  }
  return sum;
}
