import { durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { z } from 'zod';

/**
 * The part of OpenSLO v1 that is understood: kinds Service and SLO, Prometheus metrics, rolling periods, occurrences.
 * Everything else is refused rather than ignored.
 * @see https://github.com/OpenSLO/OpenSLO/blob/main/README.md
 */
export const API_VERSION = 'openslo/v1';

const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'a DNS label: at most 63 of a-z, 0-9 and -, such as shop-availability',
  );

const text = z.string().max(1050);

/** Prefix of the annotations that are settings of this compiler; others belong to somebody else and are let through. */
const SETTINGS_PREFIX = 'slo/';

const settings = z.strictObject({
  'slo/minimum-bad-events': z
    .string()
    .regex(/^[1-9]\d{0,5}$/, 'a whole number from 1 to 999999, in quotes')
    .optional(),
  'slo/exhaustion-warning': z
    .string()
    .refine((value) => (durationSeconds(value) ?? 0) >= 60, 'a duration of at least 1m, such as 36h or 3d')
    .optional(),
  'slo/absence-severity': z.enum(['page', 'ticket', 'none']).optional(),
});

const annotations = z
  .record(z.string(), z.string())
  .transform((all) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith(SETTINGS_PREFIX))),
  )
  .pipe(settings as z.ZodType<z.infer<typeof settings>, Record<string, string>>);

const metadata = z.strictObject({
  name: dnsLabel,
  displayName: text.optional(),
  labels: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  annotations: annotations.optional(),
});

const query = z.strictObject({
  metricSource: z.strictObject({
    type: z
      .string()
      .refine((type) => type.toLowerCase() === 'prometheus', 'Prometheus')
      .optional(),
    spec: z.strictObject({ query: z.string().min(1, 'a PromQL expression').max(10_000) }),
  }),
});

const ratioMetric = z
  .strictObject({
    counter: z.literal(true, { error: 'true: the queries are of counters' }).optional(),
    good: query.optional(),
    bad: query.optional(),
    total: query,
  })
  .refine(
    (metric) => (metric.good === undefined) !== (metric.bad === undefined),
    'either good or bad, beside total',
  );

const indicator = z.strictObject({
  metadata: metadata.optional(),
  spec: z
    .strictObject({
      description: text.optional(),
      ratioMetric: ratioMetric.optional(),
      thresholdMetric: query.optional(),
    })
    .refine(
      (spec) => (spec.ratioMetric === undefined) !== (spec.thresholdMetric === undefined),
      'either ratioMetric or thresholdMetric',
    ),
});

function between(low: number, high: number) {
  return z.number().refine((value) => value > low && value < high, `more than ${low} and less than ${high}`);
}

const objective = z
  .strictObject({
    displayName: text.optional(),
    op: z.enum(['lte', 'lt']).optional(),
    value: z.number().positive().max(86_400).optional(),
    target: between(0, 1).optional(),
    targetPercent: between(0, 100).optional(),
  })
  .refine(
    ({ target, targetPercent }) => (target === undefined) !== (targetPercent === undefined),
    'either target (0 to 1) or targetPercent (0 to 100)',
  );

export const serviceSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Service'),
  metadata,
  spec: z.strictObject({ description: text.optional() }).nullish(),
});

export const sloSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('SLO'),
  metadata,
  spec: z.strictObject({
    description: text.optional(),
    service: dnsLabel,
    indicator,
    timeWindow: z.tuple([
      z.strictObject({
        duration: z.enum(['28d', '30d', '4w']),
        isRolling: z.literal(true, { error: 'true: calendar periods are not supported' }),
      }),
    ]),
    budgetingMethod: z.literal('Occurrences'),
    objectives: z.tuple([objective]),
    alertPolicies: z.tuple([]).optional(),
  }),
});

export type SloDocument = z.infer<typeof sloSchema>;
export type ServiceDocument = z.infer<typeof serviceSchema>;
