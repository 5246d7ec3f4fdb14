import {
  byClause,
  type Edit,
  fromParseable,
  SENTINEL_WINDOW,
  type SyntaxNode,
  WINDOW_PLACEHOLDER,
} from './promql.ts';
import { type MetricSelector, readSelector } from './selectors.ts';
import { RATE_EXAMPLE, refuse } from './shape-error.ts';

/**
 * What an expression measures. `rate`: events a second. `count`: samples in the window. `share`: one through another.
 * `mean`: a rate averaged over series. `sample`: a series as it is. `number`: a literal.
 */
type Kind = 'rate' | 'count' | 'share' | 'mean' | 'sample' | 'number';

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

const NUMBER: Shape = { kind: 'number', by: [] };
/** Operators by the names of their nodes. */
const COMPARISONS = ['EqlC', 'Neq', 'Gtr', 'Gte', 'Lss', 'Lte'];
const OPERATORS = ['Or', 'And', 'Unless', 'Add', 'Sub', 'Mul', 'Div', 'Mod', 'Pow', 'Atan2', ...COMPARISONS];

const textOf = (node: SyntaxNode, { text }: Reading) => fromParseable(text.slice(node.from, node.to));
const quoted = (node: SyntaxNode, reading: Reading) => {
  const text = textOf(node, reading);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

/** @throws ShapeError where it is none that can be understood */
function shapeOf(node: SyntaxNode, reading: Reading): Shape {
  switch (node.name) {
    case 'ParenExpr':
      return shapeOf(node.firstChild!, reading);
    case 'NumberDurationLiteral':
      return NUMBER;
    case 'VectorSelector':
      return selectorShape(node, reading);
    case 'AggregateExpr':
      return aggregateShape(node, reading);
    case 'FunctionCall':
      return functionShape(node, reading);
    case 'BinaryExpr':
      return binaryShape(node, reading);
    case 'MatrixSelector':
      return refuse(`the range ${quoted(node, reading)} without a function`, RATE_EXAMPLE);
    case 'StepInvariantExpr':
      return refuse(
        `${quoted(node, reading)}, which is tied to one moment by @`,
        `${RATE_EXAMPLE} without @`,
      );
    default:
      return refuse(quoted(node, reading), RATE_EXAMPLE);
  }
}

/** A series as it is: a recorded rate whose name holds the window, a counter, or something else. */
function selectorShape(node: SyntaxNode, reading: Reading): Shape {
  const selector = readSelector(node, reading.text);
  reading.selectors.push({ ...selector, text: fromParseable(selector.text) });
  if (selector.metric.includes(SENTINEL_WINDOW)) {
    reading.notPlain.push('it reads recorded rates');
    return { kind: 'rate', by: undefined };
  }
  return { kind: 'sample', by: undefined };
}

function aggregateShape(node: SyntaxNode, reading: Reading): Shape {
  const operation = textOf(node.getChild('AggregateOp')!, reading).toLowerCase();
  const args = node.getChild('FunctionCallBody')!;
  const inner = args.lastChild?.type.isError === false ? lastExpression(args) : undefined;
  if (!inner) return refuse(quoted(node, reading), RATE_EXAMPLE);
  if (operation !== 'sum' && operation !== 'avg')
    return refuse(
      `${operation} around ${quoted(inner, reading)}`,
      `sum, which adds events up: ${RATE_EXAMPLE}`,
    );
  const shape = asRate(inner, shapeOf(inner, reading), reading);
  const by = grouping(node, shape, operation, reading);
  if (operation === 'sum') return { kind: shape.kind, by };
  reading.notPlain.push('it averages over series');
  if (shape.kind !== 'rate') return refuse(`avg around ${quoted(inner, reading)}`, RATE_EXAMPLE);
  return { kind: 'mean', by };
}

function grouping(node: SyntaxNode, inner: Shape, operation: string, reading: Reading): readonly string[] {
  const modifier = node.getChild('AggregateModifier');
  if (!modifier) {
    if (reading.groupBy === undefined || reading.groupBy.length === 0 || inner.by?.length === 0) return [];
    const at = node.getChild('AggregateOp')!.to;
    reading.edits.push({ from: at, to: at, insert: byClause(reading.groupBy).trimEnd() });
    return reading.groupBy;
  }
  if (modifier.getChild('Without'))
    return refuse(
      `${operation} without (...)`,
      'sum by (...) with the labels to keep, each group an SLO of its own',
    );
  const named = modifier.getChild('GroupingLabels')?.getChildren('LabelName') ?? [];
  const inQuotes = modifier.getChild('GroupingLabels')?.getChildren('QuotedLabelName') ?? [];
  const labels = [
    ...named.map((label) => textOf(label, reading)),
    ...inQuotes.map(
      (label) => JSON.parse(textOf(label, reading).replace(/^[`'](.*)[`']$/, '"$1"')) as string,
    ),
  ];
  const kept = labels.filter((label) => label !== reading.ignoredLabel).sort();
  if (kept.length < labels.length)
    reading.edits.push({
      from: modifier.prevSibling?.to ?? modifier.from,
      to: modifier.nextSibling?.from ?? modifier.to,
      insert: byClause(kept),
    });
  return kept;
}

/** A counter on its own is what OpenSLO's examples show; its events are its rate. */
function asRate(node: SyntaxNode, shape: Shape, reading: Reading): Shape {
  const selector = node.name === 'ParenExpr' ? node.firstChild! : node;
  if (shape.kind !== 'sample' || selector.name !== 'VectorSelector' || !reading.isCounter) return shape;
  const metric = readSelector(selector, reading.text).metric;
  reading.edits.push({ from: selector.from, to: selector.from, insert: 'rate(' });
  reading.edits.push({ from: selector.to, to: selector.to, insert: `[${SENTINEL_WINDOW}])` });
  reading.notes.push(
    `${metric || quoted(selector, reading)} alone is read as rate(...[${WINDOW_PLACEHOLDER}])`,
  );
  return { kind: 'rate', by: undefined };
}

/** For the whole query, where it is a counter on its own. */
export function topShape(node: SyntaxNode, reading: Reading): Shape {
  return asRate(node, shapeOf(node, reading), reading);
}

function functionShape(node: SyntaxNode, reading: Reading): Shape {
  const identifier = node.getChild('FunctionIdentifier')!;
  const name = textOf(identifier, reading);
  const args = expressionsOf(node.getChild('FunctionCallBody'));
  const [first] = args;
  const refused = (possible: string) =>
    refuse(
      first
        ? `${name} around ${quoted(first.name === 'NumberDurationLiteral' ? args.at(-1)! : first, reading)}`
        : `${name}()`,
      possible,
    );
  switch (name) {
    case 'rate':
    case 'increase':
      if (!first) return refused(RATE_EXAMPLE);
      counterRange(first, name, reading);
      // increase is rate times the window: the rules want events a second.
      if (name === 'increase')
        reading.edits.push({ from: identifier.from, to: identifier.to, insert: 'rate' });
      return { kind: 'rate', by: undefined };
    case 'sum_over_time':
    case 'count_over_time':
      if (!first) return refused(RATE_EXAMPLE);
      reading.notPlain.push(`it counts samples by ${name}`);
      sampleRange(first, name, reading);
      return { kind: 'count', by: undefined };
    case 'avg_over_time': {
      const inner = first?.name === 'SubqueryExpr' ? first.firstChild! : undefined;
      if (!inner)
        return refused(
          `sum_over_time of good samples and count_over_time of all, each [${WINDOW_PLACEHOLDER}]: an average counts nothing`,
        );
      windowOf(first!, reading);
      reading.notPlain.push('it averages over a subquery');
      const shape = shapeOf(inner, { ...reading, isSubquery: true });
      if (shape.kind !== 'rate') return refused(RATE_EXAMPLE);
      return shape;
    }
    case 'histogram_count': {
      const shape = first && shapeOf(first, reading);
      if (shape?.kind !== 'rate')
        return refused(
          `histogram_count(${RATE_EXAMPLE.replace('requests_total', 'request_duration_seconds')})`,
        );
      reading.notPlain.push('it reads a native histogram');
      return shape;
    }
    case 'histogram_fraction': {
      const histogram = args[2];
      const shape = histogram && shapeOf(histogram, reading);
      if (shape?.kind !== 'rate')
        return refused('histogram_fraction(0, 0.5, sum(rate(...))) * histogram_count(sum(rate(...)))');
      reading.notPlain.push('it reads a native histogram');
      return { kind: 'share', by: shape.by };
    }
    case 'histogram_quantile':
    case 'histogram_quantiles':
    case 'histogram_avg':
    case 'histogram_sum':
      return refused(
        `the events themselves: as a thresholdMetric the rates of the histogram's buckets, such as sum(rate(request_duration_seconds_bucket[${WINDOW_PLACEHOLDER}])), and the bound as the objective's value`,
      );
    case 'clamp_min':
    case 'sort':
    case 'sort_desc': {
      if (!first || (name === 'clamp_min' && Number(textOf(args[1] ?? first, reading)) !== 0))
        return refused(RATE_EXAMPLE);
      reading.notPlain.push(`it is wrapped in ${name}`);
      return asRate(first, shapeOf(first, reading), reading);
    }
    case 'label_replace':
    case 'label_join': {
      if (!first) return refused(RATE_EXAMPLE);
      reading.notPlain.push(`it is wrapped in ${name}`);
      return { kind: asRate(first, shapeOf(first, reading), reading).kind, by: undefined };
    }
    case 'irate':
      return refused(`rate: irate looks at two samples, however long the window`);
    case 'vector':
    case 'scalar':
    case 'time':
      return refused(`a metric: ${RATE_EXAMPLE}`);
    default:
      return refused(RATE_EXAMPLE);
  }
}

/** The range that a rate is of: one of a counter, over the window. */
function counterRange(node: SyntaxNode, name: string, reading: Reading): void {
  const range = withoutOffset(node, reading);
  if (range.name === 'SubqueryExpr') {
    const inner = range.firstChild!;
    windowOf(range, reading);
    reading.notPlain.push('it has a subquery');
    if (shapeOf(inner, reading).kind !== 'sample')
      refuse(`${name} of a subquery over ${quoted(inner, reading)}`, RATE_EXAMPLE);
    return;
  }
  if (range.name !== 'MatrixSelector') refuse(`${name} around ${quoted(range, reading)}`, RATE_EXAMPLE);
  windowOf(range, reading);
  const selector = readSelector(range.getChild('VectorSelector')!, reading.text);
  reading.selectors.push({ ...selector, text: fromParseable(selector.text) });
}

/** The range of samples that are counted: of a gauge, or of a comparison of gauges. */
function sampleRange(node: SyntaxNode, name: string, reading: Reading): void {
  const range = withoutOffset(node, reading);
  if (range.name !== 'MatrixSelector' && range.name !== 'SubqueryExpr')
    refuse(`${name} around ${quoted(range, reading)}`, `${name}(...[${WINDOW_PLACEHOLDER}])`);
  windowOf(range, reading);
  const before = reading.selectors.length;
  range.firstChild!.cursor().iterate(({ node: each }) => {
    if (each.name === 'FunctionCall' || each.name === 'AggregateExpr')
      refuse(`${name} over ${quoted(each, reading)}`, `${name} over samples of a gauge, or ${RATE_EXAMPLE}`);
    if (each.name !== 'VectorSelector') return;
    const selector = readSelector(each, reading.text);
    reading.selectors.push({ ...selector, text: fromParseable(selector.text) });
  });
  if (reading.selectors.length === before)
    refuse(`${name} of no metric`, `${name}(up[${WINDOW_PLACEHOLDER}])`);
}

function withoutOffset(node: SyntaxNode, reading: Reading): SyntaxNode {
  if (node.name !== 'OffsetExpr') return node;
  const offset = node.getChild('OffsetDurationExpr')!;
  const text = textOf(offset, reading);
  if (!/^\d+(ms|[smh])(\d+(ms|[sm]))*$/.test(text))
    refuse(`an offset of ${text}`, 'none, or one of seconds to hours for telemetry that comes late');
  reading.notPlain.push('it has an offset');
  return node.firstChild!;
}

/** A range has to be the window; one of fixed length becomes it where the query has no placeholder at all. */
function windowOf(range: SyntaxNode, reading: Reading): void {
  const duration = range.getChild('DurationExpr')!;
  const written = reading.text.slice(duration.from, duration.to);
  if (written === SENTINEL_WINDOW) return;
  if (reading.isSubquery) return;
  if (reading.hasWindow)
    refuse(
      `a range of [${written}] beside one of [${WINDOW_PLACEHOLDER}]`,
      `[${WINDOW_PLACEHOLDER}] in every range`,
    );
  reading.edits.push({ from: duration.from, to: duration.to, insert: SENTINEL_WINDOW });
  reading.notes.push(`the fixed range [${written}] is read as [${WINDOW_PLACEHOLDER}]`);
}

function binaryShape(node: SyntaxNode, reading: Reading): Shape {
  const [left, right] = expressionsOf(node) as [SyntaxNode, SyntaxNode];
  const operator = OPERATORS.find((name) => node.getChild(name))!;
  const sign = operatorText(left, right, reading);
  reading.notPlain.push(`it has the operator ${sign}`);
  if (operator === 'Or') return orShape(left, right, reading);
  if (operator === 'And' || operator === 'Unless')
    return refuse(
      `${quoted(left, reading)} ${sign} ...`,
      'matchers inside the selectors; planned maintenance belongs into a corrections file',
    );
  if (COMPARISONS.includes(operator)) return filterShape(node, left, right, sign, reading);
  const a = asRate(left, shapeOf(left, reading), reading);
  const b = asRate(right, shapeOf(right, reading), reading);
  const by = joined(a, b, node, reading);
  const kinds = `${a.kind} ${operator} ${b.kind}`;
  if (/^(rate|count) (Add|Sub) \1$/.test(kinds)) return { kind: a.kind, by };
  if (/^(rate Div rate|count Div count|mean Div mean)$/.test(kinds)) return { kind: 'share', by };
  if (/^(rate|count) Mul share$/.test(kinds)) return { kind: a.kind, by };
  if (/^share Mul (rate|count)$/.test(kinds)) return { kind: b.kind, by };
  if (/^number Sub share$/.test(kinds)) return { kind: 'share', by };
  const constant = [left, right].find((_, index) => [a, b][index]!.kind === 'number');
  if (constant)
    return refuse(
      `${sign} with the constant ${quoted(constant, reading)}, which changes the unit`,
      `events a second as they are: ${RATE_EXAMPLE}`,
    );
  return refuse(`${SPOKEN[a.kind]} ${sign} ${SPOKEN[b.kind]}: ${quoted(node, reading)}`, RATE_EXAMPLE);
}

const SPOKEN: Readonly<Record<Kind, string>> = {
  rate: 'a rate',
  count: 'a count',
  share: 'a share',
  mean: 'a mean',
  sample: 'a series as it is',
  number: 'a number',
};

/** A fallback keeps a query alive when its telemetry is gone: it is left out, since no series yet is 0 anyway. */
function orShape(left: SyntaxNode, right: SyntaxNode, reading: Reading): Shape {
  if (isFallback(left)) return refuse(`${quoted(left, reading)} or ...`, RATE_EXAMPLE);
  const shape = asRate(left, shapeOf(left, reading), reading);
  if (isFallback(right)) {
    reading.notPlain.splice(reading.notPlain.lastIndexOf('it has the operator or'), 1);
    reading.edits.push({ from: left.to, to: right.to, insert: '' });
    reading.notes.push(
      `"or ${quoted(right, reading)}" is left out: no error yet counts as none anyway, and it would hide that telemetry is missing`,
    );
    return shape;
  }
  const other = asRate(right, shapeOf(right, reading), reading);
  if (shape.kind !== other.kind)
    return refuse(`${SPOKEN[shape.kind]} or ${SPOKEN[other.kind]}`, RATE_EXAMPLE);
  return { kind: shape.kind, by: shape.by ?? other.by };
}

/** `vector(0)`, `0 * ...`: what has a value whatever happens to the series before it. */
function isFallback(node: SyntaxNode): boolean {
  if (node.name === 'ParenExpr') return isFallback(node.firstChild!);
  if (node.name === 'NumberDurationLiteral') return true;
  if (node.name === 'BinaryExpr' && node.getChild('Mul'))
    return expressionsOf(node).some((side) => side.name === 'NumberDurationLiteral');
  let selects = false;
  node.cursor().iterate(({ name }) => {
    if (name === 'VectorSelector') selects = true;
  });
  return !selects;
}

/** `> 0` leaves out what has no events, which the rules do themselves. */
function filterShape(
  node: SyntaxNode,
  left: SyntaxNode,
  right: SyntaxNode,
  sign: string,
  reading: Reading,
): Shape {
  const shape = asRate(left, shapeOf(left, reading), reading);
  const harmless = ['>', '>=', '!='].includes(sign) && Number(textOf(right, reading)) === 0;
  if (!harmless || (shape.kind !== 'rate' && shape.kind !== 'count'))
    return refuse(
      `the comparison ${quoted(node, reading)}`,
      `counts without one; of a gauge, sum(count_over_time((age_seconds < 900)[${WINDOW_PLACEHOLDER}:1m]))`,
    );
  reading.notPlain.splice(reading.notPlain.lastIndexOf(`it has the operator ${sign}`), 1);
  reading.edits.push({ from: left.to, to: right.to, insert: '' });
  reading.notes.push(`"${sign} 0" is left out: a window without events has no ratio anyway`);
  return shape;
}

function joined(a: Shape, b: Shape, node: SyntaxNode, reading: Reading): readonly string[] | undefined {
  if (a.kind === 'number') return b.by;
  if (b.kind === 'number') return a.by;
  const same = a.by === b.by || (a.by && b.by && a.by.join() === b.by.join());
  if (!same)
    refuse(
      `sides that keep other labels: ${quoted(node, reading)}`,
      'the same labels on both sides of an operator',
    );
  return a.by;
}

function operatorText(left: SyntaxNode, right: SyntaxNode, reading: Reading): string {
  return (reading.text.slice(left.to, right.from).trim().split(/[\s(]/)[0] ?? '').toLowerCase();
}

function lastExpression(body: SyntaxNode): SyntaxNode | undefined {
  return expressionsOf(body).at(-1);
}

/** The children that are expressions, without operators and modifiers. */
function expressionsOf(node: SyntaxNode | null): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling)
    if (/Expr$|Selector$|Literal$|^FunctionCall$/.test(child.name) && child.name !== 'DurationExpr')
      found.push(child);
  return found;
}
