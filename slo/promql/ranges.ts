import { fromParseable, SENTINEL_WINDOW, type SyntaxNode, WINDOW_PLACEHOLDER } from './promql.ts';
import { quoted, type Reading, textOf } from './reading.ts';
import { readSelector } from './selectors.ts';
import { RATE_EXAMPLE, refuse } from './shape-error.ts';

/** The range that a rate is of: one of a counter, over the window. */
export function counterRange(node: SyntaxNode, name: string, reading: Reading): void {
  const range = withoutOffset(node, reading);
  if (range.name === 'SubqueryExpr') {
    const inner = range.firstChild!;
    windowOf(range, reading);
    reading.notPlain.push('it has a subquery');
    if (inner.name !== 'VectorSelector')
      refuse(`${name} of a subquery over ${quoted(inner, reading)}`, RATE_EXAMPLE);
    select(inner, reading);
    return;
  }
  if (range.name !== 'MatrixSelector') refuse(`${name} around ${quoted(range, reading)}`, RATE_EXAMPLE);
  windowOf(range, reading);
  select(range.getChild('VectorSelector')!, reading);
}

/** The range of samples that are counted: of a gauge, or of a comparison of gauges. */
export function sampleRange(node: SyntaxNode, name: string, reading: Reading): void {
  const range = withoutOffset(node, reading);
  if (range.name !== 'MatrixSelector' && range.name !== 'SubqueryExpr')
    refuse(`${name} around ${quoted(range, reading)}`, `${name}(...[${WINDOW_PLACEHOLDER}])`);
  windowOf(range, reading);
  const before = reading.selectors.length;
  range.firstChild!.cursor().iterate(({ node: each }) => {
    if (each.name === 'FunctionCall' || each.name === 'AggregateExpr')
      refuse(`${name} over ${quoted(each, reading)}`, `${name} over samples of a gauge, or ${RATE_EXAMPLE}`);
    if (each.name !== 'VectorSelector') return;
    select(each, reading);
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
export function windowOf(range: SyntaxNode, reading: Reading): void {
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

function select(node: SyntaxNode, reading: Reading): void {
  const selector = readSelector(node, reading.text);
  reading.selectors.push({ ...selector, text: fromParseable(selector.text) });
}
