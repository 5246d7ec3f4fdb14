import { PROBABLE_ROOT } from '@aiops-sre/conventions/alerts.ts';
import type {
  AlertmanagerClient,
  HeldAlert,
} from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import type { Logger } from 'pino';
import type { IncidentStore } from '../incidents/incident-store.ts';

/** A root less probable would lead people astray. */
const WORTH_TELLING = 0.5;
/**
 * Prometheus, which sends again what fires and then without this annotation, tells of an end one evaluation later at the
 * earliest, 5 s: what is said sooner does not let an alert fire on that has ended.
 */
const SAID_WITHIN_MS = 4000;

export interface RootTellerOptions {
  readonly alertmanager: Pick<AlertmanagerClient, 'alerts' | 'post'>;
  readonly incidents: Pick<IncidentStore, 'incidentOfAlert' | 'get'>;
  readonly log: Logger;
  readonly now: () => number;
}

/**
 * Gives pages that Alertmanager holds the probable root of their incident as an annotation, which the first line of a
 * notification says: those whom Alertmanager tells read it, too. To be called every second.
 */
export function createRootTeller({
  alertmanager,
  incidents,
  log,
  now,
}: RootTellerOptions): () => Promise<void> {
  function rootOf({ fingerprint }: HeldAlert): string | undefined {
    const known = incidents.incidentOfAlert(fingerprint);
    const root = known && incidents.get(known.incidentId)?.hypotheses[0];
    return root === undefined || root.confidence < WORTH_TELLING
      ? undefined
      : `${root.summary} (${Math.round(root.confidence * 100)} %)`;
  }

  return async () => {
    try {
      const held = await alertmanager.alerts(undefined, ['severity="page"']);
      const told = held.flatMap((alert) => {
        const { labels, annotations, startsAtMs, endsAtMs, updatedAtMs } = alert;
        const root = rootOf(alert);
        // What has one was sent by us last; Prometheus' next message is without.
        if (root === undefined || annotations[PROBABLE_ROOT] !== undefined) return [];
        if (endsAtMs <= now() || now() - updatedAtMs > SAID_WITHIN_MS) return [];
        return [
          {
            labels,
            annotations: { ...annotations, [PROBABLE_ROOT]: root },
            startsAt: new Date(startsAtMs).toISOString(),
            endsAt: new Date(endsAtMs).toISOString(),
          },
        ];
      });
      if (told.length > 0) await alertmanager.post(told);
    } catch (error) {
      log.debug({ reason: (error as Error).message }, 'probable roots not told to Alertmanager');
    }
  };
}
