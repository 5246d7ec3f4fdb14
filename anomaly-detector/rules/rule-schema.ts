import { durationSchema } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { z } from 'zod';
import { MEASURES } from './rule.ts';

/** Labels that the detector itself puts on an alert or a metric: a kept label may not be called so. */
export const RESERVED_LABELS: readonly string[] = ['alertname', 'severity', 'slo', 'rule', 'limit'];

const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** A duration of at least `minimum`, as a number of seconds. */
const duration = (minimum: string) => durationSchema(minimum).transform((ms) => ms / 1000);

const labelName = z
  .string()
  .max(100)
  .regex(LABEL_NAME, 'a label name (letters, digits and _)')
  .refine((name) => !RESERVED_LABELS.includes(name), {
    error: `a label other than ${RESERVED_LABELS.join(', ')}, which the detector sets itself`,
  });

const limit = z
  .strictObject({
    name: z.string().regex(LABEL_NAME, 'a name of letters, digits and _'),
    above: z.number().optional(),
    below: z.number().optional(),
    within: duration('60s').default(4 * 3600),
    probability: z.number().min(0.5).max(0.999).default(0.8),
    severity: z.enum(['ticket', 'info'], { error: severityError }).optional(),
  })
  .refine((it) => (it.above === undefined) !== (it.below === undefined), {
    error: 'exactly one of above and below',
  });

function severityError(): string {
  return 'ticket or info: an anomaly or a prediction never pages by itself';
}

const settings = {
  step: duration('5s').default(60),
  window: duration('5s').default(300),
  backfill: z
    .strictObject({
      history: duration('0s').default(28 * 86_400),
      step: duration('5s').default(300),
      window: duration('5s').default(300),
      recent: duration('0s').default(6 * 3600),
    })
    .prefault({}),
  seasonality: z.enum(['auto', 'none', 'daily', 'daily-and-weekly']).default('auto'),
  direction: z.enum(['both', 'above', 'below']).default('both'),
  minimum_absolute_deviation: z.number().min(0).default(0),
  minimum_relative_deviation: z.number().min(0).default(0.1),
  expected_false_alarms_per_week: z.number().min(0.01).max(20).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  severity: z.enum(['ticket', 'info'], { error: severityError }).default('info'),
  runbook: z.string().min(1).max(300).optional(),
  dashboard: z.string().max(300).default(''),
  stuck: z.enum(['anomaly', 'ignore']).default('anomaly'),
  vanished: z.enum(['anomaly', 'ignore']).default('anomaly'),
  vanished_after: duration('5s').optional(),
  max_series: z.int().min(1).max(100_000).default(200),
};

const rule = z.strictObject({
  name: z
    .string()
    .max(64)
    .regex(/^[a-z][a-z0-9_]*$/, 'a name of lower-case letters, digits and _'),
  query: z.string().min(1, 'a PromQL expression').max(8000),
  events: z.string().min(1, 'a PromQL expression').max(8000).optional(),
  title: z.string().min(1).max(120),
  unit: z.string().max(20).default(''),
  service: z.string().min(1).max(100).optional(),
  for_each: z
    .strictObject({
      service: labelName,
      services: z.int().min(1).max(1000).default(200),
      series_each: z.int().min(1).max(100).default(1),
      learning: duration('0s').default(3600),
    })
    .optional(),
  measures: z.enum(MEASURES).optional(),
  labels: z.array(labelName).max(20).optional(),
  covered_by: z.array(z.string()).max(20).default([]),
  limits: z.array(limit).max(10).default([]),
  look_first: z
    .array(
      z.strictObject({ what: z.string().min(1).max(200), query: z.string().min(1).max(2000).optional() }),
    )
    .max(10)
    .default([]),
  suggested_actions: z.array(z.string().min(1).max(300)).max(10).default([]),
  ...settings,
});

/** Shape of the rules file before defaults are merged into each rule: only what the merge itself needs. */
export const fileSchema = z.strictObject({
  version: z.literal(1),
  defaults: z.record(z.string(), z.unknown()).default({}),
  rules: z.array(z.record(z.string(), z.unknown())).min(1, 'at least one rule').max(500),
});

/** Any setting may be given once for all rules under `defaults`; a rule's own value wins. */
export const defaultsSchema = z.strictObject(settings);
export const ruleSchema = rule;
export type RuleInput = z.output<typeof rule>;
