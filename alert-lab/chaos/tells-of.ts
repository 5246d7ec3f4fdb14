import { hasLabels } from '../drill/conditions.ts';
import type { Fault } from '../fault/read-faults.ts';

/** Whether an alert tells of a fault: it began since, and it is one that its file names. */
export function tellsOf(
  alert: { readonly labels: Readonly<Record<string, string>>; readonly startsAtMs: number },
  { expect }: Pick<Fault, 'expect'>,
  beganMs: number,
): boolean {
  return alert.startsAtMs >= beganMs && expect.alerts.some((labels) => hasLabels(alert, labels));
}
