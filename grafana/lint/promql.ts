import { syntaxError } from '@aiops-sre/slo/promql/promql.ts';

/** What is wrong with the query's grammar, if anything; intervals that Grafana computes stand for some range. */
export function promqlProblem(expression: string): string | undefined {
  const error = syntaxError(expression.replaceAll(/\$__(rate_interval|interval|range)\b/g, '1m'));
  return error && `syntax error at "${error.near}" in ${expression}`;
}
