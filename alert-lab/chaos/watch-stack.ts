import { isDeepStrictEqual } from 'node:util';
import { isOfMachineAlone } from '../drill/calm.ts';
import type { RunningStack } from '../drill/running-stack.ts';
import type { ActionRecord, IncidentRecord, NotificationRecord } from './experiment-record.ts';

type Seen = Omit<IncidentRecord, 'postmortem'>;

const RANKED = 3;

/** Keeps what the platform tells from now on: incidents that open, what they take for their root, what acts. */
export function watchStack(stack: RunningStack, sinceMs: number, now: () => number = Date.now) {
  const incidents = new Map<number, Seen>();
  const actions = new Map<number, ActionRecord>();

  async function look(id: number): Promise<void> {
    const incident = await stack.incident(id);
    const seen = incidents.get(id);
    const roots = incident.hypotheses
      .slice(0, RANKED)
      .map(({ cause, service, instance, confidence }) => ({ cause, service, instance, confidence }));
    const rankings = [...(seen?.rankings ?? [])];
    if (roots.length > 0 && JSON.stringify(rankings.at(-1)?.roots) !== JSON.stringify(roots))
      rankings.push({ atMs: now(), roots });
    incidents.set(id, {
      id,
      openedMs: Date.parse(incident.detectedAt),
      status: incident.status,
      alerts: incident.alerts.map(({ labels, startsAt }) => {
        const alert = { labels, startsAtMs: Date.parse(startsAt) };
        const known = seen?.alerts.find(
          (each) => each.startsAtMs === alert.startsAtMs && isDeepStrictEqual(each.labels, labels),
        );
        return { ...alert, seenMs: known?.seenMs ?? now() };
      }),
      rankings,
    });
    for (const run of await stack.actionRuns(id))
      actions.set(run.id, {
        action: run.action,
        state: run.state,
        incidentId: id,
        startedMs: run.startedAt === null ? null : Date.parse(run.startedAt),
      });
  }

  return {
    /** Incidents that opened since, and were looked at. */
    incidents: (): readonly Seen[] => [...incidents.values()],
    /** Looks at what is new. @throws Error where the responder does not answer */
    async poll(): Promise<void> {
      for (const incident of await stack.incidents()) {
        const { id, detectedAt, status } = incident;
        if (Date.parse(detectedAt) < sinceMs || isOfMachineAlone(incident)) continue;
        if (incidents.get(id)?.status !== 'resolved' || status !== 'resolved') await look(id);
      }
    },
    /** All of it, once it is over. */
    async record(): Promise<{
      incidents: IncidentRecord[];
      actions: ActionRecord[];
      notifications: NotificationRecord[];
    }> {
      const drafts = await Promise.all([...incidents.keys()].map((id) => stack.postmortem(id)));
      return {
        incidents: [...incidents.values()].map((seen, index) => ({
          ...seen,
          postmortem: summaryOf(drafts[index]),
        })),
        actions: [...actions.values()],
        notifications: (await stack.notifications(sinceMs)).map(({ receivedAt, receiver, alerts }) => ({
          atMs: Date.parse(receivedAt),
          receiver,
          alerts: alerts
            .filter(({ status }) => status === 'firing')
            .map(({ labels, startsAt }) => ({
              labels,
              startsAtMs: Date.parse(startsAt),
              seenMs: Date.parse(receivedAt),
            })),
        })),
      };
    },
  };
}

/** The part of a draft that says what it was. */
function summaryOf(draft: string | undefined): string | null {
  if (draft === undefined) return null;
  return draft.split('\n## Summary\n')[1]?.split('\n## ')[0]?.trim() ?? '';
}
