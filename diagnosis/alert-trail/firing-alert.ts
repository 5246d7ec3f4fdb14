import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import type {
  AlertmanagerClient,
  HeldAlert,
} from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';

/**
 * The alert to follow: the one with this fingerprint or name, else the page about an error budget that began last, else
 * whatever page, ticket or info began last.
 *
 * @throws saying which alerts fire, where there is no such one
 */
export async function firingAlert(
  alertmanager: Pick<AlertmanagerClient, 'alerts'>,
  wanted?: string,
): Promise<HeldAlert> {
  const alerts = (await alertmanager.alerts()).filter(({ labels }) => labels.alertname !== ALERTS.watchdog);
  const found = alerts
    .filter(({ labels, fingerprint }) => !wanted || fingerprint === wanted || labels.alertname === wanted)
    .toSorted((one, other) => urgency(other) - urgency(one) || other.startsAtMs - one.startsAtMs)[0];
  if (found) return found;
  const names = [...new Set(alerts.map(({ labels }) => labels.alertname))].join(', ');
  throw new Error(
    `${wanted ? `no alert ${wanted} fires` : 'no alert fires'}${names ? `; these do: ${names}` : ''}`,
  );
}

function urgency({ labels: { alertname, severity } }: HeldAlert): number {
  const rank = { page: 3, ticket: 2, info: 1 }[severity ?? ''] ?? 0;
  return 2 * rank + (alertname === ALERTS.errorBudgetBurn ? 1 : 0);
}
