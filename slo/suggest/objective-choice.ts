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

/** An objective before a week has been seen: the usual one, or what little data and traffic leave of it. */
export interface ProvisionalObjective {
  readonly objective: number;
  readonly errorRatio: number;
  /** What the share of failures may be for all that has been seen, with 95 % confidence. */
  readonly upperErrorRatio: number;
  /** Events that a period of 30 days would have at this rate. */
  readonly eventsAPeriod: number;
  /** Why it is no stricter. */
  readonly because: 'usual' | 'low-traffic' | 'failures';
}

const USUAL_OBJECTIVE = 0.995;
const PERIOD_SECONDS = 30 * 86_400;
/** As many failures a budget has to bear: with fewer, each one alone would be an incident. */
const MINIMUM_BUDGET_EVENTS = 10;
/** Standard normal quantile of 95 %, one-sided. */
const Z = 1.6449;

/** The objective to begin with, from whatever was seen in `seconds`. It is a convention, not yet a lesson of the past. */
export function provisionalObjective({ bad, total }: DailyEvents, seconds: number): ProvisionalObjective {
  const errorRatio = total > 0 ? bad / total : 0;
  const eventsAPeriod = (total / Math.max(seconds, 1)) * PERIOD_SECONDS;
  const bears = (objective: number) => (1 - objective) * eventsAPeriod >= MINIMUM_BUDGET_EVENTS;
  const keeps = (objective: number) => errorRatio * MARGIN <= 1 - objective;
  const possible = OBJECTIVES.filter((each) => each <= USUAL_OBJECTIVE);
  const objective = possible.find((each) => bears(each) && keeps(each)) ?? possible.at(-1)!;
  return {
    objective,
    errorRatio,
    upperErrorRatio: wilsonUpper(bad, total),
    eventsAPeriod,
    because:
      objective === USUAL_OBJECTIVE
        ? 'usual'
        : possible.find(bears) === objective
          ? 'low-traffic'
          : 'failures',
  };
}

/** Upper bound of Wilson's score interval; 1 without events. @see https://www.itl.nist.gov/div898/handbook/prc/section2/prc241.htm */
function wilsonUpper(bad: number, total: number): number {
  if (total <= 0) return 1;
  const share = Math.min(1, bad / total);
  const z2 = Z * Z;
  const spread = Z * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total * total));
  return Math.min(1, (share + z2 / (2 * total) + spread) / (1 + z2 / total));
}

/** 0 where there were no events: a week without any would have met every objective. */
function ratio(days: readonly DailyEvents[]): number {
  const total = sum(days.map((day) => day.total));
  return total > 0 ? sum(days.map(({ bad }) => bad)) / total : 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
