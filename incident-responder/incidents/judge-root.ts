import type { DatabaseSync } from 'node:sqlite';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventFeed } from '../event-feed.ts';
import { inTransaction } from '../store/database.ts';
import type { RootVerdict } from './incident.ts';
import type { IncidentStore } from './incident-store.ts';

/** Says whether the probable root was the root; the last who does counts. @returns whether there was a root to judge */
export type JudgeRoot = (incidentId: number, verdict: RootVerdict['verdict'], by: string) => boolean;

export function createJudgeRoot(options: {
  readonly database: DatabaseSync;
  readonly incidents: IncidentStore;
  readonly auditLog: AuditLog;
  readonly events: EventFeed;
  readonly now: () => number;
}): JudgeRoot {
  const { database, incidents, auditLog, events, now } = options;
  return (incidentId, verdict, by) => {
    const isJudged = inTransaction(database, () => {
      const root = incidents.get(incidentId)?.hypotheses[0];
      if (root === undefined) return false;
      const atMs = now();
      // What was judged is kept: the ranking may go on.
      const judged = { verdict, by, atMs, root: root.summary, confidence: root.confidence };
      incidents.change(incidentId, { rootVerdict: judged });
      incidents.addToTimeline(incidentId, {
        atMs,
        kind: 'note',
        text: `${by} found the probable root ${verdict}: ${root.summary}`,
      });
      auditLog.append({
        atMs,
        actor: by,
        event: 'root.judged',
        incidentId,
        actionRunId: null,
        detail: { verdict, root: root.summary, confidence: root.confidence },
      });
      return true;
    });
    if (isJudged) events.publish({ topic: 'incident', id: incidentId });
    return isJudged;
  };
}
