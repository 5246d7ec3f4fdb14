import { ALERTS, CLUSTER_LABEL } from '@aiops-sre/conventions/alerts.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { AlertMapping } from '../intake/alert-mapping.ts';
import type { NotifiedAlert } from '../intake/alertmanager-payload.ts';
import type { ServiceGraph } from '../topology/service-graph.ts';
import { isContext } from './context-alerts.ts';
import { incidentFor } from './correlation.ts';
import type { Incident, IncidentAlert } from './incident.ts';
import type { IncidentStore } from './incident-store.ts';
import { incidentTitle } from './incident-title.ts';
import { severityOf } from './severity.ts';

/** More would make an incident's page and its assessment slow; the alerts themselves stay in the notifications. */
const MAX_ALERTS_AN_INCIDENT = 5000;

export interface IncidentDesk {
  /**
   * Files alerts into incidents. Joins a transaction that is open.
   *
   * @returns the incidents that opened or changed, to be told of once it is committed
   */
  take(alerts: readonly NotifiedAlert[], atMs: number): readonly number[];
}

export interface IncidentDeskOptions {
  readonly incidents: IncidentStore;
  readonly auditLog: AuditLog;
  readonly graph: () => ServiceGraph;
  readonly mapping: AlertMapping;
}

/**
 * Turns alerts into incidents. Context (severity info, the state of a budget) joins an incident as one more alert of it,
 * and that is all it does; an alert that fires again while its incident is open goes back to it; an incident resolves
 * with the last alert that fires and is more than context.
 */
