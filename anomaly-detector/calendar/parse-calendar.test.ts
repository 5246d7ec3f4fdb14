import { describeProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { DateTime } from 'luxon';
import { describe, expect, it, test } from 'vitest';
import { parseCalendar } from './parse-calendar.ts';
import { writtenCalendar } from './testing/written-calendar.ts';

const ZONE = 'Europe/Berlin';
const YEAR = { fromSeconds: Date.UTC(2026, 0, 1) / 1000, untilSeconds: Date.UTC(2027, 0, 1) / 1000 };

function read(text: string, timeZone = ZONE) {
  const { events, problems } = parseCalendar(text, { file: 'x.ics', timeZone, kind: 'maintenance' });
  return { events, problems: problems.map(describeProblem) };
}
/** Of the year 2026, in wall-clock time of a zone. */
function timesOf(event: readonly string[], timeZone = ZONE): string[] {
  const { events, problems } = read(writtenCalendar(event), timeZone);
  expect(problems).toEqual([]);
  return events[0]!
    .occurrences(YEAR)
    .map(({ fromSeconds, untilSeconds }) =>
      [fromSeconds, untilSeconds]
        .map((at) => DateTime.fromSeconds(at, { zone: timeZone }).toFormat("yyyy-MM-dd'T'HH:mm"))
        .join(' '),
    );
}

describe('an event', () => {
  it('of days lasts from midnight to midnight of the zone, also where that is 23 or 25 hours', () => {
    const { events } = read(
      writtenCalendar(['DTSTART;VALUE=DATE:20260329'], ['DTSTART;VALUE=DATE:20261025']),
    );
    const hours = events.map((one) => {
      const [first] = one.occurrences(YEAR);
      return (first!.untilSeconds - first!.fromSeconds) / 3600;
    });
    expect(hours).toEqual([23, 25]);
  });

  it('may end with DTEND or DURATION, or be a day', () => {
    const day = 'DTSTART;VALUE=DATE:20261225';
    expect(timesOf([day])).toEqual(['2026-12-25T00:00 2026-12-26T00:00']);
    expect(timesOf([day, 'DTEND;VALUE=DATE:20261227'])).toEqual(['2026-12-25T00:00 2026-12-27T00:00']);
    const moment = 'DTSTART:20260601T200000Z';
    expect(timesOf([moment, 'DTEND;TZID=America/New_York:20260601T170000'])).toEqual([
      '2026-06-01T22:00 2026-06-01T23:00',
    ]);
    expect(timesOf([moment, 'DURATION:PT90M'])).toEqual(['2026-06-01T22:00 2026-06-01T23:30']);
  });

  it('without a zone is of the zone of the seasons', () => {
    expect(timesOf(['DTSTART:20260601T200000', 'DURATION:PT1H'], 'Asia/Tokyo')).toEqual([
      '2026-06-01T20:00 2026-06-01T21:00',
    ]);
  });

  it('comes again by its rule, without exceptions, with what was added, and moved where it was moved', () => {
    const weekly = [
      'UID:1',
      'DTSTART;TZID=Europe/Berlin:20260302T020000',
      'DURATION:PT1H',
      'RRULE:FREQ=WEEKLY;COUNT=5',
      'EXDATE;TZID=Europe/Berlin:20260316T020000',
      'RDATE;TZID=Europe/Berlin:20260401T020000',
    ];
    const moved = [
      'UID:1',
      'RECURRENCE-ID;TZID=Europe/Berlin:20260323T020000',
      'DTSTART;TZID=Europe/Berlin:20260324T030000',
      'DURATION:PT1H',
    ];
    const { events } = read(writtenCalendar(weekly, moved));
    const starts = events
      .flatMap((one) => one.occurrences(YEAR))
      .map(({ fromSeconds }) => DateTime.fromSeconds(fromSeconds, { zone: ZONE }).toFormat('MM-dd HH:mm'));
    expect(starts.sort()).toEqual([
      '03-02 02:00',
      '03-09 02:00',
      '03-24 03:00',
      '03-30 02:00',
      '04-01 02:00',
    ]);
  });

  it('that was called off does not count', () => {
    expect(read(writtenCalendar(['DTSTART;VALUE=DATE:20261225', 'STATUS:CANCELLED'])).events).toEqual([]);
  });

  it('says its kind, its services and its name', () => {
    const text = writtenCalendar([
      'SUMMARY:Release\\, the\r\n  big one',
      'CATEGORIES:deploy,service=storefront',
      'CATEGORIES:service=identity',
      'DTSTART:20260601T200000Z',
      'DURATION:PT1H',
    ]);
    expect(read(text).events).toMatchObject([
      {
        kind: 'maintenance',
        name: 'Release, the big one',
        services: ['storefront', 'identity'],
        where: 'x.ics:3',
      },
    ]);
  });
});

describe.each([
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Sao_Paulo',
])('in %s', (zone) => {
  const rules = [
    'FREQ=DAILY',
    'FREQ=WEEKLY;BYDAY=SU,TU',
    'FREQ=MONTHLY;BYDAY=-1SU',
    'FREQ=YEARLY;BYMONTH=4,10',
  ];
  test.each(rules)('%s is at the same time of day all year round, as luxon has it', (rule) => {
    const start = DateTime.fromObject({ year: 2024, month: 1, day: 7, hour: 2, minute: 30 }, { zone });
    const isIn = (day: DateTime) =>
      rule === 'FREQ=DAILY' ||
      (rule.includes('SU,TU') && [7, 2].includes(day.weekday)) ||
      (rule.includes('-1SU') && day.weekday === 7 && day.plus({ days: 7 }).month !== day.month) ||
      (rule.startsWith('FREQ=YEARLY') && [4, 10].includes(day.month) && day.day === 7);
    const expected = Array.from({ length: 365 }, (_, index) =>
      DateTime.fromObject({ year: 2026, month: 1, day: 1, hour: 2, minute: 30 }, { zone }).plus({
        days: index,
      }),
    )
      // A time that the clock skips is left out of what comes again. RFC 5545, 3.3.10
      .filter((day) => isIn(day) && day.hour === 2)
      // One that it repeats is the first. RFC 5545, 3.3.5
      .map((day) => Math.min(...day.getPossibleOffsets().map((one) => one.toSeconds())));
    const { events } = read(
      writtenCalendar([
        `DTSTART;TZID=${zone}:${start.toFormat("yyyyMMdd'T'HHmmss")}`,
        'DURATION:PT1H',
        `RRULE:${rule}`,
      ]),
      zone,
    );
    const stretch = {
      fromSeconds: DateTime.fromObject({ year: 2026 }, { zone }).toSeconds() + 3600,
      untilSeconds: DateTime.fromObject({ year: 2027 }, { zone }).toSeconds(),
    };
    const found = events[0]!.occurrences(stretch);
    expect(expected.length).toBeGreaterThan(1);
    expect(found.map(({ fromSeconds }) => fromSeconds)).toEqual(expected);
    expect(found.every(({ fromSeconds, untilSeconds }) => untilSeconds - fromSeconds === 3600)).toBe(true);
  });

  test('a day of each year is that day, as luxon has it', () => {
    const { events } = read(writtenCalendar(['DTSTART;VALUE=DATE:20101101', 'RRULE:FREQ=YEARLY']), zone);
    const day = DateTime.fromObject({ year: 2026, month: 11, day: 1 }, { zone });
    expect(events[0]!.occurrences(YEAR)).toEqual([
      { fromSeconds: day.toSeconds(), untilSeconds: day.plus({ days: 1 }).toSeconds() },
    ]);
  });
});

test('what began before a stretch of time and lasts into it is part of it', () => {
  const { events } = read(writtenCalendar(['DTSTART:20251230T000000Z', 'DURATION:P5D', 'RRULE:FREQ=YEARLY']));
  const noon = Date.UTC(2026, 0, 2, 12) / 1000;
  expect(events[0]!.occurrences({ fromSeconds: noon, untilSeconds: noon + 1 })).toHaveLength(1);
});

describe('a mistake is told where it is, with what was found and what is possible', () => {
  const ends = ['DTSTART:20260601T200000Z', 'DURATION:PT1H'];
  test.each([
    [['DTSTART:hello'], /^x\.ics:4: DTSTART: found "hello"; possible: a date such as/],
    [['DTSTART;VALUE=DATE:20260231'], /^x\.ics:4: DTSTART: found "20260231"; possible: a date that there is/],
    [['SUMMARY:x'], /^x\.ics:3: DTSTART: found nothing; possible: when the event begins/],
    [
      ['DTSTART;TZID=Nowhere:20260601T200000'],
      /^x\.ics:4: DTSTART: found TZID "Nowhere"; possible: an IANA time zone/,
    ],
    [['DTSTART:20260601T200000Z', 'DTEND:20260601T190000Z'], /^x\.ics:5: DTEND: found a length of -3600 s/],
    [
      ['DTSTART:20260601T200000Z', 'DTEND;VALUE=DATE:20260602'],
      /^x\.ics:5: DTEND: .* a date where DTSTART is one/,
    ],
    [['DTSTART:20260601T200000Z', 'DURATION:soon'], /^x\.ics:5: DURATION: found "soon"; possible: .*PT2H/],
    [
      [...ends, 'RRULE:FREQ=SECONDLY'],
      /^x\.ics:6: RRULE: found FREQ=SECONDLY; possible: FREQ=HOURLY or rarer/,
    ],
    [[...ends, 'RRULE:FREQ=DAILY;OFTEN=1'], /^x\.ics:6: RRULE: found "OFTEN=1"; possible: FREQ, UNTIL/],
    [[...ends, 'RRULE:FREQ=SOMETIMES'], /^x\.ics:6: RRULE: found "FREQ=SOMETIMES"; possible: a rule such as/],
    [['no property'], /^x\.ics:4: found "no property"; possible: NAME:VALUE/],
  ])('%j', (event, message) => {
    const good = ['SUMMARY:good', ...ends];
    const { events, problems } = read(writtenCalendar(event, good));
    expect(problems[0]).toMatch(message);
    expect(events.map(({ name }) => name)).toContain('good');
  });

  test.each(['', 'BEGIN:VEVENT\nEND:VEVENT', '<html>', '\0\0\0'])('%j is no calendar', (text) => {
    expect(read(text).problems).toEqual([
      'x.ics:1: found no calendar; possible: a file that begins with BEGIN:VCALENDAR',
    ]);
  });

  test('a calendar that is cut off says so, and its whole events count', () => {
    const text = writtenCalendar(['SUMMARY:good', ...ends]).replace('END:VCALENDAR', 'BEGIN:VEVENT');
    const { events, problems } = read(text);
    expect(events.map(({ name }) => name)).toEqual(['good']);
    expect(problems).toContain('x.ics:8: BEGIN: found VEVENT without an end; possible: END:VEVENT');
  });
});
