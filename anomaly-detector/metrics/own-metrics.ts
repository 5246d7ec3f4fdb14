import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { BACKEND_FAILURES } from '@aiops-sre/service-kit/backends/backend-error.ts';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { SKIP_REASONS } from '../watch/rule-watch.ts';

/** Label `kind` of `anomaly_detector_errors_total`. */
const ERROR_KINDS = [
  ...BACKEND_FAILURES,
  'partial_answer',
  'alertmanager',
  'snapshot',
  'journal',
  'internal',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** How the detector itself is doing. Every label value is there from the start, at zero. */
export function createOwnMetrics(options: { rules: readonly string[]; replicas: readonly string[] }) {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const metrics = {
    registry,
    polls: new Counter({
      name: 'anomaly_detector_polls_total',
      help: 'Polls of a rule by outcome.',
      labelNames: ['rule', 'outcome'],
      registers,
    }),
    pollDuration: new Histogram({
      name: 'anomaly_detector_poll_duration_seconds',
      help: 'From the query of a rule to the update of its last series.',
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    }),
    lag: new Gauge({
      name: 'anomaly_detector_lag_seconds',
      help: 'Age of the latest sample evaluated by a rule.',
      labelNames: ['rule'],
      registers,
    }),
    ruleInfo: new Gauge({
      name: METRICS.anomalyRuleInfo,
      help: 'Unit of the values of a rule, and the direction in which they can be an anomaly.',
      labelNames: ['rule', 'unit', 'direction'],
      registers,
    }),
    series: new Gauge({
      name: 'anomaly_detector_series',
      help: 'Series watched by a rule, by what the model can say of them.',
      labelNames: ['rule', 'state'],
      registers,
    }),
    serviceLearning: new Gauge({
      name: 'anomaly_detector_service_learning_seconds',
      help: 'Until anomalies of a service that a template has found raise alerts; 0: they do.',
      labelNames: ['service'],
      registers,
    }),
    seriesLeftOut: new Gauge({
      name: 'anomaly_detector_series_left_out',
      help: 'Series of the latest answer that max_series of the rule left out.',
      labelNames: ['rule'],
      registers,
    }),
    calendarEvents: new Gauge({
      name: 'anomaly_detector_calendar_events',
      help: 'Events of the calendars that last now: maintenance mutes, a holiday is held against the day off.',
      labelNames: ['kind'],
      registers,
    }),
    calendarProblems: new Gauge({
      name: 'anomaly_detector_calendar_problems',
      help: 'What is wrong with the calendars; what is not counts all the same.',
      registers,
    }),
    skipped: new Counter({
      name: 'anomaly_detector_skipped_samples_total',
      help: 'Samples that were left out, by reason.',
      labelNames: ['rule', 'reason'],
      registers,
    }),
    errors: new Counter({
      name: 'anomaly_detector_errors_total',
      help: 'What went wrong, by kind.',
      labelNames: ['kind'],
      registers,
    }),
    alertsSent: new Counter({
      name: 'anomaly_detector_alerts_sent_total',
      help: 'Alerts posted to an Alertmanager replica, resends included, by outcome.',
      labelNames: ['alertmanager', 'outcome'],
      registers,
    }),
    anomalies: new Counter({
      name: 'anomaly_detector_anomalies_total',
      help: 'Anomalies that an alert was raised for.',
      labelNames: ['rule'],
      registers,
    }),
    alertsPerSeriesWeek: new Gauge({
      name: 'anomaly_detector_alerts_per_series_week',
      help: 'Anomalies alerted on in the last 7 days, divided by the series watched now.',
      labelNames: ['rule'],
      registers,
    }),
    precision: new Gauge({
      name: 'anomaly_detector_precision_ratio',
      help: 'Share of anomalies that people called useful among those judged in the last 28 days; absent without verdicts.',
      labelNames: ['rule'],
      registers,
    }),
    verdicts: new Gauge({
      name: 'anomaly_detector_verdicts',
      help: 'Anomalies that people judged in the last 28 days.',
      labelNames: ['rule'],
      registers,
    }),
    ready: new Gauge({
      name: 'anomaly_detector_ready',
      help: '1 when every rule has read its history and is evaluated in time.',
      registers,
    }),
  };
  for (const kind of ERROR_KINDS) metrics.errors.inc({ kind }, 0);
  for (const rule of options.rules) {
    for (const outcome of ['success', 'failure']) metrics.polls.inc({ rule, outcome }, 0);
    for (const reason of SKIP_REASONS) metrics.skipped.inc({ rule, reason }, 0);
    metrics.anomalies.inc({ rule }, 0);
  }
  for (const alertmanager of options.replicas)
    for (const outcome of ['success', 'failure']) metrics.alertsSent.inc({ alertmanager, outcome }, 0);
  return metrics;
}

export type OwnMetrics = ReturnType<typeof createOwnMetrics>;
