import { z } from 'zod';
import { ANOMALY_SEVERITIES, type AnomalyPeak } from '../model/anomaly.ts';
import type { Rule } from '../rules/rule.ts';
import { END_REASONS, type Episode } from '../watch/episode.ts';
import { type Movement, nameOf, type Subject } from './movement.ts';
import { isNoneUsual } from './quantity.ts';
import { movedToo, whatElseMoved } from './what-else-moved.ts';

const sample = z.object({ value: z.number(), atSeconds: z.number() });

/** How the value lies to what was expected of it. */
const comparison = z.discriminatedUnion('kind', [
  /** Where next to nothing is usual a factor would be no news; `events` are those in the window of a rate. */
  z.object({
    kind: z.literal('none-usual'),
    events: z.object({ count: z.number(), windowSeconds: z.number() }).optional(),
  }),
  z.object({ kind: z.literal('dropped-to-zero') }),
  z.object({ kind: z.literal('times'), factor: z.number() }),
  /** `difference` is in the unit of the value, where a factor means nothing: beside an expectation of 0 or below. */
  z.object({ kind: z.literal('difference'), difference: z.number() }),
]);

/** What is known of an anomaly. Times are Unix seconds, values are in `unit`. Sentences are made of this alone. */
export const explanationSchema = z.object({
  /** What the series measures, and which one it is. */
  what: z.string(),
  unit: z.string(),
  direction: z.enum(['above', 'below', 'stuck', 'missing']),
  startsAtSeconds: z.number(),
  /** Absent while it lasts. */
  endedAtSeconds: z.number().optional(),
  /** Why it ended: it is as before, what it does is usual from now on, or it is taken as gone for good. */
  endReason: z.enum(END_REASONS).optional(),
  lastedSeconds: z.number(),
  /** The sample furthest off; absent where the series vanished out of calm. */
  observed: sample
    .extend({
      expected: z.number(),
      comparison,
      /** What the ratio is of: so many of so many. */
      share: z.object({ count: z.number(), of: z.number() }).optional(),
    })
    .optional(),
  /** The latest value, while it lasts. */
  now: z.number().optional(),
  /** The last sample of a series that vanished. */
  last: sample.optional(),
  /** The latest expectation with its 95 % prediction interval; absent of a series that vanished. */
  expected: z.object({ value: z.number(), lower: z.number(), upper: z.number() }).optional(),
  /** What the expectation was learnt from. */
  basis: z.object({
    season: z.enum(['none', 'level', 'daily', 'weekly']),
    /** Of the moment, as the seasons have it: that of the day off on a holiday. */
    weekday: z.string(),
    /** Earlier visits of this time of the day, or of the week; 30 for more. */
    visits: z.number(),
    holiday: z.string().optional(),
    sinceSeconds: z.number(),
    stepSeconds: z.number(),
    /** 0..1 */
    confidence: z.number().optional(),
  }),
  /** How it came, and how the series was shortly before. */
  onset: z.object({
    kind: z.enum(['sudden', 'gradual', 'vanished', 'stood-still', 'unknown']),
    before: sample.optional(),
    /** When it vanished, if it did after it was off. */
    vanishedAtSeconds: z.number().optional(),
  }),
  rarity: z.object({
    severity: z.enum(ANOMALY_SEVERITIES),
    /** How often the reach of the interval it is off. */
    intervals: z.number().optional(),
    watchedSeconds: z.number(),
    previous: z.object({ startsAtSeconds: z.number(), lastedSeconds: z.number() }).optional(),
  }),
  alsoMoved: z.object({ news: z.array(movedToo), more: z.number() }),
  /** Limits that it crosses if it goes on like this. */
  ahead: z.array(
    z.object({
      side: z.enum(['above', 'below']),
      value: z.number(),
      atSeconds: z.number(),
      probability: z.number(),
    }),
  ),
  /** IANA zone that a person reads the times in. */
  timeZone: z.string(),
});
export type Explanation = Readonly<z.output<typeof explanationSchema>>;

