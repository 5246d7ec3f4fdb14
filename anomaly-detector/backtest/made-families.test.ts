import { expect, test } from 'vitest';
import { ALARM_THRESHOLD } from '../model/series-model.ts';
import { makeFamily } from './made-families.ts';
import { scoreNab, windowMetrics } from './nab-score.ts';
import { scoreSeries } from './score-series.ts';

/** Floors well below what the README states for more series: they break when something collapses, not by chance. */
test.each([
  ['drifts', 0.85, 0.9],
  ['webTraffic', 0.5, 0.9],
  ['sparseCounters', 0.65, 1.3],
  ['levelShifts', 0.75, 0.7],
] as const)('of %s most incidents are found, at few false alarms', (name, recallMin, falseAlarmsMax) => {
  const results = makeFamily(name, 1, 12).map((series) =>
    scoreNab(series.timestampSeconds, scoreSeries(series), series.windows, ALARM_THRESHOLD),
  );
  const { recall, falseAlarmsPerWeek } = windowMetrics(results);
  expect(recall).toBeGreaterThan(recallMin);
  expect(falseAlarmsPerWeek).toBeLessThan(falseAlarmsMax);
});
