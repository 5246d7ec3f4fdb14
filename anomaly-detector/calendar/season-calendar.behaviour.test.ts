import { expect, test } from 'vitest';
import { createRandom } from '../backtest/random.ts';
import { type ReplayOptions, replay } from '../backtest/replay.ts';
import { parseCalendar } from './parse-calendar.ts';
import { createSeasonCalendar } from './season-calendar.ts';
import { writtenCalendar } from './testing/written-calendar.ts';

const STEP = 300;
const DAY = 288;
/** A Monday. */
const START = Date.UTC(2026, 1, 2) / 1000;
const options: ReplayOptions = { stepSeconds: STEP, timeZone: 'UTC' };

function calendarOf(...events: readonly (readonly string[])[]) {
  const read = parseCalendar(writtenCalendar(...events), { file: 'x.ics', timeZone: 'UTC', kind: 'holiday' });
  expect(read.problems).toEqual([]);
  return createSeasonCalendar({ timeZone: 'UTC', holidaysAre: 'sunday', events: read.events });
}

/** Five busy days and two calm ones; `changed` makes another value of what is usual at a moment, in days since the start. */
function weeks(count: number, seed: number, changed: (usual: number, day: number) => number) {
  const random = createRandom(seed);
  return Array.from({ length: count * 7 * DAY }, (_, index) => {
    const day = index / DAY;
    const usual = (Math.floor(day) % 7 < 5 ? busy(day) : calm(day)) * (1 + 0.04 * random.normal());
    return changed(usual, day);
  });
}
const hump = (day: number) => 1 - Math.cos(2 * Math.PI * day);
const busy = (day: number) => 100 + 200 * hump(day);
const calm = (day: number) => 100 + 20 * hump(day);

function run(values: readonly number[], calendar?: ReplayOptions['calendar']) {
  const rows = values.map((value, index) => ({
    line: index + 1,
    text: ['', ''] as const,
    sample: { timestampSeconds: START + index * STEP, value },
  }));
  const { rows: replayed, anomalies } = replay(rows, { ...options, calendar });
  return {
    starts: anomalies.map(({ anomaly }) => (anomaly.startSeconds - START) / 86_400),
    anomalies,
    expectedAt: (day: number) => {
      const { observation } = replayed[Math.round(day * DAY)]!;
      return observation?.kind === 'scored' ? observation.expected : Number.NaN;
    },
    kindAt: (day: number) => replayed[Math.round(day * DAY)]!.observation?.kind,
  };
}

/** Wednesday of the sixth week. */
const HOLIDAY = 37;
const holidays = calendarOf(['DTSTART;VALUE=DATE:20260311']);
const asSunday = weeks(8, 3, (usual, day) => (Math.floor(day) === HOLIDAY ? calm(day) : usual));

test('a day that people are off on is an anomaly, but not where the calendar knows it', () => {
  expect(run(asSunday).starts.some((day) => Math.floor(day) === HOLIDAY)).toBe(true);
  const { starts, expectedAt } = run(asSunday, holidays);
  expect(starts.filter((day) => day > 21)).toEqual([]);
  expect(expectedAt(HOLIDAY + 0.5) / calm(HOLIDAY + 0.5)).toBeCloseTo(1, 0);
});

test('a holiday does not teach the day of the week that it falls on', () => {
  const { expectedAt } = run(asSunday, holidays);
  const ordinary = run(weeks(8, 3, (usual) => usual));
  for (const hour of [9, 12, 15]) {
    const next = HOLIDAY + 7 + hour / 24;
    expect(expectedAt(next) / ordinary.expectedAt(next)).toBeCloseTo(1, 1);
  }
});

test('on a holiday what is not like one is found, at either side', () => {
  const at = (day: number, factor: number) =>
    run(
      asSunday.map((value, index) =>
        index / DAY >= day && index / DAY < day + 1 / 24 ? factor * value : value,
      ),
      holidays,
    );
  for (const factor of [0.3, 2.5]) {
    const { starts } = at(HOLIDAY + 0.5, factor);
    expect(starts.some((day) => Math.abs(day - HOLIDAY - 0.5) < 1 / 24)).toBe(true);
  }
});

const MAINTENANCE = 30.375;
const maintenance = calendarOf(['CATEGORIES:MAINTENANCE', 'DTSTART:20260304T090000Z', 'DURATION:PT3H']);
const down = (usual: number, day: number) => (day >= MAINTENANCE && day < MAINTENANCE + 1 / 8 ? 0 : usual);

test('maintenance is no anomaly, and is forgotten: what follows is judged as if it had not been', () => {
  const without = run(weeks(6, 5, down));
  expect(without.starts.some((day) => Math.abs(day - MAINTENANCE) < 0.05)).toBe(true);
  const { starts, expectedAt, kindAt } = run(weeks(6, 5, down), maintenance);
  expect(starts.filter((day) => day > 21)).toEqual([]);
  expect(kindAt(MAINTENANCE + 0.05)).toBe('muted');
  const ordinary = run(weeks(6, 5, (usual) => usual));
  for (const later of [0.2, 1.05, 7.05])
    expect(expectedAt(MAINTENANCE + later) / ordinary.expectedAt(MAINTENANCE + later)).toBeCloseTo(1, 1);
});

test('what comes during maintenance and stays is found once it is over', () => {
  const broken = weeks(6, 5, (usual, day) => (day >= MAINTENANCE && day < MAINTENANCE + 0.25 ? 0 : usual));
  const { starts } = run(broken, maintenance);
  const end = MAINTENANCE + 1 / 8;
  expect(starts.filter((day) => day > 21).some((day) => day >= end && day < end + 0.05)).toBe(true);
});

test('an event that names services is of their series alone', () => {
  const calendar = calendarOf([
    'CATEGORIES:MAINTENANCE,service=storefront',
    'DTSTART:20260304T090000Z',
    'DURATION:PT3H',
  ]);
  const at = START + (MAINTENANCE + 0.01) * 86_400;
  expect(calendar.muting(at, 'storefront')).toMatchObject({ kind: 'maintenance' });
  expect(calendar.muting(at, 'identity')).toBeUndefined();
  expect(calendar.muting(at, undefined)).toBeUndefined();
});

test('the clock of a holiday shows the day off at the same time of day, between its midnights', () => {
  const calendar = createSeasonCalendar({
    timeZone: 'Europe/Berlin',
    holidaysAre: 'friday',
    events: parseCalendar(writtenCalendar(['DTSTART;VALUE=DATE:20260329']), {
      file: 'x.ics',
      timeZone: 'Europe/Berlin',
      kind: 'holiday',
    }).events,
  });
  const clock = calendar.clock(undefined);
  const shown = (iso: string) => {
    const at = Date.parse(iso) / 1000;
    const { from, until, offsetSeconds } = clock.spanAt(at);
    expect(from <= at && at < until).toBe(true);
    const text = new Date((at + offsetSeconds) * 1000).toUTCString();
    return `${text.slice(0, 3)} ${text.slice(17, 22)}`;
  };
  // The clock is set forward that night.
  expect(shown('2026-03-28T22:59:00Z')).toBe('Sat 23:59');
  expect(shown('2026-03-28T23:00:00Z')).toBe('Fri 00:00');
  expect(shown('2026-03-29T00:59:00Z')).toBe('Fri 01:59');
  expect(shown('2026-03-29T01:00:00Z')).toBe('Fri 03:00');
  expect(shown('2026-03-29T21:59:00Z')).toBe('Fri 23:59');
  expect(shown('2026-03-29T22:00:00Z')).toBe('Mon 00:00');
});
