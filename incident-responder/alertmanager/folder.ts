import type {
  AlertmanagerClient,
  HeldAlert,
} from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import type { Logger } from 'pino';
import type { IncidentStore } from '../incidents/incident-store.ts';
import type { ToldAlert } from '../store/notification-store.ts';

const CREATED_BY = 'incident-responder';
/** In case nobody is left to end it; as long as Alertmanager would take to say again what still fires. */
const SILENT_MS = 12 * 3_600_000;
/** A notification may come before its incident is written down. */
const TOLD_BEFORE_MS = 60_000;

export interface FolderOptions {
  readonly alertmanager: Pick<AlertmanagerClient, 'alerts' | 'silence' | 'silences' | 'expireSilence'>;
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
export function createFolder({
  alertmanager,
  incidents,
  told,
  log,
  now,
}: FolderOptions): () => Promise<void> {
  /** Incident that a ticket is to be folded into. */
  function foldedInto({ fingerprint, status, receivers }: HeldAlert): number | undefined {
    if (status.state !== 'active') return undefined;
    const incidentId = incidents.incidentOfAlert(fingerprint)?.incidentId;
    const incident = incidentId === undefined ? undefined : incidents.get(incidentId);
    if (incident === undefined) return undefined;
    const its = new Set(incidents.alerts(incident.id).map((each) => each.fingerprint));
    const heard = told(incident.startedAtMs - TOLD_BEFORE_MS).filter(
      (each) => each.status === 'firing' && its.has(each.fingerprint),
    );
    // Its end has to be told as well.
    if (heard.some((each) => each.fingerprint === fingerprint)) return undefined;
    const by = new Set(heard.map(({ receiver }) => receiver));
    // Whoever is woken reads tickets, too.
    const hasHeard = (receiver: string) => by.has(receiver) || (receiver === 'ticket' && by.has('page'));
    return receivers.every(({ name }) => hasHeard(name)) ? incident.id : undefined;
  }

  async function fold(alert: HeldAlert, incidentId: number): Promise<void> {
    await alertmanager.silence({
      matchers: alert.labels,
      startsAtMs: now(),
      endsAtMs: now() + SILENT_MS,
      createdBy: CREATED_BY,
      comment: commentOf(incidentId),
    });
    log.info({ incident: incidentId, alertname: alert.labels.alertname }, 'ticket folded into its incident');
  }

  return async () => {
    try {
      const tickets = await alertmanager.alerts(undefined, ['severity="ticket"']);
      await Promise.all(
        tickets.map(async (alert) => {
          const incidentId = foldedInto(alert);
          if (incidentId !== undefined) await fold(alert, incidentId);
        }),
      );
      for (const { id, comment, createdBy } of await alertmanager.silences()) {
        const incidentId = createdBy === CREATED_BY ? incidentOf(comment) : undefined;
        if (incidentId === undefined) continue;
        const status = incidents.get(incidentId)?.status;
        if (status === undefined || status === 'resolved') await alertmanager.expireSilence(id);
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
