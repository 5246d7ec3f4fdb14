import { Temporal } from 'temporal-polyfill';
import { type Roster, type Rotation, WEEKDAY_NUMBERS } from './roster.ts';

/** A stretch of time with one person, or with nobody, on call. Milliseconds since the epoch; `untilMs` is not part of it. */
export interface Shift {
  readonly rotation: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** null: nobody. */
  readonly person: string | null;
  readonly why: 'turn' | 'override' | 'holiday' | 'outside-hours' | 'all-on-holiday';
}

interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

const LENGTHS = { day: { days: 1 }, week: { days: 7 }, '2 weeks': { days: 14 } } as const;
const DAY_MS = 86_400_000;
/** Times of day of zones differ by this at most. */
const ZONES_MS = 26 * 3_600_000;

/**
 * Local time to an instant. One that the clocks skip is as much later as they skip; of one that comes twice the first counts.
 * @see https://tc39.es/proposal-temporal/docs/ambiguity.html ("compatible")
 */
const instantOf = (local: Temporal.PlainDateTime, zone: string): number =>
  local.toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
const localOf = (text: string) => Temporal.PlainDateTime.from(text);

/** Hand-over number `turn`, 0 the first. The time of day stays what it is when clocks change. */
export function handOver({ starts, every, zone }: Rotation, turn: number): number {
  return instantOf(localOf(starts).add({ days: LENGTHS[every].days * turn }), zone);
}

/** The turn that `atMs` is in; negative before the first. */
function turnAt(rotation: Rotation, atMs: number): number {
  const lengthMs = LENGTHS[rotation.every].days * DAY_MS;
  let turn = Math.floor((atMs - handOver(rotation, 0)) / lengthMs);
  while (handOver(rotation, turn + 1) <= atMs) turn += 1;
  while (handOver(rotation, turn) > atMs) turn -= 1;
  return turn;
}

/** Stretches of local days of a zone that touch the span. */
function days(zone: string, { fromMs, untilMs }: Stretch): Temporal.PlainDate[] {
  const first = Temporal.Instant.fromEpochMilliseconds(fromMs)
    .toZonedDateTimeISO(zone)
    .toPlainDate()
    .subtract({ days: 1 });
  const last = Temporal.Instant.fromEpochMilliseconds(untilMs).toZonedDateTimeISO(zone).toPlainDate();
  return Array.from({ length: first.until(last).days + 1 }, (_, index) => first.add({ days: index }));
}

/** When a rotation that does not cover all hours does. */
function hoursOf({ hours, zone }: Rotation, span: Stretch): readonly Stretch[] | undefined {
  if (hours === undefined) return undefined;
  const allowed = hours.days.map((name) => WEEKDAY_NUMBERS[name]);
  const at = (date: Temporal.PlainDate, time: string) =>
    time === '24:00'
      ? instantOf(date.add({ days: 1 }).toPlainDateTime(), zone)
      : instantOf(date.toPlainDateTime(time), zone);
  return days(zone, span)
    .filter((date) => allowed.includes(date.dayOfWeek))
    .map((date) => ({
      fromMs: at(date, hours.from),
      untilMs: at(hours.until > hours.from ? date : date.add({ days: 1 }), hours.until),
    }));
}

const holidaysOf = (roster: Roster, person: string): readonly Stretch[] => {
  const { holidays, zone } = roster.people[person]!;
  return holidays.map(({ from, until }) => ({
    fromMs: instantOf(Temporal.PlainDate.from(from).toPlainDateTime(), zone),
    untilMs: instantOf(Temporal.PlainDate.from(until).add({ days: 1 }).toPlainDateTime(), zone),
  }));
};

const contains =
  (atMs: number) =>
  ({ fromMs, untilMs }: Stretch) =>
    fromMs <= atMs && atMs < untilMs;

/**
 * Who is on call in a rotation, shift by shift, without gaps from `fromMs` to `untilMs`; nobody is on call before the first hand-over.
 */
export function shifts(roster: Roster, name: string, fromMs: number, untilMs: number): readonly Shift[] {
  const rotation = roster.rotations[name]!;
  const { zone, people } = rotation;
  const span = { fromMs, untilMs };
  const overrides = roster.overrides
    .filter((each) => each.rotation === name)
    .map(({ person, from, until }) => ({
      person,
      fromMs: instantOf(localOf(from), zone),
      untilMs: instantOf(localOf(until), zone),
    }))
    .toReversed();
  const hours = hoursOf(rotation, { fromMs: fromMs - ZONES_MS, untilMs: untilMs + ZONES_MS });
  const holidays = new Map([...new Set(people)].map((person) => [person, holidaysOf(roster, person)]));

  function at(atMs: number): Pick<Shift, 'person' | 'why'> {
    const isThen = contains(atMs);
    const override = overrides.find(isThen);
    if (override !== undefined) return { person: override.person, why: 'override' };
    const turn = turnAt(rotation, atMs);
    if (turn < 0 || (hours !== undefined && !hours.some(isThen)))
      return { person: null, why: 'outside-hours' };
    const order = people.map((_, index) => people[(turn + index) % people.length]!);
    const person = order.find((each) => !holidays.get(each)!.some(isThen));
    if (person === undefined) return { person: null, why: 'all-on-holiday' };
    return { person, why: person === order[0] ? 'turn' : 'holiday' };
  }

  const edges = new Set([fromMs, untilMs]);
  const lastTurn = turnAt(rotation, untilMs);
  for (let turn = Math.max(0, turnAt(rotation, fromMs)); turn <= lastTurn; turn++)
    edges.add(handOver(rotation, turn));
  for (const { fromMs: from, untilMs: until } of [
    ...overrides,
    ...(hours ?? []),
    ...[...holidays.values()].flat(),
  ])
    edges.add(from).add(until);
  const inOrder = [...edges]
    .filter((each) => each >= span.fromMs && each <= span.untilMs)
    .toSorted((a, b) => a - b);

  const found: Shift[] = [];
  for (const [index, from] of inOrder.slice(0, -1).entries()) {
    const until = inOrder[index + 1]!;
    const { person, why } = at(from);
    const last = found.at(-1);
    // A hand-over of somebody to themselves is none.
    if (last !== undefined && last.person === person && last.why === why)
      found[found.length - 1] = { ...last, untilMs: until };
    else found.push({ rotation: name, fromMs: from, untilMs: until, person, why });
  }
  return found;
}

/** The shift that is on at a moment, whole as far as it lies within a month before and after. */
export function shiftAt(roster: Roster, name: string, atMs: number): Shift {
  return shifts(roster, name, atMs - 31 * DAY_MS, atMs + 31 * DAY_MS).find(contains(atMs))!;
}

/** People that a step of an escalation tells at a moment: each once, in its order. */
export function notified(roster: Roster, notify: readonly string[], atMs: number): readonly string[] {
  const people = notify.flatMap((each) =>
    each in roster.people ? [each] : (shifts(roster, each, atMs, atMs + 1)[0]?.person ?? []),
  );
  return [...new Set(people)];
}
