import { serviceOf } from './alerts/coverage.ts';
import { learningUntilSeconds } from './explain/learning.ts';
import type { RuleWatch } from './watch/rule-watch.ts';

/** A service that the templates have found, as `GET /services` tells it. Times are Unix seconds. */
export type WatchedService = {
  readonly service: string;
  /** Since when it is known. */
  readonly sinceSeconds: number;
  /** Until when what its newest series does raises no alert, being new; null: all of them are watched in earnest. */
  readonly learningUntilSeconds: number | null;
  /** Watched series by rule. */
  readonly series: Readonly<Record<string, number>>;
};

/** Every service that a rule `for_each` of them watches, in the order of names. */
export function watchedServices(
  watches: readonly RuleWatch[],
  nowSeconds: number,
): readonly WatchedService[] {
  const found = new Map<string, WatchedService>();
  for (const { rule, series } of watches) {
    if (rule.forEach === undefined) continue;
    for (const one of series.values()) {
      const service = serviceOf({ rule, series: one });
      const known = found.get(service);
      const until = learningUntilSeconds({ rule, series: one }) ?? 0;
      const learning = Math.max(until > nowSeconds ? until : 0, known?.learningUntilSeconds ?? 0);
      found.set(service, {
        service,
        sinceSeconds: Math.min(one.firstSeenSeconds, known?.sinceSeconds ?? Number.POSITIVE_INFINITY),
        learningUntilSeconds: learning || null,
        series: { ...known?.series, [rule.name]: (known?.series[rule.name] ?? 0) + 1 },
      });
    }
  }
  return [...found.values()].sort((one, other) => (one.service < other.service ? -1 : 1));
}
