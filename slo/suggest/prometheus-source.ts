import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { sampleValue } from '@aiops-sre/service-kit/prometheus/samples.ts';

/** What suggestions are learnt from. */
export interface MetricSource {
  /** Names of all metrics that have samples in the time learnt from. */
  metricNames(): Promise<readonly string[]>;
  /** Label sets of a metric's series. */
  series(metric: string): Promise<readonly Readonly<Record<string, string>>[]>;
  /** One value a day of an expression that yields one series; a day without a value is missing. */
  daily(expr: string): Promise<readonly number[]>;
}

const DAY_SECONDS = 86_400;
const SERIES_LIMIT = 5000;
const TIMEOUT_MS = 60_000;

/** A Prometheus over its HTTP API, read-only. @throws BackendError */
export function prometheusSource(options: {
  readonly url: string;
  readonly nowSeconds: number;
  readonly days: number;
}): MetricSource {
  const { url, nowSeconds, days } = options;
  const prometheus = createPrometheusClient({ url, timeoutMs: TIMEOUT_MS });
  const span = { startSeconds: nowSeconds - days * DAY_SECONDS, endSeconds: nowSeconds };
  return {
    metricNames: () => prometheus.labelValues('__name__', span),
    series: (metric) => prometheus.series(metric, span, SERIES_LIMIT),
    daily: async (expr) => {
      const startSeconds = nowSeconds - (days - 1) * DAY_SECONDS;
      const range = { ...span, query: expr, startSeconds, stepSeconds: DAY_SECONDS };
      const { series } = await prometheus.queryRange(range);
      return (series[0]?.samples ?? []).map(([, value]) => sampleValue(value));
    },
  };
}
