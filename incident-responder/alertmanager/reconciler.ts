import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import type {
  AlertmanagerClient,
  HeldAlert,
} from '@aiops-sre/service-kit/alertmanager/alertmanager-client.ts';
import type { Logger } from 'pino';
import type { NotifiedAlert } from '../intake/alertmanager-payload.ts';
import type { FiringAlerts } from '../store/firing-alerts.ts';

/**
 * Alertmanager forgets its alerts when it restarts and hears of them again within Prometheus' resend delay (1 min) and
 * two evaluations: what was missing for shorter may still fire.
 */
const ENDED_AFTER_MS = 120_000;

export interface Reconciler {
  /** Compares with what Alertmanager holds. Where it does not answer, everything stays. */
  reconcile(): Promise<void>;
}

export interface ReconcilerOptions {
  readonly alertmanager: Pick<AlertmanagerClient, 'alerts'>;
  readonly firingAlerts: FiringAlerts;
  /** Fingerprints of alerts that fire in unresolved incidents. */
  readonly firingInIncidents: () => readonly {
    readonly fingerprint: string;
    readonly alert: NotifiedAlert;
  }[];
  /** Files alerts as if they had been notified, in a transaction of its own. */
  readonly file: (
    alerts: readonly { readonly alert: NotifiedAlert; readonly receiver: string }[],
    atMs: number,
  ) => void;
  readonly log: Logger;
  readonly now?: () => number;
}

/**
 * Makes good what notifications leave out: the end of an alert that is inhibited or silenced is never notified, a
 * notification may get lost, and one waits for its group. What Alertmanager holds active and nobody told of is taken in;
 * what it has not held for two minutes has ended.
 */
export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { alertmanager, firingAlerts, firingInIncidents, file, log, now = Date.now } = options;
  const missingSinceMs = new Map<string, number>();
  let complained = false;
  /** Fingerprints of alerts without a name. */
  let complainedOf: ReadonlySet<string> = new Set();
  return {
    async reconcile() {
      let held: HeldAlert[];
      try {
        held = await alertmanager.alerts();
        complained = false;
      } catch (error) {
        if (!complained) log.warn({ reason: (error as Error).message }, 'alerts not reconciled');
        complained = true;
        missingSinceMs.clear();
        return;
      }
      const nowMs = now();
      const nameless = held.filter(({ labels }) => labels.alertname === undefined);
      for (const { fingerprint } of nameless)
        if (!complainedOf.has(fingerprint))
          log.warn({ fingerprint }, 'Alertmanager holds an alert without alertname: left out');
      complainedOf = new Set(nameless.map(({ fingerprint }) => fingerprint));
      const holds = new Set(held.map(({ fingerprint }) => fingerprint));
      const known = new Map<string, { alert: NotifiedAlert; receiver: string }>();
      for (const { fingerprint, alert } of firingInIncidents())
        known.set(fingerprint, { alert, receiver: 'reconciled' });
      for (const alert of firingAlerts.list(nowMs))
        known.set(alert.fingerprint, { alert, receiver: alert.receiver });

      const changes: { alert: NotifiedAlert; receiver: string }[] = [];
      for (const [fingerprint, { alert, receiver }] of known) {
        // Of others that are not Alertmanager's, whoever told of them tells of their end.
        if (alert.source !== 'alertmanager') continue;
        if (holds.has(fingerprint)) {
          missingSinceMs.delete(fingerprint);
          continue;
        }
        const sinceMs = missingSinceMs.get(fingerprint) ?? nowMs;
        missingSinceMs.set(fingerprint, sinceMs);
        if (nowMs - sinceMs >= ENDED_AFTER_MS)
          changes.push({ alert: { ...alert, status: 'resolved', endsAtMs: sinceMs }, receiver });
      }
      for (const fingerprint of missingSinceMs.keys())
        if (!known.has(fingerprint)) missingSinceMs.delete(fingerprint);
      for (const alert of held)
        if (
          alert.status.state === 'active' &&
          !known.has(alert.fingerprint) &&
          alert.labels.alertname !== undefined &&
          alert.labels.alertname !== ALERTS.watchdog
        )
          changes.push({ alert: notified(alert), receiver: alert.receivers[0]!.name });
      if (changes.length === 0) return;
      file(changes, nowMs);
      for (const { alert } of changes) missingSinceMs.delete(alert.fingerprint);
      log.info({ alerts: changes.length }, 'reconciled with Alertmanager');
    },
  };
}

function notified({ fingerprint, labels, annotations, startsAtMs, generatorURL }: HeldAlert): NotifiedAlert {
  return {
    status: 'firing',
    labels,
    annotations,
    startsAtMs,
    endsAtMs: null,
    generatorURL,
    fingerprint,
    source: 'alertmanager',
  };
}
