import type { Movement, Subject } from '../explain/movement.ts';
import type { Episode } from '../watch/episode.ts';

/** How long an anomaly that others may cover waits for them to show: they average over more and may be later. */
const WAIT_SECONDS = 90;
/** An anomaly that began within this time after, or during, one of a covering rule is part of it. */
const TOGETHER_SECONDS = 600;

/** A rise explains a rise, a loss a loss: what a series that is gone takes along falls or is gone, too. */
function explains(its: Episode, episode: Episode): boolean {
  if (its.firstDirection === episode.firstDirection) return true;
  return its.firstDirection === 'missing' && episode.firstDirection === 'below';
}

/**
 * Whether the episode raises no alert of its own: a rule it is covered by reports the same service, or may still do
 * so. Judged by starts and first directions, which do not change: what is withheld stays withheld.
 */
export function isCovered({ subject, episode }: Movement, movements: readonly Movement[]): boolean {
  const { rule, series } = subject;
  if (rule.coveredBy.length === 0) return false;
  const { startsAtSeconds } = episode;
  const lastedSeconds = (episode.endedAtSeconds ?? series.lastMomentSeconds) - startsAtSeconds;
  if (lastedSeconds < WAIT_SECONDS) return true;
  return movements.some(
    ({ subject: other, episode: its }) =>
      rule.coveredBy.includes(other.rule.name) &&
      explains(its, episode) &&
      // A rule on one named service was chosen to cover this one, whatever service that is.
      (other.rule.service !== undefined || serviceOf(other) === serviceOf(subject)) &&
      startsAtSeconds >= its.startsAtSeconds - WAIT_SECONDS &&
      startsAtSeconds <= (its.endedAtSeconds ?? Number.POSITIVE_INFINITY) + TOGETHER_SECONDS,
  );
}

/** Label `service` of the subject's alerts. */
export function serviceOf({ rule, series }: Subject): string {
  return series.labels.service ?? rule.service ?? 'unknown';
}
