import type { DatabaseSync } from 'node:sqlite';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventFeed } from '../event-feed.ts';
import { inTransaction } from '../store/database.ts';
import type { Incident, IncidentSeverity, TimelineKind } from './incident.ts';
import type { IncidentStore } from './incident-store.ts';

/** What people do about an incident by hand. Each is in its timeline and in the audit log. False: there is no such incident. */
export interface IncidentCommand {
  /** Empty: nobody is. */
  setRoles(
    incidentId: number,
    roles: { readonly commander: string; readonly scribe: string },
    by: string,
  ): boolean;
  /** Stays until people change it, or alerts show something worse than they did then. */
  setSeverity(incidentId: number, severity: IncidentSeverity, reason: string, by: string): boolean;
  addNote(incidentId: number, text: string, by: string): boolean;
  /** A status update was sent, or could not be. */
  statusSent(
    incidentId: number,
    update: { readonly receiver: string; readonly text: string; readonly problem: string | undefined },
    by: string,
  ): boolean;
}

export function createIncidentCommand(options: {
  readonly database: DatabaseSync;
  readonly incidents: IncidentStore;
  readonly auditLog: AuditLog;
  readonly events: EventFeed;
  readonly now: () => number;
}): IncidentCommand {
  const { database, incidents, auditLog, events, now } = options;

  /** @param work gives what is told of it; undefined where nothing changed */
  function change(
    incidentId: number,
    by: string,
    event: string,
    work: (
      incident: Incident,
      atMs: number,
    ) =>
      | {
          readonly kind: TimelineKind;
          readonly text: string;
          readonly detail: Readonly<Record<string, string>>;
        }
      | undefined,
  ): boolean {
    const isKnown = inTransaction(database, () => {
      const incident = incidents.get(incidentId);
      if (incident === undefined) return false;
      const atMs = now();
      const told = work(incident, atMs);
      if (told !== undefined) {
        incidents.addToTimeline(incidentId, { atMs, kind: told.kind, text: told.text });
        auditLog.append({ atMs, actor: by, event, incidentId, actionRunId: null, detail: told.detail });
      }
      return true;
    });
    if (isKnown) events.publish({ topic: 'incident', id: incidentId });
    return isKnown;
  }

  return {
    setRoles: (incidentId, { commander, scribe }, by) =>
      change(incidentId, by, 'incident.roles', (incident) => {
        if ((incident.commander ?? '') === commander && (incident.scribe ?? '') === scribe) return undefined;
        incidents.change(incidentId, { commander: commander || null, scribe: scribe || null });
        return {
          kind: 'command',
          text: `Commander: ${commander || 'nobody'}, scribe: ${scribe || 'nobody'} (by ${by})`,
          detail: { commander, scribe },
        };
      }),
    setSeverity: (incidentId, severity, reason, by) =>
      change(incidentId, by, 'incident.severity', (incident, atMs) => {
        if (incident.severity === severity) return undefined;
        incidents.change(incidentId, {
          severity,
          severitySet: { by, atMs, computed: incident.computedSeverity ?? incident.severity },
        });
        return {
          kind: 'severity-changed',
          text: `From ${incident.severity} to ${severity} by ${by}: ${reason}`,
          detail: { from: incident.severity, to: severity, reason },
        };
      }),
    addNote: (incidentId, text, by) =>
      change(incidentId, by, 'incident.note', () => ({
        kind: 'note',
        text: `${by}: ${text}`,
        detail: { text },
      })),
    statusSent: (incidentId, { receiver, text, problem }, by) =>
      change(
        incidentId,
        by,
        problem === undefined ? 'incident.status-sent' : 'incident.status-failed',
        () => ({
          kind: 'status-update',
          text:
            problem === undefined
              ? `To ${receiver}, by ${by}: ${text}`
              : `Could not be sent to ${receiver} (${problem}): ${text}`,
          detail: { receiver, text },
        }),
      ),
  };
}
