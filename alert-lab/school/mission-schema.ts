import { z } from 'zod';
import { comparison, seconds } from '../deed/deed-schema.ts';
import { CONTRIBUTING, IMPROVEMENTS, keysOf } from './postmortem-answers.ts';
import { actOf, IMPACTS, parseStep } from './step.ts';

const step = z.string().transform((line, context) => {
  try {
    return parseStep(line);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});
const act = step.refine((each) => actOf(each) !== undefined, 'flag, restart, start or approve');

export const missionSchema = z.strictObject({
  rank: z.int().min(1).max(4),
  /** Its place on the ladder. */
  number: z.int().min(1).max(99),
  title: z.string().min(1),
  /** The one thing that it teaches. */
  teaches: z.string().min(1),
  /** What one is told before it begins; not what is wrong. */
  briefing: z.string().min(1),
  /** A file of `alert-lab/faults`, whose truth is what is graded by. */
  fault: z.string(),
  /** How long it is quiet before, within a minute, is drawn from it. */
  seed: z.int().nonnegative(),
  /** The two pages that help, from the root of the repository. */
  docs: z.tuple([z.string(), z.string()]),
  /** Given one after the other, on request. */
  hints: z.array(z.strictObject({ cost: z.int().min(1).max(20), text: z.string().min(1) })).min(1),
  /** How many users it hurts. */
  impact: z.enum(IMPACTS),
  /** Of the postmortem: what let it hurt so, any of them. */
  contributing: z.array(z.enum(keysOf(CONTRIBUTING))).min(1),
  /** Which alert or objective should tell of it the next time, any of them. */
  improve: z.array(z.enum(keysOf(IMPROVEMENTS))).min(1),
  /** PromQL that says that it does no harm any more; left out: that of the fault. */
  healed: z.strictObject({ query: z.string(), is: comparison }).optional(),
  /** Counted from the page; the budget is the share of an SLO's error budget, 0..1. */
  targets: z
    .strictObject({
      acknowledge: seconds.prefault('2m'),
      localise: seconds.prefault('6m'),
      mitigate: seconds.prefault('8m'),
      budget: z.number().positive().max(1).default(0.02),
    })
    .prefault({}),
  /** Ends after so long, counted from the fault. */
  limit: seconds.prefault('18m'),
  /** How somebody who knows does it. */
  expert: z.array(step).min(1),
  /** Other acts that are no mistakes. */
  alsoRight: z.array(act).default([]),
});

export type MissionDocument = z.infer<typeof missionSchema>;
