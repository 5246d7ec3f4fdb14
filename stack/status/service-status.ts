import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { ENTRY_SPANS } from '@aiops-sre/conventions/semantic-attributes.ts';
import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { serviceLabel } from '@aiops-sre/slo/suggest/service-label.ts';

/** A service that has sent spans in the last minutes, whoever it is. */
export interface ServiceStatus {
  readonly service: string;
  /** Over the last five minutes. */
  readonly requestsPerSecond: number;
  /** Share of those that failed, 0..1; undefined without requests. */
  readonly failedShare: number | undefined;
  /** 95th percentile of the time to answer; undefined without requests. */
  readonly p95Seconds: number | undefined;
  /** Until its anomalies raise alerts; 0: they do. undefined: the detector has not found it yet. */
  readonly learningSeconds: number | undefined;
  /** Names of its SLOs. */
  readonly slos: readonly string[];
}

const LEARNING = 'max by (service) (anomaly_detector_service_learning_seconds)';

/** In the order of their names. */
export async function readServices(
  prometheus: Pick<PrometheusClient, 'query'>,
): Promise<readonly ServiceStatus[]> {
  const rate = (metric: string, by: string, more = '') =>
    `sum by (${by}) (rate(${metric}{${ENTRY_SPANS}${more}}[5m]))`;
  const [requests, failed, p95, learning, objectives] = await Promise.all([
    prometheus.query(rate(METRICS.serviceCalls, 'service_name')),
    prometheus.query(rate(METRICS.serviceCalls, 'service_name', ',status_code="STATUS_CODE_ERROR"')),
    prometheus.query(
      `histogram_quantile(0.95, ${rate(`${METRICS.serviceDuration}_bucket`, 'service_name, le')})`,
    ),
    prometheus.query(LEARNING),
    prometheus.query(SERIES.objective),
  ]);
  const byService = (samples: typeof requests) =>
    new Map(samples.map(({ labels, value }) => [labels.service_name, value]));
  const learningSeconds = new Map(learning.map(({ labels, value }) => [labels.service, value]));
  const [failures, durations] = [byService(failed), byService(p95)];
  return requests
    .map(({ labels: { service_name: service = '' }, value: requestsPerSecond }) => ({
      service,
      requestsPerSecond,
      failedShare: requestsPerSecond > 0 ? (failures.get(service) ?? 0) / requestsPerSecond : undefined,
      p95Seconds: finite(durations.get(service)),
      learningSeconds: learningSeconds.get(service),
      slos: objectives.flatMap(({ labels }) =>
        labels.service === serviceLabel(service) && labels.slo ? [labels.slo] : [],
      ),
    }))
    .sort((one, other) => one.service.localeCompare(other.service));
}

const finite = (value: number | undefined) => (Number.isFinite(value) ? value : undefined);
