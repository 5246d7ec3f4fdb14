import { z } from 'zod';

/** What was seen of an experiment, unjudged. Times in milliseconds since the epoch. */

/** What is played at a time: a fault alone, one beside something harmless, or two one after the other. */
const experimentSchema = z.object({
  /** From 1. */
  number: z.number(),
  /** One, or two: the second begins soon after the first is over. */
  faults: z.array(z.string()),
  /** Something harmless that happens shortly before the first fault. */
  herring: z.string().nullable(),
  herringLeadSeconds: z.number(),
  /** So long it is watched that nothing is told, before anything is done. */
  quietSeconds: z.number(),
});
export type Experiment = z.infer<typeof experimentSchema>;

const rankingSchema = z.object({
  atMs: z.number(),
  /** Most probable first; the first three. */
  roots: z.array(
    z.object({
      cause: z.string(),
      service: z.string(),
      instance: z.string().nullable(),
      confidence: z.number(),
    }),
  ),
});

const alertSchema = z.object({
  labels: z.record(z.string(), z.string()),
  /** What it says itself: an anomaly is dated back to its onset. */
  startsAtMs: z.number(),
  /** It was first in an incident, or in the notification. */
  seenMs: z.number(),
});

const incidentSchema = z.object({
  id: z.number(),
  openedMs: z.number(),
  status: z.string(),
  alerts: z.array(alertSchema),
  /** What the responder took for the root, each time that it changed. */
  rankings: z.array(rankingSchema),
  /** Summary of the postmortem draft; null where none was written. */
  postmortem: z.string().nullable(),
});

const notificationSchema = z.object({
  atMs: z.number(),
  receiver: z.string(),
  /** Those that fire. */
  alerts: z.array(alertSchema),
});

const actionSchema = z.object({
  action: z.string(),
  state: z.string(),
  incidentId: z.number(),
  /** null for one that never began. */
  startedMs: z.number().nullable(),
});

const playedFaultSchema = z.object({
  fault: z.string(),
  beganMs: z.number(),
  /** It was put back, because it had healed, because nothing more was to come, or because of a limit. */
  endedMs: z.number(),
  ended: z.enum(['healed', 'told', 'limit', 'guard']),
  /** It did harm by the query of its file; null where that has none. */
  hurt: z.boolean().nullable(),
  /** Since when it did no more, before it was put back. */
  healedMs: z.number().nullable(),
  /** Somebody other than an alert took care of it. */
  noticedMs: z.number().nullable(),
});

export const experimentRecordSchema = z.object({
  experiment: experimentSchema,
  /** Watched for false incidents before anything was done. */
  quiet: z.object({ seconds: z.number(), incidents: z.number() }),
  played: z.array(playedFaultSchema),
  incidents: z.array(incidentSchema),
  notifications: z.array(notificationSchema),
  actions: z.array(actionSchema),
  /** Share of its error budget that each SLO lost meanwhile. */
  budgetSpent: z.record(z.string(), z.number()),
  /** Until all incidents had resolved; null where they did not in time. */
  calmAfterSeconds: z.number().nullable(),
  /** What could not be put back. */
  problems: z.array(z.string()),
});

export type ExperimentRecord = z.infer<typeof experimentRecordSchema>;
export type IncidentRecord = z.infer<typeof incidentSchema>;
export type PlayedFault = z.infer<typeof playedFaultSchema>;
export type NotificationRecord = z.infer<typeof notificationSchema>;
export type ActionRecord = z.infer<typeof actionSchema>;