/** `movements` are those of all subjects, this one's included. */
export function explanationOf(
  subject: Subject,
  episode: Episode,
  { movements, timeZone }: { movements: readonly Movement[]; timeZone: string },
): Explanation {
  const { rule, series } = subject;
  const { peak, direction, startsAtSeconds, endedAtSeconds, endReason } = episode;
  const { observation, value: now } = series.latest;
  const isMissing = direction === 'missing';
  const { weekday, visits, holiday, season } = series.basis;
  const latest = observation.kind === 'scored' ? observation : peak;
  return {
    what: nameOf(subject),
    unit: rule.unit,
    direction,
    startsAtSeconds,
    endedAtSeconds,
    endReason,
    lastedSeconds: (endedAtSeconds ?? series.lastMomentSeconds) - startsAtSeconds,
    observed: peak && {
      value: peak.value,
      atSeconds: peak.timestampSeconds,
      expected: peak.expected,
      comparison: compared(rule, peak.value, peak.expected),
      share: shareOf(peak),
    },
    now: endedAtSeconds === undefined && !isMissing ? now : undefined,
    last: isMissing && endedAtSeconds === undefined ? series.lastScored : undefined,
    expected:
      isMissing || latest === undefined
        ? undefined
        : { value: latest.expected, lower: latest.lower, upper: latest.upper },
    basis: {
      season: rule.seasonality === 'none' ? 'none' : season,
      weekday,
      visits,
      holiday,
      sinceSeconds: series.firstSeenSeconds,
      stepSeconds: rule.stepSeconds,
      confidence: observation.kind === 'scored' ? observation.confidence : undefined,
    },
    onset: onsetOf(subject, episode),
    rarity: rarityOf(subject, episode),
    alsoMoved: whatElseMoved(subject, episode, movements),
    ahead: series
      .predictions()
      .flatMap(({ limit, breachAtSeconds, endedAtSeconds: over, probability }) =>
        over !== undefined || breachAtSeconds === undefined
          ? []
          : [{ side: limit.side, value: limit.value, atSeconds: breachAtSeconds, probability }],
      ),
    timeZone,
  };
}

/** More are rather told as a rate. */
const MOST_EVENTS = 20;

function compared(rule: Rule, value: number, expected: number): z.output<typeof comparison> {
  if (value === 0 && expected > 0) return { kind: 'dropped-to-zero' };
  if (isNoneUsual(value, expected)) {
    const isRate = rule.unit.endsWith('/s') && rule.query.includes('$window');
    // Prometheus extrapolates a rate to its window, so a count comes out next to a whole number.
    const count = Math.round(value * rule.windowSeconds);
    return isRate && count > 0 && count <= MOST_EVENTS
      ? { kind: 'none-usual', events: { count, windowSeconds: rule.windowSeconds } }
      : { kind: 'none-usual' };
  }
  if (!(Math.abs(expected) > Number.EPSILON) || expected < 0)
    return { kind: 'difference', difference: value - expected };
  return { kind: 'times', factor: value / expected };
}

/** Prometheus extrapolates a count to its window, so it comes out next to a whole number. */
function shareOf({ value, events }: AnomalyPeak): { count: number; of: number } | undefined {
  return events === undefined ? undefined : { count: Math.round(value * events), of: Math.round(events) };
}

function onsetOf({ series }: Subject, episode: Episode): Explanation['onset'] {
  if (episode.firstDirection === 'missing') return { kind: 'vanished' };
  if (episode.firstDirection === 'stuck') return { kind: 'stood-still' };
  const before = episode.onset;
  if (before === undefined) return { kind: 'unknown' };
  return {
    kind: before.kind,
    before: { value: before.value, atSeconds: before.timestampSeconds },
    vanishedAtSeconds: episode.direction === 'missing' ? series.lastSeenSeconds : undefined,
  };
}

function rarityOf({ series }: Subject, episode: Episode): Explanation['rarity'] {
  const { peak, direction, severity } = episode;
  const before = series.endedEpisode === episode ? undefined : series.endedEpisode;
  return {
    severity,
    intervals: direction === 'missing' || direction === 'stuck' ? undefined : peak?.magnitude,
    watchedSeconds: series.lastMomentSeconds - series.firstSeenSeconds,
    previous: before && {
      startsAtSeconds: before.startsAtSeconds,
      lastedSeconds: before.endedAtSeconds! - before.startsAtSeconds,
    },
  };
}
