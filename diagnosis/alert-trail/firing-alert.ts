import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { z } from 'zod';
import type { AskJson } from '../data-sources/json-client.ts';

const alertsSchema = z.array(
  z.object({
    fingerprint: z.string(),
    startsAt: z.iso.datetime({ offset: true }),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
  }),
);

export type FiringAlert = z.infer<typeof alertsSchema>[number];

/**
 * The alert to follow: the one with this fingerprint or name, else the page about an error budget that began last, else
 * whatever page, ticket or info began last.
 *
 * @throws saying which alerts fire, where there is no such one
 */
export async function firingAlert(askAlertmanager: AskJson, wanted?: string): Promise<FiringAlert> {
  const active = await askAlertmanager('/api/v2/alerts', alertsSchema, [['active', 'true']]);
  const alerts = active.filter(({ labels }) => labels.alertname !== ALERTS.watchdog);
  const found = alerts
    .filter(({ labels, fingerprint }) => !wanted || fingerprint === wanted || labels.alertname === wanted)
    .toSorted((one, other) => urgency(other) - urgency(one) || other.startsAt.localeCompare(one.startsAt))[0];
  if (found) return found;
  const names = [...new Set(alerts.map(({ labels }) => labels.alertname))].join(', ');
  throw new Error(
    `${wanted ? `no alert ${wanted} fires` : 'no alert fires'}${names ? `; these do: ${names}` : ''}`,
  );
}

function urgency({ labels: { alertname, severity } }: FiringAlert): number {
  const rank = { page: 3, ticket: 2, info: 1 }[severity ?? ''] ?? 0;
  return 2 * rank + (alertname === ALERTS.errorBudgetBurn ? 1 : 0);
}
