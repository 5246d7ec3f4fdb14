import { CAUSE_KINDS } from '@aiops-sre/incident-responder/incidents/incident.ts';
import { z } from 'zod';
import { comparison, deeds, given, instance, labels, seconds } from '../deed/deed-schema.ts';

const beginSchema = z
  .strictObject({
    /** So long after the deed before it. */
    after: seconds.default(0),
    ...deeds,
  })
  .refine((deed) => given(deed, deeds).length === 1, `one of ${Object.keys(deeds).join(', ')}`);

export const faultSchema = z
  .strictObject({
    description: z.string().min(1),
    /** `harmless`: something happens, and nothing may follow. */
    kind: z.enum(['fault', 'harmless']).default('fault'),
    /** What users see of it, one sentence. */
    users: z.string().min(1),
    /** Deeds, one after the other. All of it is undone by itself. */
    begin: z.array(beginSchema).min(1),
    /** It is ended after this, whatever follows. */
    limit: seconds,
    /** What is true, for who judges what was said of it; of what is harmless there is nothing to say. */
    truth: z
      .strictObject({
        /** Services that are right as the root, and what is right as its trigger. */
        service: z.array(z.string()).min(1),
        cause: z.array(z.enum(CAUSE_KINDS)).min(1),
        /** Where one instance alone is to blame. */
        instance: instance.optional(),
        change: z.enum(['none', 'flag', 'deploy']).default('none'),
      })
      .optional(),
    expect: z
      .strictObject({
        /** Labels of alerts that tell of it: one of these sets. */
        alerts: z.array(labels).default([]),
        /** PromQL that begins to hold when somebody other than an alert took care of it, such as what watches over processes. */
        noticed: z.strictObject({ query: z.string(), is: comparison }).optional(),
        detectedWithin: seconds.optional(),
        /** Actions that help. Any other that begins is a wrong one. */
        actions: z.array(z.string()).default([]),
        /** Whether the platform can heal it by itself. */
        mayHeal: z.boolean().default(false),
      })
      .prefault({}),
    /** PromQL that says that it does no harm any more; `$began` is when it began, Unix seconds. */
    healed: z.strictObject({ query: z.string(), is: comparison }).optional(),
    /** How often it is drawn, beside the others. */
    weight: z.number().positive().max(10).default(1),
  })
  .refine(({ kind, truth }) => (kind === 'fault') === (truth !== undefined), 'truth, of a fault alone')
  .refine(
    ({ kind, expect: { alerts, noticed } }) =>
      (kind === 'fault') === (alerts.length > 0 || noticed !== undefined),
    'expect.alerts or expect.noticed, of a fault alone',
  )
  .refine(
    ({ expect, healed }) => !expect.mayHeal || healed !== undefined,
    'healed, where it may heal: what shows that it did',
  );

export type FaultDocument = z.infer<typeof faultSchema>;
