/**
 * All that a model knows about its series: numbers by name, and a slot for each part of the day and of the week. This
 * file alone knows how slots are packed, and in which order everything is stored: see {@link mapNumbers}. A change here
 * changes what a stored state means: raise VERSION in state-encoding.ts.
 */

export const HOURS_A_DAY = 24;

/** Upper and lower quantile of a residual, both as a distance; both 0 before the first residual. */
export class Quantiles {
  above = 0;
  below = 0;
}

/** Lowest and highest so far, NaN before the first value. */
export class Range {
  lowest = Number.NaN;
  highest = Number.NaN;
}

/** What is known of shifts of a level. */
export class LevelShift {
  /** Clipped residuals in a row, negative if below. */
  clippedRun = 0;
  /** Where the level was before its last shift, from where it is; days for which that counts, and samples back there. */
  formerOffset = 0;
  formerDaysLeft = 0;
  formerRun = 0;
}

/** What is known of the tail of a residual's distribution. */
export class Tail {
  scale = 0;
  count = 0;
  peak = 0;
  highestOfHour = 0;
  usualNow = 0;
  readonly usualPeaks = new Float64Array(HOURS_A_DAY);
}

/**
 * The seven lowest bits of a slot, some hundred-thousandths of its value: how often it was visited, and to which side
 * the last visit was clipped. A byte of its own for each slot would be a fifth of a model's memory.
 */
const VISITS = 0b001_1111;
const CLIPPED_ABOVE = 0b010_0000;
const CLIPPED_BELOW = 0b100_0000;
const NOTES = VISITS | CLIPPED_ABOVE | CLIPPED_BELOW;
const HALF_STEP = (NOTES + 1) / 2;

/** In the series' own unit (see `unit`), save counts, times and flags. */
export class ModelState {
  count = 0;
  lastTimestamp = 0;
  /** Values are divided by this power of two, so that float32 slots hold any magnitude. */
  unit = 0;
  lastValue = 0;
  /** How many events a value is usually a share of; 0 where that is not said. */
  meanEvents = 0;

  mean = 0;
  meanDeviation = 0;
  smoothValue = 0;
  smoothResidual = 0;

  level = 0;
  weeklyLevel = 0;
  typicalResidual = 0;
  weeklyTypicalResidual = 0;
  dailyError = 0;
  weeklyError = 0;
  levelError = 0;
  lastingLevelError = 0;
  lastingDailyError = 0;
  lastingWeeklyError = 0;
  weeklyCount = 0;
  lastDailySlot = -1;
  lastWeeklySlot = -1;

  sameRun = 0;
  longestSameRun = 0;
  /** When the run of equal values began, and for how many samples it has said that the series is stuck; -1: no more. */
  sameSince = 0;
  stuck = 0;
  /** How surprising the run is, the most so before, and what one more repeat adds at this hour. */
  runSurprise = 0;
  longestSurprise = 0;
  repeatSurprise = 0;
  hold = 0;
  hour = -1;
  /** The value of the longest run of equal values, and whether a negative value was ever seen. */
  flatValue = 0;
  negativeSeen = 0;
  /** The levels as they were when the day began. */
  dawnLevel = 0;
  dawnWeeklyLevel = 0;
  dawnSteadyLevel = 0;
  /**
   * The level alone: where the series is expected without a season, what it usually errs, samples in a row off
   * it.
   */
  steadyLevel = 0;
  steadyTypicalResidual = 0;
  steadyRun = 0;
  /** Sums of sizes on the second day: of residuals from the first day's season, and from the level alone. */
  firstSeasonResiduals = 0;
  firstLevelResiduals = 0;

  /**
   * The levels as they usually are: they follow the others over days, so that a slow drift shows between the two.
   */
  usualLevel = 0;
  usualWeeklyLevel = 0;
  usualSteadyLevel = 0;
  /**
   * Side of the present excursion of the level, its peak, the size last reported, the largest peak before,
   * samples since.
   */
  driftSide = 0;
  driftPeak = 0;
  driftReported = 0;
  driftUsualPeak = 0;
  driftRun = 0;
  /** How far the level is behind the series: smoothed residuals, clipped. */
  driftAhead = 0;
  /**
   * The level an hour ago, its change an hour, what forecasts of that change err with and without a trend, and
   * when that was last looked at.
   */
  hourlyLevel = 0;
  trend = 0;
  errorWithTrend = 0;
  errorWithoutTrend = 0;
  trendLooks = 0;
  trendTimestamp = 0;

  /** Typical size of residuals at each hour of the day, all 0 at first, and what that makes of the hour's width. */
  readonly hourlySizes = new Float64Array(HOURS_A_DAY);
  hourlyWidth = 1;
  /** Share of repeated values at each hour of the day that were followed by another. */
  readonly moveShares = new Float64Array(HOURS_A_DAY);
  readonly levelShift = new LevelShift();
  readonly weeklyLevelShift = new LevelShift();
  readonly quantiles = new Quantiles();
  /** Of residuals from the level at which the day began. */
  readonly dawnQuantiles = new Quantiles();
  readonly valueRange = new Range();
  readonly smoothValueRange = new Range();
  readonly residualRange = new Range();
  readonly smoothResidualRange = new Range();
  readonly residualTail = new Tail();
  readonly smoothResidualTail = new Tail();
  /** Deviations from the level: slots of the day first, then those of the week. */
  readonly slots: Float32Array;
  /** The same memory, bit by bit. */
  readonly #slotBits: Int32Array;

  /** @param slots of a day and of a week together */
  constructor(slots: number) {
    const memory = new ArrayBuffer(slots * 4);
    this.slots = new Float32Array(memory);
    this.#slotBits = new Int32Array(memory);
  }

  /** How often a slot was visited, 31 for more. */
  visits(slot: number): number {
    return this.#slotBits[slot]! & VISITS;
  }

  /** The side to which the last visit to a slot was clipped: 1, -1, or 0 if it was not. */
  clippedSide(slot: number): number {
    const notes = this.#slotBits[slot]!;
    return (notes & CLIPPED_ABOVE) !== 0 ? 1 : (notes & CLIPPED_BELOW) !== 0 ? -1 : 0;
  }

  /**
   * Rounds to the next value that leaves room for the notes.
   * @param visits counted up to 31
   * @param clippedSide 1, 0 or -1
   */
  setSlot(slot: number, value: number, visits: number, clippedSide: number): void {
    const clipped = clippedSide > 0 ? CLIPPED_ABOVE : clippedSide < 0 ? CLIPPED_BELOW : 0;
    this.slots[slot] = value;
    this.#slotBits[slot] =
      ((this.#slotBits[slot]! + HALF_STEP) & ~NOTES) | Math.min(VISITS, visits) | clipped;
  }
}

type Part = ModelState | LevelShift | Quantiles | Range | Tail;

/** Calls `visit` with every number of a state in the order in which it is stored; what it returns is the new number. */
export function mapNumbers(part: Part, visit: (number: number) => number): void {
  for (const [name, field] of Object.entries(part) as [keyof Part, unknown][]) {
    if (typeof field === 'number') part[name] = visit(field) as never;
    else if (field instanceof Float64Array)
      for (const [index, number] of field.entries()) field[index] = visit(number);
    else if (!(field instanceof Float32Array)) mapNumbers(field as Part, visit);
  }
}
