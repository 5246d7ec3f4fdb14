import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { sampleValue } from '@aiops-sre/service-kit/prometheus/samples.ts';
import { QUERY_LIMITS } from '../watch/query-limits.ts';
import { InputError } from './csv-input.ts';
import type { InputRow } from './samples.ts';

export interface PrometheusRange {
  readonly url: string;
  readonly query: string;
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly stepSeconds: number;
  readonly timeoutMs: number;
}

/** Prometheus answers with at most 11,000 points a series. */
const POINTS_PER_QUERY = 10_000;

/**
 * All series of a query over a range, by their labels in PromQL's notation.
 * @throws {BackendError} if Prometheus does not answer, {@link InputError} if no series matches
 */
export async function readPrometheusRange(range: PrometheusRange): Promise<Map<string, readonly InputRow[]>> {
  const { query, stepSeconds } = range;
  const client = createPrometheusClient({ url: range.url, timeoutMs: range.timeoutMs, ...QUERY_LIMITS });
  const series = new Map<string, InputRow[]>();
  const span = POINTS_PER_QUERY * stepSeconds;
  for (let startSeconds = range.startSeconds; startSeconds <= range.endSeconds; startSeconds += span) {
    const endSeconds = Math.min(startSeconds + span - stepSeconds, range.endSeconds);
    const answer = await client.queryRange({ query, startSeconds, endSeconds, stepSeconds });
    for (const { labels, samples } of answer.series) {
      const name = seriesName(labels);
      const rows = series.get(name) ?? [];
      series.set(name, rows);
      for (const [timestampSeconds, value] of samples)
        rows.push({
          line: rows.length + 1,
          text: [new Date(timestampSeconds * 1000).toISOString(), value],
          sample: { timestampSeconds, value: sampleValue(value) },
        });
    }
  }
  if (series.size === 0) throw new InputError(`${range.url}: no series matches ${query} in that range`);
  return series;
}

function seriesName(labels: Readonly<Record<string, string>>): string {
  const { __name__: name = '', ...rest } = labels;
  const pairs = Object.keys(rest)
    .sort()
    .map((label) => `${label}=${JSON.stringify(rest[label])}`);
  return `${name}{${pairs.join(',')}}`;
}
