import { parser } from '@prometheus-io/lezer-promql';
import { type Edit, edited, fromParseable, labelName, parseable, type SyntaxNode } from './promql.ts';

export interface LabelMatcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  readonly value: string;
}

export interface MetricSelector {
  /** Empty where no one name is selected. */
  readonly metric: string;
  readonly matchers: readonly LabelMatcher[];
  /** As it stands in the query, without a range. */
  readonly text: string;
}

interface PlacedSelector extends MetricSelector {
  /** Where another matcher can be put, and whether one precedes it. */
  readonly insertAt: number;
  readonly form: 'none' | 'empty' | 'some';
  /** Place of each matcher in the text. */
  readonly places: readonly { readonly from: number; readonly to: number }[];
}

/** The selectors of a query, in order. */
export function metricSelectors(query: string): readonly MetricSelector[] {
  return placedSelectors(parseable(query));
}

/** A selector's node as what it selects. */
export function readSelector(node: SyntaxNode, text: string): PlacedSelector {
  const braces = node.getChild('LabelMatchers');
  const inside = braces ? text.slice(braces.from + 1, braces.to - 1).trim() : '';
  const nodes = ['UnquotedLabelMatcher', 'QuotedLabelMatcher']
    .flatMap((name) => braces?.getChildren(name) ?? [])
    .toSorted((a, b) => a.from - b.from);
  const read = nodes.map((matcher) => readMatcher(matcher, text));
  const identifier = node.getChild('Identifier');
  const quoted = braces?.getChild('QuotedLabelName');
  // {__name__="x"} and {"x"} select one metric as x does.
  const byLabel = read.find(({ label, operator }) => label === '__name__' && operator === '=');
  return {
    metric: identifier
      ? text.slice(identifier.from, identifier.to)
      : quoted
        ? unquoted(text.slice(quoted.from, quoted.to))
        : (byLabel?.value ?? ''),
    matchers: read.filter((matcher) => matcher !== byLabel),
    text: text.slice(node.from, node.to),
    insertAt: braces ? braces.to - 1 : node.to,
    form: braces ? (inside === '' ? 'empty' : 'some') : 'none',
    places: nodes.filter((_, index) => read[index] !== byLabel).map(({ from, to }) => ({ from, to })),
  };
}

function readMatcher(node: SyntaxNode, text: string): LabelMatcher {
  const part = (name: string) => {
    const child = node.getChild(name);
    return child ? text.slice(child.from, child.to) : '';
  };
  const quoted = part('QuotedLabelName');
  return {
    label: quoted ? unquoted(quoted) : part('LabelName'),
    operator: part('MatchOp') as LabelMatcher['operator'],
    value: unquoted(part('StringLiteral')),
  };
}

function placedSelectors(text: string): PlacedSelector[] {
  const found: PlacedSelector[] = [];
  parser.parse(text).iterate({
    enter(node) {
      if (node.name === 'VectorSelector') found.push(readSelector(node.node, text));
    },
  });
  return found;
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
  let text = parseable(query);
  for (const selector of placedSelectors(text).toReversed()) {
    const before = text.slice(0, selector.insertAt);
    const after = text.slice(selector.insertAt);
    const addition = { none: `{${matcher}}`, empty: matcher, some: `,${matcher}` }[selector.form];
    text = before.replace(/,\s*$/, '') + addition + after;
  }
  return fromParseable(text);
}

/** The query with matchers replaced where `replace` gives other text for one. */
export function withMatchersReplaced(
  query: string,
  replace: (matcher: LabelMatcher) => string | undefined,
): string {
  const text = parseable(query);
  const edits = placedSelectors(text).flatMap(({ matchers, places }) =>
    matchers.flatMap((matcher, index): Edit[] => {
      const insert = replace(matcher);
      return insert === undefined ? [] : [{ ...places[index]!, insert }];
    }),
  );
  return fromParseable(edited(text, edits));
}

/** The query with metrics replaced where `replace` gives an expression for one; a range of it becomes a subquery by `step`. */
export function withSeriesReplaced(
  query: string,
  step: string,
  replace: (metric: string) => string | undefined,
): string {
  const text = parseable(query);
  const edits: Edit[] = [];
  parser.parse(text).iterate({
    enter({ name, node }) {
      const insert = name === 'VectorSelector' ? replace(readSelector(node, text).metric) : undefined;
      if (insert === undefined) return;
      edits.push({ from: node.from, to: node.to, insert });
      const range = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
      if (range) edits.push({ from: range.to - 1, to: range.to - 1, insert: `:${step}` });
    },
  });
  return fromParseable(edited(text, edits));
}

/** One series in promtool's notation. */
export function seriesText(metric: string, labels: ReadonlyMap<string, string>): string {
  const pairs = [...labels]
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `${labelName(label)}=${JSON.stringify(value)}`);
  return /^[a-zA-Z_:][\w:]*$/.test(metric)
    ? `${metric}{${pairs.join(',')}}`
    : `{${[JSON.stringify(metric), ...pairs].join(',')}}`;
}
