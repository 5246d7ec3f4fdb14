import type { Anomaly, AnomalyPeak, AnomalySeverity } from '../model/anomaly.ts';

type Direction = 'above' | 'below' | 'stuck' | 'missing';

/** The sample a little before an episode, and whether much of the deviation was there already. */
export type Onset = {
  readonly kind: 'gradual' | 'sudden';
  readonly timestampSeconds: number;
  readonly value: number;
};

/**
 * Something wrong with one series, from its start to its end: it lies off its expectation, does not move, or is not there at all, or
 * one after the other. Times are Unix seconds of samples, so that every detector finds the same.
 */
export type Episode = {
  readonly startsAtSeconds: number;
  /** undefined while it lasts. */
  readonly endedAtSeconds?: number | undefined;
  readonly direction: Direction;
  /** What it was at first: unlike `direction` it stays. */
  readonly firstDirection: Direction;
  /** How the series was shortly before the start; undefined when that is not known, or it vanished out of calm. */
  readonly onset?: Onset | undefined;
  readonly severity: AnomalySeverity;
  /** Highest score so far, 0..1; 1 for a series that vanished. */
  readonly score: number;
  /** The sample furthest off; undefined when the series vanished out of calm. */
  readonly peak?: AnomalyPeak | undefined;
};

/** A series that is gone says nothing of how far off it is; that it is gone is serious. */
const VANISHED: Pick<Episode, 'direction' | 'severity' | 'score'> = {
  direction: 'missing',
  severity: 'high',
  score: 1,
};

/** The episode after a moment at which the series was off (`anomaly`), missing, or both. */
export function continued(
  episode: Episode | undefined,
  now: {
    anomaly: Anomaly | undefined;
    missingSinceSeconds: number | undefined;
    /** Asked for the moment at which a new episode starts. */
    onsetOf: (startsAtSeconds: number) => Onset | undefined;
  },
): Episode {
  const { anomaly, missingSinceSeconds } = now;
  const starts = [episode?.startsAtSeconds, anomaly?.startSeconds, missingSinceSeconds];
  const state =
    missingSinceSeconds !== undefined
      ? VANISHED
      : { direction: anomaly!.direction, severity: anomaly!.severity, score: anomaly!.score };
  // The first start stands: it is part of what Alertmanager knows the alert by.
  const startsAtSeconds = starts.find((start) => start !== undefined)!;
  return {
    startsAtSeconds,
    endedAtSeconds: undefined,
    firstDirection: episode?.firstDirection ?? state.direction,
    onset: episode ? episode.onset : now.onsetOf(startsAtSeconds),
    peak: anomaly?.peak ?? episode?.peak,
    ...state,
  };
}
