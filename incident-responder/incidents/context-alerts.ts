import { ALERTS } from '@aiops-sre/conventions/alerts.ts';

/** How much of a budget is left, for days and weeks: no event that begins and ends. */
const STATES: readonly (string | undefined)[] = [
  ALERTS.errorBudgetPolicy,
  ALERTS.errorBudgetExhausted,
  ALERTS.errorBudgetExhaustionNear,
];

interface LabelledAlert {
  readonly labels: Readonly<Record<string, string>>;
}

/** Whether an alert tells of a state that lasts, and so nothing about what began lately or why. */
export function isState({ labels }: LabelledAlert): boolean {
  return STATES.includes(labels.alertname);
}

/**
 * An alert that joins an incident for whoever looks, but opens none, keeps none open, and changes nothing of what the
 * incident is: its onset, services, severity and title.
 */
export function isContext(alert: LabelledAlert): boolean {
  return alert.labels.severity === 'info' || isState(alert);
}
