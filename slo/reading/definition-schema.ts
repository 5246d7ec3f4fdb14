import { durationSeconds } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { z } from 'zod';
import { isTimeZone } from '../model/time-zone.ts';
import { annotationsSchema, labelsSchema } from './settings.ts';

/**
 * OpenSLO v1 as it is used with Prometheus. Whatever a definition holds is used or refused by name.
 * @see https://github.com/OpenSLO/OpenSLO/blob/main/README.md
 */
export const API_VERSION = 'openslo/v1';
const PERIODS = '7d to 90d rolling, such as 30d or 4w; 1M or 1Q of the calendar, with isRolling: false';

const dnsLabel = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'a DNS label: at most 63 of a-z, 0-9 and -, such as shop-availability',
  );
const text = z.string().max(1050);
const anyName = z.string().min(1).max(253);

const metadata = z.strictObject({
  name: dnsLabel,
  displayName: text.optional(),
  labels: labelsSchema.optional(),
  annotations: annotationsSchema.optional(),
});
/** Of what others refer to by name; its labels would be on nothing. */
const plainMetadata = z.strictObject({ name: anyName, displayName: text.optional() });

const query = z.strictObject({
  metricSource: z.strictObject({
    type: z
      .string()
      .refine((type) => type.toLowerCase() === 'prometheus', 'Prometheus')
      .optional(),
    metricSourceRef: anyName.optional(),
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

const indicatorSpec = z
  .strictObject({
    description: text.optional(),
    ratioMetric: ratioMetric.optional(),
    thresholdMetric: query.optional(),
  })
  .refine(
    (spec) => (spec.ratioMetric === undefined) !== (spec.thresholdMetric === undefined),
    'either ratioMetric or thresholdMetric',
  );

function between(low: number, high: number, hint = '') {
  return z
    .number()
    .refine((value) => value > low && value < high, `more than ${low} and less than ${high}${hint}`);
}

const objective = z
  .strictObject({
    displayName: text.optional(),
    op: z.enum(['lte', 'lt']).optional(),
    value: z.number().positive().optional(),
    target: between(0, 1, '; a percentage belongs into targetPercent').optional(),
    targetPercent: between(0, 100).optional(),
    timeSliceTarget: between(0, 1).optional(),
    timeSliceWindow: z
      .string()
      .refine((value) => {
        const seconds = durationSeconds(value) ?? 0;
        return seconds >= 60 && seconds <= 3600;
      }, 'a duration from 1m to 1h')
      .optional(),
  })
  .refine(
    ({ target, targetPercent }) => (target === undefined) !== (targetPercent === undefined),
    'either target (0 to 1) or targetPercent (0 to 100)',
  );

const rollingPeriod = z.strictObject({
  duration: z.string().refine((value) => {
    const days = (durationSeconds(value) ?? 0) / 86_400;
    return Number.isInteger(days) && days >= 7 && days <= 90;
  }, PERIODS),
  isRolling: z.literal(true).optional(),
});
const calendarPeriod = z.strictObject({
  duration: z.enum(['1M', '1Q', '3M'], { error: `1M or 1Q: ${PERIODS}` }),
  isRolling: z.literal(false),
  calendar: z.strictObject({
    startTime: z
      .string()
      .regex(
        /^\d{4}-\d{2}-01([ T]00:00(:00)?)?$/,
        'the first minute of a month, such as 2026-01-01 00:00:00: budgets begin with the calendar',
      ),
    timeZone: z.string().refine(isTimeZone, 'an IANA time zone, such as Europe/Madrid'),
  }),
});

export const serviceSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Service'),
  metadata,
  spec: z.strictObject({ description: text.optional() }).optional(),
});

export const sliSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('SLI'),
  metadata: plainMetadata,
  spec: indicatorSpec,
});

export const dataSourceSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('DataSource'),
  metadata: plainMetadata,
  spec: z.strictObject({
    description: text.optional(),
    type: z.string().refine((type) => type.toLowerCase() === 'prometheus', 'Prometheus'),
    connectionDetails: z.unknown().optional(),
  }),
});

/** Kinds about alerting: named in a note where an SLO refers to them. */
export const ALERTING_KINDS = ['AlertPolicy', 'AlertCondition', 'AlertNotificationTarget'] as const;
export const alertingSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.enum(ALERTING_KINDS),
  metadata: plainMetadata.extend({ labels: z.unknown().optional(), annotations: z.unknown().optional() }),
  spec: z.record(z.string(), z.unknown()),
});

export const sloSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('SLO'),
  metadata,
  spec: z
    .strictObject({
      description: text.optional(),
      service: dnsLabel,
      indicator: z.strictObject({ metadata: plainMetadata.optional(), spec: indicatorSpec }).optional(),
      indicatorRef: anyName.optional(),
      timeWindow: z.tuple([
        z.custom<unknown>().transform((value, context) => {
          const isCalendar = (value as { isRolling?: unknown } | undefined)?.isRolling === false;
          const parsed = (isCalendar ? calendarPeriod : rollingPeriod).safeParse(value);
          if (parsed.success) return parsed.data;
          for (const issue of parsed.error.issues) context.issues.push(issue as never);
          return z.NEVER;
        }),
      ]),
      budgetingMethod: z.enum(['Occurrences', 'Timeslices']),
      objectives: z.array(objective).min(1).max(10),
      alertPolicies: z.array(z.union([anyName, z.record(z.string(), z.unknown())])).optional(),
    })
    .refine(
      (spec) => (spec.indicator === undefined) !== (spec.indicatorRef === undefined),
      'either indicator or indicatorRef',
    ),
});

export type SloDocument = z.infer<typeof sloSchema>;
export type ServiceDocument = z.infer<typeof serviceSchema>;
export type IndicatorSpec = z.infer<typeof indicatorSpec>;
export type ObjectiveDocument = z.infer<typeof objective>;
export type PeriodDocument = z.infer<typeof rollingPeriod> | z.infer<typeof calendarPeriod>;
export type AlertingDocument = z.infer<typeof alertingSchema>;
