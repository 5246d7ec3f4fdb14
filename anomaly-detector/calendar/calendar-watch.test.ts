import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchCalendars } from './calendar-watch.ts';
import { writtenCalendar } from './testing/written-calendar.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'calendars-'));
});
afterEach(() => rm(folder, { recursive: true }));

const christmas = writtenCalendar(['SUMMARY:Christmas', 'DTSTART;VALUE=DATE:20261225']);
const window = writtenCalendar(['SUMMARY:Move', 'DTSTART:20261220T200000Z', 'DURATION:PT1H']);
const DECEMBER_20 = Date.UTC(2026, 11, 20, 20, 30) / 1000;

async function watched(...paths: string[]) {
  const told: [number, readonly string[]][] = [];
  const calendar = await watchCalendars({
    paths,
    timeZone: 'UTC',
    holidaysAre: 'sunday',
    onChange: (events, problems) => told.push([events, problems]),
  });
  return { calendar, told };
}

test('a file is of the kind that its name begins with, and all of a folder count', async () => {
  await writeFile(join(folder, 'holidays-de.ics'), christmas);
  await writeFile(join(folder, 'Maintenance.ICS'), window);
  await writeFile(join(folder, 'notes.txt'), 'no calendar');
  const { calendar } = await watched(folder);
  expect(calendar.state(DECEMBER_20)).toMatchObject({
    now: [{ kind: 'maintenance', name: 'Move', fromSeconds: DECEMBER_20 - 1800 }],
    next: [{ kind: 'holiday', name: 'Christmas' }],
    problems: [],
  });
});

test('a folder that is not there holds none, and is seen when it comes', async () => {
  const path = join(folder, 'later');
  const { calendar, told } = await watched(path);
  expect(calendar.state(DECEMBER_20)).toEqual({ now: [], next: [], problems: [] });
  await mkdir(path);
  await writeFile(join(path, 'maintenance.ics'), window);
  await calendar.refresh();
  expect(calendar.muting(DECEMBER_20, 'any')).toMatchObject({ name: 'Move' });
  await calendar.refresh();
  expect(told).toEqual([[1, []]]);
});

test('a calendar that is broken is told, once, and the others count', async () => {
  await writeFile(join(folder, 'holidays.ics'), christmas);
  await writeFile(join(folder, 'team.ics'), window);
  await writeFile(join(folder, 'torn.ics'), 'BEGIN:VCAL');
  await mkdir(join(folder, 'folder.ics'));
  const { calendar, told } = await watched(folder);
  await calendar.refresh();
  const { next, problems } = calendar.state(DECEMBER_20);
  expect(next).toMatchObject([{ name: 'Christmas' }]);
  expect(problems).toEqual([
    expect.stringMatching(/folder\.ics: found EISDIR.*; possible: a file or folder that can be read$/),
    expect.stringMatching(
      /team\.ics:3: CATEGORIES: found nothing; possible: HOLIDAY, MAINTENANCE or DEPLOY; or a file/,
    ),
    expect.stringMatching(/torn\.ics:1: found no calendar/),
  ]);
  expect(told).toEqual([[1, problems]]);
});
