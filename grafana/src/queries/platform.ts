import { METRICS } from '@aiops-sre/conventions/metric-names.ts';

const RATE = '$__rate_interval';
const rate = (series: string, by = '') => `sum${by && ` by (${by})`} (rate(${series}[${RATE}]))`;
/** A counter that does not exist before it first counts reads as 0. */
const orZero = (expression: string) => `${expression} or vector(0)`;

/** Number of processes that Prometheus cannot reach. */
export const targetsDown = 'count(up == 0) or vector(0)';

/** Number of series that the anomaly detector calls anomalous now. */
export const activeAnomalies = `sum(${METRICS.anomalyActive}) or vector(0)`;

const TARGET = 'job, service, instance';
export const targets = {
  up: `max by (${TARGET}) (up)`,
  scrapeSeconds: `max by (${TARGET}) (scrape_duration_seconds)`,
  samples: `max by (${TARGET}) (scrape_samples_post_metric_relabeling)`,
  /** The Collector names its own process' metrics after itself. */
  cpu: `sum by (${TARGET}) (rate(process_cpu_seconds_total[${RATE}]) or rate(otelcol_process_cpu_seconds[${RATE}]))`,
  memory: `sum by (${TARGET}) (process_resident_memory_bytes or otelcol_process_memory_rss)`,
  started: `max by (${TARGET}) (process_start_time_seconds or time() - otelcol_process_uptime) * 1000`,
} as const;

/** A detector that reads its history is weeks behind for a moment: no graph has room for that. */
const MOST_LAG_SECONDS = 300;
const shownLag = `clamp_max(max by (rule) (anomaly_detector_lag_seconds), ${MOST_LAG_SECONDS})`;

/** Only while something is scraped: generated history has a sample a minute. */
const whileScraped = (age: string, job: string) => `(${age}) and on () (up{job="${job}"})`;

/** Age in seconds of the newest sample on each way that telemetry takes; a scrape's interval is normal. */
export const sampleAge = {
  'counters, scraped': whileScraped(`time() - max(timestamp(${METRICS.httpRequests}))`, 'demo-app'),
  'OTLP, by way of the Collector': whileScraped(
    `time() - max(timestamp(${METRICS.httpServerDuration}_count))`,
    'otlp',
  ),
  'span metrics': `time() - max(timestamp(${METRICS.spanCalls}))`,
  'anomaly detector': `max(${shownLag})`,
} as const;

const SIGNALS = { spans: 'spans', 'metric points': 'metric_points', 'log records': 'log_records' } as const;
const bySignal = (of: (signal: string) => string) =>
  Object.fromEntries(Object.entries(SIGNALS).map(([name, signal]) => [name, of(signal)]));
const TO_TEMPO = 'exporter=~"otlp_http/tempo(_sampled)?"';
/** What the queue in front of Tempo has no room for goes to the tail sampler, and is lost only behind it. */
const SAMPLED_TO_TEMPO = 'exporter="otlp_http/tempo_sampled"';
const TO_LOKI = 'exporter="otlp_http/loki"';

export const collector = {
  received: bySignal((signal) => rate(`otelcol_receiver_accepted_${signal}`)),
  /** Refused for want of memory, and failed further on. */
  lost: {
    ...Object.fromEntries(
      Object.entries(SIGNALS).flatMap(([name, signal]) => [
        [`${name} refused`, rate(`otelcol_receiver_refused_${signal}`)],
        [`${name} failed`, rate(`otelcol_receiver_failed_${signal}`)],
      ]),
    ),
    'spans not queued': orZero(rate(`otelcol_exporter_enqueue_failed_spans{${SAMPLED_TO_TEMPO}}`)),
    'spans not sent': orZero(rate(`otelcol_exporter_send_failed_spans{${TO_TEMPO}}`)),
    'log records not queued': orZero(rate(`otelcol_exporter_enqueue_failed_log_records{${TO_LOKI}}`)),
    'log records not sent': orZero(rate(`otelcol_exporter_send_failed_log_records{${TO_LOKI}}`)),
    'traces dropped before a decision': orZero(
      rate('otelcol_processor_tail_sampling_sampling_trace_dropped_too_early'),
    ),
  },
  sent: {
    'spans to Tempo': rate(`otelcol_exporter_sent_spans{${TO_TEMPO}}`),
    'log records to Loki': rate(`otelcol_exporter_sent_log_records{${TO_LOKI}}`),
  },
  /** Share of the fuller one of the queues in front of Tempo and Loki that is full, 0..1. */
  queueFill: 'max(otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)',
  queueFillByExporter: 'max by (exporter) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)',
  /** Nothing but zero while every trace is kept. */
  sampling: {
    kept: orZero(rate('otelcol_processor_tail_sampling_global_count_traces_sampled{decision="sampled"}')),
    'left out': orZero(
      rate('otelcol_processor_tail_sampling_global_count_traces_sampled{decision!="sampled"}'),
    ),
  },
  memory: 'max(otelcol_process_memory_rss)',
} as const;

/** Whatever the Collector loses of what it is sent, a second. */
export const collectorLoss = Object.values(collector.lost)
  .map((each) => `(${each})`)
  .join(' + ');

