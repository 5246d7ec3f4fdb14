import type { Subject } from '../explain/explanation.ts';
import type { Episode } from '../watch/episode.ts';

/** How long an anomaly that others may cover waits for them to show: they average over more and may be later. */
const WAIT_SECONDS = 90;
/** An anomaly that began within this time after, or during, one of a covering rule is part of it. */
const TOGETHER_SECONDS = 600;

/**
 * Whether the episode raises no alert of its own: a rule it is covered by reports the same service, or may still do
 * so. Judged by starts, which do not change: what is withheld stays withheld.
 */
export function isCovered(subject: Subject, episode: Episode, all: readonly Subject[]): boolean {
  const { rule, series } = subject;
  if (rule.coveredBy.length === 0) return false;
  const { startsAtSeconds } = episode;
  const lastedSeconds = (episode.endedAtSeconds ?? series.lastMomentSeconds) - startsAtSeconds;
  if (lastedSeconds < WAIT_SECONDS) return true;
  return all.some(
    (other) =>
      rule.coveredBy.includes(other.rule.name) &&
      serviceOf(other) === serviceOf(subject) &&
      [other.series.episode, other.series.endedEpisode].some(
        (candidate) =>
          candidate !== undefined &&
          startsAtSeconds >= candidate.startsAtSeconds - WAIT_SECONDS &&
          startsAtSeconds <= (candidate.endedAtSeconds ?? Number.POSITIVE_INFINITY) + TOGETHER_SECONDS,
      ),
  );
}

/** Label `service` of the subject's alerts. */
export function serviceOf({ rule, series }: Subject): string {
  return series.labels.service ?? rule.service ?? 'unknown';
}
