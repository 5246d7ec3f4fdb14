import { z } from 'zod';
import { CONTRIBUTING, IMPROVEMENTS, keysOf } from './postmortem-answers.ts';
import { IMPACTS } from './step.ts';

export const PILOTS = ['person', 'expert', 'responder', 'agent'] as const;
const pilotName = z.enum(PILOTS);
export type PilotName = z.infer<typeof pilotName>;

const rootAnswerSchema = z.object({
  atMs: z.number(),
  service: z.string(),
  cause: z.string(),
  instance: z.string().nullable(),
});
export type RootAnswer = Readonly<z.infer<typeof rootAnswerSchema>>;

const actSchema = z.object({
  atMs: z.number(),
  by: z.enum(['pilot', 'responder']),
  /** As `actOf` writes it. */
  what: z.string(),
});
/** What was done to the stack. */
export type Act = Readonly<z.infer<typeof actSchema>>;

const timelineEntrySchema = z.object({
  atMs: z.number(),
  who: z.enum(['fault', 'responder', 'pilot']),
  what: z.string(),
});
export type TimelineEntry = Readonly<z.infer<typeof timelineEntrySchema>>;

export const flightSchema = z.object({
  mission: z.string(),
  pilot: pilotName,
  beganMs: z.number(),
  pagedMs: z.number().nullable(),
  acknowledgedMs: z.number().nullable(),
  impact: z.enum(IMPACTS).nullable(),
  /** The last one counts. */
  root: rootAnswerSchema.nullable(),
  contributing: z.enum(keysOf(CONTRIBUTING)).nullable(),
  improve: z.enum(keysOf(IMPROVEMENTS)).nullable(),
  /** Since when it did no harm any more. */
  mitigatedMs: z.number().nullable(),
  acts: z.array(actSchema).readonly(),
  hintCost: z.number(),
  /** Share of the error budget of the SLO that lost most, 0..1. */
  budgetSpent: z.number(),
  endedMs: z.number(),
  ended: z.enum(['mitigated', 'given-up', 'limit', 'interrupted']),
  /** Why it was interrupted, or what was not put back. */
  problems: z.array(z.string()).readonly(),
  timeline: z.array(timelineEntrySchema).readonly(),
});
/** A mission as it was flown; instants in milliseconds since the epoch, null for what did not happen. */
export type Flight = Readonly<z.infer<typeof flightSchema>>;
