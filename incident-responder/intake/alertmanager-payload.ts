import { z } from 'zod';

/**
 * Alertmanager's webhook message, version 4. Unknown fields are ignored: newer Alertmanagers may add some.
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 */
const labelsSchema = z.record(z.string(), z.string());
const statusSchema = z.enum(['firing', 'resolved']);
const instantSchema = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const alertSchema = z
  .object({
    status: statusSchema,
    labels: labelsSchema.refine((labels) => labels.alertname !== undefined, 'label alertname is missing'),
    annotations: labelsSchema.default({}),
    startsAt: instantSchema,
    endsAt: instantSchema,
    generatorURL: z.string().default(''),
    fingerprint: z.string().regex(/^[0-9a-f]{1,64}$/),
  })
  .transform(({ startsAt, endsAt, ...alert }) => ({
    ...alert,
    startsAtMs: startsAt,
    // Go's zero time, year 1, stands for "not known".
    endsAtMs: alert.status === 'resolved' && endsAt > 0 ? endsAt : null,
  }));

const payloadSchema = z
  .object({
    version: z.literal('4'),
    groupKey: z.string().min(1).max(10_000),
    receiver: z.string().min(1).max(200),
    status: statusSchema,
    truncatedAlerts: z.number().int().min(0).default(0),
    externalURL: z.string().default(''),
    alerts: z.array(alertSchema).min(1).max(5000),
  })
  .readonly();

/** What Alertmanager says about one group of alerts; times in milliseconds since the epoch. */
export type Notification = z.infer<typeof payloadSchema>;
export type NotifiedAlert = Notification['alerts'][number];
export type AlertStatus = z.infer<typeof statusSchema>;

/**
 * Checks a webhook's body.
 *
 * @throws Error that names the first few fields that are wrong, never their content.
 */
export function parseAlertmanagerPayload(body: unknown): Notification {
  const result = payloadSchema.safeParse(body);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 3)
    .map((issue) => `${issue.path.join('.').slice(0, 200) || 'body'}: ${issue.message}`);
  throw new Error(problems.join('; '), { cause: result.error });
}
