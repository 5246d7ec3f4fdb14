import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AlertStatus, Notification, NotifiedAlert } from '../intake/alertmanager-payload.ts';
import { contentKey, exactKey } from '../intake/content-key.ts';

export interface StoredNotification {
  readonly id: number;
  /** Milliseconds since the epoch: first and latest delivery of the same content. */
  readonly receivedAtMs: number;
  readonly lastReceivedAtMs: number;
  readonly deliveries: number;
  readonly receiver: string;
  readonly groupKey: string;
  readonly status: AlertStatus;
  readonly truncatedAlerts: number;
  readonly alerts: readonly NotifiedAlert[];
}

export interface NotificationQuery {
  /** Received at or after, milliseconds since the epoch. */
  readonly sinceMs?: number | undefined;
  /** `alertname` and `status` must hold for one and the same alert of the notification. */
  readonly alertname?: string | undefined;
  readonly status?: AlertStatus | undefined;
  /** Only what is older than this id: the page after. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** An alert in a notification, without what only its page needs. */
export interface ToldAlert {
  readonly notificationId: number;
  readonly receiver: string;
  readonly receivedAtMs: number;
  readonly alertname: string;
  readonly status: AlertStatus;
  readonly fingerprint: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
  readonly service: string | null;
  readonly severity: string | null;
}

export interface NotificationStoreOptions {
  readonly database: DatabaseSync;
  /** Notifications not delivered again for longer are dropped. */
  readonly retentionMs: number;
  readonly maxNotifications?: number;
}

export type AddOutcome =
  | { readonly outcome: 'stored' | 'duplicate'; readonly id: number }
  | { readonly outcome: 'replayed' };

const DEFAULT_MAX_NOTIFICATIONS = 20_000;
const PRUNE_EVERY = 100;

/** What Alertmanager said, newest first, each thing once. */
export class NotificationStore {
  readonly #database: DatabaseSync;
  readonly #retentionMs: number;
  readonly #maxNotifications: number;
  readonly #latestOfGroup: StatementSync;
  readonly #countDelivery: StatementSync;
  readonly #insert: StatementSync;
  readonly #insertAlert: StatementSync;
  readonly #replayed: StatementSync;

