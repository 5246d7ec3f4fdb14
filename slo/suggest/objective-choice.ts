/** Objectives people use, from the strictest. */
const OBJECTIVES = [0.9999, 0.9995, 0.999, 0.998, 0.995, 0.99, 0.98, 0.95, 0.9] as const;

/** How many times the error ratio of the worst week seen has to fit into the error budget. */
export const MARGIN = 1.5;
const WEEK_DAYS = 7;
/** Below this many events a week an objective would be an accident. */
const MINIMUM_EVENTS_A_WEEK = 1000;

export interface DailyEvents {
  readonly bad: number;
  readonly total: number;
}

export interface ChosenObjective {
  readonly objective: number;
  /** Of all events seen. */
  readonly errorRatio: number;
  /** Highest error ratio of any seven days in a row, each event weighing the same. */
  readonly worstWeekErrorRatio: number;
  readonly events: number;
  readonly days: number;
  /** How many times the worst week's error ratio fits into the budget; infinite without errors. */
  readonly margin: number;
}

export type NoObjective = 'too-few-days' | 'too-few-events' | 'too-many-errors';

/** The strictest usual objective that every week seen would have met with {@link MARGIN} to spare. */
export function chooseObjective(days: readonly DailyEvents[]): ChosenObjective | NoObjective {
  if (days.length < WEEK_DAYS) return 'too-few-days';
  const events = sum(days.map(({ total }) => total));
  if (events < (MINIMUM_EVENTS_A_WEEK * days.length) / WEEK_DAYS) return 'too-few-events';
  const weeks = days.slice(WEEK_DAYS - 1).map((_, start) => ratio(days.slice(start, start + WEEK_DAYS)));
  const worstWeekErrorRatio = Math.max(...weeks);
  const objective = OBJECTIVES.find((each) => worstWeekErrorRatio * MARGIN <= 1 - each);
  if (objective === undefined) return 'too-many-errors';
  return {
    objective,
    errorRatio: ratio(days),
    worstWeekErrorRatio,
    events,
    days: days.length,
    margin: (1 - objective) / worstWeekErrorRatio,
  };
}

/** 0 where there were no events: a week without any would have met every objective. */
function ratio(days: readonly DailyEvents[]): number {
  const total = sum(days.map((day) => day.total));
  return total > 0 ? sum(days.map(({ bad }) => bad)) / total : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
