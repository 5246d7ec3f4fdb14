import type { Subject } from './movement.ts';

/** Until when what the series does raises no alert, being new; undefined: from the start it may. */
export function learningUntilSeconds({ rule, series }: Subject): number | undefined {
  return rule.forEach && series.firstSeenSeconds + rule.forEach.learningSeconds;
}

export function isLearning(subject: Subject, atSeconds: number): boolean {
  const until = learningUntilSeconds(subject);
  return until !== undefined && atSeconds < until;
}
