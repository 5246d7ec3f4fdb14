import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Notification, NotifiedAlert } from '../intake/alertmanager-payload.ts';

export interface FiringAlert extends NotifiedAlert {
  readonly receiver: string;
  /** Milliseconds since the epoch of the last notification that had it. */
  readonly lastHeardAtMs: number;
}

/**
 * Alertmanager repeats what still fires after 24 hours at the latest. What was not repeated has ended unheard: the end
 * of an alert that is inhibited or silenced is never notified.
 */
const FORGET_AFTER_MS = 26 * 3_600_000;
/** No group of Alertmanager's: a group key begins with `{`. */
const RECONCILED_GROUP = 'reconciled';

/** The alerts that fire, as far as Alertmanager's notifications tell. */
export class FiringAlerts {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeGroup: StatementSync;
  readonly #removeEverywhere: StatementSync;
  readonly #forget: StatementSync;

  constructor({ database }: { readonly database: DatabaseSync }) {
    this.#database = database;
    this.#put = database.prepare('INSERT OR REPLACE INTO firing_alerts VALUES (?, ?, ?, ?, ?)');
    this.#removeGroup = database.prepare('DELETE FROM firing_alerts WHERE receiver = ? AND group_key = ?');
    this.#remove = database.prepare(
      'DELETE FROM firing_alerts WHERE receiver = ? AND group_key = ? AND fingerprint = ?',
    );
    this.#removeEverywhere = database.prepare('DELETE FROM firing_alerts WHERE fingerprint = ?');
    this.#forget = database.prepare('DELETE FROM firing_alerts WHERE last_heard_at_ms < ?');
  }

  /**
   * Takes over a group's state. A notification holds all of its group's alerts that are neither inhibited nor silenced,
   * so what it leaves out does not fire any more, or not for this receiver; unless it was truncated.
   */
  update({ receiver, groupKey, alerts, truncatedAlerts }: Notification, atMs: number): void {
    if (truncatedAlerts === 0) this.#removeGroup.run(receiver, groupKey);
    for (const { fingerprint } of alerts) this.#remove.run(receiver, RECONCILED_GROUP, fingerprint);
    for (const alert of alerts)
      if (alert.status === 'firing')
        this.#put.run(receiver, groupKey, alert.fingerprint, atMs, JSON.stringify(alert));
      else this.#remove.run(receiver, groupKey, alert.fingerprint);
    this.#forget.run(atMs - FORGET_AFTER_MS);
  }

  /** Takes over what Alertmanager's API says of an alert whose group is not known; notifications replace it. */
  reconcile(alert: NotifiedAlert, receiver: string, atMs: number): void {
    if (alert.status === 'firing')
      this.#put.run(receiver, RECONCILED_GROUP, alert.fingerprint, atMs, JSON.stringify(alert));
    else this.#removeEverywhere.run(alert.fingerprint);
  }

  /** Start of an alert that fires, milliseconds since the epoch. */
  startOf(fingerprint: string): number | undefined {
    const row = this.#database
      .prepare("SELECT min(alert ->> 'startsAtMs') AS ms FROM firing_alerts WHERE fingerprint = ?")
      .get(fingerprint);
    return (row?.ms as number | null) ?? undefined;
  }

  /** Longest firing first. */
  list(nowMs: number): FiringAlert[] {
    return this.#database
      .prepare('SELECT receiver, last_heard_at_ms, alert FROM firing_alerts WHERE last_heard_at_ms >= ?')
      .all(nowMs - FORGET_AFTER_MS)
      .map((row) => ({
        ...(JSON.parse(row.alert as string) as NotifiedAlert),
        receiver: row.receiver as string,
        lastHeardAtMs: row.last_heard_at_ms as number,
      }))
      .sort((a, b) => a.startsAtMs - b.startsAtMs);
  }
}
