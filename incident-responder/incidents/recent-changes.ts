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
  const trials = trialsOf(evidence.changes);
  return evidence.changes.flatMap((change) => {
    const { atMs } = change;
    const its = trials.filter(({ kind, subject }) => kind === change.kind && subject === change.subject);
    // Back to what has been good is a cure.
    if (its.some(({ untilMs }) => untilMs === atMs)) return [];
    // With the steps that led to it.
    const steps = its.filter(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
    const undoneMs = Math.min(...steps.map(({ untilMs }) => untilMs));
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

interface Trial extends Pick<Change, 'kind' | 'subject'> {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** From each change to one that went back to what was before, within the time in which the first could be a trigger. */
const trialsOf = (changes: readonly Change[]): readonly Trial[] =>
  changes.flatMap(({ kind, subject, from, atMs: fromMs }) =>
    changes
      .filter((later) => later.kind === kind && later.subject === subject && later.to === from)
      .filter(({ atMs }) => atMs > fromMs && atMs <= fromMs + CHANGE_BEFORE_MS)
      .map(({ atMs }) => ({ kind, subject, fromMs, untilMs: atMs })),
  );
