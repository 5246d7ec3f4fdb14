/** Fields of one tail that each sample touches: kept together, apart from those of each hour. */
const TAIL_FIELDS = 5;
const HOURS = 24;
const TAILS = 62;

/**
 * Where each scalar lies in a model's state (float64). All in the series' own unit, see `unit`, save counts and times.
 * Changing anything here changes what a stored state means: raise VERSION in model-state.ts.
 */
export const AT = {
  count: 0,
  lastTimestamp: 1,
  /** Values are divided by this power of two, so that float32 slots hold any magnitude. */
  unit: 2,
  lastValue: 3,

  mean: 4,
  meanDeviation: 5,
  smoothValue: 6,
  smoothResidual: 7,

  level: 8,
  weeklyLevel: 9,
  typicalResidual: 10,
  weeklyTypicalResidual: 11,
  dailyError: 12,
  weeklyError: 13,
  levelError: 14,
  weeklyCount: 15,
  lastDailySlot: 16,
  lastWeeklySlot: 17,

  /** Clipped residuals in a row, negative if below. */
  clippedRun: 18,
  formerLevelOffset: 19,
  formerWeeklyLevelOffset: 20,
  formerLevelDaysLeft: 21,
  formerLevelRun: 22,

  sameRun: 23,
  longestSameRun: 24,
  hold: 25,
  quantileAbove: 26,
  quantileBelow: 27,
  hour: 28,
  /** The levels as they were when the day began, and the quantiles of residuals from those. */
  dawnLevel: 29,
  dawnWeeklyLevel: 30,
  dawnSteadyLevel: 31,
  dawnQuantileAbove: 32,
  dawnQuantileBelow: 33,
  /** The level alone: where the series is expected without a season, what it usually errs, samples in a row off it. */
  steadyLevel: 34,
  steadyTypicalResidual: 35,
  steadyRun: 36,
  /** Sums of sizes on the second day: of residuals from the first day's season, and from the level alone. */
  firstSeasonResiduals: 37,
  firstLevelResiduals: 38,

  /** The levels as they usually are: they follow the others over days, so that a slow drift shows between the two. */
  usualLevel: 39,
  usualWeeklyLevel: 40,
  usualSteadyLevel: 41,
  /** Side of the present excursion of the level, its peak, the size last reported, the largest peak before. */
  driftSide: 42,
  driftPeak: 43,
  driftReported: 44,
  driftUsualPeak: 45,
  /** Samples since that peak. */
  driftRun: 46,
  /** How far the level is behind the series: smoothed residuals, clipped. */
  driftAhead: 47,
  /** The level an hour ago, its change an hour, and what forecasts of that change err with and without a trend. */
  hourlyLevel: 48,
  trend: 49,
  errorWithTrend: 50,
  errorWithoutTrend: 51,
  trendLooks: 52,
  /** When the trend was last looked at. */
  trendTimestamp: 53,

  /** Lowest and highest of value, residual, smoothed residual, smoothed value; NaN before the first. */
  records: 54,
  /** Scale, count, peak, highest of this hour, usual of this hour and its neighbours. */
  tailOfResidual: TAILS,
  tailOfSmoothResidual: TAILS + TAIL_FIELDS,
  /** The usual peaks of each hour of the day. */
  peaksOfResidual: TAILS + 2 * TAIL_FIELDS,
  peaksOfSmoothResidual: TAILS + 2 * TAIL_FIELDS + HOURS,
} as const;

export const SCALARS = TAILS + 2 * TAIL_FIELDS + 2 * HOURS;
