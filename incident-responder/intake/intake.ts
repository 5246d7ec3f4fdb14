import type { DatabaseSync } from 'node:sqlite';
import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { inTransaction } from '../store/database.ts';
import type { FiringAlerts } from '../store/firing-alerts.ts';
import type { NotificationStore } from '../store/notification-store.ts';
import type { Notification } from './alertmanager-payload.ts';
import type { Watchdog } from './watchdog.ts';

export type Receipt =
  | { readonly outcome: 'stored' | 'duplicate'; readonly id: number }
  | { readonly outcome: 'heartbeat' };

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
}

interface Waiting {
  readonly notification: Notification;
  readonly atMs: number;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

/** What arrives together is committed together: most of a commit's time is the disk's, whatever it holds. */
export function createIntake({ database, notifications, firingAlerts, watchdog }: IntakeOptions): Intake {
  let waiting: Waiting[] = [];

  function commit(): void {
    const batch = waiting;
    waiting = [];
    try {
      const receipts = inTransaction(database, () =>
        batch.map(({ notification, atMs }) => {
          const receipt = notifications.add(notification, atMs);
          firingAlerts.update(notification, atMs);
          return receipt;
        }),
      );
      for (const [index, { resolve }] of batch.entries()) resolve(receipts[index] as Receipt);
    } catch (error) {
      for (const { reject } of batch) reject(error);
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
