import type { DatabaseSync } from 'node:sqlite';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventFeed } from '../event-feed.ts';
import { inTransaction } from '../store/database.ts';
import type { IncidentStore } from './incident-store.ts';

/** Somebody takes an incident on; the first who does stays. @returns whether there is such an incident */
export type Acknowledge = (incidentId: number, by: string) => boolean;

export function createAcknowledge(options: {
  readonly database: DatabaseSync;
  readonly incidents: IncidentStore;
  readonly auditLog: AuditLog;
  readonly events: EventFeed;
  readonly now: () => number;
}): Acknowledge {
  const { database, incidents, auditLog, events, now } = options;
  return (incidentId, by) => {
    const isKnown = inTransaction(database, () => {
      const incident = incidents.get(incidentId);
      if (incident === undefined) return false;
      if (incident.acknowledgedAtMs !== null) return true;
      const atMs = now();
      incidents.change(incidentId, { acknowledgedAtMs: atMs, acknowledgedBy: by });
      incidents.addToTimeline(incidentId, { atMs, kind: 'acknowledged', text: `Acknowledged by ${by}` });
      auditLog.append({
        atMs,
        actor: by,
        event: 'incident.acknowledged',
        incidentId,
        actionRunId: null,
        detail: {},
      });
      return true;
    });
    if (isKnown) events.publish({ topic: 'incident', id: incidentId });
    return isKnown;
  };
}
