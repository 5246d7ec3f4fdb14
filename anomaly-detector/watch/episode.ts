import type { Anomaly, AnomalyPeak, AnomalySeverity } from '../model/anomaly.ts';
import type { SeriesModel } from '../model/series-model.ts';

type Direction = 'above' | 'below' | 'stuck' | 'missing';

/** The series is as it was before, what it does is as expected from now on, or it is taken as gone for good. */
export const END_REASONS = ['back', 'new-normal', 'gone'] as const;
export type EndReason = (typeof END_REASONS)[number];

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
  /** Why it ended; undefined while it lasts. */
  readonly endReason?: EndReason | undefined;
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

/** This part of the way to where the series was off, or more, is not back. */
const STAYED_SHARE = 0.5;

/** What is known of a series at the moment that ends an episode. */
export type SeriesAtEnd = {
  readonly atSeconds: number;
  /** undefined: it is not there. */
  readonly value: number | undefined;
  readonly hasSeason: boolean;
  readonly levelMoved: SeriesModel['levelMoved'];
};

/**
 * Of a series with a season, the level that moved since the start says that it stayed; of one without, the value, which is to be held
 * against what was expected at first.
 */
export function endReasonOf({ direction, peak, startsAtSeconds }: Episode, at: SeriesAtEnd): EndReason {
  if (at.value === undefined) return 'gone';
  if (direction === 'missing' || peak === undefined) return 'back';
  if (direction === 'stuck') return at.value === peak.value ? 'new-normal' : 'back';
  const { levelMoved } = at;
  const isOfEpisode = levelMoved !== undefined && at.atSeconds - levelMoved.secondsAgo >= startsAtSeconds;
  const moved = at.hasSeason ? (isOfEpisode ? levelMoved.by : 0) : at.value - peak.expected;
  return moved / (peak.value - peak.expected) >= STAYED_SHARE ? 'new-normal' : 'back';
}
