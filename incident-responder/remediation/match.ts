import type { Hypothesis, Incident, IncidentAlert } from '../incidents/incident.ts';
import type { ActionDefinition } from './action-definition.ts';
import { CLUSTER_LABELS } from './placeholders.ts';

export interface Match {
  readonly confidence: number;
  /** Of the latest alert that matched; milliseconds since the epoch. */
  readonly onsetMs: number;
  /** What placeholders are filled in with. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface MatchQuestion {
  readonly action: ActionDefinition;
  readonly incident: Incident;
  readonly alerts: readonly IncidentAlert[];
}

/** Whether an action concerns an incident as it is now, how sure that is, and what it would be done to. */
export function matchAction({ action, incident, alerts }: MatchQuestion): Match | undefined {
  const { match } = action;
  const wanted = alerts.filter(
    ({ alertname, labels }) =>
      (match.alerts === undefined || match.alerts.includes(alertname)) &&
      (match.service === undefined || match.cause !== undefined || labels.service === match.service) &&
      Object.entries(match.labels).every(([name, value]) => labels[name] === value),
  );
  const firing = wanted.filter(({ status }) => status === 'firing');
  const root = incident.hypotheses[0];
  const candidates = match.on === 'firing' ? firing : wanted;
  const alert = candidates.find(({ service }) => service === root?.service) ?? candidates[0];
  if (alert === undefined || (match.on === 'resolved' && firing.length > 0)) return undefined;
  const onsetMs = Math.max(...wanted.map(({ startsAtMs }) => startsAtMs));
  if (match.on === 'resolved')
    // It takes back what the responder did itself, because the reason is gone: nothing is guessed.
    return { confidence: 1, onsetMs, parameters: parametersOf(alert, undefined, incident) };
  if (root === undefined || !isWanted(root, match)) return undefined;
  return { confidence: root.confidence, onsetMs, parameters: parametersOf(alert, root, incident) };
}

function isWanted(root: Hypothesis, match: ActionDefinition['match']): boolean {
  return (
    (match.cause === undefined || root.cause === match.cause) &&
    (match.service === undefined || root.service === match.service) &&
    (match.flag === undefined || root.flag === match.flag)
  );
}

function parametersOf(alert: IncidentAlert, root: Hypothesis | undefined, incident: Incident) {
  const instance = root?.instance ?? alert.labels.instance;
  // How sure the root is says nothing about a workload of another service.
  const ofRoot = root === undefined || root.service === alert.service ? CLUSTER_LABELS : [];
  return {
    service: root?.service ?? alert.service,
    ...(instance === undefined ? {} : { instance }),
    ...Object.fromEntries(
      ofRoot.flatMap((name) => (alert.labels[name] === undefined ? [] : [[name, alert.labels[name]]])),
    ),
    alertname: alert.alertname,
    incident: String(incident.id),
  };
}