  constructor({
    database,
    retentionMs,
    maxNotifications = DEFAULT_MAX_NOTIFICATIONS,
  }: NotificationStoreOptions) {
    this.#database = database;
    this.#retentionMs = retentionMs;
    this.#maxNotifications = maxNotifications;
    this.#latestOfGroup = database.prepare(
      'SELECT id, content_key FROM notifications WHERE receiver = ? AND group_key = ? ORDER BY id DESC LIMIT 1',
    );
    this.#countDelivery = database.prepare(
      'UPDATE notifications SET last_received_at_ms = ?, deliveries = deliveries + 1 WHERE id = ?',
    );
    this.#insert = database.prepare(
      `INSERT INTO notifications
         (received_at_ms, last_received_at_ms, receiver, group_key, status, content_key, truncated_alerts, exact_key)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#replayed = database.prepare(
      `SELECT 1 FROM notifications AS earlier
       JOIN notified_alerts AS said ON said.notification_id = earlier.id
       JOIN notifications AS later
         ON later.receiver = earlier.receiver AND later.group_key = earlier.group_key AND later.id > earlier.id
       JOIN notified_alerts AS since ON since.notification_id = later.id
       WHERE earlier.receiver = ? AND earlier.group_key = ? AND earlier.exact_key = ?
         AND said.status = 'resolved' AND since.status = 'firing'
         AND since.alert ->> 'fingerprint' = said.alert ->> 'fingerprint'
       LIMIT 1`,
    );
    this.#insertAlert = database.prepare('INSERT INTO notified_alerts VALUES (?, ?, ?, ?, ?)');
  }

  /**
   * Stores a notification, unless it only says again what its group's latest one said: then that one's deliveries are
   * counted up. The comparison is with the latest only, because an alert may resolve and fire again with the start it had
   * (Prometheus restores starts after a restart).
   *
   * A message that was sent before, word for word, and would end an alert that has since been told to fire is a replay and
   * not stored: an alert that ends once more has another end. One that fires once more may say just what it said before
   * (Prometheus lost Alertmanager for a while), so that is taken in; where Alertmanager does not hold it, it is reconciled
   * away. Several statements: call it inside a transaction.
   */
  add(notification: Notification, atMs: number): AddOutcome {
    const { receiver, groupKey, status, truncatedAlerts, alerts } = notification;
    const key = contentKey(notification);
    const latest = this.#latestOfGroup.get(receiver, groupKey);
    if (latest?.content_key === key) {
      this.#countDelivery.run(atMs, latest.id as number);
      return { outcome: 'duplicate', id: latest.id as number };
    }
    const exact = exactKey(notification);
    if (this.#replayed.get(receiver, groupKey, exact) !== undefined) return { outcome: 'replayed' };
    const inserted = this.#insert.run(atMs, atMs, receiver, groupKey, status, key, truncatedAlerts, exact);
    const id = Number(inserted.lastInsertRowid);
    for (const [position, alert] of alerts.entries())
      this.#insertAlert.run(
        id,
        position,
        alert.labels.alertname as string,
        alert.status,
        JSON.stringify(alert),
      );
    if (id % PRUNE_EVERY === 0) this.prune(atMs);
    return { outcome: 'stored', id };
  }

  list(query: NotificationQuery): StoredNotification[] {
    const conditions: string[] = [];
    const values: (string | number)[] = [];
    const require = (condition: string, ...given: (string | number)[]) => {
      conditions.push(condition);
      values.push(...given);
    };
    if (query.sinceMs !== undefined) require('received_at_ms >= ?', query.sinceMs);
    if (query.before !== undefined) require('id < ?', query.before);
    const ofAlert: string[] = [];
    if (query.alertname !== undefined) ofAlert.push('alertname = ?');
    if (query.status !== undefined) ofAlert.push('notified_alerts.status = ?');
    if (ofAlert.length > 0)
      require(`EXISTS (SELECT 1 FROM notified_alerts WHERE notification_id = id AND ${ofAlert.join(' AND ')})`, ...[
        query.alertname,
        query.status,
      ].filter((value) => value !== undefined));
    const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
    const rows = this.#database
      .prepare(`SELECT * FROM notifications ${where} ORDER BY id DESC LIMIT ?`)
      .all(...values, query.limit);
    const alerts = this.#database.prepare(
      'SELECT alert FROM notified_alerts WHERE notification_id = ? ORDER BY position',
    );
    return rows.map((row) => ({
      id: row.id as number,
      receivedAtMs: row.received_at_ms as number,
      lastReceivedAtMs: row.last_received_at_ms as number,
      deliveries: row.deliveries as number,
      receiver: row.receiver as string,
      groupKey: row.group_key as string,
      status: row.status as AlertStatus,
      truncatedAlerts: row.truncated_alerts as number,
      alerts: alerts.all(row.id as number).map(({ alert }) => JSON.parse(alert as string) as NotifiedAlert),
    }));
  }

  /** Every alert told of since, oldest first, 50,000 at most. */
  toldSince(sinceMs: number): ToldAlert[] {
    return this.#database
      .prepare(
        `SELECT notification_id AS notificationId, receiver, received_at_ms AS receivedAtMs, alertname,
           notified_alerts.status AS status, alert ->> '$.fingerprint' AS fingerprint,
           alert ->> '$.startsAtMs' AS startsAtMs, alert ->> '$.endsAtMs' AS endsAtMs,
           alert ->> '$.labels.service' AS service, alert ->> '$.labels.severity' AS severity
         FROM notified_alerts JOIN notifications ON id = notification_id
         WHERE received_at_ms >= ? ORDER BY notification_id DESC, position LIMIT 50000`,
      )
      .all(sinceMs)
      .map((row) => row as unknown as ToldAlert)
      .reverse();
  }

  /** Drops what is older than the retention, and the oldest of too many. */
  prune(nowMs: number): void {
    this.#database
      .prepare('DELETE FROM notifications WHERE last_received_at_ms < ?')
      .run(nowMs - this.#retentionMs);
    this.#database
      .prepare(
        'DELETE FROM notifications WHERE id <= (SELECT id FROM notifications ORDER BY id DESC LIMIT 1 OFFSET ?)',
      )
      .run(this.#maxNotifications);
  }
}
