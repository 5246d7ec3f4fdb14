import { ALERTS, DRILL_LABEL, type Severity } from '@aiops-sre/conventions/alerts.ts';

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
export function isContext(alert: LabelledAlert & { readonly severity: Severity }): boolean {
  return alert.severity === 'info' || isState(alert) || isDrill(alert);
}

/** Sent by `npm run -s alerts -- drill` to see that alerts arrive. */
function isDrill({ labels }: LabelledAlert): boolean {
  return labels[DRILL_LABEL] === 'true';
}
