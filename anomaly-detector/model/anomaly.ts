import { ALARM_THRESHOLD, type Observation } from './series-model.ts';

export const ANOMALY_SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type AnomalySeverity = (typeof ANOMALY_SEVERITIES)[number];

/** A stretch of time in which a series was not as expected. */
export interface Anomaly {
  /** Moment of the first sample off the expectation, Unix seconds. */
  readonly startSeconds: number;
  /** Moment of the last sample off the expectation so far. */
  readonly lastOffSeconds: number;
  /** Which side it is on; `stuck` while it does not move, and is not off otherwise. */
  readonly direction: 'above' | 'below' | 'stuck';
  readonly severity: AnomalySeverity;
  /** The sample furthest from its interval, in half widths of that interval. */
  readonly peak: AnomalyPeak;
  /** The highest score so far, 0..1. */
  readonly score: number;
}

export interface AnomalyPeak {
  readonly timestampSeconds: number;
  readonly value: number;
  readonly expected: number;
  readonly lower: number;
  readonly upper: number;
  /** How many events the value is a share of, where that is known. */
  readonly events?: number | undefined;
  /** Distance from the expectation in half widths of the interval, > 0. */
  readonly magnitude: number;
}

export type AnomalyStatus =
  | { readonly state: 'none' }
  | { readonly state: 'active'; readonly anomaly: Anomaly }
  /** Said once, by the observation that ended it. */
  | { readonly state: 'ended'; readonly anomaly: Anomaly; readonly endSeconds: number };

export interface AnomalyTrackerOptions {
  /** Samples off the expectation, without a pause of as many inside, that open an anomaly. Default 2. */
  readonly pointsToOpen?: number;
  /**
   * Samples in a row back inside the interval that end one: a tenth of those that were off, at least this many, at
   * most {@link POINTS_TO_CLOSE_MAX}. Default 3.
   */
  readonly pointsToClose?: number;
  /** A single sample this many half widths from the expectation opens an anomaly at once. Default 8. */
  readonly extremeMagnitude?: number;
  /** Where an earlier tracker stopped, from {@link AnomalyTracker.snapshot}. */
  readonly snapshot?: AnomalyTrackerSnapshot;
}

/** Plain data, safe for JSON. */
interface AnomalyTrackerSnapshot {
  readonly anomaly?: Anomaly;
  readonly active: boolean;
  readonly pointsOff: number;
  readonly pointsInside: number;
  readonly alarmed: boolean;
}

export interface AnomalyTracker {
  /** Samples in order of time. Those without a score (missing, rejected, warming up) change nothing. */
  observe(timestampSeconds: number, value: number, observation: Observation): AnomalyStatus;
  snapshot(): AnomalyTrackerSnapshot;
}

/** What lasted for hours shall not flap while it fades. */
const POINTS_TO_CLOSE_MAX = 12;

/** Half widths from which on a series that was stuck is rather too high or too low, as is a count that stands at zero. */
const FAR_OFF = 3;

/** A half width is at least this part of the interval: what is off by little where it reaches only to the other side is not far off. */
const NARROWEST_SHARE = 0.1;

const CALM: AnomalyTrackerSnapshot = { active: false, pointsOff: 0, pointsInside: 0, alarmed: false };

/**
 * Turns scores into anomalies with a start, an end and a peak. It opens when a score is an alarm and enough samples are
 * off the interval; it ends only when enough samples in a row are back inside, be it that the value came back or that
 * the model took the new level for granted. The score alone cannot hold it: right after an alarm scores are damped.
 */
export function createAnomalyTracker(options: AnomalyTrackerOptions = {}): AnomalyTracker {
  const { pointsToOpen = 2, pointsToClose = 3, extremeMagnitude = 8 } = options;
  let now = options.snapshot ?? CALM;

  return {
    observe(timestampSeconds, value, observation) {
      if (observation.kind !== 'scored') return status(now);
      const { expected, lower, upper, deviation, score, events, stuckSinceSeconds } = observation;
      const stuck = stuckSinceSeconds !== undefined;
      const alarm = score >= ALARM_THRESHOLD || stuck;
      const inside = observation.direction === 'within' && !alarm;
      if (inside) {
        const pointsInside = now.pointsInside + 1;
        const needed = Math.min(POINTS_TO_CLOSE_MAX, Math.floor(now.pointsOff / 10));
        if (pointsInside < Math.max(pointsToClose, now.active ? needed : 0)) {
          now = { ...now, pointsInside };
          return status(now);
        }
        const ended = now;
        now = CALM;
        if (ended.active && ended.anomaly)
          return { state: 'ended', anomaly: ended.anomaly, endSeconds: timestampSeconds };
        return { state: 'none' };
      }
      const half = Math.max(
        deviation > 0 ? upper - expected : expected - lower,
        NARROWEST_SHARE * (upper - lower),
        Number.MIN_VALUE,
      );
      const isFallen = stuck && value === 0 && expected > 0 && lower >= 0;
      const magnitude = Math.min(
        Math.max(Math.abs(deviation) / half, isFallen ? FAR_OFF : 0),
        Number.MAX_VALUE,
      );
      // What strayed before it stood still did not lead to that.
      const before = stuck && !now.active && now.anomaly?.direction !== 'stuck' ? undefined : now.anomaly;
      const peak =
        before && (before.peak.magnitude >= magnitude || (now.active && isOtherSide(before, deviation)))
          ? before.peak
          : { timestampSeconds, value, expected, lower, upper, events, magnitude };
      const isStuck = stuck || before?.direction === 'stuck';
      const highest = Math.max(score, before?.score ?? 0);
      const alarmed = now.alarmed || alarm;
      const pointsOff = now.pointsOff + 1;
      now = {
        active: now.active || (alarmed && (pointsOff >= pointsToOpen || magnitude >= extremeMagnitude)),
        pointsOff,
        pointsInside: 0,
        alarmed,
        anomaly: {
          startSeconds: before?.startSeconds ?? stuckSinceSeconds ?? timestampSeconds,
          lastOffSeconds: timestampSeconds,
          direction:
            isStuck && peak.magnitude < FAR_OFF ? 'stuck' : peak.value >= peak.expected ? 'above' : 'below',
          severity: severityOf(highest, peak.magnitude),
          peak,
          score: highest,
        },
      };
      return status(now);
    },
    snapshot: () => now,
  };
}

/** What comes after it on the other side, as a backlog after an outage, does not change what the anomaly is. */
function isOtherSide({ direction }: Anomaly, deviation: number): boolean {
  return direction !== 'stuck' && (direction === 'above') !== deviation > 0;
}

function status(now: AnomalyTrackerSnapshot): AnomalyStatus {
  return now.active && now.anomaly ? { state: 'active', anomaly: now.anomaly } : { state: 'none' };
}

/** Grows with how far the value is from what the series does, and with how rare that is for it. */
function severityOf(score: number, magnitude: number): AnomalySeverity {
  if (score >= 0.85 && magnitude >= 8) return 'critical';
  if (score >= 0.7 && magnitude >= 4) return 'high';
  if (score >= 0.6 || magnitude >= 4) return 'medium';
  return 'low';
}
