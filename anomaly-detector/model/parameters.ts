/**
 * What the model is tuned by: one set for every series. Rates are shares a sample, unless said otherwise. How each
 * came about, and what it brings, is in the README beside this file; `backtest/leave-one-out.ts` says whether others are better.
 */
export const PARAMETERS = {
  /** Samples before the first score. */
  warmUpPoints: 60,

  /** Share of a (clipped) residual that goes into the level. */
  levelRate: 0.02,
  /** Share that goes into a slot of the day or week at a visit; the first visits count 1/2, 1/3, ... */
  seasonRate: 0.05,
  /** A residual teaches at most this many typical residuals. */
  clip: 3,
  typicalResidualRate: 0.006,
  /** How fast the candidates' errors (daily, weekly, level alone) are compared. */
  errorRate: 0.005,
  /** Days over which the errors of day and week are remembered, and typical residuals that an error counts at most. */
  lastingErrorDays: 21,
  lastingErrorClip: 10,
  /** The week alone is expected to go on where it errs no more than this part of what the day errs. */
  weeklyWorthwhile: 0.8,
  /** The level alone is expected to continue where the season errs this much more. */
  seasonWorthwhile: 1.5,
  /** A slot that was off the same way at two visits in a row takes this share of the whole residual. */
  repeatedRate: 0.5,
  /** Slots earlier and later whose expectation is as good, seasons not being punctual: at least one, within minutes. */
  toleranceSlots: 2,
  toleranceMinutes: 60,
  /** On the first weekend what is no less than this part of the least ever seen is as expected. */
  firstWeekendShare: 0.5,
  /** Share of a clipped outlier that moves the level used where there is no season. */
  steadyCreep: 0.05,
  /** A shift that lasts this long is the new level; bounded in samples by the two below. */
  relevelHours: 4,
  relevelPointsMin: 24,
  relevelPointsMax: 240,
  /** Days for which the level before a shift is remembered, and samples back at it that restore it. */
  formerLevelDays: 3,
  formerLevelPoints: 3,
  /** What is no further from the former level than this part of the shift is back at it. */
  formerLevelShare: 0.3,

  /** A value teaches no more than lies this many widths of what was ever seen beyond it. */
  reachWidths: 2,

  /** Of a ratio: at this part of the usual number of events, chance is half of what a residual is made of. */
  eventShare: 0.2,

  /** Days over which the width of an hour's residuals is learnt, and how far from that of all it can be. */
  hourlyWidthDays: 7,
  hourlyWidthMax: 6,
  hourlyClip: 3,
  hourlyWidthPower: 1,

  /** Smoothing of residual and value, for what is lasting rather than high. */
  smoothResidualRate: 0.03,
  smoothValueRate: 0.1,

  /** Tail: an alarm by itself at 1 / gain tail scales, (gain * ratio)^power below. */
  tailGain: 0.115,
  tailPower: 2,
  tailMaximum: 50,
  /** Order of the norm: the higher, the longer one peak hides the next. */
  tailOrder: 3,
  /** Of steps of 5 min and more; with finer steps the memory is as long in time. */
  tailRate: 0.0003,
  /** A residual adds at most this many tail scales. */
  tailClip: 13,
  /** After a peak, what is not higher by this factor adds at most this part of a tail scale until the peak faded. */
  tailPeakMargin: 1.3,
  tailShadow: 0.5,
  tailPeakHalfLifeDays: 0.1,
  tailSmoothWeight: 0.6,
  /** Share of the usual peak at this hour of the day that counts as tail scale. */
  hourlyTolerance: 0.35,
  hourlyRate: 0.5,
  /** Where an hour is calm, its scale is this many usual peaks of it, but no less than this part of that of all hours. */
  calmPeaks: 2,
  calmShareMin: 0.1,
  /** What is no further than this many usual peaks is no record. */
  hourlyRecords: 1.25,

  /** Drift: days over which the usual level follows the level, and days before it is known. */
  usualLevelDays: 2,
  driftDaysNeeded: 5,
  /** Share of a clipped residual in how far the series is ahead of its level. */
  driftRate: 0.03,
  /** A drift is at least this many typical residuals, and so many times the largest excursion before. */
  driftResiduals: 2.5,
  driftFactor: 2.5,
  driftEvidence: 1,
  /** It is over below this part of its size, or usual when it has not grown for so long. */
  driftOver: 0.5,
  driftHours: 24,

  /** Records: evidence for each range's width beyond the highest or lowest ever, at most 1 each. */
  recordGain: 10,
  recordHalfLifeDays: 120,
  recordWeightValue: 0.7,
  recordWeightResidual: 0.4,
  recordWeightSmoothResidual: 0.5,
  recordWeightSmoothValue: 0.8,

  /** Same value over and over: evidence once the run is this much longer than any before. */
  flatEvidence: 1.2,
  flatPointsMin: 12,
  flatFactor: 3,
  /** How fast it is learnt how often a value that came twice comes again. */
  repeatRate: 0.06,
  /** A run is as good as impossible from this surprise on (a chance of exp of minus that), and so many times the most before. */
  runSurpriseMin: 11,
  runSurpriseFactor: 1.75,
  runDaysNeeded: 8,
  /** What adds up slowly is no proof: hours at which a series seldom repeats itself say little of long runs. */
  runPointsMax: 48,
  /** An hour whose residuals are this part as wide as all or less is one at which the series may rest. */
  stuckWidthMin: 0.3,
  /** Where less than this part of the range of values off it is expected, the value that it rested at is as expected. */
  restShare: 0.1,

  /** Evidence counts half at this many samples, and half at this many hours. */
  youthPoints: 100,
  youthHours: 2,
  /** Evidence falls with this power of the step below 5 min: more samples an hour, more extremes an hour. */
  densityPower: 0.15,

  /** Off in a row: samples count from this many half widths of the interval on, and alarm once they add up to the sum. */
  lastingMagnitude: 2.5,
  lastingSum: 12,
  lastingSamples: 2,
  /** Scales of the tail that a half width is at least: what a series of heavy tails strays often is not far off for it. */
  lastingTailScales: 0.8,
  /** While an anomaly lasts, its samples score from here up to an alarm, which is of those that open one. */
  lastingScore: 0.49,

  /** After an alarm only a clearly higher score is one again; the bar falls by half in this time. */
  holdHalfLifeDays: 0.25,
  holdStep: 0.1,
  heldShare: 0.2,

  /** Damped trend of forecasts: shares an hour, and the part of the error without it below which it is used. */
  trendRate: 0.1,
  trendDamping: 0.97,
  trendErrorRate: 0.03,
  trendWorthwhile: 0.7,
  trendLooksNeeded: 6,
  trendHoursMax: 3,

  /** Share of ordinary values that the interval shall hold. */
  coverage: 0.95,
  quantileRate: 0.03,
} as const;
export type Parameters = { readonly [Name in keyof typeof PARAMETERS]: number };