export const tempo = {
  received: rate('tempo_receiver_accepted_spans'),
  refused: rate('tempo_receiver_refused_spans'),
  discarded: rate('tempo_discarded_spans_total'),
  /** Seconds in which 95 % of the pushes are taken: the greater part of what an export costs the Collector. */
  pushSeconds: `histogram_quantile(0.95, sum by (le) (rate(tempo_distributor_push_duration_seconds_bucket[${RATE}]))) >= 0`,
  liveTraces: 'sum(tempo_ingester_live_traces)',
  failedFlushes: rate('tempo_ingester_failed_flushes_total'),
} as const;

const PUSH = 'route="otlp_v1_logs"';
export const loki = {
  received: rate('loki_distributor_lines_received_total'),
  discarded: orZero(rate('loki_discarded_samples_total')),
  truncated: orZero(rate('loki_mutated_samples_total')),
  failedFlushes: orZero(rate('loki_ingester_chunks_flush_failures_total')),
  /** Mean seconds in which a push is taken. */
  pushSeconds: `${rate(`loki_request_duration_seconds_sum{${PUSH}}`)} / (${rate(`loki_request_duration_seconds_count{${PUSH}}`)} > 0)`,
  /** Each combination of the index labels is one. */
  streams: 'sum(loki_ingester_memory_streams)',
} as const;

export const prometheus = {
  samples: rate('prometheus_tsdb_head_samples_appended_total'),
  series: 'sum(prometheus_tsdb_head_series)',
  scrapedByJob: 'sum by (job) (scrape_samples_post_metric_relabeling)',
  /** Seconds that the last evaluation of each file's rules took. */
  ruleSeconds:
    'sum by (file) (label_replace(prometheus_rule_group_last_duration_seconds, "file", "$1", "rule_group", ".*/(.+)[.]rules[.]yml;.*"))',
  /** Of the time until the next evaluation, the share that the slowest group takes, 0..1. */
  ruleBusy: 'max(prometheus_rule_group_last_duration_seconds / prometheus_rule_group_interval_seconds)',
  troubles: {
    'rules failed': rate('prometheus_rule_evaluation_failures_total'),
    'evaluations missed': rate('prometheus_rule_group_iterations_missed_total'),
    'samples out of order': rate('prometheus_target_scrapes_sample_out_of_order_total'),
    'samples with the same time': rate('prometheus_target_scrapes_sample_duplicate_timestamp_total'),
    'scrapes over their limit': rate('prometheus_target_scrapes_exceeded_sample_limit_total'),
  },
  /** Seconds within which 90 % of the queries are answered. */
  querySeconds: 'max by (slice) (prometheus_engine_query_duration_seconds{quantile="0.9"} >= 0)',
  storage: 'sum(prometheus_tsdb_storage_blocks_bytes)',
} as const;

const WEBHOOK = 'integration="webhook"';
export const alerting = {
  alerts: 'sum by (state) (alertmanager_alerts)',
  sent: rate(`alertmanager_notifications_total{${WEBHOOK}}`),
  failures: {
    'notifications failed': rate('alertmanager_notifications_failed_total'),
    'alerts dropped by Prometheus': rate('prometheus_notifications_dropped_total'),
    'alerts refused by Alertmanager': rate('alertmanager_alerts_invalid_total'),
    'webhooks refused by the responder': rate(METRICS.responderWebhookFailures),
  },
  /** Mean seconds that a notification takes. */
  seconds: `${rate(`alertmanager_notification_latency_seconds_sum{${WEBHOOK}}`)} / (${rate(`alertmanager_notification_latency_seconds_count{${WEBHOOK}}`)} > 0)`,
  /** Notifications that the responder took in, by the receiver that Alertmanager chose. */
  taken: rate(METRICS.responderNotifications, 'receiver'),
  /** Seconds since the responder last heard the alert that always fires. */
  watchdogAge: `max(${METRICS.watchdogAge})`,
} as const;

/** Notifications and alerts that did not arrive, a second. */
export const alertingLoss = Object.values(alerting.failures)
  .map((each) => `(${each})`)
  .join(' + ');

export const detector = {
  /** Age of the latest evaluated sample, seconds, at most {@link MOST_LAG_SECONDS}. */
  lag: shownLag,
  pollSeconds: `histogram_quantile(0.95, sum by (le) (rate(anomaly_detector_poll_duration_seconds_bucket[${RATE}]))) >= 0`,
} as const;

/** Seconds within which Grafana answers 95 % of the requests of browsers and of Prometheus. */
export const grafanaSeconds = `histogram_quantile(0.95, sum by (le) (rate(grafana_http_request_duration_seconds_bucket[${RATE}]))) >= 0`;

const LOSSES = {
  Collector: collector.lost,
  Prometheus: prometheus.troubles,
  Tempo: {
    'spans refused': tempo.refused,
    'spans discarded': tempo.discarded,
    'flushes failed': tempo.failedFlushes,
  },
  Loki: {
    'lines discarded': loki.discarded,
    'lines cut': loki.truncated,
    'flushes failed': loki.failedFlushes,
  },
  Alerting: alerting.failures,
  'Anomaly detector': { errors: rate('anomaly_detector_errors_total') },
} as const;

/** Everything that is 0 as long as all is well, by `where` and `what`: how much of it the time range had. */
export const losses = Object.entries(LOSSES)
  .flatMap(([where, each]) =>
    Object.entries(each).map(([what, expression]) => {
      const count = expression.replace(/\brate\(/g, 'increase(').replaceAll(RATE, '$__range');
      return `label_replace(label_replace(${count}, "where", "${where}", "", ""), "what", "${what}", "", "")`;
    }),
  )
  .join(' or ');
