import type { Parameters } from '../parameters.ts';
import type { LevelShift, ModelState } from '../state/model-state.ts';
import {
  allowForFirstWeekend,
  allowForFormerLevel,
  allowForRest,
  type ExpectedRange,
  expectBetween,
  holdWithin,
} from './expected-range.ts';
import { followLevelShift, followSteadyLevel } from './level-shift.ts';
import { driftOf, followUsualLevels, levelOf, risenSinceDawn } from './levels.ts';
import { type BaselineSource, chooseSource, followLastingErrors } from './season-choice.ts';
import { learnDaily, learnWeekly } from './season-learning.ts';
import { isWeekend, type SeasonSlots, secondOfDay, secondOfWeek } from './season-slots.ts';
import { startSlot } from './slot-learning.ts';

interface BaselineOptions {
  readonly stepSeconds: number;
  /** The seasons are a person's choice: they are used where they are known, without a comparison. */
  readonly isChosen: boolean;
  readonly parameters: Parameters;
  /** What the value cannot be beyond, in its unit. */
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * What the series is expected to be: a level and a deviation from it for each slot of the day and of the week, the
 * better of the two, or the level alone where neither is worth it. One object serves one series: what {@link lookAt}
 * found is read from its fields until the next look.
 */
export class SeasonalBaseline implements ExpectedRange {
  source: BaselineSource = 'level';
  expected = 0;
  /** The expectations of the slots around: what lies between is as expected. */
  low = 0;
  high = 0;
  #dailySlot = -1;
  #weeklySlot = -1;
  #knowsDaily = false;
  #knowsWeekly = false;
  #clipLimit = 0;
  #weight = 1;

  readonly #state: ModelState;
  readonly #slots: SeasonSlots;
  readonly #parameters: Parameters;
  readonly #relevelPoints: number;
  readonly #reach: number;
  readonly #pointsPerDay: number;
  readonly #isChosen: boolean;
  readonly #minimum: number;
  readonly #maximum: number;

