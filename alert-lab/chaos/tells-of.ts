import { hasLabels } from '../drill/conditions.ts';
import type { Fault } from '../fault/read-faults.ts';

/** The detector dates an anomaly back to its onset, at the earliest to the beginning of a step of its rule. */
const DATED_BACK_MS = 60_000;

/** Whether an alert tells of a fault: it came and began since, and it is one that its file names. */
export function tellsOf(
  alert: {
    readonly labels: Readonly<Record<string, string>>;
    readonly startsAtMs: number;
    /** When the platform had it. */
    readonly seenMs: number;
  },
  { expect }: Pick<Fault, 'expect'>,
  beganMs: number,
): boolean {
  return (
    alert.seenMs >= beganMs &&
    alert.startsAtMs >= beganMs - DATED_BACK_MS &&
    expect.alerts.some((labels) => hasLabels(alert, labels))
  );
}
