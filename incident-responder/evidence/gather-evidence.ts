import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { Sample } from '@aiops-sre/service-kit/prometheus/samples.ts';
import type { AnomalyReading, Change, Evidence, InstanceHealth, ServiceHealth } from './evidence.ts';

/** Bounds what one assessment takes in. */
const MAX_SAMPLES = 200;

/** `range`: a range selector with an offset, if any. */
const graph = (name: string, range: string) => `sum by (server) (rate(${name}${range}))`;
const meanSeconds = (range: string) =>
  `${graph('traces_service_graph_request_server_seconds_sum', range)} / (${graph('traces_service_graph_request_server_seconds_count', range)} > 0)`;

const QUERIES = {
  slowdown: `(${meanSeconds('[1m]')}) / (${meanSeconds('[30m] offset 3m')})`,
  failed: `(${graph(METRICS.serviceGraphFailed, '[2m]')} or 0 * ${graph(METRICS.serviceGraphRequests, '[2m]')}) / (${graph(METRICS.serviceGraphRequests, '[2m]')} > 0)`,
  up: 'avg by (service) (up{service!=""})',
  instances: `sum by (service, instance) (rate(${METRICS.httpRequests}{status_class="5xx"}[2m])) / (sum by (service, instance) (rate(${METRICS.httpRequests}[2m])) > 0)`,
  documents: `sum by (service, instance) (rate(${METRICS.fulfillmentDocuments}{document_status="failed"}[2m])) / (sum by (service, instance) (rate(${METRICS.fulfillmentDocuments}[2m])) > 0)`,
  anomalies: `topk(${MAX_SAMPLES}, ${METRICS.anomalyScore} >= 0.5)`,
  // A revision that was not there an hour ago, of a service that was.
  deploys: `(count by (service, version, revision) (${METRICS.demoAppInfo}) unless count by (service, version, revision) (${METRICS.demoAppInfo} offset 1h)) and on (service) count by (service) (${METRICS.demoAppInfo} offset 1h)`,
  firstSeen: `min by (service, revision) (min_over_time(timestamp(${METRICS.demoAppInfo})[1h:15s]))`,
} as const;

export interface GatherEvidenceOptions {
  readonly prometheus: PrometheusClient;
  /** Flag changes seen by the responder itself. */
  readonly flagChanges: () => readonly Change[];
}

/** Asks Prometheus everything at once; a query without an answer leaves its part empty. */
export async function gatherEvidence({ prometheus, flagChanges }: GatherEvidenceOptions): Promise<Evidence> {
  const missing: string[] = [];
  const ask = async (what: keyof typeof QUERIES): Promise<Sample[]> => {
    try {
      const samples = await prometheus.query(QUERIES[what]);
      return samples.filter(({ value }) => Number.isFinite(value)).slice(0, MAX_SAMPLES);
    } catch (error) {
      missing.push(`${what}: ${(error as Error).message}`);
      return [];
    }
  };
  const [slowdown, failed, up, instances, documents, anomalies, deploys, firstSeen] = await Promise.all(
    (
      ['slowdown', 'failed', 'up', 'instances', 'documents', 'anomalies', 'deploys', 'firstSeen'] as const
    ).map(ask),
  );
  return {
    changes: [...flagChanges(), ...deployChanges(deploys ?? [], firstSeen ?? [])],
    services: serviceHealth(slowdown ?? [], failed ?? [], up ?? []),
    instances: [...(instances ?? []), ...(documents ?? [])].map(instanceHealth),
    anomalies: (anomalies ?? []).map(anomalyReading),
    missing,
  };
}

function serviceHealth(slowdown: Sample[], failed: Sample[], up: Sample[]): ServiceHealth[] {
  const by = (samples: Sample[], label: string) =>
    new Map(samples.map(({ labels, value }) => [labels[label] ?? '', value]));
  const [slow, bad, alive] = [by(slowdown, 'server'), by(failed, 'server'), by(up, 'service')];
  return [...new Set([...slow.keys(), ...bad.keys(), ...alive.keys()])].map((service) => ({
    service,
    slowdown: slow.get(service),
    failedRatio: bad.get(service),
    upRatio: alive.get(service),
  }));
}

const instanceHealth = ({ labels, value }: Sample): InstanceHealth => ({
  service: labels.service ?? '',
  instance: labels.instance ?? '',
  failedRatio: value,
});

const anomalyReading = ({ labels, value }: Sample): AnomalyReading => ({
  rule: labels.rule ?? '',
  service: labels.service ?? '',
  instance: labels.instance,
  score: value,
});

function deployChanges(deploys: Sample[], firstSeen: Sample[]): Change[] {
  return deploys.map(({ labels }) => {
    const seen = firstSeen.find(
      (each) => each.labels.service === labels.service && each.labels.revision === labels.revision,
    );
    return {
      kind: 'deploy' as const,
      service: labels.service ?? '',
      subject: labels.revision ?? '',
      from: 'another revision',
      to: `${labels.version} ${labels.revision}`,
      atMs: (seen?.value ?? 0) * 1000,
    };
  });
}
