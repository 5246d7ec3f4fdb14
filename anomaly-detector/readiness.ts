import { roughDuration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { RuleWatch } from './watch/rule-watch.ts';
import { watchedServices } from './watched-services.ts';

export type Readiness = {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  /** Services that are new: `cart: for another 40 min`. They hold nothing up. */
  readonly learning: readonly string[];
};

/** Seconds after which a rule that was not evaluated counts as blind: some steps, and never less than minutes. */
export function staleAfterSeconds(watch: RuleWatch): number {
  return Math.max(180, 4 * watch.rule.stepSeconds);
}

/**
 * Ready means: every rule has read its history and is evaluated in time, and what is learnt can be stored.
 *
 * @param failures the last error by rule
 * @param stateProblem what keeps the state from being written
 */
export function readinessOf(
  watches: readonly RuleWatch[],
  failures: ReadonlyMap<string, string>,
  ageSeconds: (watch: RuleWatch) => number | undefined,
  stateProblem: string | undefined,
  nowSeconds: number,
): Readiness {
  const late = watches.flatMap((watch) => {
    const { rule } = watch;
    const age = ageSeconds(watch);
    const failure = failures.get(rule.name);
    const because = failure ? `: ${failure}` : '';
    if (age === undefined) return [`${rule.name}: history not read yet${because}`];
    if (age <= staleAfterSeconds(watch)) return [];
    return [`${rule.name}: last evaluated ${roughDuration(age)} ago${because}`];
  });
  const reasons = [...late, ...(stateProblem === undefined ? [] : [stateProblem])];
  const learning = watchedServices(watches, nowSeconds).flatMap(({ service, learningUntilSeconds: until }) =>
    until === null ? [] : [`${service}: for another ${roughDuration(until - nowSeconds)}`],
  );
  return { ready: reasons.length === 0, reasons, learning };
}
