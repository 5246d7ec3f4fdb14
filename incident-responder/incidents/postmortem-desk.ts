import type { DatabaseSync } from 'node:sqlite';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { Gauge, type Registry } from 'prom-client';
import type { AuditLog } from '../audit/audit-log.ts';
import type { EventFeed } from '../event-feed.ts';
import { inTransaction } from '../store/database.ts';
import type { IncidentStore } from './incident-store.ts';
import {
  type ActionState,
  type Postmortem,
  type PostmortemAction,
  PostmortemStore,
} from './postmortem-store.ts';

/** What people do to postmortems, each in the audit log. False: it is not there. */
export interface PostmortemDesk {
  readonly store: PostmortemStore;
  /** As people left it, or else the draft. */
  read(incidentId: number): Postmortem | undefined;
  write(
    incidentId: number,
    change: { readonly markdown: string; readonly finished: boolean },
    by: string,
  ): boolean;
  addAction(
    incidentId: number,
    action: Pick<PostmortemAction, 'text' | 'owner' | 'due'>,
    by: string,
  ): boolean;
  changeAction(
    incidentId: number,
    id: number,
    change: { readonly state: ActionState; readonly due: string },
    by: string,
  ): boolean;
}

export function createPostmortemDesk(options: {
  readonly database: DatabaseSync;
  readonly incidents: IncidentStore;
  readonly auditLog: AuditLog;
  readonly events: EventFeed;
  readonly registry: Registry;
  readonly now: () => number;
}): PostmortemDesk {
  const { database, incidents, auditLog, events, registry, now } = options;
  const store = new PostmortemStore({ database });
  new Gauge({
    name: METRICS.postmortemActionsOverdue,
    help: 'Actions of postmortems that are open past their day',
    registers: [registry],
    collect() {
      this.set(store.countOverdue(now()));
    },
  });

  function read(incidentId: number): Postmortem | undefined {
    const edited = store.get(incidentId);
    if (edited !== undefined) return edited;
    const [incident, markdown] = [incidents.get(incidentId), incidents.postmortem(incidentId)];
    if (incident === undefined || markdown === undefined) return undefined;
    return {
      incidentId,
      title: incident.title,
      markdown,
      editedBy: 'responder',
      editedAtMs: incident.resolvedAtMs ?? incident.detectedAtMs,
      finishedAtMs: null,
    };
  }

  /** @param work gives the details of the entry; undefined where nothing is there to change */
  function change(
    incidentId: number,
    by: string,
    event: string,
    work: (atMs: number) => Readonly<Record<string, string | number>> | undefined,
  ): boolean {
    const isDone = inTransaction(database, () => {
      const atMs = now();
      const detail = work(atMs);
      if (detail === undefined) return false;
      auditLog.append({ atMs, actor: by, event, incidentId, actionRunId: null, detail });
      return true;
    });
    if (isDone) events.publish({ topic: 'incident', id: incidentId });
    return isDone;
  }

  return {
    store,
    read,
    write: (incidentId, { markdown, finished }, by) =>
      change(incidentId, by, finished ? 'postmortem.finished' : 'postmortem.edited', (atMs) => {
        const before = read(incidentId);
        if (before === undefined) return undefined;
        store.save({
          ...before,
          markdown,
          editedBy: by,
          editedAtMs: atMs,
          finishedAtMs: finished ? atMs : null,
        });
        return { characters: markdown.length };
      }),
    addAction: (incidentId, action, by) =>
      change(incidentId, by, 'postmortem.action-added', () => {
        if (read(incidentId) === undefined) return undefined;
        store.addAction({ incidentId, ...action });
        return { ...action };
      }),
    changeAction: (incidentId, id, to, by) =>
      change(incidentId, by, 'postmortem.action-changed', () => {
        const action = store.changeAction(incidentId, id, to);
        return action && { text: action.text, ...to };
      }),
  };
}
