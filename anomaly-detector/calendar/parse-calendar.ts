import type { FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { Temporal } from 'temporal-polyfill';
import type { CalendarEvent, EventKind, Occurrence } from './calendar-event.ts';
import { type ContentLine, contentLines, textList, unescaped } from './content-lines.ts';
import { type EventTime, eventLength, eventTimes, PropertyError, recurrence, spanOf } from './event-times.ts';

export interface ParsedCalendar {
  readonly events: readonly CalendarEvent[];
  readonly problems: readonly FileProblem[];
}

/** A year: what takes longer is a mistake rather than an event. */
const LONGEST_SECONDS = 366 * 86_400;
const MOST_EVENTS = 5000;
const MOST_PROBLEMS = 20;
/** Zones lie up to 14 h from UTC, in which days recur. */
const ZONE_SECONDS = 14 * 3600;

const KINDS: Readonly<Record<string, EventKind>> = {
  HOLIDAY: 'holiday',
  MAINTENANCE: 'maintenance',
  DEPLOY: 'maintenance',
  DEPLOYMENT: 'maintenance',
};

/** The properties of one VEVENT; of those that may come more than once, all. */
type Properties = ReadonlyMap<string, readonly ContentLine[]>;

/**
 * Reads the events of an iCalendar file. Never throws: an event that cannot be used is a problem, the others count.
 * @param timeZone IANA zone of days, and of times without a zone
 * @param kind of events whose CATEGORIES say none
 * @see https://www.rfc-editor.org/rfc/rfc5545
 */
export function parseCalendar(
  text: string,
  { file, timeZone, kind }: { file: string; timeZone: string; kind: EventKind | undefined },
): ParsedCalendar {
  const problems: FileProblem[] = [];
  const report = (line: number, path: string, found: string, possible: string) => {
    if (problems.length < MOST_PROBLEMS)
      problems.push({ file, line, path, found: found.slice(0, 80), possible });
  };
  const lines = contentLines(text);
  if (!(lines[0] && 'name' in lines[0] && lines[0].name === 'BEGIN' && /^VCALENDAR$/i.test(lines[0].value)))
    return {
      events: [],
      problems: [
        {
          file,
          line: 1,
          path: '',
          found: 'no calendar',
          possible: 'a file that begins with BEGIN:VCALENDAR',
        },
      ],
    };
  const written: { line: number; properties: Properties }[] = [];
  const open: { name: string; line: number; properties: Map<string, ContentLine[]> }[] = [];
  for (const one of lines) {
    if (!('name' in one)) {
      report(
        one.line,
        '',
        JSON.stringify(one.found),
        'NAME:VALUE, or a line that begins with a space to continue the one before',
      );
      continue;
    }
    if (one.name === 'BEGIN')
      open.push({ name: one.value.toUpperCase(), line: one.line, properties: new Map() });
    else if (one.name === 'END') {
      const closed = open.pop();
      if (closed?.name !== one.value.toUpperCase())
        report(one.line, 'END', one.value, closed ? `END:${closed.name}` : 'a BEGIN before it');
      else if (closed.name === 'VEVENT') written.push(closed);
    } else {
      const properties = open.at(-1)?.properties;
      properties?.set(one.name, [...(properties.get(one.name) ?? []), one]);
    }
  }
  for (const { name, line } of open) report(line, 'BEGIN', `${name} without an end`, `END:${name}`);
  if (written.length > MOST_EVENTS)
    report(
      written[MOST_EVENTS]!.line,
      '',
      `${written.length} events`,
      `at most ${MOST_EVENTS}: the first are used`,
    );

  const events: CalendarEvent[] = [];
  const moved = movedOccurrences(written, timeZone);
  for (const { line, properties } of written.slice(0, MOST_EVENTS)) {
    try {
      if (properties.get('STATUS')?.[0]?.value.toUpperCase() === 'CANCELLED') continue;
      const uid = properties.get('UID')?.[0]?.value;
      const isMoved = properties.has('RECURRENCE-ID');
      events.push(
        eventOf(properties, {
          line,
          file,
          timeZone,
          kind,
          without: isMoved ? [] : (moved.get(uid ?? '') ?? []),
        }),
      );
    } catch (error) {
      if (!(error instanceof PropertyError)) throw error;
      report(error.line, error.path, error.found, error.possible);
    }
  }
  return { events, problems };
}

/** Starts of occurrences that an event of their own stands for, by UID. */
function movedOccurrences(
  written: readonly { properties: Properties }[],
  timeZone: string,
): ReadonlyMap<string, readonly EventTime[]> {
  const moved = new Map<string, EventTime[]>();
  for (const { properties } of written) {
    const [id] = properties.get('RECURRENCE-ID') ?? [];
    const uid = properties.get('UID')?.[0]?.value;
    if (id === undefined || uid === undefined) continue;
    try {
      moved.set(uid, [...(moved.get(uid) ?? []), ...eventTimes(id, timeZone)]);
    } catch (error) {
      // The event itself is still read: twice is better than not at all.
      if (!(error instanceof PropertyError)) throw error;
    }
  }
  return moved;
}

function eventOf(
  properties: Properties,
  options: {
    line: number;
    file: string;
    timeZone: string;
    kind: EventKind | undefined;
    without: readonly EventTime[];
  },
): CalendarEvent {
  const { line, file, timeZone } = options;
  const first = (name: string) => properties.get(name)?.[0];
  const begin = first('DTSTART');
  if (begin === undefined)
    throw new PropertyError({ line, name: 'DTSTART' }, 'nothing', 'when the event begins');
  const [start] = eventTimes(begin, timeZone);
  const length = eventLength(start!, first('DTEND'), first('DURATION'), timeZone);
  const [from, until] = spanOf(start!, length, timeZone);
  if (!(until > from && until - from <= LONGEST_SECONDS))
    throw new PropertyError(
      first('DTEND') ?? first('DURATION') ?? begin,
      `a length of ${Math.round(until - from)} s`,
      'DTEND or DURATION that make it longer than nothing, and no longer than a year',
    );
  const categories = (properties.get('CATEGORIES') ?? []).flatMap(({ value }) => textList(value));
  const kind =
    categories.map((name) => KINDS[name.toUpperCase()]).find((one) => one !== undefined) ?? options.kind;
  if (kind === undefined)
    throw new PropertyError(
      first('CATEGORIES') ?? { line, name: 'CATEGORIES' },
      categories.length === 0 ? 'nothing' : categories.join(','),
      'HOLIDAY, MAINTENANCE or DEPLOY; or a file whose name begins with holidays or maintenance',
    );
  const rule = first('RRULE');
  const recurring = rule && recurrence(start!, rule);
  const dates = (name: string) => (properties.get(name) ?? []).flatMap((one) => eventTimes(one, timeZone));
  const added = dates('RDATE');
  const excluded = new Set([...dates('EXDATE'), ...options.without].map(keyOf));
  return {
    kind,
    name: unescaped(first('SUMMARY')?.value ?? kind)
      .replaceAll(/\s+/g, ' ')
      .trim()
      .slice(0, 120),
    services: categories.flatMap((name) => /^service=(.+)$/i.exec(name)?.[1]?.trim() ?? []),
    where: `${file}:${line}`,
    occurrences(stretch) {
      const starts = [start!, ...added];
      if (recurring) {
        starts.push(
          ...recurring(
            // A day may be an hour longer than the first was.
            stretch.fromSeconds - (until - from) - 3600 - ZONE_SECONDS,
            stretch.untilSeconds + ZONE_SECONDS,
          ),
        );
      }
      return occurrencesOf(starts, { length, timeZone, excluded, stretch });
    },
  };
}

function occurrencesOf(
  starts: readonly EventTime[],
  {
    length,
    timeZone,
    excluded,
    stretch,
  }: { length: Temporal.Duration; timeZone: string; excluded: ReadonlySet<string>; stretch: Occurrence },
): readonly Occurrence[] {
  const byStart = new Map<number, Occurrence>();
  for (const start of starts) {
    if (excluded.has(keyOf(start))) continue;
    const [fromSeconds, untilSeconds] = spanOf(start, length, timeZone);
    if (untilSeconds > stretch.fromSeconds && fromSeconds < stretch.untilSeconds)
      byStart.set(fromSeconds, { fromSeconds, untilSeconds });
  }
  return [...byStart.values()].sort((a, b) => a.fromSeconds - b.fromSeconds);
}

/** The same for two ways to write one day or one moment. */
const keyOf = (time: EventTime): string =>
  time instanceof Temporal.PlainDate ? time.toString() : String(time.epochMilliseconds);
