import { RRuleTemporal } from 'rrule-temporal';
import { Temporal } from 'temporal-polyfill';
import type { ContentLine } from './content-lines.ts';

/** What is wrong with a property. */
export class PropertyError extends Error {
  readonly line: number;
  readonly path: string;
  readonly found: string;
  readonly possible: string;

  constructor({ line, name }: Pick<ContentLine, 'line' | 'name'>, found: string, possible: string) {
    super(`${name}: found ${found}; possible: ${possible}`);
    this.line = line;
    this.path = name;
    this.found = found;
    this.possible = possible;
  }
}

/** A day without a time, or a moment. */
export type EventTime = Temporal.PlainDate | Temporal.ZonedDateTime;

const DATE = /^(\d{4})(\d\d)(\d\d)$/;
const DATE_TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)$/;

/** The values of DTSTART, DTEND, EXDATE and their like. Local times without a zone are of `timeZone`. */
export function eventTimes(property: ContentLine, timeZone: string): readonly EventTime[] {
  return property.value.split(',').map((text) => eventTime(property, text.trim(), timeZone));
}

function eventTime(property: ContentLine, text: string, timeZone: string): EventTime {
  const wrong = (possible: string) => new PropertyError(property, JSON.stringify(text), possible);
  const date = DATE.exec(text);
  const moment = DATE_TIME.exec(text);
  if (date === null && moment === null)
    throw wrong('a date such as 20261225, or a moment such as 20261225T180000 or 20261225T170000Z');
  const part = (index: number) => Number((date ?? moment)![index] ?? 0);
  const day = { year: part(1), month: part(2), day: part(3) };
  try {
    if (date !== null) return Temporal.PlainDate.from(day, { overflow: 'reject' });
    const local = Temporal.PlainDateTime.from(
      // A leap second is the one before.
      { ...day, hour: part(4), minute: part(5), second: Math.min(part(6), 59) },
      { overflow: 'reject' },
    );
    // A time that the clock skips is counted from the offset before, one that it repeats is the first. RFC 5545, 3.3.5
    return local.toZonedDateTime(moment![7] === 'Z' ? 'UTC' : zoneOf(property, timeZone));
  } catch (error) {
    if (error instanceof PropertyError) throw error;
    throw wrong('a date that there is');
  }
}

function zoneOf(property: ContentLine, timeZone: string): string {
  const id = property.parameters.get('TZID');
  if (id === undefined) return timeZone;
  try {
    Temporal.Now.instant().toZonedDateTimeISO(id);
    return id;
  } catch {
    throw new PropertyError(
      property,
      `TZID ${JSON.stringify(id)}`,
      'an IANA time zone such as Europe/Berlin',
    );
  }
}

/** How long an event takes: days of the calendar and exact time, or exact time alone. */
export function eventLength(
  start: EventTime,
  end: ContentLine | undefined,
  duration: ContentLine | undefined,
  timeZone: string,
): Temporal.Duration {
  if (duration !== undefined) {
    try {
      return Temporal.Duration.from(duration.value);
    } catch {
      throw new PropertyError(duration, JSON.stringify(duration.value), 'a duration such as PT2H or P1D');
    }
  }
  if (end === undefined)
    return Temporal.Duration.from(start instanceof Temporal.PlainDate ? { days: 1 } : { seconds: 0 });
  const [until] = eventTimes(end, timeZone);
  if (start instanceof Temporal.PlainDate && until instanceof Temporal.PlainDate) return start.until(until);
  if (start instanceof Temporal.ZonedDateTime && until instanceof Temporal.ZonedDateTime)
    return start.toInstant().until(until.toInstant());
  throw new PropertyError(end, end.value, 'a date where DTSTART is one, a moment where it is one');
}

/** [from, until) of an event that begins at `start`, in Unix seconds. Days begin and end at midnight of `timeZone`. */
export function spanOf(
  start: EventTime,
  length: Temporal.Duration,
  timeZone: string,
): readonly [number, number] {
  const begin = start instanceof Temporal.PlainDate ? start.toZonedDateTime(timeZone) : start;
  const end =
    start instanceof Temporal.PlainDate
      ? start.add({ days: length.days, weeks: length.weeks }).toZonedDateTime(timeZone)
      : start.add(length);
  return [begin.epochMilliseconds / 1000, end.epochMilliseconds / 1000];
}

const RULE_PARTS = new Set(
  'FREQ UNTIL COUNT INTERVAL BYHOUR BYMINUTE BYSECOND BYDAY BYMONTHDAY BYYEARDAY BYWEEKNO BYMONTH BYSETPOS WKST'.split(
    ' ',
  ),
);
/** Beyond this a rule is looked through no further. */
const MOST_ITERATIONS = 100_000;

/** The starts of a rule between two moments, Unix seconds. Days recur in UTC, whose midnights are all there. */
export function recurrence(
  start: EventTime,
  rule: ContentLine,
): (fromSeconds: number, untilSeconds: number) => readonly EventTime[] {
  const isDay = start instanceof Temporal.PlainDate;
  for (const part of rule.value.split(';').filter((text) => text !== '')) {
    const [name = '', value = ''] = part.toUpperCase().split('=');
    if (!RULE_PARTS.has(name))
      throw new PropertyError(rule, JSON.stringify(part), [...RULE_PARTS].join(', '));
    if (name === 'FREQ' && /^(SECONDLY|MINUTELY)$/.test(value))
      throw new PropertyError(rule, part, 'FREQ=HOURLY or rarer');
    if (/^BY(SECOND|MINUTE)$/.test(name) && value.includes(','))
      throw new PropertyError(rule, part, 'one value: at most once an hour');
  }
  const first = isDay ? start.toZonedDateTime('UTC') : start;
  const zone = first.timeZoneId === 'UTC' ? '' : `;TZID=${first.timeZoneId}`;
  const local = first.toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '');
  const lines = `DTSTART${zone}:${local}${zone === '' ? 'Z' : ''}\nRRULE:${rule.value}`;
  let expanded: RRuleTemporal;
  try {
    expanded = new RRuleTemporal({ rruleString: lines, maxIterations: MOST_ITERATIONS, cache: false });
  } catch (error) {
    throw new PropertyError(
      rule,
      JSON.stringify(rule.value),
      `a rule such as FREQ=YEARLY (${(error as Error).message})`,
    );
  }
  return (fromSeconds, untilSeconds) =>
    expanded.between(new Date(fromSeconds * 1000), new Date(untilSeconds * 1000), true).map((each) => {
      const moment = Temporal.ZonedDateTime.from(String(each));
      return isDay ? moment.toPlainDate() : moment;
    });
}
