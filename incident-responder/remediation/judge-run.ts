import type { DatabaseSync } from 'node:sqlite';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventFeed } from '../event-feed.ts';
import type { Verdict, VerdictSource } from '../incidents/incident.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { inTransaction } from '../store/database.ts';
import type { ActionRun } from './action.ts';
import type { ActionRunStore } from './action-run-store.ts';

/** Says whether it was right to act, or in shadow mode would have been; the last who does counts. */
export type JudgeRun = (
  runId: number,
  verdict: Verdict,
  by: string,
  source?: VerdictSource,
) =>
  | { readonly outcome: 'judged' | 'nothing-done'; readonly run: ActionRun }
  | { readonly outcome: 'not-found' };

/** Whether there is something to judge: it acted, or says what it would have done, and that is over. */
export const isJudgeable = ({ state, startedAtMs, endedAtMs }: ActionRun): boolean =>
  endedAtMs !== null && (startedAtMs !== null || state === 'shadow');

export function createJudgeRun(options: {
  readonly database: DatabaseSync;
  readonly runs: ActionRunStore;
  readonly incidents: IncidentStore;
  readonly auditLog: AuditLog;
  readonly events: EventFeed;
  readonly now: () => number;
}): JudgeRun {
  const { database, runs, incidents, auditLog, events, now } = options;
  return (runId, verdict, by, source = 'people') => {
    const result = inTransaction(database, (): ReturnType<JudgeRun> => {
      const run = runs.get(runId);
      if (run === undefined) return { outcome: 'not-found' };
      if (!isJudgeable(run)) return { outcome: 'nothing-done', run };
      const atMs = now();
      const judged = runs.change(runId, { judged: { verdict, by, source, atMs } });
      incidents.addToTimeline(run.incidentId, {
        atMs,
        kind: 'note',
        text: `${by} found the action ${verdict}: ${run.title}`,
        actionRunId: runId,
      });
      auditLog.append({
        atMs,
        actor: by,
        event: 'action.judged',
        incidentId: run.incidentId,
        actionRunId: runId,
        detail: { action: run.action, verdict, source },
      });
      return { outcome: 'judged', run: judged };
    });
    if (result.outcome === 'judged') {
      events.publish({ topic: 'action', id: runId });
      events.publish({ topic: 'incident', id: result.run.incidentId });
    }
    return result;
  };
}
