import { z } from 'zod';
import { fingerprintOf } from './fingerprint.ts';

const MAX_ALERTS = 5000;

/** Text where a template may have made a number of it. */
const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const statusSchema = z.enum(['firing', 'resolved']);
const instantSchema = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const alertSchema = z
  .object({
    status: statusSchema,
    labels: z
      .record(z.string(), scalar)
      .refine(({ alertname }) => alertname !== undefined && alertname !== '', 'label alertname is missing'),
    annotations: z.record(z.string(), scalar).nullish(),
    startsAt: instantSchema,
    endsAt: instantSchema.nullish(),
    generatorURL: z.string().nullish(),
    fingerprint: z
      .string()
      .regex(/^[0-9a-f]{1,64}$/)
      .nullish(),
  })
  .transform(({ startsAt, endsAt, annotations, generatorURL, fingerprint, ...alert }) => ({
    ...alert,
    annotations: annotations ?? {},
    generatorURL: generatorURL ?? '',
    fingerprint: fingerprint ?? fingerprintOf(alert.labels),
    startsAtMs: startsAt,
    // Go's zero time, year 1, stands for "not known".
    endsAtMs: alert.status === 'resolved' && endsAt != null && endsAt > 0 ? endsAt : null,
  }));

/** Who tells of an alert. Grafana's own alerts, and what the operator sees in a cluster, are not in Alertmanager. */
export type AlertSource = 'alertmanager' | 'grafana' | 'kubernetes';

/**
 * Alertmanager's webhook message, version 4, and that of Grafana's own alerts, version 1, which has all of its fields.
 * Unknown fields are ignored: newer versions may add some.
 * @see https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 * @see https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
const payloadSchema = z.object({
  version: z.enum(['4', '1']),
  groupKey: z.string().min(1).max(10_000),
  receiver: z.string().min(1).max(200),
  status: statusSchema,
  truncatedAlerts: z.number().int().min(0).nullish(),
  externalURL: z.string().nullish(),
  alerts: z.array(z.unknown()).min(1).max(MAX_ALERTS),
});

export type NotifiedAlert = z.infer<typeof alertSchema> & { readonly source: AlertSource };
export type AlertStatus = z.infer<typeof statusSchema>;

/** What is said about one group of alerts; times in milliseconds since the epoch. */
export interface Notification {
  readonly groupKey: string;
  readonly receiver: string;
  readonly status: AlertStatus;
  readonly truncatedAlerts: number;
  readonly externalURL: string;
  /** One at least. */
  readonly alerts: readonly NotifiedAlert[];
  /** What was wrong with those that were left out, a line each. */
  readonly refused: readonly string[];
}

/**
 * Checks a webhook's body. Alerts are judged one by one: those that are wrong are left out.
 *
 * @throws Error that names the first few fields that are wrong, never their content; also if no alert is right.
 */
export function parseAlertmanagerPayload(body: unknown): Notification {
  const result = payloadSchema.safeParse(body);
  if (!result.success) throw new Error(problemsIn(result.error, []), { cause: result.error });
  const { version, alerts: given, truncatedAlerts, externalURL, groupKey, receiver, status } = result.data;
  const source: AlertSource = version === '1' ? 'grafana' : 'alertmanager';
  const alerts: NotifiedAlert[] = [];
  const refused: string[] = [];
  for (const [index, each] of given.entries()) {
    const alert = alertSchema.safeParse(each);
    if (alert.success) alerts.push({ ...alert.data, source });
    else refused.push(problemsIn(alert.error, ['alerts', index]));
  }
  if (alerts.length === 0) throw new Error(refused.slice(0, 3).join('; '));
  return {
    groupKey,
    receiver,
    status,
    truncatedAlerts: truncatedAlerts ?? 0,
    externalURL: externalURL ?? '',
    alerts,
    refused,
  };
}

function problemsIn({ issues }: z.ZodError, prefix: readonly PropertyKey[]): string {
  return issues
    .slice(0, 3)
    .map(({ path, message }) => `${[...prefix, ...path].join('.').slice(0, 200) || 'body'}: ${message}`)
    .join('; ');
}
