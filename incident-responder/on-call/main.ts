/** `npm run -s oncall -- now|check|calendar`: who is on call, what is wrong with the roster, the shifts as a calendar. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { duration } from '@aiops-sre/service-kit/durations/duration-in-words.ts';
import { homeFolder } from '@aiops-sre/service-kit/home/home.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { readYamlFile } from '@aiops-sre/service-kit/yaml/read-yaml.ts';
import { calendarOf } from './calendar.ts';
import { PageStore } from './page-store.ts';
import { type Roster, rosterSchema } from './roster.ts';
import { checkRoster } from './roster-check.ts';
import { shiftAt } from './schedule.ts';

const USAGE = `usage: npm run -s oncall -- now | check | calendar [--file FILE] [--at TIME] [--days 28] [--data FOLDER]

FILE is on-call/oncall.yaml of the home folder; TIME is now; FOLDER has incident-responder.sqlite, for pages a week.`;
const DAY_MS = 86_400_000;
const root = join(import.meta.dirname, '..', '..');

const said = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
/** The moment where the person is, too. */
const local = (ms: number, roster: Roster, person: string | null) =>
  person === null
    ? said(ms)
    : `${said(ms)} (${new Intl.DateTimeFormat('en-GB', { timeZone: roster.people[person]!.zone, weekday: 'short', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }).format(ms)})`;

function run(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      file: { type: 'string', default: join(homeFolder(root, process.env), 'on-call', 'oncall.yaml') },
      at: { type: 'string', default: new Date().toISOString() },
      days: { type: 'string', default: '28' },
      data: { type: 'string', default: join(root, '.data', 'incident-responder') },
    },
  });
  const [command] = positionals;
  const atMs = Date.parse(values.at);
  const days = Number(values.days);
  if (positionals.length !== 1 || !['now', 'check', 'calendar'].includes(command!))
    throw new Error('expected: now, check or calendar');
  if (!Number.isFinite(atMs))
    throw new Error(`--at: expected a time such as 2026-03-02T09:00Z, got ${values.at}`);
  if (!(days >= 1 && days <= 366)) throw new Error(`--days: expected 1 to 366, got ${values.days}`);
  if (!existsSync(values.file)) {
    printError(`${values.file}: not there. npm run init-home puts an example beside it.`);
    return 1;
  }
  const roster = readYamlFile(values.file, rosterSchema);
  const nameOf = (person: string | null) => (person === null ? 'NOBODY' : roster.people[person]!.name);
  if (command === 'calendar') {
    print(calendarOf(roster, atMs).replaceAll('\r\n', '\n').trimEnd());
    return 0;
  }
  if (command === 'now') {
    for (const name of Object.keys(roster.rotations)) {
      const { person, untilMs } = shiftAt(roster, name, atMs);
      print(`${name}: ${nameOf(person)} until ${local(untilMs, roster, person)}`);
    }
    return 0;
  }
  const pages = pagesSince(resolve(values.data), atMs - days * DAY_MS);
  const { gaps, overlaps, load } = checkRoster(roster, {
    fromMs: atMs,
    untilMs: atMs + days * DAY_MS,
    pages: pages ?? [],
    pagesDays: days,
  });
  for (const { fromMs, untilMs, severity } of gaps)
    print(
      `nobody is told first of ${severity}: ${said(fromMs)} to ${said(untilMs)}, ${duration(untilMs - fromMs)}`,
    );
  for (const { fromMs, untilMs, person, rotations } of overlaps)
    print(
      `${nameOf(person)} escalates to themselves, in ${rotations.join(' and ')}: ${said(fromMs)} to ${said(untilMs)}`,
    );
  for (const { person, hours, nights, pagesPerWeek } of load)
    print(
      `${nameOf(person)}: ${hours} h, ${nights} nights${pages === undefined ? '' : `, ${Number(pagesPerWeek.toFixed(2))} pages a week`}`,
    );
  print(`${days} days: ${gaps.length} gaps, ${overlaps.length} overlaps`);
  return gaps.length + overlaps.length > 0 ? 1 : 0;
}

/** undefined where nothing is known of pages. */
function pagesSince(folder: string, sinceMs: number) {
  const file = join(folder, 'incident-responder.sqlite');
  if (!existsSync(file)) return undefined;
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return new PageStore({ database }).since(sinceMs);
  } catch {
    // Of a version that did not page yet.
    return undefined;
  } finally {
    database.close();
  }
}

try {
  process.exitCode = run();
} catch (error) {
  printError(`${(error as Error).message}\n\n${USAGE}`);
  process.exitCode = 2;
}
