import { METRICS } from '@aiops-sre/conventions/metric-names.ts';

/** Labels that the scrape adds to every series, and a table does not show. */
const OF_SCRAPE = 'instance, job, __name__';

/** Of a series that is about no process of its own, the scrape says where the detector is. */
const DETECTOR_ADDRESS = '.+:[0-9]+';

/** One of the detector's gauges for the series that the variables `rule`, `about`, `route` and `process` choose. */
export const chosen = (gauge: string) =>
  `max without (${OF_SCRAPE}) (${gauge}{rule="$rule",service=~"$about",route="$route",instance=~"$process|${DETECTOR_ADDRESS}"})`;
/** Series whose label `instance` tells which process of the rule's they are about. */
export const perProcess = `${METRICS.anomalyActive}{rule="$rule",instance!~"${DETECTOR_ADDRESS}"}`;
export const value = METRICS.anomalyValue;
export const expected = METRICS.anomalyExpected;
export const lower = METRICS.anomalyLower;
export const upper = METRICS.anomalyUpper;
export const score = METRICS.anomalyScore;
export const active = METRICS.anomalyActive;

const SERIES = 'rule, service, method, route, process';
const byLabels = (labels: string, gauge: string) =>
  `max by (${labels}) (label_replace(${gauge}, "process", "$1", "instance", "([^:]+)"))`;

/** A gauge of every watched series, by what tells them apart; label `process` is the instance that a series is about. */
export const every = (gauge: string) => byLabels(SERIES, gauge);

/** As {@link every}, with the unit of the values and the direction in which a series can be an anomaly, where the detector tells. */
export const everyExplained = (gauge: string) =>
  `(${every(gauge)} * on (rule) group_left (unit, direction) max by (rule, unit, direction) (${METRICS.anomalyRuleInfo})) or on (${SERIES}) ${every(gauge)}`;

const named = (gauge: string) =>
  // Without the spaces of what it is not about.
  `label_replace(label_join(${gauge}, "series", " ", "rule", "method", "route", "process"), "series", "$1 $2", "series", "([^ ]+) *(.*?) *")`;
/** As {@link every}, with a label `series` that says which. */
export const everyNamed = (gauge: string) => named(every(gauge));
/** The same of the highest of a rule's services: those of a template are too many for one panel. */
export const highestNamed = (gauge: string) => named(byLabels('rule, method, route, process', gauge));

/** From this score on a value is out of the ordinary, whatever the series. */
export const ALARM_SCORE = 0.5;

export const seriesByState = 'sum by (state) (anomaly_detector_series)';
/** Share of the watched series that are scored, 0..1; the rest is warming up, settling or without data. */
export const scoredShare = 'sum(anomaly_detector_series{state="scored"}) / sum(anomaly_detector_series)';
/** Anomalies alerted on in the last 7 days per watched series, of all rules together. */
export const alertsPerSeriesWeek =
  'sum(anomaly_detector_alerts_per_series_week * on (rule) sum by (rule) (anomaly_detector_series)) / sum(anomaly_detector_series)';
/** Share of the judged anomalies that people called useful, 0..1; absent without verdicts. */
export const precision = 'anomaly_detector_precision_ratio';
/** Age of the latest evaluated sample, seconds, by rule. */
export const lag = 'max by (rule) (anomaly_detector_lag_seconds)';
/** Anomalies alerted on by rule, in the hour before. */
export const anomaliesRaised = 'round(sum by (rule) (increase(anomaly_detector_anomalies_total[1h])))';

/** Of how each series nears its limits, by what tells them apart. */
const ofLimits = (gauge: string) =>
  `max by (rule, limit, process) (label_replace(${gauge}, "process", "$1", "instance", "([^:]+)"))`;
/** Seconds until a limit is crossed, where that is predicted. */
export const predictedBreach = ofLimits(METRICS.predictedBreach);
/** Probability of crossing each limit, 0..1. */
export const breachProbability = ofLimits(METRICS.predictedBreachProbability);
/** The same with a label `series` that says which; only limits that are not out of reach. */
export const breachProbabilityNamed = `label_join(${breachProbability} > 0.01, "series", " ", "rule", "limit", "process")`;
