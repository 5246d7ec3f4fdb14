import { type SelectorNames, selectorNames, syntaxError } from '@aiops-sre/slo/promql.ts';

/** The query as Prometheus could see it: a range in place of each interval that Grafana computes. */
function withIntervals(expression: string): string {
  return expression.replaceAll(/\$__(rate_interval|interval|range)\b/g, '1m');
}

/** What is wrong with the query's grammar, if anything. */
export function promqlProblem(expression: string): string | undefined {
  const error = syntaxError(withIntervals(expression));
  return error && `syntax error at "${error.near}" in ${expression}`;
}

/** Metrics and labels that the query selects. */
export function selected(expression: string): readonly SelectorNames[] {
  return selectorNames(withIntervals(expression));
}
