import { z } from 'zod';

export type Labels = Readonly<Record<string, string>>;

/** One series of an instant query. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** One series of a range query. */
export interface RangeSeries {
  readonly labels: Labels;
  /** Oldest first: Unix seconds and the value as Prometheus writes it, to be read with {@link sampleValue}. */
  readonly samples: readonly (readonly [atSeconds: number, value: string])[];
}

/** The number of a sample: Prometheus writes `NaN`, `+Inf` and `-Inf` beside decimal numbers. */
export function sampleValue(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  if (text === '-Inf') return Number.NEGATIVE_INFINITY;
  return Number(text);
}

export const labelsSchema = z.record(z.string(), z.string());

const pair = z.tuple([z.number(), z.string()]);

/** `data` of /api/v1/query. A native histogram has no `value`; it is left out and the others count. */
export const vectorSchema = z
  .object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: labelsSchema, value: pair.optional() })),
  })
  .transform(({ result }) =>
    result.flatMap(({ metric, value }): Sample[] =>
      value === undefined ? [] : [{ labels: metric, value: sampleValue(value[1]) }],
    ),
  );

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

/** `data` of /api/v1/query_range. A native histogram has no samples. */
export const matrixSchema = z
  .object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labelsSchema, values: samples.default([]) })),
  })
  .transform(({ result }) =>
    result.map(({ metric, values }): RangeSeries => ({ labels: metric, samples: values })),
  );
