import { roughDuration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import type { RuleWatch } from './watch/rule-watch.ts';

export type Readiness = { readonly ready: boolean; readonly reasons: readonly string[] };

/** Seconds after which a rule that was not evaluated counts as blind: some steps, and never less than minutes. */
export function staleAfterSeconds(watch: RuleWatch): number {
  return Math.max(180, 4 * watch.rule.stepSeconds);
}

/** Ready means: every rule has read its history and is evaluated in time. `failures` holds the last error by rule. */
export function readinessOf(
  watches: readonly RuleWatch[],
  failures: ReadonlyMap<string, string>,
  nowSeconds: number,
): Readiness {
  const reasons = watches.flatMap((watch) => {
    const { rule, evaluatedUntilSeconds } = watch;
    const failure = failures.get(rule.name);
    const because = failure ? `: ${failure}` : '';
    if (evaluatedUntilSeconds === undefined) return [`${rule.name}: history not read yet${because}`];
    const age = nowSeconds - evaluatedUntilSeconds;
    if (age <= staleAfterSeconds(watch)) return [];
    return [`${rule.name}: last evaluated ${roughDuration(age)} ago${because}`];
  });
  return { ready: reasons.length === 0, reasons };
}
