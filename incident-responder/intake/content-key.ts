import { createHash } from 'node:crypto';
import type { Notification } from './alertmanager-payload.ts';

/**
 * Hex digest of what a notification says about its group: its status and, in any order, each alert's fingerprint,
 * status and start. Equal for a redelivery, a repetition and the second of two Alertmanager replicas; different once an
 * alert joins, resolves or starts anew. Annotations don't count: their numbers change with every evaluation.
 */
export function contentKey({ status, alerts, truncatedAlerts }: Notification): string {
  const episodes = alerts.map((alert) => `${alert.fingerprint} ${alert.status} ${alert.startsAtMs}`).sort();
  return createHash('sha256')
    .update(JSON.stringify([status, truncatedAlerts, episodes]))
    .digest('hex');
}

/** Hex digest of all that a notification says, annotations and ends too: equal for a message that is sent once more. */
export function exactKey(notification: Notification): string {
  return createHash('sha256').update(JSON.stringify(notification)).digest('hex');
}
