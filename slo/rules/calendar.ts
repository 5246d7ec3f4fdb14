import { SERIES, sloSelector } from '@aiops-sre/conventions/slo-series.ts';
import { longestDays } from '../model/period.ts';
import type { Period, Slo } from '../model/slo.ts';
import { timeZoneOffsets } from '../model/time-zone.ts';
import { labelsOf, withoutRecordedLabels } from './labels.ts';
import type { RecordingRule } from './rule-file.ts';

type CalendarPeriod = Extract<Period, { kind: 'calendar' }>;

/**
 * A budget from the first minute of a month or quarter. Ranges in PromQL have a fixed length and no time zone, hence each
 * minute is recorded with the number of its period as a label, 202610, and averages over the longest period keep those
 * minutes alone that have the number of now.
 */
export function calendarMinuteRules(slo: Slo, period: CalendarPeriod): RecordingRule[] {
  const labels = labelsOf(slo);
  const selector = sloSelector(slo);
  const local = `${SERIES.periodLocalTime}${selector}`;
  const month = `month(${local})`;
  const number = `year(${local}) * 100 + ${period.unit === 'month' ? month : `ceil(${month} / 3)`}`;
  const numbered = (series: string) =>
    `${series}${selector} * on () group_left (period) ${currentPeriod(slo)}`;
  return [
    { record: SERIES.periodLocalTime, expr: `vector(time() + ${offset(period.timeZone)})`, labels },
    { record: SERIES.periodNumber, expr: number, labels },
    { record: SERIES.totalRateCalendar, expr: numbered(SERIES.totalRateMinute), labels },
    { record: SERIES.badRateCalendar, expr: numbered(SERIES.badRateMinute), labels },
  ];
}

/** One sample of value 1 whose label `period` is the number of the period. */
function currentPeriod(slo: Slo): string {
  return `count_values("period", ${SERIES.periodNumber}${sloSelector(slo)})`;
}

/** Seconds that local time is ahead of UTC, with daylight saving time, as an expression of time(). */
function offset(timeZone: string): string {
  const { firstSeconds, changes } = timeZoneOffsets(timeZone);
  const steps = changes.map(
    ({ atSeconds, bySeconds }) =>
      ` ${bySeconds < 0 ? '-' : '+'} ${Math.abs(bySeconds)} * (time() >= bool ${atSeconds})`,
  );
  return firstSeconds + steps.join('');
}

/** An aggregate over time of the minutes that the period has had so far, without recorded labels. */
export function overPeriodSoFar(slo: Slo, aggregate: string, series: string, step = ''): string {
  const range = `[${longestDays(slo.period)}d${step}]`;
  return withoutRecordedLabels(
    slo,
    `${aggregate}(${series}${sloSelector(slo)}${range}) and on (period) ${currentPeriod(slo)}`,
  );
}

/** Days of the whole period that it is now, as an expression of one sample. */
export function periodLengthDays(slo: Slo, period: CalendarPeriod): string {
  const local = `max(${SERIES.periodLocalTime}${sloSelector(slo)})`;
  if (period.unit === 'month') return `days_in_month(${local})`;
  const quarter = `ceil(month(${local}) / 3)`;
  const leapDay = `(year(${local}) % 4 == bool 0)`;
  return `(${quarter} == bool 1) * (90 + ${leapDay}) + (${quarter} == bool 2) * 91 + (${quarter} >= bool 3) * 92`;
}
