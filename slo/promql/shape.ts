import { binaryShape } from './operators.ts';
import { byClause, fromParseable, SENTINEL_WINDOW, type SyntaxNode, WINDOW_PLACEHOLDER } from './promql.ts';
import { counterRange, sampleRange, windowOf } from './ranges.ts';
import { expressionsOf, quoted, type Reading, type Shape, textOf } from './reading.ts';
import { readSelector } from './selectors.ts';
import { RATE_EXAMPLE, refuse } from './shape-error.ts';

const NUMBER: Shape = { kind: 'number', by: [] };
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
      return binaryShape(node, reading, (side) => asRate(side, shapeOf(side, reading), reading));
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

function lastExpression(body: SyntaxNode): SyntaxNode | undefined {
  return expressionsOf(body).at(-1);
}
