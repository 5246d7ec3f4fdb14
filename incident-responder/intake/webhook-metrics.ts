import { RECEIVERS } from '@aiops-sre/conventions/alerts.ts';
import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Notification } from './alertmanager-payload.ts';
import type { Receipt } from './intake.ts';
import { TIME_PROBLEMS } from './plausible-times.ts';
import type { Watchdog } from './watchdog.ts';

const WEBHOOK_FAILURE_REASONS = [
  'unauthenticated',
  'unsupported',
  'too-large',
  'malformed',
  'invalid',
  'replayed',
  'storage',
] as const;
export type WebhookFailureReason = (typeof WEBHOOK_FAILURE_REASONS)[number];

export interface WebhookMetrics {
  readonly failures: Counter<'reason'>;
  /** Alerts of a notification whose others were taken in. */
  readonly refusedAlerts: Counter;
  readonly implausibleTimes: Counter<'problem'>;
  count(notification: Notification, receipt: Receipt): void;
}

/** Every label value exists at zero from the start, so that a first increase is seen as one. */
export function registerWebhookMetrics(registry: Registry): WebhookMetrics {
  const registers = [registry];
  const notifications = new Counter({
    name: METRICS.responderNotifications,
    help: 'Notifications taken in from Alertmanager, repetitions left out',
    labelNames: ['receiver', 'status'] as const,
    registers,
  });
  const duplicates = new Counter({
    name: METRICS.responderDuplicates,
    help: 'Notifications that only repeated the latest one of their group',
    labelNames: ['receiver'] as const,
    registers,
  });
  const failures = new Counter({
    name: METRICS.responderWebhookFailures,
    help: 'Webhook requests refused or not stored',
    labelNames: ['reason'] as const,
    registers,
  });
  for (const reason of WEBHOOK_FAILURE_REASONS) failures.inc({ reason }, 0);
  const refusedAlerts = new Counter({
    name: METRICS.responderRefusedAlerts,
    help: 'Alerts left out of a notification because something is wrong with them, such as no name',
    registers,
  });
  const implausibleTimes = new Counter({
    name: METRICS.responderImplausibleTimes,
    help: 'Alerts whose start or end was not believed',
    labelNames: ['problem'] as const,
    registers,
  });
  for (const problem of TIME_PROBLEMS) implausibleTimes.inc({ problem }, 0);
  for (const receiver of [...RECEIVERS, 'other']) {
    duplicates.inc({ receiver }, 0);
    for (const status of ['firing', 'resolved']) notifications.inc({ receiver, status }, 0);
  }
  return {
    failures,
    refusedAlerts,
    implausibleTimes,
    count({ receiver, status }, { outcome }) {
      // Bounded, whatever Alertmanager's configuration calls its receivers.
      const known = (RECEIVERS as readonly string[]).includes(receiver) ? receiver : 'other';
      if (outcome === 'duplicate') duplicates.inc({ receiver: known });
      else notifications.inc({ receiver: known, status });
    },
  };
}

export function registerWatchdogMetrics(registry: Registry, watchdog: Watchdog): void {
  const registers = [registry];
  new Gauge({
    name: METRICS.watchdogAge,
    help: 'Seconds since the Watchdog was last heard, or since the start if it never was',
    registers,
    collect() {
      this.set(watchdog.state().ageSeconds);
    },
  });
  new Gauge({
    name: METRICS.watchdogSilent,
    help: '1 while the Watchdog is silent for longer than allowed',
    registers,
    collect() {
      this.set(watchdog.state().silent ? 1 : 0);
    },
  });
}
