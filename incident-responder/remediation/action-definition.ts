import { durationSchema } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { z } from 'zod';
import { CAUSE_KINDS } from '../incidents/incident.ts';
import { ACTION_CLASSES, ACTION_MODES } from './action.ts';
import { canRestore, commandSchema } from './command-kinds.ts';
import { filled, template } from './placeholders.ts';
import { promqlProblem } from './promql.ts';

const MIN_CONFIDENCE = 0.8;

const duration = durationSchema();

/** A query that holds when it returns anything: `expression > 0.5`. Placeholders stand inside of string literals. */
const query = template.superRefine((text, context) => {
  const problem = promqlProblem(filled(text, () => 'x'));
  if (problem !== undefined) context.addIssue(`expected PromQL: ${problem}`);
});

const rollbackSchema = z.union([
  /** Back to what it was before: the flag's former variant, no silence. */
  z.literal('restore'),
  z.strictObject({ command: commandSchema }),
  /** Nothing can be undone; says why, and people are told. */
  z.strictObject({ none: z.string().min(10) }),
]);

const triggerSchema = z.strictObject({
  /** `firing`: while one of `alerts` fires. `resolved`: none does any more, and `undoes` ran in this incident. */
  on: z.enum(['firing', 'resolved']).default('firing'),
  /** Names of alerts, one of which must be part of the incident; left out: any. */
  alerts: z.array(z.string().min(1)).min(1).optional(),
  /** Labels that this alert must have. */
  labels: z.record(z.string(), z.string()).default({}),
  /** What the most probable root must be. */
  cause: z.enum(CAUSE_KINDS).optional(),
  service: z.string().optional(),
  flag: z.string().optional(),
});

export const actionDefinitionSchema = z
  .strictObject({
    title: z.string().min(1).max(120),
    description: z.string().default(''),
    class: z.enum(ACTION_CLASSES),
    mode: z.enum(ACTION_MODES).default('shadow'),
    match: triggerSchema,
    /** Name of the action that this one takes back: it runs only after that succeeded in the same incident. */
    undoes: z.string().optional(),
    /** Waits so long after it matched, and is dropped if it no longer matches then. */
    after: duration.prefault('0s'),
    minimumConfidence: z
      .number()
      .min(MIN_CONFIDENCE, `expected ${MIN_CONFIDENCE} at least`)
      .max(1)
      .default(MIN_CONFIDENCE),
    precondition: query.optional(),
    command: commandSchema,
    verification: z.strictObject({
      query,
      /** First asked so long after the command, then until it holds or `within` has passed. */
      after: duration.prefault('10s'),
      within: duration,
    }),
    rollback: rollbackSchema,
    /** Whether users are well again once it is verified. */
    mitigates: z.boolean().default(true),
    /** For the command alone. */
    timeLimit: duration.prefault('30s'),
    approvalWithin: duration.prefault('1h'),
    limits: z.strictObject({ perHour: z.number().int().min(1).max(60).default(3) }).prefault({}),
  })
  .superRefine(({ match, undoes, verification, rollback, command }, context) => {
    if (match.on === 'resolved' && undoes === undefined)
      context.addIssue({
        code: 'custom',
        path: ['undoes'],
        message: 'expected the action that it undoes, as it is on: resolved',
      });
    if (match.cause === undefined && match.alerts === undefined)
      context.addIssue({ code: 'custom', path: ['match'], message: 'expected alerts or cause' });
    if (verification.within < verification.after)
      context.addIssue({
        code: 'custom',
        path: ['verification', 'within'],
        message: 'expected no less than after',
      });
    if (rollback === 'restore' && !canRestore(command))
      context.addIssue({
        code: 'custom',
        path: ['rollback'],
        message: `expected a command or none: ${command.kind} cannot be restored`,
      });
  });

/** An action as its file describes it; durations in milliseconds. `name` is the file's. */
export type ActionDefinition = z.infer<typeof actionDefinitionSchema> & { readonly name: string };
