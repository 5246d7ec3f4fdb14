import type { DatabaseSync } from 'node:sqlite';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventFeed } from '../event-feed.ts';
import type { TimelineKind } from '../incidents/incident.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import { inTransaction } from '../store/database.ts';
import type { ActionRun } from './action.ts';
import type { ActionRunStore, RunChange } from './action-run-store.ts';
import type { Undo } from './command.ts';

/** Writes each step of a run down before the next is taken: state, audit log and timeline together or not at all. */
export interface RunJournal {
  open(run: Omit<ActionRun, 'id'>): ActionRun;
  record(run: ActionRun, change: RunChange & Pick<ActionRun, 'state' | 'reason'>, undo?: Undo): ActionRun;
}

export interface RunJournalOptions {
  readonly database: DatabaseSync;
  readonly runs: ActionRunStore;
  readonly incidents: IncidentStore;
  readonly auditLog: AuditLog;
  readonly events: EventFeed;
  /** Called after a step is stored. */
  readonly onRecorded: (run: ActionRun) => void;
  readonly now: () => number;
}

export function createRunJournal(options: RunJournalOptions): RunJournal {
  const { database, runs, incidents, auditLog, events, onRecorded, now } = options;

  function note(run: ActionRun, kind: TimelineKind = 'action'): void {
    const atMs = now();
    auditLog.append({
      atMs,
      actor: (run.state === 'proposed' && run.proposedBy) || 'responder',
      event: `action.${run.state}`,
      incidentId: run.incidentId,
      actionRunId: run.id,
      detail: {
        action: run.action,
        mode: run.mode,
        command: run.command,
        reason: run.reason,
        confidence: Math.round(run.confidence * 1000) / 1000,
        verification: run.verification.outcome,
      },
    });
    incidents.addToTimeline(run.incidentId, {
      atMs,
      kind,
      text: `${run.title}: ${run.state}, ${run.reason}`,
      actionRunId: run.id,
    });
  }

  function tell(run: ActionRun): ActionRun {
    onRecorded(run);
    events.publish({ topic: 'action', id: run.id });
    events.publish({ topic: 'incident', id: run.incidentId });
    return run;
  }

  return {
    open(run) {
      return tell(
        inTransaction(database, () => {
          const added = runs.add(run);
          note(added, run.state === 'refused' ? 'escalated' : 'action');
          return added;
        }),
      );
    },
    record(run, change, undo) {
      return tell(
        inTransaction(database, () => {
          const changed = runs.change(run.id, change);
          if (undo !== undefined) runs.setUndo(run.id, undo);
          const failed = changed.state === 'rolled-back' || changed.state === 'rollback-failed';
          note(changed, failed || changed.state === 'refused' ? 'escalated' : 'action');
          if (changed.state === 'executing') acknowledge(changed.incidentId);
          return changed;
        }),
      );
    },
  };

  function acknowledge(incidentId: number): void {
    const incident = incidents.get(incidentId);
    if (incident !== undefined && incident.acknowledgedAtMs === null)
      incidents.change(incidentId, { acknowledgedAtMs: now(), acknowledgedBy: 'responder' });
  }
}
