import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { ENTRY_SPANS } from '@aiops-sre/conventions/semantic-attributes.ts';
import type { PrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import type { TimeRange } from '../data-sources/time-range.ts';
import { FLAG_PREFIX, fact } from '../traces/facts.ts';
import type { ExactCount } from './compare.ts';

/** Dimensions of the Collector's span metrics, by the attribute each one comes from. */
const DIMENSIONS: Readonly<Record<string, string>> = {
  'http.route': 'http_route',
  'http.request.method': 'http_request_method',
  'service.instance.id': 'instance',
  'service.version': 'service_version',
  'rpc.system.name': 'rpc_system_name',
  'messaging.system': 'messaging_system',
};
const FLAG = ['feature_flag_key', 'feature_flag_result_variant'] as const;

export interface CountsOptions {
  readonly prometheus: PrometheusClient;
  readonly service: string;
  readonly range: TimeRange;
  /** Which requests are bad: those that failed, or those slower than a bound of the histogram in seconds. */
  readonly bad: 'failed' | { readonly slowerThanSeconds: number };
}

export interface ExactCounts {
  readonly total: ExactCount;
  /** By {@link fact}. */
  readonly facts: ReadonlyMap<string, ExactCount>;
}

/**
 * True numbers of the service's bad and other requests, from span metrics, which count before sampling. For slow ones
 * the histogram has to have a bound at the limit; where it has none, all counts are undefined.
 */
export async function exactCounts(options: CountsOptions): Promise<ExactCounts | undefined> {
  const { prometheus, service, range, bad } = options;
  const window = `${Math.max(1, Math.round(range.toSeconds - range.fromSeconds))}s`;
  const by = [...Object.values(DIMENSIONS), ...FLAG].join(', ');
  const scope = `service_name=${JSON.stringify(service)},${ENTRY_SPANS}`;
  const counts = (metric: string, more = '') =>
    prometheus.query(
      `sum by (${by}) (increase(${metric}{${scope}${more && `,${more}`}}[${window}]))`,
      undefined,
      range.toSeconds,
    );
  const all = await counts(METRICS.spanCalls);
  const badOnes =
    bad === 'failed'
      ? await counts(METRICS.spanCalls, 'status_code="STATUS_CODE_ERROR"')
      : await slower(counts, bad.slowerThanSeconds);
  if (!badOnes) return undefined;

  const facts = new Map<string, { bad: number; rest: number }>();
  const total = { bad: 0, rest: 0 };
  const add = (
    labels: Readonly<Record<string, string>>,
    change: (count: ExactCount & typeof total) => void,
  ) => {
    change(total);
    for (const name of factsOfLabels(service, labels)) {
      const count = facts.get(name) ?? { bad: 0, rest: 0 };
      change(count);
      facts.set(name, count);
    }
  };
  for (const { labels, value } of all)
    add(labels, (count) => {
      count.rest += value;
    });
  for (const { labels, value } of badOnes)
    add(labels, (count) => {
      count.bad += value;
      count.rest -= value;
    });
  // Two queries are two extrapolations: what should be nothing may come out as a fraction below.
  for (const count of [total, ...facts.values()]) count.rest = Math.max(0, count.rest);
  return { total, facts };
}

async function slower(
  counts: (metric: string, more?: string) => ReturnType<PrometheusClient['query']>,
  limitSeconds: number,
) {
  const bound = `${limitSeconds}`.replace('.', '\\\\.') + (Number.isInteger(limitSeconds) ? '(\\\\.0)?' : '');
  const within = await counts(`${METRICS.spanDuration}_bucket`, `le=~"${bound}"`);
  if (within.length === 0) return undefined;
  const everything = await counts(`${METRICS.spanDuration}_count`);
  return [...everything, ...within.map(({ labels, value }) => ({ labels, value: -value }))];
}

function factsOfLabels(service: string, labels: Readonly<Record<string, string>>): readonly string[] {
  const found = Object.entries(DIMENSIONS).flatMap(([attribute, label]) =>
    labels[label] ? [fact(service, attribute, labels[label])] : [],
  );
  const [key, variant] = FLAG.map((label) => labels[label]);
  return key && variant ? [...found, fact(service, `${FLAG_PREFIX}${key}`, variant)] : found;
}
