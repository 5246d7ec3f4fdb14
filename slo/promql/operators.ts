import { type SyntaxNode, WINDOW_PLACEHOLDER } from './promql.ts';
import { expressionsOf, type Kind, quoted, type Reading, type Shape, textOf } from './reading.ts';
import { RATE_EXAMPLE, refuse } from './shape-error.ts';

const COMPARISONS = ['EqlC', 'Neq', 'Gtr', 'Gte', 'Lss', 'Lte'];
/** Operators by the names of their nodes. */
const OPERATORS = ['Or', 'And', 'Unless', 'Add', 'Sub', 'Mul', 'Div', 'Mod', 'Pow', 'Atan2', ...COMPARISONS];

/** Two sides and what is between them. @param sideOf what a side measures */
export function binaryShape(node: SyntaxNode, reading: Reading, sideOf: (side: SyntaxNode) => Shape): Shape {
  const [left, right] = expressionsOf(node) as [SyntaxNode, SyntaxNode];
  const operator = OPERATORS.find((name) => node.getChild(name))!;
  const sign = operatorText(left, right, reading);
  reading.notPlain.push(`it has the operator ${sign}`);
  if (operator === 'Or') return orShape(left, right, reading, sideOf);
  if (operator === 'And' || operator === 'Unless')
    return refuse(
      `${quoted(left, reading)} ${sign} ...`,
      'matchers inside the selectors; planned maintenance belongs into a corrections file',
    );
  if (COMPARISONS.includes(operator)) return filterShape(node, left, right, sign, reading, sideOf);
  const a = sideOf(left);
  const b = sideOf(right);
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
function orShape(
  left: SyntaxNode,
  right: SyntaxNode,
  reading: Reading,
  sideOf: (side: SyntaxNode) => Shape,
): Shape {
  if (isFallback(left)) return refuse(`${quoted(left, reading)} or ...`, RATE_EXAMPLE);
  const shape = sideOf(left);
  if (isFallback(right)) {
    reading.notPlain.splice(reading.notPlain.lastIndexOf('it has the operator or'), 1);
    reading.edits.push({ from: left.to, to: right.to, insert: '' });
    reading.notes.push(
      `"or ${quoted(right, reading)}" is left out: no error yet counts as none anyway, and it would hide that telemetry is missing`,
    );
    return shape;
  }
  const other = sideOf(right);
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
  sideOf: (side: SyntaxNode) => Shape,
): Shape {
  const shape = sideOf(left);
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
