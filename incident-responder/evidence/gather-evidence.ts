import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { Labels, Sample } from '@aiops-sre/service-kit/prometheus/samples.ts';
import type { AnomalyReading, Change, Evidence, InstanceHealth, ServiceHealth } from './evidence.ts';
import type { EvidencePart, EvidenceQueries } from './evidence-queries.ts';

/** Of a query: bounds what one assessment takes in. */
const MAX_SAMPLES = 200;

export interface GatherEvidenceOptions {
  readonly queries: EvidenceQueries;
  readonly prometheus: PrometheusClient;
  /** Flag changes seen by the responder itself. */
  readonly flagChanges: () => readonly Change[];
}

/** Asks Prometheus everything at once; a query without an answer leaves its part empty. */
export async function gatherEvidence(options: GatherEvidenceOptions): Promise<Evidence> {
  const { queries, prometheus, flagChanges } = options;
  const missing: string[] = [];
  const ask = async (part: EvidencePart): Promise<Sample[]> => {
    const answers = queries[part].map(async ({ query, labels: names }) => {
      try {
        const samples = await prometheus.query(query);
        return samples
          .filter(({ value }) => Number.isFinite(value))
          .slice(0, MAX_SAMPLES)
          .map(({ labels, value }) => ({ labels: renamed(labels, names), value }));
      } catch (error) {
        missing.push(`${part}: ${(error as Error).message}`);
        return [];
      }
    });
    return (await Promise.all(answers)).flat();
  };
  const [slowdown, failed, up, instances, anomalies, deploys, deployedAt] = await Promise.all([
    ask('slowdown'),
    ask('failedRatio'),
    ask('upRatio'),
    ask('instanceFailedRatio'),
    ask('anomalies'),
    ask('deploys'),
    ask('deployedAt'),
  ]);
  return {
    changes: [...flagChanges(), ...deployChanges(deploys, deployedAt)],
    services: serviceHealth(slowdown, failed, up),
    instances: instances.map(instanceHealth),
    anomalies: anomalies.map(anomalyReading),
    missing,
  };
}

/** Labels as they are called here, of those that a query names in its own way. */
function renamed(labels: Labels, names: Readonly<Record<string, string>>): Labels {
  return Object.fromEntries(
    Object.entries(names).flatMap(([ours, theirs]) => {
      const value = labels[theirs];
      return value === undefined ? [] : [[ours, value]];
    }),
  );
}

function serviceHealth(slowdown: Sample[], failed: Sample[], up: Sample[]): ServiceHealth[] {
  // Of several queries the first that knows a service counts: the last entry of a Map stays.
  const byService = (samples: Sample[]) =>
    new Map(samples.toReversed().map(({ labels, value }) => [labels.service ?? '', value]));
  const [slow, bad, alive] = [byService(slowdown), byService(failed), byService(up)];
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

function deployChanges(deploys: Sample[], deployedAt: Sample[]): Change[] {
  return deploys.map(({ labels }) => {
    const seen = deployedAt.find(
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