export function createIncidentDesk({
  incidents,
  auditLog,
  graph,
  mapping,
}: IncidentDeskOptions): IncidentDesk {
  /** For as long as one `take` lasts: unresolved incidents by id, and which of them changed. */
  let open = new Map<number, Incident>();
  let touched = new Set<number>();

  function fire(alert: NotifiedAlert, atMs: number): void {
    const heard = incidentAlert(alert, mapping, atMs);
    const known = incidents.incidentOfAlert(alert.fingerprint);
    if (known !== undefined) {
      if (known.alert.status === 'firing') return;
      join(known.incidentId, { ...heard, role: known.alert.role }, 'fires again');
      return;
    }
    if (!isContext(heard)) {
      const ended = incidents.resolvedWithEpisode(heard.fingerprint, heard.startsAtMs);
      if (ended !== undefined) {
        reopen(ended, heard, atMs);
        return;
      }
    }
    const incident = incidentFor(heard, [...open.values()], graph());
    if (incident !== undefined) {
      if (incident.alertCount < MAX_ALERTS_AN_INCIDENT) join(incident.id, heard, 'fires');
    } else if (!isContext(heard)) openWith(heard, atMs);
  }

  /** The same episode of an alert, told to have ended, fires on: the incident was not over. */
  function reopen(ended: Incident, alert: IncidentAlert, atMs: number): void {
    open.set(ended.id, { ...ended, status: 'open', mitigatedAtMs: null, resolvedAtMs: null });
    incidents.addToTimeline(ended.id, { atMs, kind: 'opened', text: 'Open again: an alert of it fires on.' });
    auditLog.append({
      atMs,
      actor: 'responder',
      event: 'incident.reopened',
      incidentId: ended.id,
      actionRunId: null,
      detail: { title: ended.title },
    });
    join(ended.id, alert, 'fires again');
  }

  function openWith(alert: IncidentAlert, atMs: number): void {
    const incident = {
      title: incidentTitle([alert], undefined),
      severity: severityOf([alert], graph()),
      status: 'open' as const,
      startedAtMs: alert.startsAtMs,
      detectedAtMs: atMs,
      acknowledgedAtMs: null,
      acknowledgedBy: null,
      mitigatedAtMs: null,
      resolvedAtMs: null,
      lastAlertAtMs: alert.startsAtMs,
      services: [alert.service],
      cluster: alert.labels[CLUSTER_LABEL],
      hypotheses: [],
    };
    const id = incidents.open(incident);
    open.set(id, { ...incident, id, alertCount: 0, firingCount: 0 });
    incidents.addToTimeline(id, { atMs, kind: 'opened', text: `${incident.severity}: ${incident.title}` });
    auditLog.append({
      atMs,
      actor: 'responder',
      event: 'incident.opened',
      incidentId: id,
      actionRunId: null,
      detail: { severity: incident.severity, title: incident.title },
    });
    join(id, alert, 'fires');
  }

  function join(incidentId: number, alert: IncidentAlert, verb: string): void {
    const incident = open.get(incidentId)!;
    incidents.putAlert(incidentId, alert);
    incidents.addToTimeline(incidentId, {
      atMs: alert.startsAtMs,
      kind: 'alert-fired',
      text: `${alert.alertname} of ${alert.service} ${verb}${alert.annotations.summary ? `: ${alert.annotations.summary}` : ''}`,
    });
    touched.add(incidentId);
    if (isContext(alert)) {
      open.set(incidentId, { ...incident, alertCount: incident.alertCount + 1 });
      return;
    }
    open.set(incidentId, {
      ...incident,
      startedAtMs: Math.min(incident.startedAtMs, alert.startsAtMs),
      lastAlertAtMs: Math.max(incident.lastAlertAtMs, alert.startsAtMs),
      services: incident.services.includes(alert.service)
        ? incident.services
        : [...incident.services, alert.service],
      cluster: incident.cluster ?? alert.labels[CLUSTER_LABEL],
      alertCount: incident.alertCount + 1,
      firingCount: incident.firingCount + 1,
      // New trouble after an action took effect.
      status:
        alert.startsAtMs > (incident.mitigatedAtMs ?? Number.POSITIVE_INFINITY) ? 'open' : incident.status,
    });
  }

  function resolve(alert: NotifiedAlert, atMs: number): void {
    const known = incidents.incidentOfAlert(alert.fingerprint);
    if (known === undefined || known.alert.status === 'resolved') return;
    const incident = open.get(known.incidentId)!;
    const endsAtMs = alert.endsAtMs ?? atMs;
    incidents.putAlert(incident.id, { ...known.alert, status: 'resolved', endsAtMs });
    incidents.addToTimeline(incident.id, {
      atMs: endsAtMs,
      kind: 'alert-resolved',
      text: `${known.alert.alertname} of ${known.alert.service} resolves`,
    });
    open.set(incident.id, {
      ...incident,
      firingCount: incident.firingCount - (isContext(known.alert) ? 0 : 1),
    });
    touched.add(incident.id);
  }

  function save(id: number, atMs: number): void {
    const { alertCount: _count, firingCount, ...incident } = open.get(id)!;
    if (firingCount > 0) {
      incidents.change(id, incident);
      return;
    }
    incidents.change(id, {
      ...incident,
      status: 'resolved',
      resolvedAtMs: atMs,
      mitigatedAtMs: incident.mitigatedAtMs ?? atMs,
    });
    incidents.addToTimeline(id, { atMs, kind: 'resolved', text: 'Its last alert resolved.' });
    auditLog.append({
      atMs,
      actor: 'responder',
      event: 'incident.resolved',
      incidentId: id,
      actionRunId: null,
      detail: { title: incident.title },
    });
  }

  return {
    take(alerts, atMs) {
      open = new Map(incidents.unresolved().map((incident) => [incident.id, incident]));
      touched = new Set();
      for (const alert of alerts) {
        if (alert.labels.alertname === ALERTS.watchdog) continue;
        if (alert.status === 'firing') fire(alert, atMs);
        else resolve(alert, atMs);
      }
      for (const id of touched) save(id, atMs);
      return [...touched];
    },
  };
}

function incidentAlert(
  { fingerprint, labels, annotations, status, startsAtMs, endsAtMs, source }: NotifiedAlert,
  mapping: AlertMapping,
  atMs: number,
): IncidentAlert {
  return {
    fingerprint,
    alertname: labels.alertname ?? 'unknown',
    ...mapping.of(labels),
    source,
    labels,
    annotations,
    status,
    startsAtMs,
    endsAtMs,
    receivedAtMs: atMs,
    role: 'unclear',
  };
}
