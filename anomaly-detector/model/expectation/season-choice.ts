import type { Parameters } from '../parameters.ts';
import type { ModelState } from '../state/model-state.ts';

/** What an expectation is made of beside the level; `level` is: nothing. */
export type BaselineSource = 'level' | 'daily' | 'weekly';

/** What is known of the season at one moment. */
export interface SeasonKnown {
  readonly daily: boolean;
  readonly weekly: boolean;
  /** The seasons are a person's choice: they are used where they are known, without a comparison. */
  readonly isChosen: boolean;
  readonly samplesPerDay: number;
  readonly pointsPerDay: number;
}

/** The week where it errs clearly less than the day, the level alone where it errs much less than both. */
export function chooseSource(s: ModelState, known: SeasonKnown, parameters: Parameters): BaselineSource {
  if (!known.daily) return 'level';
  const weeklyIsBetter =
    known.weekly &&
    (known.isChosen ||
      (s.weeklyCount > known.samplesPerDay / 2 &&
        s.lastingWeeklyError < parameters.weeklyWorthwhile * s.lastingDailyError));
  if (known.isChosen || s.count <= known.samplesPerDay || isWorthwhile(s, weeklyIsBetter, known, parameters))
    return weeklyIsBetter ? 'weekly' : 'daily';
  return 'level';
}

/** Whether a season errs less than the level alone, of late or for weeks: a holiday does not end it. */
function isWorthwhile(
  s: ModelState,
  weekly: boolean,
  { pointsPerDay }: SeasonKnown,
  { seasonWorthwhile }: Parameters,
): boolean {
  if (s.levelError * seasonWorthwhile >= (weekly ? s.weeklyError : s.dailyError)) return true;
  const lasting = weekly ? s.lastingWeeklyError : s.lastingDailyError;
  return s.weeklyCount > pointsPerDay && s.lastingLevelError * seasonWorthwhile >= lasting;
}

/** Residuals from what the level alone, the day and the week expected of one sample. */
export interface CandidateResiduals {
  readonly level: number;
  readonly daily: number;
  readonly weekly: number;
}

/**
 * Errors remembered for weeks: on five days of the week, the seasons of day and week are as good as each other.
 * @param limit size from which a residual is clipped
 */
export function followLastingErrors(
  s: ModelState,
  { level, daily, weekly }: CandidateResiduals,
  { limit, pointsPerDay }: { limit: number; pointsPerDay: number },
  parameters: Parameters,
): void {
  const { lastingErrorDays, lastingErrorClip, clip } = parameters;
  const rate = Math.max(1 / (s.weeklyCount + 1), 1 / (lastingErrorDays * pointsPerDay));
  const most = (lastingErrorClip / clip) * limit;
  s.lastingLevelError += rate * (Math.min(Math.abs(level), most) - s.lastingLevelError);
  s.lastingDailyError += rate * (Math.min(Math.abs(daily), most) - s.lastingDailyError);
  s.lastingWeeklyError += rate * (Math.min(Math.abs(weekly), most) - s.lastingWeeklyError);
}
