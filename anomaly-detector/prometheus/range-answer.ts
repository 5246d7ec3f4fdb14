import { z } from 'zod';

/** One series of a range query: its labels and its samples, oldest first. */
export type RangeSeries = {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix seconds and the value as Prometheus writes it: read it with {@link sampleValue}. */
  readonly samples: readonly (readonly [number, string])[];
};

export type RangeAnswer = {
  readonly series: readonly RangeSeries[];
  /** Not empty when the answer may be incomplete, as from a distributed store with a member down. */
  readonly warnings: readonly string[];
};

/** Checked in place: a schema of tuples would copy every sample, tens of thousands of them in one answer. */
const samples = z.custom<RangeSeries['samples']>(
  (value) =>
    Array.isArray(value) &&
    value.every(
      (sample: unknown) =>
        Array.isArray(sample) && Number.isFinite(sample[0]) && typeof sample[1] === 'string',
    ),
  'expected a list of [seconds, "value"]',
);

const success = z.object({
  status: z.literal('success'),
  warnings: z.array(z.string()).default([]),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        values: samples.default([]),
      }),
    ),
  }),
});

const failure = z.object({ status: z.literal('error'), errorType: z.string(), error: z.string() });

/**
 * Checks the body of /api/v1/query_range. Throws a ZodError for anything but a successful matrix.
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/#range-queries
 */
export function parseRangeAnswer(body: unknown): RangeAnswer {
  const { data, warnings } = success.parse(body);
  return { series: data.result.map(({ metric, values }) => ({ labels: metric, samples: values })), warnings };
}

/** Prometheus' own words about a failed query, or undefined when the body is not an answer of its API. */
export function failureOf(body: unknown): string | undefined {
  const parsed = failure.safeParse(body);
  return parsed.success ? `${parsed.data.errorType}: ${parsed.data.error}`.slice(0, 500) : undefined;
}

/** The number of a sample: Prometheus writes `NaN`, `+Inf` and `-Inf` beside decimal numbers. */
export function sampleValue(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}
