import { durationSchema } from '@aiops-sre/service-kit/durations/parse-duration.ts';
import { z } from 'zod';
import { INCIDENT_SEVERITIES } from '../incidents/incident.ts';

/** Names of people and rotations, which stand in one address, one label and one list of `notify`. */
const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'expected small letters, digits and -, such as ada');

const zone = z.string().refine((text) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}, 'expected a time zone such as Europe/Berlin or UTC');

const isTime = (text: string) => {
  const ms = Date.parse(`${text}Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
};
const localTime = z
  .string()
  .refine(
    (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) && isTime(text),
    'expected a local time such as 2026-03-02T09:00',
  );
const day = z
  .string()
  .refine(
    (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isTime(`${text}T00:00`),
    'expected a day such as 2026-03-02',
  );
const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'expected a time of day such as 09:00');

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** A file of the home folder, by its path from this file: it holds the secret, and nothing else does. */
const secretFile = z
  .string()
  .regex(
    /^(?!\/)(?!.*\.\.)[\w./-]{1,200}$/,
    'expected the path of a file beside this one, such as secrets/ada',
  );
export const CHANNEL_KINDS = ['webhook', 'ntfy', 'slack', 'pagerduty', 'opsgenie'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];
const channel = z.strictObject({ kind: z.enum(CHANNEL_KINDS), file: secretFile });
export type Channel = z.infer<typeof channel>;

const person = z.strictObject({
  name: z.string().trim().min(1).max(40),
  zone,
  /** All are tried at once. */
  channels: z.array(channel).min(1).max(5),
  /** Days on which somebody else takes the turn, both included, in the person's zone. */
  holidays: z
    .array(z.strictObject({ from: day, until: day }))
    .max(100)
    .default([]),
});

const rotation = z.strictObject({
  zone,
  /** The first hand-over, in the rotation's zone; the time of day is that of all. */
  starts: localTime,
  every: z.enum(['day', 'week', '2 weeks']),
  /** In their order. */
  people: z.array(id).min(1).max(50),
  /** Where the rotation does not cover all hours, in its zone; over midnight where `until` is not after `from`. */
  hours: z
    .strictObject({
      from: timeOfDay,
      until: timeOfDay,
      days: z
        .array(z.enum(WEEKDAYS))
        .min(1)
        .default([...WEEKDAYS]),
    })
    .optional(),
});
export type Rotation = z.infer<typeof rotation>;

const override = z.strictObject({ rotation: id, person: id, from: localTime, until: localTime });

const step = z.strictObject({
  /** Since the incident was heard of. */
  after: durationSchema(),
  /** Rotations, or people by themselves. */
  notify: z.array(id).min(1).max(10),
});
export type Step = z.infer<typeof step>;

/** Who is on call, when, and who is told next. */
export const rosterSchema = z
  .strictObject({
    version: z.literal(1),
    people: z.record(id, person),
    rotations: z.record(id, rotation),
    /** Hand-overs out of turn, in the rotation's zone; of two at a time the later one in the list counts. */
    overrides: z.array(override).max(500).default([]),
    /** Who is told how far an incident is: a channel of a team, a status page. */
    status: z.record(id, channel).default({}),
    /** Of incidents, by severity; one without steps notifies nobody. */
    escalation: z.partialRecord(z.enum(INCIDENT_SEVERITIES), z.array(step).max(10)),
  })
  .superRefine((roster, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const [people, rotations] = [Object.keys(roster.people), Object.keys(roster.rotations)];
    for (const name of people)
      if (rotations.includes(name)) refuse(['rotations', name], 'expected another name than a person has');
    for (const [name, { people: order }] of Object.entries(roster.rotations))
      order.forEach((each, index) => {
        if (!people.includes(each))
          refuse(['rotations', name, 'people', index], `expected one of ${people.join(', ')}`);
      });
    for (const [name, { holidays }] of Object.entries(roster.people))
      holidays.forEach(({ from, until }, index) => {
        if (until < from) refuse(['people', name, 'holidays', index, 'until'], `expected ${from} or later`);
      });
    roster.overrides.forEach((each, index) => {
      if (!rotations.includes(each.rotation))
        refuse(['overrides', index, 'rotation'], `expected one of ${rotations.join(', ')}`);
      if (!people.includes(each.person))
        refuse(['overrides', index, 'person'], `expected one of ${people.join(', ')}`);
      if (each.until <= each.from)
        refuse(['overrides', index, 'until'], `expected a time after ${each.from}`);
    });
    for (const [severity, steps] of Object.entries(roster.escalation))
      steps.forEach(({ after, notify }, index) => {
        if (index > 0 && after <= steps[index - 1]!.after)
          refuse(['escalation', severity, index, 'after'], 'expected later than the step before');
        notify.forEach((each, at) => {
          if (![...people, ...rotations].includes(each))
            refuse(
              ['escalation', severity, index, 'notify', at],
              `expected one of ${[...rotations, ...people].join(', ')}`,
            );
        });
      });
  });
export type Roster = z.infer<typeof rosterSchema>;
export const WEEKDAY_NUMBERS: Readonly<Record<string, number>> = Object.fromEntries(
  WEEKDAYS.map((name, index) => [name, index + 1]),
);
