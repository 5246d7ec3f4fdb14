import { type Edit, fromParseable, type SyntaxNode } from './promql.ts';
import type { MetricSelector } from './selectors.ts';

/**
 * What an expression measures. `rate`: events a second. `count`: samples in the window. `share`: one through another.
 * `mean`: a rate averaged over series. `sample`: a series as it is. `number`: a literal.
 */
export type Kind = 'rate' | 'count' | 'share' | 'mean' | 'sample' | 'number';

export interface Shape {
  readonly kind: Kind;
  /** Labels that it is summed to; undefined while it has all that its series have. */
  readonly by: readonly string[] | undefined;
}

/** What is known and collected on the way through a query. */
export interface Reading {
  readonly text: string;
  /** Whether the query has a window placeholder; without one its fixed ranges are the window. */
  readonly hasWindow: boolean;
  /** Inside a subquery over the window, where ranges have a length of their own. */
  readonly isSubquery?: boolean;
  readonly isCounter: boolean;
  readonly groupBy: readonly string[] | undefined;
  readonly ignoredLabel: string | undefined;
  readonly edits: Edit[];
  readonly notes: string[];
  readonly selectors: MetricSelector[];
  readonly notPlain: string[];
}

/** A node as it stands in the query. */
export const textOf = (node: SyntaxNode, { text }: Reading) => fromParseable(text.slice(node.from, node.to));
/** The same for messages, cut at 80 characters. */
export const quoted = (node: SyntaxNode, reading: Reading) => {
  const text = textOf(node, reading);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

/** The children that are expressions, without operators and modifiers. */
export function expressionsOf(node: SyntaxNode | null): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling)
    if (/Expr$|Selector$|Literal$|^FunctionCall$/.test(child.name) && child.name !== 'DurationExpr')
      found.push(child);
  return found;
}
