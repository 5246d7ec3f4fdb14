import type { RuleWatch } from '../watch/rule-watch.ts';

/**
 * The rules whose series may be shown: one that has not been evaluated for `staleAfterSeconds` is left out, as old
 * numbers must not look alive.
 */
export function freshWatches(
  watches: readonly RuleWatch[],
  ageSeconds: (watch: RuleWatch) => number | undefined,
  staleAfterSeconds: (watch: RuleWatch) => number,
): readonly RuleWatch[] {
  return watches.filter((watch) => {
    const age = ageSeconds(watch);
    return age !== undefined && age <= staleAfterSeconds(watch);
  });
}
