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
   * Takes a notification over, wholly or not at all: when this returns, it survives a crash.
   *
   * @throws Error of the database, and then nothing was stored.
   */
  accept(notification: Notification, atMs: number): Receipt;
}

export interface IntakeOptions {
  readonly database: DatabaseSync;
  readonly notifications: NotificationStore;
  readonly firingAlerts: FiringAlerts;
  readonly watchdog: Watchdog;
}

export function createIntake({ database, notifications, firingAlerts, watchdog }: IntakeOptions): Intake {
  return {
    accept(notification, atMs) {
      if (notification.alerts.every((alert) => alert.labels.alertname === ALERTS.watchdog)) {
        if (notification.status === 'firing') watchdog.heard();
        return { outcome: 'heartbeat' };
      }
      return inTransaction(database, () => {
        const receipt = notifications.add(notification, atMs);
        firingAlerts.update(notification, atMs);
        return receipt;
      });
    },
  };
}
