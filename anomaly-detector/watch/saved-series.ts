import { z } from 'zod';
import { ANOMALY_SEVERITIES } from '../model/anomaly.ts';
import { savedBreachWatch } from '../predict/breach-watch.ts';
import { savedAssessor } from './assessor.ts';
import { END_REASONS } from './episode.ts';
import { savedRunUp } from './run-up.ts';

/** JSON has no infinity; "never" is written as null. */
const momentOrNever = z
  .number()
  .nullable()
  .transform((seconds) => seconds ?? Number.NEGATIVE_INFINITY);

const peak = z.object({
  timestampSeconds: z.number(),
  value: z.number(),
  expected: z.number(),
  lower: z.number(),
  upper: z.number(),
  events: z.number().optional(),
  magnitude: z.number(),
});

const direction = z.enum(['above', 'below', 'stuck', 'missing']);

const episode = z.object({
  startsAtSeconds: z.number(),
  endedAtSeconds: z.number().optional(),
  endReason: z.enum(END_REASONS).optional(),
  direction,
  firstDirection: direction,
  onset: z
    .object({ kind: z.enum(['gradual', 'sudden']), timestampSeconds: z.number(), value: z.number() })
    .optional(),
  severity: z.enum(ANOMALY_SEVERITIES),
  score: z.number(),
  peak: peak.optional(),
});

const anomaly = z.object({
  startSeconds: z.number(),
  lastOffSeconds: z.number(),
  direction: z.enum(['above', 'below', 'stuck']),
  severity: z.enum(ANOMALY_SEVERITIES),
  peak,
  score: z.number(),
});

/** The JSON part of a series in a snapshot. */
export const savedState = z.object({
  firstSeenSeconds: momentOrNever,
  lastMomentSeconds: momentOrNever,
  lastSeenSeconds: momentOrNever,
  presentSinceSeconds: momentOrNever,
  absentSeconds: z.number(),
  missingSinceSeconds: z.number().optional(),
  /** How long the series is away when it usually is, Unix seconds apart: a gauge may be scraped seldom. */
  usualGapSeconds: z.number().default(0),
  /** The latest moment of maintenance. */
  mutedSeconds: z.number().optional(),
  /** Only a series that was understood once can be missed. */
  scoredBefore: z.boolean(),
  episode: episode.optional(),
  endedEpisode: episode.optional(),
  assessor: savedAssessor,
  runUp: savedRunUp,
  breaches: savedBreachWatch.optional(),
  tracker: z.object({
    anomaly: anomaly.exactOptional(),
    active: z.boolean(),
    pointsOff: z.number(),
    pointsInside: z.number(),
    alarmed: z.boolean(),
  }),
});
export type SavedState = Readonly<z.output<typeof savedState>>;

/** Everything a watched series needs to go on as if it had never stopped. */
export type SavedSeries = {
  readonly labels: Readonly<Record<string, string>>;
  readonly state: SavedState;
  /** The model's own state. */
  readonly model: Uint8Array;
};