  constructor(
    state: ModelState,
    slots: SeasonSlots,
    { stepSeconds, isChosen, parameters, minimum, maximum }: BaselineOptions,
  ) {
    this.#minimum = minimum;
    this.#maximum = maximum;
    this.#isChosen = isChosen;
    this.#state = state;
    this.#slots = slots;
    this.#parameters = parameters;
    this.#pointsPerDay = Math.max(1, Math.round(86_400 / stepSeconds));
    const { toleranceSlots, toleranceMinutes } = parameters;
    this.#reach = Math.round(
      Math.min(toleranceSlots, Math.max(1, (toleranceMinutes * 60) / slots.slotSeconds)),
    );
    this.#relevelPoints = Math.min(
      parameters.relevelPointsMax,
      Math.max(parameters.relevelPointsMin, Math.round((parameters.relevelHours * 3600) / stepSeconds)),
    );
  }

  /**
   * Works out the expectation for a moment from the past alone.
   * @param weight how much of a deviation is news then, 0..1: all residuals are weighed by it
   */
  lookAt(localSeconds: number, weight: number): void {
    const s = this.#state;
    this.#weight = weight;
    const { daily, weekly, slotSeconds, samplesPerSlot } = this.#slots;
    this.#dailySlot =
      daily > 0 ? Math.min(daily - 1, Math.floor(secondOfDay(localSeconds) / slotSeconds)) : -1;
    this.#weeklySlot =
      weekly > 0 ? Math.min(weekly - 1, Math.floor(secondOfWeek(localSeconds) / slotSeconds)) : -1;
    this.#knowsDaily = this.#knows(this.#dailySlot, this.#dailySlot, s.lastDailySlot);
    this.#knowsWeekly = this.#knows(this.#weeklySlot, daily + this.#weeklySlot, s.lastWeeklySlot);
    const known = {
      daily: this.#knowsDaily,
      weekly: this.#knowsWeekly,
      isChosen: this.#isChosen,
      samplesPerDay: daily * samplesPerSlot,
      pointsPerDay: this.#pointsPerDay,
    };
    this.source = chooseSource(s, known, this.#parameters);
    if (this.source === 'level') this.#expectLevel();
    else if (this.source === 'daily') {
      this.#expectDay();
      allowForFormerLevel(this, s.levelShift);
      if (this.#knowsWeekly) this.#allowForWeek();
    } else {
      this.#expectWeek();
      allowForFormerLevel(this, s.weeklyLevelShift);
    }
    if (weekly > 0 && !this.#knowsWeekly && isWeekend(localSeconds))
      allowForFirstWeekend(this, s, this.#parameters.firstWeekendShare);
    // A quantity that was never negative is not expected to be.
    if (s.negativeSeen === 0) holdWithin(this, 0, Number.POSITIVE_INFINITY);
    holdWithin(this, this.#minimum / s.unit, this.#maximum / s.unit);
    allowForRest(this, s, this.#parameters);
  }

  /** Visits to the slot last looked at before the one that may be going on; 30 for more, 0 without a season. */
  get visitsBefore(): number {
    const s = this.#state;
    if (this.source === 'level') return 0;
    const [slot, start, last] =
      this.source === 'daily'
        ? [this.#dailySlot, 0, s.lastDailySlot]
        : [this.#weeklySlot, this.#slots.daily, s.lastWeeklySlot];
    return Math.max(0, s.visits(start + slot) - (slot === last ? 1 : 0));
  }

  #expectLevel(): void {
    const { steadyLevel } = this.#state;
    this.expected = steadyLevel;
    this.low = steadyLevel;
    this.high = steadyLevel;
  }

  #expectDay(): void {
    const around = { start: 0, length: this.#slots.daily, slot: this.#dailySlot, reach: this.#reach };
    expectBetween(this, this.#state, this.#state.level, around);
  }

  #expectWeek(): void {
    const { daily: start, weekly: length } = this.#slots;
    const around = { start, length, slot: this.#weeklySlot, reach: this.#reach };
    expectBetween(this, this.#state, this.#state.weeklyLevel, around);
  }

  /** Until it is plain which of the two is right, what either expects is as expected, and what lies between. */
  #allowForWeek(): void {
    const { expected, low, high } = this;
    this.#expectWeek();
    this.low = Math.min(low, this.low);
    this.high = Math.max(high, this.high);
    this.expected = expected;
  }

  /** Distance of a value from what is expected, 0 within the tolerance for unpunctual seasons. */
  residualOf(value: number): number {
    const s = this.#state;
    const residual = this.#beyondRange(value);
    // A slot seen but once may have been off itself: then the next best expectation has a say, too.
    if (this.source === 'daily' && s.visits(this.#dailySlot) <= 1)
      return nearer(residual, this.#weight * (value - s.steadyLevel));
    if (this.source === 'weekly' && s.visits(this.#slots.daily + this.#weeklySlot) <= 1)
      return nearer(residual, this.#dailyResidual(value));
    return residual;
  }

  /** As {@link residualOf}, but from the level at which the day began: what a forecast made then was off by. */
  residualFromDawn(value: number): number {
    return this.#beyondRange(value + risenSinceDawn(this.#state, this.source));
  }

  #beyondRange(value: number): number {
    return this.#weight * (value > this.high ? value - this.high : value < this.low ? value - this.low : 0);
  }

  /** Whether the level has been known for long enough to have a usual one. */
  get knowsUsualLevel(): boolean {
    return this.#state.count > this.#parameters.driftDaysNeeded * this.#pointsPerDay;
  }

  /** How far the level is from where it usually is. */
  drift(): number {
    return driftOf(this.#state, this.source);
  }

  /** The level that the expectation at the moment last looked at is counted from. */
  get currentLevel(): number {
    return levelOf(this.#state, this.source);
  }

  /** Of the level of the season that is used, of the day where none is. */
  get levelShift(): LevelShift {
    return this.source === 'weekly' ? this.#state.weeklyLevelShift : this.#state.levelShift;
  }

  /** What is left of the size of residuals now that the first day's season is known, 0..1. */
  gainOfFirstSeason(): number {
    const s = this.#state;
    if (s.firstLevelResiduals === 0) return 1;
    return Math.min(1, s.firstSeasonResiduals / s.firstLevelResiduals);
  }

  /** Learns from a value at the moment last looked at. `floor` is the least a typical residual can be. */
  learn(value: number, floor: number, days: number, warm: boolean): void {
    const s = this.#state;
    const parameters = this.#parameters;
    const levelResidual = this.#weight * (value - s.steadyLevel);
    followSteadyLevel(s, { residual: levelResidual, floor, shiftPoints: this.#relevelPoints }, parameters);
    this.#clipLimit = parameters.clip * Math.max(Math.max(1, s.hourlyWidth) * s.typicalResidual, floor);
    const weeklyResidual = this.#knowsWeekly ? this.#weeklyResidual(value) : 0;
    if (this.#knowsDaily) this.#learnDay(value, { levelResidual, weeklyResidual, days, warm });
    else {
      // The level stays where it is until each slot was seen: level and season are known only up to a constant.
      const rate = Math.max(parameters.typicalResidualRate, 1 / s.count);
      s.typicalResidual += rate * (Math.abs(levelResidual) - s.typicalResidual);
      if (this.#dailySlot >= 0) startSlot(s, this.#dailySlot, this.#weight * (value - s.level));
    }
    if (this.#knowsWeekly) learnWeekly(s, this.#weeklyLesson(weeklyResidual), parameters);
    else if (this.#weeklySlot >= 0)
      startSlot(s, this.#slots.daily + this.#weeklySlot, this.#weight * (value - s.weeklyLevel));
    followUsualLevels(s, days, this.#pointsPerDay, parameters);
    s.lastDailySlot = this.#dailySlot;
    s.lastWeeklySlot = this.#weeklySlot;
  }

  /** What the week explains is no news of the day. */
  #learnDay(
    value: number,
    known: { levelResidual: number; weeklyResidual: number; days: number; warm: boolean },
  ): void {
    const s = this.#state;
    const { levelResidual, weeklyResidual, days, warm } = known;
    const { errorRate } = this.#parameters;
    const limit = this.#clipLimit;
    const residual = this.#dailyResidual(value);
    const isOfWeek = this.#knowsWeekly && Math.abs(residual) > limit && Math.abs(weeklyResidual) <= limit;
    if (warm && !isOfWeek) {
      const by = this.#shiftOf(s.levelShift, residual, days);
      s.level += by;
      s.usualLevel += by;
    }
    if (warm && this.#knowsWeekly) {
      const by = this.#shiftOf(s.weeklyLevelShift, weeklyResidual, days);
      s.weeklyLevel += by;
      s.usualWeeklyLevel += by;
    }
    if (this.#knowsWeekly) {
      s.dailyError += errorRate * (Math.min(Math.abs(residual), limit) - s.dailyError);
      const candidates = { level: levelResidual, daily: residual, weekly: weeklyResidual };
      const bounds = { limit, pointsPerDay: this.#pointsPerDay };
      followLastingErrors(s, candidates, bounds, this.#parameters);
    }
    s.levelError += errorRate * (Math.min(Math.abs(levelResidual), limit) - s.levelError);
    s.firstSeasonResiduals += Math.abs(residual);
    s.firstLevelResiduals += Math.abs(levelResidual);
    if (isOfWeek) return;
    const slot = this.#dailySlot;
    const sameVisit = this.#isSameVisit(slot, s.lastDailySlot);
    const lesson = { slots: this.#slots, slot, residual, clipLimit: limit, sameVisit, warm };
    learnDaily(s, lesson, this.#parameters);
  }

  #weeklyLesson(residual: number) {
    const slot = this.#weeklySlot;
    const sameVisit = this.#isSameVisit(slot, this.#state.lastWeeklySlot);
    return { slots: this.#slots, slot, residual, clipLimit: this.#clipLimit, sameVisit };
  }

  /** Whether a slot was seen before: what the samples of its first visit say of each other is no season. */
  #knows(slot: number, index: number, last: number): boolean {
    if (slot < 0) return false;
    const visits = this.#state.visits(index);
    return visits > 1 || (visits === 1 && !this.#isSameVisit(slot, last));
  }

  #isSameVisit(slot: number, last: number): boolean {
    return this.#slots.samplesPerSlot > 1 && last === slot;
  }

  #dailyResidual(value: number): number {
    if (!this.#knowsDaily) return 0;
    return this.#weight * (value - (this.#state.level + this.#state.slots[this.#dailySlot]!));
  }

  #weeklyResidual(value: number): number {
    const slot = this.#slots.daily + this.#weeklySlot;
    return this.#weight * (value - (this.#state.weeklyLevel + this.#state.slots[slot]!));
  }

  /** By how much a level moves to where its series has settled; mostly 0. */
  #shiftOf(shift: LevelShift, residual: number, days: number): number {
    const sample = { residual, limit: this.#clipLimit, days, shiftPoints: this.#relevelPoints };
    const by = followLevelShift(shift, sample, this.#parameters);
    if (by !== 0) this.#state.smoothResidual = 0;
    return by;
  }
}

const nearer = (a: number, b: number): number => (Math.abs(b) < Math.abs(a) ? b : a);
