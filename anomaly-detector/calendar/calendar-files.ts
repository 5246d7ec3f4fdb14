import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FileProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import type { CalendarEvent, EventKind } from './calendar-event.ts';

const LARGEST_BYTES = 2_000_000;

export interface ReadCalendars {
  readonly events: readonly CalendarEvent[];
  readonly problems: readonly FileProblem[];
  /** Changes when a file does. */
  readonly version: string;
}

export const NO_CALENDARS: ReadCalendars = { events: [], problems: [], version: '' };

/**
 * Reads the `*.ics` files of these paths, each a file or a folder. What cannot be read is a problem; a folder that is not
 * there holds none. Reads nothing again while `known` is what is there.
 * @param timeZone IANA zone of days, and of times without a zone
 */
export async function readCalendars(
  paths: readonly string[],
  timeZone: string,
  known: ReadCalendars = NO_CALENDARS,
): Promise<ReadCalendars> {
  const problems: FileProblem[] = [];
  const problem = (file: string, error: unknown) =>
    problems.push({
      file,
      path: '',
      found: (error as Error).message,
      possible: 'a file or folder that can be read',
    });
  const files: { file: string; version: string; bytes: number }[] = [];
  for (const path of paths) {
    try {
      for (const file of await filesOf(path)) {
        const { mtimeMs, size } = await stat(file);
        files.push({ file, version: `${file} ${mtimeMs} ${size}`, bytes: size });
      }
    } catch (error) {
      problem(path, error);
    }
  }
  const version = [...files.map((one) => one.version), ...problems.map(({ found }) => found)].join('\n');
  if (version === known.version) return known;
  // Where there is no calendar, what reads them takes no memory.
  const { parseCalendar } = files.length > 0 ? await import('./parse-calendar.ts') : {};
  const events: CalendarEvent[] = [];
  for (const { file, bytes } of files) {
    if (bytes > LARGEST_BYTES) {
      problems.push({ file, path: '', found: `${bytes} bytes`, possible: `at most ${LARGEST_BYTES}` });
      continue;
    }
    try {
      const parsed = parseCalendar!(await readFile(file, 'utf8'), { file, timeZone, kind: kindOf(file) });
      events.push(...parsed.events);
      problems.push(...parsed.problems);
    } catch (error) {
      problem(file, error);
    }
  }
  return { events, problems, version };
}

async function filesOf(path: string): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = await readdir(path);
    return names
      .filter((name) => name.toLowerCase().endsWith('.ics'))
      .sort()
      .map((name) => join(path, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A calendar of public holidays has no categories: the file's name says what it holds. */
function kindOf(file: string): EventKind | undefined {
  const name = basename(file).toLowerCase();
  if (name.startsWith('holidays')) return 'holiday';
  return name.startsWith('maintenance') ? 'maintenance' : undefined;
}
