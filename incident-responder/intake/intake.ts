import type { DatabaseSync } from 'node:sqlite';
import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import type { Logger } from 'pino';
import type { IncidentDesk } from '../incidents/incident-desk.ts';
import { inTransaction } from '../store/database.ts';
import type { FiringAlerts } from '../store/firing-alerts.ts';
import type { NotificationStore } from '../store/notification-store.ts';
import type { Notification, NotifiedAlert } from './alertmanager-payload.ts';
import { withPlausibleTimes } from './plausible-times.ts';
import type { Watchdog } from './watchdog.ts';

export type Receipt =
  | { readonly outcome: 'stored' | 'duplicate'; readonly id: number }
  | { readonly outcome: 'heartbeat' }
  /** Sent before and overtaken since: nothing was stored. */
  | { readonly outcome: 'replayed' };

export interface Intake {
  /**
   * Takes a notification over, wholly or not at all: once the promise is kept, it survives a crash.
   * Rejects with the database's error, and then nothing was stored.
   */
  accept(notification: Notification, atMs: number): Promise<Receipt>;
}

export interface IntakeOptions {
  readonly database: DatabaseSync;
  readonly notifications: NotificationStore;
  readonly firingAlerts: FiringAlerts;
  readonly watchdog: Watchdog;
  readonly desk: IncidentDesk;
  /** Incidents that a batch opened or changed, after it was committed. */
  readonly onIncidents: (incidentIds: readonly number[]) => void;
  readonly log: Logger;
}

interface Waiting {
  readonly notification: Notification;
  readonly atMs: number;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

/** What arrives together is committed together: most of a commit's time is the disk's, whatever it holds. */
export function createIntake(options: IntakeOptions): Intake {
  const { database, notifications, firingAlerts, watchdog, desk, onIncidents, log } = options;
  let waiting: Waiting[] = [];

  function commit(): void {
    const batch = waiting;
    waiting = [];
    let committed: { receipts: readonly Receipt[]; incidentIds: readonly number[] };
    try {
      committed = inTransaction(database, () => {
        const news: NotifiedAlert[] = [];
        const receipts = batch.map(({ notification, atMs }) => {
          // Kept as it was sent; what is counted with has times that can be.
          const receipt = notifications.add(notification, atMs);
          const alerts = notification.alerts.map((alert) =>
            withPlausibleTimes(alert, atMs, firingAlerts.startOf(alert.fingerprint)),
          );
          if (receipt.outcome !== 'replayed') firingAlerts.update({ ...notification, alerts }, atMs);
          if (receipt.outcome === 'stored') news.push(...alerts);
          return receipt;
        });
        return { receipts, incidentIds: desk.take(news, batch.at(-1)?.atMs ?? 0) };
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const [index, { resolve }] of batch.entries()) resolve(committed.receipts[index] as Receipt);
    try {
      onIncidents(committed.incidentIds);
    } catch (error) {
      // What was acknowledged is stored; the incidents are looked at again with the next periodic look.
      log.error({ err: error, incidentIds: committed.incidentIds }, 'incidents not assessed');
    }
  }

  return {
    async accept(notification, atMs) {
      if (notification.alerts.every((alert) => alert.labels.alertname === ALERTS.watchdog)) {
        if (notification.status === 'firing') watchdog.heard();
        return { outcome: 'heartbeat' };
      }
      return new Promise((resolve, reject) => {
        waiting.push({ notification, atMs, resolve, reject });
        if (waiting.length === 1) setImmediate(commit);
      });
    },
  };
}
