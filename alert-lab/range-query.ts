import { z } from 'zod';

const answer = z.object({
  status: z.literal('success'),
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
});

/** Prometheus refuses more points a query. */
const MAXIMUM_POINTS = 10_000;
const TIMEOUT_MS = 300_000;

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
  const points: Point[] = [];
  const span = (MAXIMUM_POINTS - 1) * stepSeconds;
  for (let start = fromSeconds; start <= untilSeconds; start += span + stepSeconds) {
    const body = new URLSearchParams({
      query: expr,
      start: String(start),
      end: String(Math.min(untilSeconds, start + span)),
      step: String(stepSeconds),
    });
    const response = await fetch(`${url}/api/v1/query_range`, {
      method: 'POST',
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`Prometheus answered ${response.status} to ${expr}: ${text.slice(0, 500)}`);
    const { result } = answer.parse(JSON.parse(text)).data;
    for (const { values } of result)
      for (const [seconds, value] of values) points.push({ seconds, value: Number(value) });
  }
  return points.sort((a, b) => a.seconds - b.seconds);
}
