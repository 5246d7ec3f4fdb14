import { ALERTS } from '@aiops-sre/conventions/alerts.ts';

/** How much of a budget is left, for days and weeks: no event that begins and ends. */
const STATES: readonly (string | undefined)[] = [
  ALERTS.errorBudgetPolicy,
  ALERTS.errorBudgetExhausted,
  ALERTS.errorBudgetExhaustionNear,
];

/** An alert that joins an incident for whoever looks, but opens none and keeps none open. */
export function isContext({ labels }: { readonly labels: Readonly<Record<string, string>> }): boolean {
  return labels.severity === 'info' || STATES.includes(labels.alertname);
}
