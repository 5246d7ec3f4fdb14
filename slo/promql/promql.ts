import { parser } from '@prometheus-io/lezer-promql';
import { WINDOW_PLACEHOLDER } from '../model/slo.ts';

/** A duration nobody writes, which stands for the window while a query is parsed. */
const SENTINEL_WINDOW = '987654321s';
const PLACEHOLDER = /\{\{\s*\.window\s*\}\}/g;

export function hasWindowPlaceholder(query: string): boolean {
  return query.search(PLACEHOLDER) >= 0;
}

/** The query over `window`, for instance `5m`. */
export function overWindow(query: string, window: string): string {
  return query.replaceAll(PLACEHOLDER, window);
}

export interface PromqlError {
  /** Offset of the first character that does not fit. */
  readonly offset: number;
  readonly near: string;
}

/** The first syntax error of a query that may hold window placeholders. Grammar only: types are promtool's to check. */
export function syntaxError(query: string): PromqlError | undefined {
  const text = overWindow(query, SENTINEL_WINDOW);
  if (text.trim() === '') return { offset: 0, near: '' };
  let error: PromqlError | undefined;
  parser.parse(text).iterate({
    enter(node) {
      if (error || !node.type.isError) return;
      const near = text.slice(node.from, node.from + 30).replaceAll(SENTINEL_WINDOW, WINDOW_PLACEHOLDER);
      error = { offset: node.from, near };
    },
  });
  return error;
}

export interface LabelMatcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export interface MetricSelector {
  readonly metric: string;
  readonly matchers: readonly LabelMatcher[];
}

interface Selector extends MetricSelector {
  /** Where another matcher can be put, and whether one precedes it. */
  readonly insertAt: number;
  readonly form: 'none' | 'empty' | 'some';
}

function selectors(text: string): Selector[] {
  const found: Selector[] = [];
  parser.parse(text).iterate({
    enter(node) {
      if (node.name !== 'VectorSelector') return;
      const identifier = node.node.getChild('Identifier');
      const matchers = node.node.getChild('LabelMatchers');
      const inside = matchers ? text.slice(matchers.from + 1, matchers.to - 1).trim() : '';
      found.push({
        metric: identifier ? text.slice(identifier.from, identifier.to) : '',
        matchers: (matchers?.getChildren('UnquotedLabelMatcher') ?? []).map((matcher) => {
          const part = (name: string) => {
            const child = matcher.getChild(name);
            return child ? text.slice(child.from, child.to) : '';
          };
          return {
            label: part('LabelName'),
            operator: part('MatchOp') as LabelMatcher['operator'],
            value: unquoted(part('StringLiteral')),
          };
        }),
        insertAt: matchers ? matchers.to - 1 : node.to,
        form: matchers ? (inside === '' ? 'empty' : 'some') : 'none',
      });
    },
  });
  return found;
}

/** The selectors of a query, in order. */
export function metricSelectors(query: string): readonly MetricSelector[] {
  return selectors(overWindow(query, SENTINEL_WINDOW));
}

/** The text of a PromQL string literal; escapes beyond those of JSON stay as they are. */
function unquoted(literal: string): string {
  const inside = literal.slice(1, -1);
  if (literal.startsWith('`')) return inside;
  return inside.replace(
    /\\(.)/g,
    (_, escaped: string) => ({ n: '\n', t: '\t', r: '\r' })[escaped] ?? escaped,
  );
}

/** The query with one more matcher, such as `le="0.5"`, in each of its selectors. */
export function withMatcher(query: string, matcher: string): string {
  let text = overWindow(query, SENTINEL_WINDOW);
  for (const selector of selectors(text).toReversed()) {
    const before = text.slice(0, selector.insertAt);
    const after = text.slice(selector.insertAt);
    const addition = { none: `{${matcher}}`, empty: matcher, some: `,${matcher}` }[selector.form];
    text = before.replace(/,\s*$/, '') + addition + after;
  }
  return text.replaceAll(SENTINEL_WINDOW, WINDOW_PLACEHOLDER);
}

/** The query as one series without labels; as it is when it is such a sum already. */
export function summed(query: string): string {
  const text = overWindow(query, SENTINEL_WINDOW);
  const top = parser.parse(text).topNode.firstChild;
  const isSum = top?.name === 'AggregateExpr' && top.getChild('AggregateOp')?.getChild('Sum') != null;
  if (isSum && top.getChild('AggregateModifier') === null) return query;
  return `sum(${query})`;
}
