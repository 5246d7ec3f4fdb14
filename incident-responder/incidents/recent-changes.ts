import type { Change, Evidence } from '../evidence/evidence.ts';

/** Alerts lag behind what they tell of by their windows: so long before an onset a change may be the trigger. */
const CHANGE_BEFORE_MS = 15 * 60_000;
/** Clocks, scrapes and polls date a change late by up to this. */
const CHANGE_AFTER_MS = 30_000;
/** What a change did shows in an alert within its windows: undone for so long, it begins none any more. */
const UNDONE_FOR_MS = 90_000;

interface Scene {
  readonly alerts: readonly { readonly alertname: string; readonly startsAtMs: number }[];
  readonly evidence: Pick<Evidence, 'changes'>;
}

/** A change after which an alert began so soon that it may be its cause. */
export interface RecentChange extends Change {
  /** `80 s before Anomaly began`, of the first such alert. */
  readonly when: string;
}

/** Of any service, and of none that they name. */
export function recentChanges({ alerts, evidence }: Scene): RecentChange[] {
  const { changes } = evidence;
  return changes.flatMap((change) => {
    const { atMs } = change;
    // Back to what has been good is a cure.
    if (changes.some((earlier) => isUndoneBy(earlier, change))) return [];
    const its = changes.filter(({ kind, subject }) => kind === change.kind && subject === change.subject);
    // With the steps that led to it.
    const undoings = its.filter(
      (later) => later.atMs > atMs && its.some((first) => first.atMs <= atMs && isUndoneBy(first, later)),
    );
    const undoneMs = Math.min(...undoings.map((each) => each.atMs));
    const followed = alerts.find(
      ({ startsAtMs }) =>
        startsAtMs >= atMs - CHANGE_AFTER_MS &&
        startsAtMs <= atMs + CHANGE_BEFORE_MS &&
        startsAtMs <= undoneMs + UNDONE_FOR_MS,
    );
    if (followed === undefined) return [];
    const seconds = Math.round((followed.startsAtMs - atMs) / 1000);
    const when =
      seconds >= 0 ? `${seconds} s before ${followed.alertname} began` : `as ${followed.alertname} began`;
    return [{ ...change, when }];
  });
}

/** Within the time in which the first could be a trigger. */
const isUndoneBy = (change: Change, later: Change): boolean =>
  later.kind === change.kind &&
  later.subject === change.subject &&
  later.to === change.from &&
  later.atMs > change.atMs &&
  later.atMs <= change.atMs + CHANGE_BEFORE_MS;
