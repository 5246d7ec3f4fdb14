import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';

/** What of Prometheus is asked of a service's telemetry. */
export type AdoptionSource = Pick<
  PrometheusClient,
  'query' | 'value' | 'queryRange' | 'labelValues' | 'series'
>;
