import type { DatabaseSync } from 'node:sqlite';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventFeed } from '../event-feed.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { inTransaction } from '../store/database.ts';
import type { ActionRun, Approval } from './action.ts';
import type { ActionRunStore } from './action-run-store.ts';

type DecisionOutcome =
  | { readonly outcome: 'decided'; readonly run: ActionRun }
  | { readonly outcome: 'not-waiting'; readonly run: ActionRun }
  | { readonly outcome: 'not-found' };

export interface Decisions {
  /** What a person says to a proposed run; an approved one begins soon after, by itself. */
  decide(runId: number, approval: Approval): DecisionOutcome;
}

export interface DecisionsOptions {
  readonly database: DatabaseSync;
  readonly runs: ActionRunStore;
  readonly incidents: IncidentStore;
  readonly auditLog: AuditLog;
  readonly events: EventFeed;
}

export function createDecisions({
  database,
  runs,
  incidents,
  auditLog,
  events,
}: DecisionsOptions): Decisions {
  return {
    decide(runId, approval) {
      const result = inTransaction(database, (): DecisionOutcome => {
        const run = runs.get(runId);
        if (run === undefined) return { outcome: 'not-found' };
        if (run.state !== 'proposed') return { outcome: 'not-waiting', run };
        const { decision, by, atMs, note } = approval;
        const reason = `${decision} by ${by}${note === '' ? '' : `: ${note}`}`;
        const decided = runs.change(runId, {
          state: decision,
          reason,
          approvals: [...run.approvals, approval],
          endedAtMs: decision === 'rejected' ? atMs : null,
        });
        auditLog.append({
          atMs,
          actor: by,
          event: `action.${decision}`,
          incidentId: run.incidentId,
          actionRunId: runId,
          detail: { action: run.action, note },
        });
        incidents.addToTimeline(run.incidentId, {
          atMs,
          kind: 'action',
          text: `${run.title}: ${reason}`,
          actionRunId: runId,
        });
        return { outcome: 'decided', run: decided };
      });
      if (result.outcome === 'decided') {
        events.publish({ topic: 'action', id: runId });
        events.publish({ topic: 'incident', id: result.run.incidentId });
      }
      return result;
    },
  };
}
