import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { TimeRange } from './data-sources/time-range.ts';

/** What those who look from outside found in a range. */
export interface ProbeChecks {
  readonly failed: number;
  readonly all: number;
  /** Where they failed, most first. */
  readonly stages: readonly { readonly probe: string; readonly stage: string; readonly failed: number }[];
}

/** Undefined where nobody looks from outside. A range shorter than a few scrapes may have none. */
export async function probeChecks(
  prometheus: PrometheusClient,
  { fromSeconds, toSeconds }: TimeRange,
): Promise<ProbeChecks | undefined> {
  const window = `${Math.max(1, Math.round(toSeconds - fromSeconds))}s`;
  const counted = (by: string, metric: string) =>
    prometheus.query(`sum by (${by}) (increase(${metric}{service!=""}[${window}]))`, undefined, toSeconds);
  const [results, failures] = await Promise.all([
    counted('result', METRICS.probeChecks),
    counted('probe, stage', METRICS.probeFailures),
  ]);
  const all = results.reduce((sum, { value }) => sum + value, 0);
  if (Math.round(all) === 0) return undefined;
  const failed = results.find(({ labels }) => labels.result === 'failure')?.value ?? 0;
  return {
    failed: Math.round(failed),
    all: Math.round(all),
    stages: failures
      .map(({ labels: { probe = '', stage = '' }, value }) => ({ probe, stage, failed: Math.round(value) }))
      .filter((each) => each.failed > 0)
      .toSorted((one, other) => other.failed - one.failed),
  };
}
