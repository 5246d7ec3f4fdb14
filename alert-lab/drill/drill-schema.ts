import { check } from '@aiops-sre/service-kit/schema/check.ts';
import { z } from 'zod';
import { comparison, deeds, given, instance, labels, seconds } from '../deed/deed-schema.ts';

const drillDeeds = {
  ...deeds,
  /** An action that waits for a person's approval. */
  approve: z.strictObject({ action: z.string(), note: z.string() }).optional(),
};
const conditions = {
  /** The incident that the drill is about: the one in which an alert with all of the labels of one entry fires since. */
  incidentWith: z.array(labels).min(1).optional(),
  /** The responder looked for its root. */
  assessed: z.literal(true).optional(),
  /** What the responder has to be sure of as the root. */
  root: z
    .strictObject({ cause: z.string(), service: z.string(), instance: z.string().optional() })
    .optional(),
  /** The latest run of an action, and the states of which it has to be in one. */
  action: z.strictObject({ name: z.string(), state: z.array(z.string()).min(1) }).optional(),
  /** Variants of flags. */
  flags: labels.optional(),
  /** Process that was begun anew since the drill's last deed to it, or was not. */
  restarted: instance.optional(),
  notRestarted: instance.optional(),
  /** The alert that was found, or the incident. */
  resolved: z.enum(['alert', 'incident']).optional(),
  /** Labels of which no alert of the incident fires. */
  quiet: labels.optional(),
  postmortem: z.literal('drafted').optional(),
  /** PromQL with one value, and what that has to be. */
  query: z.string().optional(),
  is: comparison.optional(),
};
const checks = {
  /** How often each action succeeded in the incident. */
  taken: z.record(z.string(), z.int().nonnegative()).optional(),
  /** No action began. */
  nothingTaken: z.literal(true).optional(),
  /** Actions that began no sooner than their delay allows. */
  delayed: z.array(z.string()).min(1).optional(),
};

const atLeastOneOf = (keys: object) =>
  [
    (step: object) => given(step, keys).length > 0,
    `at least one of ${Object.keys(keys).join(', ')}`,
  ] as const;

const deedSchema = z
  .strictObject({
    do: z.string(),
    /** Tried again so long while it does not work. */
    retryFor: seconds.optional(),
    ...drillDeeds,
  })
  .refine((step) => given(step, drillDeeds).length === 1, `one of ${Object.keys(drillDeeds).join(', ')}`);
const expectationSchema = z
  .strictObject({
    expect: z.string(),
    /** Counted from the drill's zero. */
    by: seconds.optional(),
    /** Counted from the step before. */
    within: seconds.optional(),
    /** So much longer is allowed: how patient an alert's rule is that runs. */
    longerBy: z.strictObject({ alert: z.string(), its: z.enum(['for', 'keep_firing_for']) }).optional(),
    ...conditions,
  })
  .refine((step) => (step.by === undefined) !== (step.within === undefined), 'by or within')
  .refine((step) => (step.query === undefined) === (step.is === undefined), 'query and is')
  .refine(...atLeastOneOf(conditions));
const checkSchema = z.strictObject({ check: z.string(), ...checks }).refine(...atLeastOneOf(checks));

export type Deed = z.infer<typeof deedSchema>;
export type Expectation = z.infer<typeof expectationSchema>;
export type Check = z.infer<typeof checkSchema>;
export type Step = Deed | Expectation | Check;

/** By its first word, so that a message is about the kind of step that was meant, not about all kinds. */
const stepSchema = z.looseObject({}).transform((step, context): Step => {
  const schema =
    'do' in step
      ? deedSchema
      : 'expect' in step
        ? expectationSchema
        : 'check' in step
          ? checkSchema
          : undefined;
  if (schema === undefined) {
    context.addIssue('a step that begins with do, expect or check');
    return z.NEVER;
  }
  const { data, problems } = check<Step>(schema, step);
  if (!problems) return data as Step;
  for (const { path, possible } of problems)
    context.addIssue({ code: 'custom', path: [...path], message: possible, input: step });
  return z.NEVER;
});

export const drillSchema = z.strictObject({
  description: z.string().min(1),
  /** What has to be so before it begins. */
  ready: z.strictObject({ what: z.string(), within: seconds, query: z.string(), is: comparison }).optional(),
  steps: z
    .array(stepSchema)
    .min(1)
    .refine(
      (steps) => steps.some((step) => 'expect' in step && step.incidentWith !== undefined),
      'a step with incidentWith: a drill is about an incident',
    ),
  /** How `npm run test:drills` plays it. */
  test: z
    .strictObject({
      /** Drills of one track follow each other on one stack; each has its own unless it says so. */
      track: z.string().optional(),
      /** About how long it takes with quickened configuration: the longest track starts first. */
      minutes: z.number().positive().optional(),
      /** Types of events that GitHub has to hear of, in order. */
      dispatches: z.array(z.string()).optional(),
    })
    .optional(),
});

export type DrillDocument = z.infer<typeof drillSchema>;
