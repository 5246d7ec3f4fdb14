import { CLUSTER_LABEL, SEVERITIES, type Severity } from '@aiops-sre/conventions/alerts.ts';
import type { Hypothesis } from './incident.ts';

const MAX_LENGTH = 140;

interface TitledAlert {
  readonly alertname: string;
  readonly service: string;
  readonly severity: Severity;
  readonly labels: Readonly<Record<string, string>>;
}

/** One line: the gravest alert's name, whom it concerns and in which cluster, how many more there are. Plain text, bounded. */
export function incidentTitle(alerts: readonly TitledAlert[], root: Hypothesis | undefined): string {
  const [gravest] = [...alerts].sort(
    (a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity),
  );
  const services = [...new Set(alerts.map(({ service }) => service))];
  const where =
    services.slice(0, 3).join(', ') + (services.length > 3 ? ` and ${services.length - 3} more` : '');
  const cluster = alerts.map(({ labels }) => labels[CLUSTER_LABEL]).find((name) => name !== undefined);
  const suspect = root !== undefined && root.confidence >= 0.5 && !services.includes(root.service);
  const title = `${gravest?.alertname ?? 'Incident'}: ${where}${cluster === undefined ? '' : ` in ${cluster}`}${suspect ? `, probably ${root.service}` : ''}`;
  // Control characters have no place in a title: it goes into logs and terminals.
  return title.replace(/\p{Cc}/gu, ' ').slice(0, MAX_LENGTH);
}
