import { z } from 'zod';

const count = z.number();
const some = z.number().nullable();
const stage = z.object({ incidents: count, medianSeconds: some, p90Seconds: some, targetSeconds: count });

/** The answer of the responder's `/api/scorecard`, as far as the report tells of it. */
export const cardSchema = z.object({
  from: z.string(),
  until: z.string(),
  days: count,
  incidents: z.object({ opened: count, resolved: count, alertsEach: some }),
  times: z.object({ detect: stage, acknowledge: stage, mitigate: stage, resolve: stage }),
  roots: z.object({
    judged: count,
    right: count,
    accuracy: some,
    target: count,
    judgedBy: z.object({ people: count, drill: count }),
    calibration: z.array(z.object({ from: count, judged: count, claimed: some, right: count })),
  }),
  falseAlarms: count,
  autoHealed: count,
  actions: z.object({
    begun: count,
    succeeded: count,
    takenBack: count,
    judgedRight: count,
    judgedWrong: count,
  }),
  pages: z.object({ count, targetAPersonWeek: count }),
  postmortems: z.object({ written: count, ofResolved: count }),
  noisiest: z.array(
    z.object({
      alertname: z.string(),
      service: z.string(),
      severity: z.string(),
      episodes: count,
      notifications: count,
      medianSeconds: some,
      whatIf: z.array(
        z.object({ change: z.enum(['for', 'group']), bySeconds: count, notificationsSaved: count }),
      ),
    }),
  ),
  coverage: z
    .object({ services: count, withoutTraces: z.array(z.string()), withoutSlo: z.array(z.string()) })
    .nullable(),
  analysis: z.object({ tokens: count, dollars: count }),
});

export type Card = z.infer<typeof cardSchema>;
