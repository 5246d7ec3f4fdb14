import { secondsOf } from '../model/durations.ts';
import type { Slo } from '../model/slo.ts';
import { overWindow, summed } from '../promql/promql.ts';

/** The queries of an SLO over a window, as one series a group without labels of their own. */
export function windowQueries(slo: Pick<Slo, 'indicator' | 'groupBy'>, window: string) {
  const { counts, numerator, total, missingNumerator, notPlain } = slo.indicator;
  const over = (query: string) => summed(overWindow(query, window, secondsOf(window)), slo.groupBy);
  // No series yet is 0 events, not an empty result, for as long as the total shows that there is telemetry.
  const counted = (totalExpr: string) =>
    missingNumerator === 'zero' ? `(${over(numerator)} or 0 * ${totalExpr})` : over(numerator);
  return {
    total: over(total),
    counted,
    bad: (totalExpr: string) =>
      counts === 'good'
        ? `clamp_min(${totalExpr} - ${counted(totalExpr)}, 0)`
        : notPlain === undefined
          ? counted(totalExpr)
          : `clamp_min(${counted(totalExpr)}, 0)`,
  };
}

/** Bad and all events a second over `window`, from the counters that the definition names; one series a group. */
export function eventExpressions(
  slo: Pick<Slo, 'indicator' | 'groupBy'>,
  window: string,
): { readonly bad: string; readonly total: string } {
  const { bad, total } = windowQueries(slo, window);
  return { bad: bad(total), total };
}
