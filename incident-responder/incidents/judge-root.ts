import type { DatabaseSync } from 'node:sqlite';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventFeed } from '../event-feed.ts';
import { inTransaction } from '../store/database.ts';
import type { RootVerdictKind, VerdictSource } from './incident.ts';
import type { IncidentStore } from './incident-store.ts';

/**
 * Says whether the probable root was the root, or that nothing was wrong; the last who does counts.
 *
 * @returns whether there was something to judge
 */
export type JudgeRoot = (
  incidentId: number,
  verdict: RootVerdictKind,
  by: string,
  source?: VerdictSource,
) => boolean;

export function createJudgeRoot(options: {
  readonly database: DatabaseSync;
  readonly incidents: IncidentStore;
  readonly auditLog: AuditLog;
  readonly events: EventFeed;
  readonly now: () => number;
}): JudgeRoot {
  const { database, incidents, auditLog, events, now } = options;
  return (incidentId, verdict, by, source = 'people') => {
    const isJudged = inTransaction(database, () => {
      const incident = incidents.get(incidentId);
      const root = incident?.hypotheses[0];
      if (incident === undefined || (root === undefined && verdict !== 'false-alarm')) return false;
      const atMs = now();
      // What was judged is kept: the ranking may go on.
      const judged = { root: root?.summary ?? null, confidence: root?.confidence ?? null };
      incidents.change(incidentId, { rootVerdict: { verdict, by, source, atMs, ...judged } });
      incidents.addToTimeline(incidentId, {
        atMs,
        kind: 'note',
        text:
          verdict === 'false-alarm'
            ? `${by} found it a false alarm`
            : `${by} found the probable root ${verdict}: ${judged.root}`,
      });
      auditLog.append({
        atMs,
        actor: by,
        event: 'root.judged',
        incidentId,
        actionRunId: null,
        detail: { verdict, source, ...judged },
      });
      return true;
    });
    if (isJudged) events.publish({ topic: 'incident', id: incidentId });
    return isJudged;
  };
}
