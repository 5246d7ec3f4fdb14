import { describeProblem } from '@aiops-sre/service-kit/yaml/file-problem.ts';
import { NO_CALENDARS, readCalendars } from './calendar-files.ts';
import {
  createSeasonCalendar,
  type Happening,
  type SeasonCalendar,
  type Weekday,
} from './season-calendar.ts';

/** How far ahead {@link CalendarWatch.state} looks. */
const AHEAD_SECONDS = 28 * 86_400;

/** The calendars of some files, as they are now. */
export interface CalendarWatch extends SeasonCalendar {
  /** Reads what has changed. Never rejects: what cannot be read is a problem, and the rest counts. */
  refresh(): Promise<void>;
  /** What lasts at that moment, what comes in the four weeks after it, and what is wrong with the files, a line each. */
  state(atSeconds: number): {
    readonly now: readonly Happening[];
    readonly next: readonly Happening[];
    readonly problems: readonly string[];
  };
}

/** @param onChange told of the number of events and of the problems when either may be another */
export async function watchCalendars(options: {
  paths: readonly string[];
  timeZone: string;
  holidaysAre: Weekday;
  onChange: (events: number, problems: readonly string[]) => void;
}): Promise<CalendarWatch> {
  const { paths, timeZone } = options;
  const calendar = createSeasonCalendar(options);
  let known = NO_CALENDARS;

  async function refresh(): Promise<void> {
    const read = await readCalendars(paths, timeZone, known);
    if (read === known) return;
    known = read;
    calendar.replace(read.events);
    options.onChange(read.events.length, read.problems.map(describeProblem));
  }

  await refresh();
  return {
    ...calendar,
    refresh,
    state(atSeconds) {
      const all = calendar.between(atSeconds, atSeconds + AHEAD_SECONDS);
      return {
        now: all.filter(({ fromSeconds }) => fromSeconds <= atSeconds),
        next: all.filter(({ fromSeconds }) => fromSeconds > atSeconds),
        problems: known.problems.map(describeProblem),
      };
    },
  };
}
