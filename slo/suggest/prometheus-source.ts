import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { sampleValue } from '@aiops-sre/service-kit/prometheus/samples.ts';

/** What suggestions are learnt from. */
export interface MetricSource {
  /** Names of all metrics that have samples in the time learnt from. */
  metricNames(): Promise<readonly string[]>;
  /** Label sets of a metric's series. */
  series(metric: string): Promise<readonly Readonly<Record<string, string>>[]>;
  /** One value a day of an expression that yields one series; a day without a value is missing. */
  daily(expr: string): Promise<readonly number[]>;
  /** Seconds since the first sample of what a selector selects, of the last week; undefined where it selects nothing. */
  ageSeconds(selector: string): Promise<number | undefined>;
  /** Value of an expression that yields one series, as of now; undefined without one. */
  value(expr: string): Promise<number | undefined>;
}

const DAY_SECONDS = 86_400;
const SERIES_LIMIT = 5000;
/** A Prometheus over its HTTP API, read-only. @throws BackendError */
export function prometheusSource(options: {
  readonly prometheus: Pick<PrometheusClient, 'value' | 'queryRange' | 'labelValues' | 'series'>;
  readonly nowSeconds: number;
  readonly days: number;
}): MetricSource {
  const { prometheus, nowSeconds, days } = options;
  const span = { startSeconds: nowSeconds - days * DAY_SECONDS, endSeconds: nowSeconds };
  return {
    metricNames: () => prometheus.labelValues('__name__', span),
    series: (metric) => prometheus.series(metric, span, SERIES_LIMIT),
    ageSeconds: async (selector) => {
      const age = (range: string) =>
        prometheus.value(`time() - min(min_over_time(timestamp(${selector})[${range}]))`);
      const ofHour = await age('1h:15s');
      // The finer look first: one that is minutes old has no sample on a coarser grid.
      return ofHour !== undefined && ofHour < 3500 ? ofHour : ((await age('7d:5m')) ?? ofHour);
    },
    value: (expr) => prometheus.value(expr),
    daily: async (expr) => {
      const startSeconds = nowSeconds - (days - 1) * DAY_SECONDS;
      const range = { ...span, query: expr, startSeconds, stepSeconds: DAY_SECONDS };
      const { series } = await prometheus.queryRange(range);
      return (series[0]?.samples ?? []).map(([, value]) => sampleValue(value));
    },
  };
}
