import { secondsOf } from '@aiops-sre/slo/model/durations.ts';
import { budgetShareWithin, type Incident } from './incident.ts';

export const SEVERITIES = ['page', 'ticket'] as const;
export type LabSeverity = (typeof SEVERITIES)[number];

/** An incident is significant for a severity if it would spend this share of the budget within the window. */
const SIGNIFICANT: Readonly<Record<LabSeverity, readonly { window: string; budgetShare: number }[]>> = {
  page: [
    { window: '1h', budgetShare: 0.02 },
    { window: '6h', budgetShare: 0.05 },
  ],
  ticket: [{ window: '3d', budgetShare: 0.1 }],
};

/** So near to a limit rounding decides, and an alert would be neither right nor wrong. */
const UNDECIDED = 0.03;

/** Whether the budget that an incident spends deserves an alert. @throws Error where it is too near to the limit to say */
export function isSignificant(
  incident: Incident,
  severity: LabSeverity,
  budget: { readonly errorBudget: number; readonly periodSeconds: number },
): boolean {
  const shares = SIGNIFICANT[severity].map(
    ({ window, budgetShare }) => budgetShareWithin(incident, secondsOf(window), budget) / budgetShare,
  );
  const highest = Math.max(...shares);
  if (Math.abs(highest - 1) < UNDECIDED) {
    const { scenario, errorRatio, seconds } = incident;
    throw new Error(
      `${scenario.name}: ${errorRatio} for ${seconds} s spends ${highest.toFixed(3)} of what a ${severity} stands for, expected a clear case`,
    );
  }
  return highest > 1;
}
