import { metricSelectors } from '@aiops-sre/slo/promql/selectors.ts';
import { matches } from '@aiops-sre/slo/rule-tests/matching-labels.ts';
import { parser } from '@prometheus-io/lezer-promql';
import type { Minute } from './past.ts';
import type { CountedSeries } from './series.ts';

/** Events of one minute. */
export type MinuteEvents = (minute: Minute) => number;

/** The past was not made for such an expression. */
export class NotInPastError extends Error {
  override readonly name = 'NotInPastError';
}

type Node = ReturnType<typeof parser.parse>['topNode'];
/** Events, a number, or an empty result, which `or` puts something else in place of. */
type Value = { readonly events: MinuteEvents } | { readonly number: number } | 'empty';

/**
 * What an SLI counts, from the generated counters themselves: sums of `rate` over selected series, their sums, differences,
 * multiples and fallbacks. Events of each minute stand for rates, so that any window can be summed up from them.
 *
 * @param expression in events a second
 * @throws NotInPastError naming what the backfill lacks
 */
export function eventsOf(expression: string, series: readonly CountedSeries[]): MinuteEvents {
  const text = (node: Node) => expression.slice(node.from, node.to);
  const refuse = (node: Node): never => {
    throw new NotInPastError(`${text(node)} is not computed from the backfill`);
  };

  function selected(node: Node): Value {
    const [selector] = metricSelectors(text(node));
    if (selector === undefined) return refuse(node);
    const found = series.filter(
      ({ metric, labels }) =>
        metric === selector.metric &&
        selector.matchers.every((matcher) => matches(matcher, labels[matcher.label] ?? '')),
    );
    if (found.length === 0) {
      if (series.some(({ metric }) => metric === selector.metric)) return 'empty';
      throw new NotInPastError(`${selector.metric} is not part of the backfill`);
    }
    return { events: (minute) => found.reduce((total, { events }) => total + events(minute), 0) };
  }

  function call(node: Node): Value {
    const name = text(node.getChild('FunctionIdentifier')!);
    const [first, second] = argumentsOf(node);
    if (first === undefined) return refuse(node);
    if (name === 'rate' && first.name === 'MatrixSelector')
      return selected(first.getChild('VectorSelector')!);
    if (name !== 'clamp_min' || second === undefined) return refuse(node);
    const [value, least] = [compute(first), compute(second)];
    if (value === 'empty') return value;
    // Only zero is the same for a minute's events and for a rate.
    if (least === 'empty' || !('number' in least) || least.number !== 0 || 'number' in value)
      return refuse(node);
    return { events: (minute) => Math.max(0, value.events(minute)) };
  }

  function binary(node: Node): Value {
    const operator = node.firstChild?.nextSibling?.name ?? '';
    const [left, right] = [compute(node.firstChild!), compute(node.lastChild!)];
    if (operator === 'Or') return left === 'empty' ? right : left;
    if (left === 'empty' || right === 'empty') return 'empty';
    if ('events' in left && 'events' in right) {
      if (operator !== 'Add' && operator !== 'Sub') return refuse(node);
      const sign = operator === 'Add' ? 1 : -1;
      return { events: (minute) => left.events(minute) + sign * right.events(minute) };
    }
    if (operator === 'Mul' && 'number' in left && 'events' in right)
      return { events: (minute) => left.number * right.events(minute) };
    if ((operator === 'Mul' || operator === 'Div') && 'events' in left && 'number' in right) {
      const factor = operator === 'Mul' ? right.number : 1 / right.number;
      return { events: (minute) => left.events(minute) * factor };
    }
    return refuse(node);
  }

  function compute(node: Node): Value {
    switch (node.name) {
      case 'ParenExpr':
        return compute(node.firstChild!);
      case 'NumberDurationLiteral':
        return Number.isNaN(Number(text(node))) ? refuse(node) : { number: Number(text(node)) };
      case 'BinaryExpr':
        // Matching on labels and `bool` are children between operator and operand.
        return node.getChild('MatchingModifierClause') || node.getChild('BoolModifier')
          ? refuse(node)
          : binary(node);
      case 'FunctionCall':
        return call(node);
      case 'AggregateExpr': {
        const [summand, ...others] = argumentsOf(node);
        const isSum = node.getChild('AggregateOp')?.getChild('Sum') != null;
        if (!isSum || node.getChild('AggregateModifier') || summand === undefined || others.length > 0)
          return refuse(node);
        return compute(summand);
      }
      default:
        return refuse(node);
    }
  }

  const { firstChild } = parser.parse(expression).topNode;
  const value = firstChild === null ? 'empty' : compute(firstChild);
  if (value === 'empty' || !('events' in value))
    throw new NotInPastError(`${expression} selects nothing of the backfill`);
  return value.events;
}

function argumentsOf(node: Node): Node[] {
  const found: Node[] = [];
  for (let child = node.getChild('FunctionCallBody')?.firstChild; child; child = child.nextSibling)
    found.push(child);
  return found;
}
