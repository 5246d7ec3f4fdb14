import type {
  AlertmanagerClient,
  HeldAlert,
} from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import type { Logger } from 'pino';
import type { Incident } from '../incidents/incident.ts';
import type { IncidentStore } from '../incidents/incident-store.ts';
import type { ToldAlert } from '../store/notification-store.ts';

const CREATED_BY = 'incident-responder';
/** In case nobody is left to end it; as long as Alertmanager would take to say again what still fires. */
const SILENT_MS = 12 * 3_600_000;
/** A notification may come before its incident is written down. */
const TOLD_BEFORE_MS = 60_000;

export interface TicketFoldingOptions {
  readonly alertmanager: Pick<AlertmanagerClient, 'alerts' | 'beginSilence' | 'silences' | 'endSilence'>;
  readonly incidents: Pick<IncidentStore, 'incidentOfAlert' | 'alerts' | 'get'>;
  /** What was notified since then. */
  readonly told: (sinceMs: number) => readonly ToldAlert[];
  readonly log: Logger;
  readonly now: () => number;
}

/**
 * Silences tickets of an incident that their readers have been told of: they find them on its page. Pages are never held
 * back, nor what goes to a receiver that has heard nothing yet. A ticket waits two minutes for its group, time enough to
 * find out. The silence ends with the incident. To be called every few seconds.
 */
export function createTicketFolding({
  alertmanager,
  incidents,
  told,
  log,
  now,
}: TicketFoldingOptions): () => Promise<void> {
  /** Who was told what of an incident: receivers, and fingerprints of alerts. */
  function heardOf({ id, startedAtMs }: Incident) {
    const its = new Set(incidents.alerts(id).map((each) => each.fingerprint));
    const heard = told(startedAtMs - TOLD_BEFORE_MS).filter(
      (each) => each.status === 'firing' && its.has(each.fingerprint),
    );
    return {
      alerts: new Set(heard.map(({ fingerprint }) => fingerprint)),
      receivers: new Set(heard.map(({ receiver }) => receiver)),
    };
  }

  /** Of these tickets of an incident those that tell their readers nothing new. */
  function foldable(tickets: readonly HeldAlert[], incident: Incident): readonly HeldAlert[] {
    const heard = heardOf(incident);
    // Whoever is woken reads tickets, too.
    const hasHeard = (receiver: string) =>
      heard.receivers.has(receiver) || (receiver === 'ticket' && heard.receivers.has('page'));
    return tickets.filter(
      ({ fingerprint, receivers }) =>
        // The end of what was told has to be told as well.
        !heard.alerts.has(fingerprint) && receivers.every(({ name }) => hasHeard(name)),
    );
  }

  /** Not waited for until it is on disk: after a kill of Alertmanager the next round makes it good. */
  async function fold({ labels }: HeldAlert, incidentId: number): Promise<void> {
    await alertmanager.beginSilence({
      matchers: labels,
      startsAtMs: now(),
      endsAtMs: now() + SILENT_MS,
      createdBy: CREATED_BY,
      comment: commentOf(incidentId),
    });
    log.info({ incident: incidentId, alertname: labels.alertname }, 'ticket folded into its incident');
  }

  return async () => {
    try {
      const held = await alertmanager.alerts(undefined, ['severity="ticket"']);
      const tickets = Map.groupBy(
        held.filter(({ status }) => status.state === 'active'),
        ({ fingerprint }) => incidents.incidentOfAlert(fingerprint)?.incidentId,
      );
      for (const [incidentId, its] of tickets) {
        const incident = incidentId === undefined ? undefined : incidents.get(incidentId);
        if (incident === undefined) continue;
        for (const alert of foldable(its, incident)) await fold(alert, incident.id);
      }
      for (const { id, comment, createdBy } of await alertmanager.silences()) {
        const incidentId = createdBy === CREATED_BY ? incidentOf(comment) : undefined;
        if (incidentId === undefined) continue;
        const status = incidents.get(incidentId)?.status;
        if (status === undefined || status === 'resolved') await alertmanager.endSilence(id);
      }
    } catch (error) {
      log.debug({ reason: (error as Error).message }, 'tickets not folded');
    }
  };
}

const commentOf = (incidentId: number) => `Part of incident ${incidentId}, of which people have been told`;

function incidentOf(comment: string): number | undefined {
  const id = /^Part of incident (\d+), of which people have been told$/.exec(comment)?.[1];
  return id === undefined ? undefined : Number(id);
}
