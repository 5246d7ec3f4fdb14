import { Temporal } from 'temporal-polyfill';
import { INCIDENT_SEVERITIES } from '../incidents/incident.ts';
import type { Roster } from './roster.ts';
import { type Shift, shifts } from './schedule.ts';

/** Hours of the night, local to the person. */
const NIGHT = { from: 22, until: 7 };
const HOUR_MS = 3_600_000;

interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Gap extends Stretch {
  /** The gravest severity that has nobody to begin with then. */
  readonly severity: string;
}

/** One person who is called again where the next was to be. */
export interface Overlap extends Stretch {
  readonly person: string;
  readonly rotations: readonly [string, string];
}

export interface Load {
  readonly person: string;
  readonly hours: number;
  /** Nights with at least an hour of it on call. */
  readonly nights: number;
  /** Pages that were sent in the time before, for each week of it. */
  readonly pagesPerWeek: number;
}

export interface RosterCheck {
  readonly gaps: readonly Gap[];
  readonly overlaps: readonly Overlap[];
  readonly load: readonly Load[];
}

/** What is wrong with a time to come: hours nobody covers, people who would escalate to themselves, and how it is shared. */
export function checkRoster(
  roster: Roster,
  {
    fromMs,
    untilMs,
    pages = [],
    pagesDays = 28,
  }: Stretch & { readonly pages?: readonly { readonly person: string }[]; readonly pagesDays?: number },
): RosterCheck {
  const ofRotation = new Map(
    Object.keys(roster.rotations).map((name) => [name, shifts(roster, name, fromMs, untilMs)]),
  );
  return {
    gaps: gapsOf(roster, ofRotation),
    overlaps: overlapsOf(roster, ofRotation),
    load: Object.keys(roster.people).map((person) => {
      const own = merged([...ofRotation.values()].flat().filter((shift) => shift.person === person));
      const { zone } = roster.people[person]!;
      return {
        person,
        hours: Math.round(own.reduce((sum, each) => sum + (each.untilMs - each.fromMs), 0) / HOUR_MS),
        nights: nightsOf(own, zone),
        pagesPerWeek: pages.filter((page) => page.person === person).length / (pagesDays / 7),
      };
    }),
  };
}

/** Times at which the first step of a severity tells nobody. The gravest severity alone is named: others mostly go the same way. */
function gapsOf(roster: Roster, ofRotation: ReadonlyMap<string, readonly Shift[]>): Gap[] {
  const told = new Set<string>();
  return INCIDENT_SEVERITIES.flatMap((severity) => {
    const first = roster.escalation[severity]?.[0];
    if (first === undefined || first.notify.some((each) => each in roster.people)) return [];
    const key = first.notify.toSorted().join();
    if (told.has(key)) return [];
    told.add(key);
    return first.notify
      .map((name) => ofRotation.get(name)!.filter(({ person }) => person === null))
      .reduce<readonly Stretch[]>(common, [
        { fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY },
      ])
      .map(({ fromMs, untilMs }) => ({ fromMs, untilMs, severity }));
  });
}

function overlapsOf(roster: Roster, ofRotation: ReadonlyMap<string, readonly Shift[]>): Overlap[] {
  const pairs = new Map<string, readonly [string, string]>();
  for (const steps of Object.values(roster.escalation))
    steps.forEach(({ notify }, index) => {
      for (const one of notify)
        for (const other of steps[index + 1]?.notify ?? [])
          if (one !== other && one in roster.rotations && other in roster.rotations)
            pairs.set([one, other].toSorted().join(), [one, other]);
    });
  return [...pairs.values()].flatMap((rotations) =>
    Object.keys(roster.people).flatMap((person) => {
      const [one, other] = rotations.map((name) =>
        ofRotation.get(name)!.filter((shift) => shift.person === person),
      ) as [Shift[], Shift[]];
      return common(one, other).map(({ fromMs, untilMs }) => ({ fromMs, untilMs, person, rotations }));
    }),
  );
}

/** Times that are in both. */
function common(one: readonly Stretch[], other: readonly Stretch[]): Stretch[] {
  return one
    .flatMap((a) =>
      other.map((b) => ({ fromMs: Math.max(a.fromMs, b.fromMs), untilMs: Math.min(a.untilMs, b.untilMs) })),
    )
    .filter(({ fromMs, untilMs }) => fromMs < untilMs);
}

function merged(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const each of stretches.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last !== undefined && each.fromMs <= last.untilMs)
      result[result.length - 1] = { ...last, untilMs: Math.max(last.untilMs, each.untilMs) };
    else result.push(each);
  }
  return result;
}

function nightsOf(stretches: readonly Stretch[], zone: string): number {
  const nights = new Set<string>();
  for (const stretch of stretches) {
    const local = (ms: number) =>
      Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate();
    const last = local(stretch.untilMs);
    for (
      let date = local(stretch.fromMs).subtract({ days: 1 });
      Temporal.PlainDate.compare(date, last) <= 0;
      date = date.add({ days: 1 })
    ) {
      const night = {
        fromMs: date.toZonedDateTime({ timeZone: zone, plainTime: { hour: NIGHT.from } }).epochMilliseconds,
        untilMs: date.add({ days: 1 }).toZonedDateTime({ timeZone: zone, plainTime: { hour: NIGHT.until } })
          .epochMilliseconds,
      };
      const [part] = common([stretch], [night]);
      if (part !== undefined && part.untilMs - part.fromMs >= HOUR_MS) nights.add(String(date));
    }
  }
  return nights.size;
}
