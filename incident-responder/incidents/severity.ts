import { ALERTS, type Severity } from '@aiops-sre/conventions/alerts.ts';
import type { ServiceGraph } from '../topology/service-graph.ts';
import { INCIDENT_SEVERITIES, type Incident, type IncidentSeverity } from './incident.ts';

interface RatedAlert {
  readonly alertname: string;
  readonly service: string;
  readonly severity: Severity;
}

/** Users notice nothing of these by themselves: bookkeeping, forecasts, one instance. */
const NOT_NOTICED: readonly string[] = [
  ALERTS.predictedBreach,
  ALERTS.errorBudgetPolicy,
  ALERTS.errorBudgetExhaustionNear,
  ALERTS.targetDown,
  ALERTS.remediationFailed,
];

/**
 * Severity of an incident by docs/severity-levels.md, as far as its alerts tell. SEV1: most of a service that users talk
 * to is down, or people are paged for two services or more. SEV2: people are paged. SEV3: a ticket
 * that some may notice. SEV4: the rest.
 */
export function severityOf(alerts: readonly RatedAlert[], graph: ServiceGraph): IncidentSeverity {
  const pages = alerts.filter(({ severity }) => severity === 'page');
  const entryDown = pages.some(
    ({ alertname, service }) => alertname === ALERTS.serviceMajorOutage && graph.isEntry(service),
  );
  const paged = new Set(pages.map(({ service }) => service));
  if (entryDown || paged.size >= 2) return 'SEV1';
  if (paged.size === 1) return 'SEV2';
  const tickets = alerts.filter(({ severity }) => severity === 'ticket');
  return tickets.some(({ alertname }) => !NOT_NOTICED.includes(alertname)) ? 'SEV3' : 'SEV4';
}

/** Raised early, lowered by people only; what people said stands until alerts show something worse than they did then. */
export function severityNow(
  { severity, severitySet }: Pick<Incident, 'severity' | 'severitySet'>,
  computed: IncidentSeverity,
): IncidentSeverity {
  const isNews =
    severitySet === undefined ||
    (computed !== severitySet.computed && worse(computed, severitySet.computed) === computed);
  return isNews ? worse(severity, computed) : severity;
}

function worse(a: IncidentSeverity, b: IncidentSeverity): IncidentSeverity {
  return INCIDENT_SEVERITIES.indexOf(a) <= INCIDENT_SEVERITIES.indexOf(b) ? a : b;
}
