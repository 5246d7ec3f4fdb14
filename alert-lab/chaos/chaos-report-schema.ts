import { z } from 'zod';

const count = z.int().min(0);
/** null where none came about. */
const median = z.number().nullable();

const shareSchema = z.object({
  hits: count,
  of: count,
  /** What the share may truly be: lower and upper end (Wilson, 95 %). */
  interval: z.tuple([z.number(), z.number()]).readonly(),
});
/** So many of so many. */
export type Share = z.infer<typeof shareSchema>;

const goalSchema = z.object({
  what: z.string(),
  /** In words: `98 %`, `60 s`. */
  goal: z.string(),
  /** As a number, of the figure's kind: a share of 1, seconds, a count. */
  target: z.number(),
  figure: z.union([
    shareSchema,
    /** The median of those that came about. */
    z.object({ seconds: median, of: count, never: count }),
    z.object({ count, hours: z.number() }),
  ]),
  /** null where nothing was played that would tell. */
  isMet: z.boolean().nullable(),
});

const faultRowSchema = z.object({
  fault: z.string(),
  played: count,
  detected: count,
  inTime: count,
  medianDetectedSeconds: median,
  medianNotifiedSeconds: median,
  oneIncident: count,
  medianAlerts: median,
  rootFirst: count,
  rootInThree: count,
  rootWhole: count,
  ranked: count,
  mayHeal: z.boolean(),
  healed: count,
  medianHealedSeconds: median,
  acted: z.array(z.string()),
  wrongActs: z.array(z.string()),
});

const calibrationBinSchema = z.object({
  from: z.number(),
  to: z.number(),
  meanConfidence: z.number().nullable(),
  right: shareSchema,
});

const chaosReportSchema = z.object({
  experiments: count,
  faults: count,
  goals: z.array(goalSchema),
  byFault: z.array(faultRowSchema),
  calibration: z.array(calibrationBinSchema),
  quietHours: z.number(),
  falseIncidents: count,
  /** Of the most spent SLO, an experiment. */
  medianBudgetSpent: z.number().nullable(),
  notCalm: count,
  problems: z.array(z.string()),
});
/** What a programme came to, against the goals. */
export type ChaosReport = z.infer<typeof chaosReportSchema>;

export const programmeSchema = z.object({
  seed: z.number(),
  /** Names of faults it was drawn from; empty for all. */
  only: z.array(z.string()),
});
export type ProgrammeHead = z.infer<typeof programmeSchema>;

/** `report.generated.json`. */
export const reportFileSchema = programmeSchema.extend(chaosReportSchema.shape);
