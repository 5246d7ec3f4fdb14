import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { sampleValue } from '@aiops-sre/service-kit/prometheus/samples.ts';

/** Prometheus refuses more points a query. */
const MAXIMUM_POINTS = 10_000;
const TIMEOUT_MS = 300_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export interface Point {
  readonly seconds: number;
  readonly value: number;
}

/** Points of an expression that yields at most one series, from `fromSeconds` to `untilSeconds` inclusive. */
export async function rangeQuery(
  url: string,
  expr: string,
  {
    fromSeconds,
    untilSeconds,
    stepSeconds,
  }: { fromSeconds: number; untilSeconds: number; stepSeconds: number },
): Promise<Point[]> {
  const prometheus = createPrometheusClient({ url, timeoutMs: TIMEOUT_MS, maxAnswerBytes: MAX_ANSWER_BYTES });
  const points: Point[] = [];
  const span = (MAXIMUM_POINTS - 1) * stepSeconds;
  for (let start = fromSeconds; start <= untilSeconds; start += span + stepSeconds) {
    const endSeconds = Math.min(untilSeconds, start + span);
    const { series } = await prometheus.queryRange({
      query: expr,
      startSeconds: start,
      endSeconds,
      stepSeconds,
    });
    for (const { samples } of series)
      for (const [seconds, value] of samples) points.push({ seconds, value: sampleValue(value) });
  }
  return points.sort((a, b) => a.seconds - b.seconds);
}
