import type { Change, Evidence } from '../evidence/evidence.ts';

/** Alerts lag behind what they tell of by their windows: so long before an onset a change may be the trigger. */
const CHANGE_BEFORE_MS = 15 * 60_000;
/** Clocks, scrapes and polls date a change late by up to this. */
const CHANGE_AFTER_MS = 30_000;

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
  return evidence.changes.flatMap((change) => {
    const { atMs } = change;
    const followed = alerts.find(
      ({ startsAtMs }) => startsAtMs >= atMs - CHANGE_AFTER_MS && startsAtMs <= atMs + CHANGE_BEFORE_MS,
    );
    if (followed === undefined) return [];
    const seconds = Math.round((followed.startsAtMs - atMs) / 1000);
    const when =
      seconds >= 0 ? `${seconds} s before ${followed.alertname} began` : `as ${followed.alertname} began`;
    return [{ ...change, when }];
  });
}
