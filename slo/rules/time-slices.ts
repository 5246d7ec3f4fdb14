import { errorRatio, SERIES, sloSelector, totalRate } from '@aiops-sre/conventions/slo-series.ts';
import type { Slo, TimeSlice } from '../model/slo.ts';
import { windowQueries } from './event-expressions.ts';
import { labelsOf, withoutRecordedLabels } from './labels.ts';
import type { RecordingRule } from './rule-file.ts';

/** A slice is judged every minute, over the window of the definition. */
export const TIME_SLICE_INTERVAL = '1m';
const SLICES_A_SECOND = '1 / 60';

/**
 * Slices take the place of events: a minute with events counts one, and is bad when too many of the events of the slice's
 * window were. Everything after that is the same as for events.
 */
export function timeSliceRules(slo: Slo, slice: TimeSlice, windows: readonly string[]): RecordingRule[] {
  const labels = labelsOf(slo);
  const selector = sloSelector(slo);
  const queries = windowQueries(slo, slice.window);
  const total = withoutRecordedLabels(slo, `${totalRate(slice.window)}_events${selector}`);
  const average = (series: string, window: string) => `avg_over_time(${series}${selector}[${window}])`;
  return [
    { record: `${totalRate(slice.window)}_events`, expr: `(${queries.total}) >= 0 < Inf`, labels },
    {
      record: SERIES.badRateMinute,
      expr: `((${queries.bad(total)} / (${total} > 0)) < Inf > bool ${slice.allowedErrorRatio}) * ${SLICES_A_SECOND}`,
      labels,
    },
    {
      record: SERIES.totalRateMinute,
      expr: `0 * ${SERIES.badRateMinute}${selector} + ${SLICES_A_SECOND}`,
      labels,
    },
    { record: SERIES.badRate5m, expr: average(SERIES.badRateMinute, '5m'), labels },
    ...windows.flatMap((window) => [
      { record: totalRate(window), expr: average(SERIES.totalRateMinute, window), labels },
      {
        record: errorRatio(window),
        expr: `${average(SERIES.badRateMinute, window)} / (${totalRate(window)}${selector} > 0)`,
        labels,
      },
    ]),
  ];
}
