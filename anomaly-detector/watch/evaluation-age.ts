import type { Clock } from './rule-loop.ts';
import type { RuleWatch } from './rule-watch.ts';

export type EvaluationAges = {
  /** To be called after each poll. */
  polled(watch: RuleWatch): void;
  /** Seconds that a rule has not been evaluated for; undefined before the first time. */
  ageSeconds(watch: RuleWatch): number | undefined;
};

/**
 * Ages of evaluations, by the wall clock or by a clock that nobody sets, whichever says more: where the wall clock is set
 * back, the next moment to evaluate lies in the future, and nothing is until then.
 */
export function createEvaluationAges(clock: Pick<Clock, 'nowSeconds' | 'elapsedSeconds'>): EvaluationAges {
  const startedAt = clock.elapsedSeconds();
  const advanced = new Map<RuleWatch, { readonly until: number | undefined; readonly at: number }>();
  return {
    polled(watch) {
      const until = watch.evaluatedUntilSeconds;
      if (until !== advanced.get(watch)?.until) advanced.set(watch, { until, at: clock.elapsedSeconds() });
    },
    ageSeconds(watch) {
      if (watch.evaluatedUntilSeconds === undefined) return undefined;
      const unchanged = clock.elapsedSeconds() - (advanced.get(watch)?.at ?? startedAt);
      return Math.max(clock.nowSeconds() - watch.evaluatedUntilSeconds, unchanged);
    },
  };
}
