import { errorRatio, SERIES, sloSelector, totalRate } from '@aiops-sre/conventions/slo-series.ts';
import type { Slo } from '../model/slo.ts';
import { windowQueries } from './event-expressions.ts';
import { labelsOf, withoutRecordedLabels } from './labels.ts';
import type { RecordingRule } from './rule-file.ts';

/** A number: NaN and what a division by zero leaves are no data, and must not stay in an average for days. */
function known(expr: string): string {
  return `(${expr}) >= 0 < Inf`;
}

/** Total and error ratio of one window straight from the counters. */
export function windowRules(slo: Slo, window: string): RecordingRule[] {
  const labels = labelsOf(slo);
  const selector = sloSelector(slo);
  const queries = windowQueries(slo, window);
  const total = `${totalRate(window)}${selector}`;
  // The raw counters have no labels slo and service: the sides of an operator must agree.
  const plainTotal = withoutRecordedLabels(slo, total);
  if (window !== '5m') {
    // A single sample that is no number spoils a window for as long as it holds it: then the minutes that are known count.
    const minutes = (series: string) =>
      withoutRecordedLabels(slo, `avg_over_time(${series}${selector}[${window}])`);
    return [
      {
        record: totalRate(window),
        expr: `${known(queries.total)}\nor ${minutes(SERIES.totalRateMinute)}`,
        labels,
      },
      {
        record: errorRatio(window),
        expr:
          `${known(`${queries.bad(plainTotal)}\n/ (${plainTotal} > 0)`)}\n` +
          `or ${minutes(SERIES.badRateMinute)} / (${minutes(SERIES.totalRateMinute)} > 0) and ${plainTotal} > 0`,
        labels,
      },
    ];
  }
  return [
    { record: totalRate(window), expr: known(queries.total), labels },
    ...(slo.indicator.counts === 'good'
      ? [
          { record: SERIES.goodRate5m, expr: known(queries.counted(plainTotal)), labels },
          {
            record: SERIES.badRate5m,
            expr: `clamp_min(${total} - ${SERIES.goodRate5m}${selector}, 0)`,
            labels,
          },
        ]
      : [{ record: SERIES.badRate5m, expr: known(queries.bad(plainTotal)), labels }]),
    { record: errorRatio(window), expr: `${SERIES.badRate5m}${selector} / (${total} > 0)`, labels },
  ];
}
