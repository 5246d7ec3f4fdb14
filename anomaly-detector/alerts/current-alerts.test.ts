import { expect, it } from 'vitest';
import type { Rule } from '../rules/rule.ts';
import { exampleRule } from '../testing/example-rule.ts';
import { createWatchedSeries } from '../watch/watched-series.ts';
import { reportOf } from './current-alerts.ts';

const STEP = 60;
const CLIMBS_FROM = 12 * 3600;

/** Alerts on a series that is calm for half a day and then climbs for half an hour towards a limit that it reaches after 50 minutes. */
function alertsOn(severity: Rule['severity'], limitSeverity: Rule['severity']) {
  const limit = { name: 'full', side: 'above', value: 300, withinSeconds: 7200, probability: 0.9 } as const;
  const rule = exampleRule({
    severity,
    seasonality: 'none',
    limits: [{ ...limit, severity: limitSeverity }],
  });
  const series = createWatchedSeries({ rule, timeZone: 'UTC', labels: {} });
  let at = 0;
  for (; at <= CLIMBS_FROM + 1800; at += STEP) {
    const value = 100 + Math.sin(at * 12.9898) + Math.max(0, at - CLIMBS_FROM) * (200 / 3000);
    series.observe({ atSeconds: at, stepSeconds: STEP, value, missingIsVanished: false });
  }
  const links = { dashboardBaseUrl: 'http://dashboards', runbookBaseUrl: 'http://runbooks' };
  return reportOf([{ rule, series }], at, { links, timeZone: 'UTC' }).alerts.map(
    ({ labels }) => `${labels.alertname} ${labels.severity}`,
  );
}

it.each([
  ['ticket', 'ticket', ['Anomaly ticket']],
  ['info', 'info', ['Anomaly info']],
  ['ticket', 'info', ['Anomaly ticket']],
  ['info', 'ticket', ['Anomaly info', 'PredictedBreach ticket']],
] as const)(
  'a limit about to be crossed by what is anomalous (%s) is told by that, unless the limit (%s) calls for more',
  (severity, limitSeverity, expected) => {
    expect(alertsOn(severity, limitSeverity)).toEqual(expected);
  },
);
