import type { Parameters } from '../parameters.ts';
import type { LevelShift, ModelState } from '../state/model-state.ts';
import { followLevelShift, followSteadyLevel } from './level-shift.ts';
import { type SeasonSlots, secondOfDay, secondOfWeek } from './season-slots.ts';
import { learnSlot, startSlot } from './slot-learning.ts';

export type BaselineSource = 'level' | 'daily' | 'weekly';

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
export class SeasonalBaseline {
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
  readonly #toleranceSlots: number;
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
    this.#toleranceSlots = Math.round(
      Math.min(
        parameters.toleranceSlots,
        Math.max(1, (parameters.toleranceMinutes * 60) / slots.slotSeconds),
      ),
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
    const samplesPerDay = daily * samplesPerSlot;
    this.source = 'level';
    if (this.#knowsDaily) {
      const weeklyIsBetter =
        this.#knowsWeekly &&
        (this.#isChosen ||
          (s.weeklyCount > samplesPerDay / 2 &&
            s.lastingWeeklyError < this.#parameters.weeklyWorthwhile * s.lastingDailyError));
      if (this.#isChosen || s.count <= samplesPerDay || this.#isWorthwhile(weeklyIsBetter))
        this.source = weeklyIsBetter ? 'weekly' : 'daily';
    }
    this.#lookAtSource(s);
    if (this.source === 'daily') this.#allowForFormerLevel(s.levelShift);
    else if (this.source === 'weekly') this.#allowForFormerLevel(s.weeklyLevelShift);
    if (this.source === 'daily' && this.#knowsWeekly) this.#allowForWeek(s);
    this.#holdToPossible(s);
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

  /** What looked like a new level may have been a long incident: its end, back at the former one, is no other. */
  #allowForFormerLevel({ formerOffset, formerDaysLeft }: LevelShift): void {
    if (formerDaysLeft <= 0) return;
    this.low = Math.min(this.low, this.low + formerOffset);
    this.high = Math.max(this.high, this.high + formerOffset);
  }

  /** Until it is plain which of the two is right, what either expects is as expected, and what lies between. */
  #allowForWeek(s: ModelState): void {
    const { expected, low, high } = this;
    this.#expectBetween(s.weeklyLevel, this.#slots.daily, this.#slots.weekly, this.#weeklySlot);
    this.low = Math.min(low, this.low);
    this.high = Math.max(high, this.high);
    this.expected = expected;
  }

  /** Whether a season errs less than the level alone, of late or for weeks: a holiday does not end it. */
  #isWorthwhile(weekly: boolean): boolean {
    const s = this.#state;
    const { seasonWorthwhile } = this.#parameters;
    if (s.levelError * seasonWorthwhile >= (weekly ? s.weeklyError : s.dailyError)) return true;
    const lasting = weekly ? s.lastingWeeklyError : s.lastingDailyError;
    return s.weeklyCount > this.#pointsPerDay && s.lastingLevelError * seasonWorthwhile >= lasting;
  }

  #lookAtSource(s: ModelState): void {
    const { daily, weekly } = this.#slots;
    if (this.source === 'level') this.#expectBetween(s.steadyLevel, 0, 0, 0);
    else if (this.source === 'daily') this.#expectBetween(s.level, 0, daily, this.#dailySlot);
    else this.#expectBetween(s.weeklyLevel, daily, weekly, this.#weeklySlot);
  }

  /** A quantity that was never negative is not expected to be; and what it rested at for long is as expected. */
  #holdToPossible(s: ModelState): void {
    if (s.negativeSeen === 0) {
      this.expected = Math.max(this.expected, 0);
      this.low = Math.max(this.low, 0);
      this.high = Math.max(this.high, 0);
    }
    this.#holdWithin(this.#minimum / s.unit, this.#maximum / s.unit);
    const { lowest, highest } = s.valueRange;
    const isNear = Math.abs(this.expected - s.flatValue) <= this.#parameters.restShare * (highest - lowest);
    if (isNear && s.longestSameRun >= this.#parameters.flatPointsMin) {
      this.low = Math.min(this.low, s.flatValue);
      this.high = Math.max(this.high, s.flatValue);
    }
  }

  #holdWithin(minimum: number, maximum: number): void {
    if (!(minimum <= maximum)) return;
    this.expected = Math.min(Math.max(this.expected, minimum), maximum);
    this.low = Math.min(Math.max(this.low, minimum), maximum);
    this.high = Math.min(Math.max(this.high, minimum), maximum);
  }

  /** Distance of a value from what is expected, 0 within the tolerance for unpunctual seasons. */
  residualOf(value: number): number {
    const s = this.#state;
    const residual =
      this.#weight * (value > this.high ? value - this.high : value < this.low ? value - this.low : 0);
    // A slot seen but once may have been off itself: then the next best expectation has a say, too.
    if (this.source === 'daily' && this.#state.visits(this.#dailySlot) <= 1)
      return nearer(residual, this.#weight * (value - s.steadyLevel));
    if (this.source === 'weekly' && this.#state.visits(this.#slots.daily + this.#weeklySlot) <= 1)
      return nearer(residual, this.#dailyResidual(value));
    return residual;
  }

  /** As {@link residualOf}, but from the level at which the day began: what a forecast made then was off by. */
  residualFromDawn(value: number): number {
    const s = this.#state;
    const risen =
      this.source === 'level'
        ? s.steadyLevel - s.dawnSteadyLevel
        : this.source === 'daily'
          ? s.level - s.dawnLevel
          : s.weeklyLevel - s.dawnWeeklyLevel;
    const shifted = value + risen;
    return (
      this.#weight * (shifted > this.high ? shifted - this.high : shifted < this.low ? shifted - this.low : 0)
    );
  }

  /** Whether the level has been known for long enough to have a usual one. */
  get knowsUsualLevel(): boolean {
    return this.#state.count > this.#parameters.driftDaysNeeded * this.#pointsPerDay;
  }

  /** How far the level is from where it usually is. */
  drift(): number {
    const s = this.#state;
    if (this.source === 'level') return s.steadyLevel - s.usualSteadyLevel;
    return this.source === 'daily' ? s.level - s.usualLevel : s.weeklyLevel - s.usualWeeklyLevel;
  }

  /** Days behind the levels; at once where a reported drift has not grown for long: then that is what is usual. */
  #followUsualLevels(days: number): void {
    const s = this.#state;
    const { driftHours, usualLevelDays } = this.#parameters;
    const isUsual = s.driftReported > 0 && s.driftRun > (driftHours / 24) * this.#pointsPerDay;
    const rate = isUsual ? 1 : Math.min(1, Math.max(days / usualLevelDays, 1 / s.count));
    s.usualLevel += rate * (s.level - s.usualLevel);
    s.usualWeeklyLevel += rate * (s.weeklyLevel - s.usualWeeklyLevel);
    s.usualSteadyLevel += rate * (s.steadyLevel - s.usualSteadyLevel);
  }

  /** The level that the expectation at the moment last looked at is counted from. */
  get currentLevel(): number {
    const s = this.#state;
    if (this.source === 'level') return s.steadyLevel;
    return this.source === 'daily' ? s.level : s.weeklyLevel;
  }

  /** What is left of the size of residuals now that the first day's season is known, 0..1. */
  gainOfFirstSeason(): number {
    const s = this.#state;
    if (s.firstLevelResiduals === 0) return 1;
    return Math.min(1, s.firstSeasonResiduals / s.firstLevelResiduals);
  }

  /** Notes the levels as those of the day that begins. */
  dawn(): void {
    const s = this.#state;
    s.dawnLevel = s.level;
    s.dawnWeeklyLevel = s.weeklyLevel;
    s.dawnSteadyLevel = s.steadyLevel;
  }

  /** Learns from a value at the moment last looked at. `floor` is the least a typical residual can be. */
  learn(value: number, floor: number, days: number, warm: boolean): void {
    const s = this.#state;
    const { errorRate } = this.#parameters;
    const levelResidual = this.#weight * (value - s.steadyLevel);
    followSteadyLevel(
      s,
      { residual: levelResidual, floor, shiftPoints: this.#relevelPoints },
      this.#parameters,
    );
    this.#clipLimit = this.#parameters.clip * Math.max(Math.max(1, s.hourlyWidth) * s.typicalResidual, floor);
    const dailyResidual = this.#dailyResidual(value);
    const weeklyResidual = this.#knowsWeekly ? this.#weeklyResidual(value) : 0;

    if (this.#knowsDaily) {
      const absolute = Math.min(Math.abs(dailyResidual), this.#clipLimit);
      const isOfWeek =
        this.#knowsWeekly &&
        Math.abs(dailyResidual) > this.#clipLimit &&
        Math.abs(weeklyResidual) <= this.#clipLimit;
      if (warm && !isOfWeek) this.#followShift(dailyResidual, days);
      if (warm && this.#knowsWeekly) this.#followWeeklyShift(weeklyResidual, days);
      if (this.#knowsWeekly) {
        s.dailyError += errorRate * (absolute - s.dailyError);
        this.#followLastingErrors(levelResidual, dailyResidual, weeklyResidual);
      }
      s.levelError += errorRate * (Math.min(Math.abs(levelResidual), this.#clipLimit) - s.levelError);
      s.firstSeasonResiduals += Math.abs(dailyResidual);
      s.firstLevelResiduals += Math.abs(levelResidual);
      this.#learnDaily(dailyResidual, absolute, { warm, isOfWeek });
    } else {
      // The level stays where it is until each slot was seen: level and season are known only up to a constant.
      const rate = Math.max(this.#parameters.typicalResidualRate, 1 / s.count);
      s.typicalResidual += rate * (Math.abs(levelResidual) - s.typicalResidual);
      if (this.#dailySlot >= 0) startSlot(s, this.#dailySlot, this.#weight * (value - s.level));
    }
    if (this.#knowsWeekly) this.#learnWeekly(weeklyResidual);
    else if (this.#weeklySlot >= 0) {
      startSlot(s, this.#slots.daily + this.#weeklySlot, this.#weight * (value - s.weeklyLevel));
    }
    this.#followUsualLevels(days);
    s.lastDailySlot = this.#dailySlot;
    s.lastWeeklySlot = this.#weeklySlot;
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

  #expectBetween(level: number, start: number, length: number, slot: number): void {
    if (length === 0) {
      this.expected = level;
      this.low = level;
      this.high = level;
      return;
    }
    const state = this.#state;
    const own = state.slots[start + slot]!;
    let low = own;
    let high = own;
    const reach = this.#toleranceSlots;
    for (let distance = -reach; distance <= reach; distance += 1) {
      const neighbour = start + ((slot + distance + length) % length);
      if (state.visits(neighbour) === 0) continue;
      const value = state.slots[neighbour]!;
      if (value < low) low = value;
      else if (value > high) high = value;
    }
    this.expected = level + own;
    this.low = level + low;
    this.high = level + high;
  }

  /** Errors remembered for weeks: on five days of the week, the seasons of day and week are as good as each other. */
  #followLastingErrors(level: number, daily: number, weekly: number): void {
    const s = this.#state;
    const { lastingErrorDays, lastingErrorClip, clip } = this.#parameters;
    const rate = Math.max(1 / (s.weeklyCount + 1), 1 / (lastingErrorDays * this.#pointsPerDay));
    const limit = (lastingErrorClip / clip) * this.#clipLimit;
    s.lastingLevelError += rate * (Math.min(Math.abs(level), limit) - s.lastingLevelError);
    s.lastingDailyError += rate * (Math.min(Math.abs(daily), limit) - s.lastingDailyError);
    s.lastingWeeklyError += rate * (Math.min(Math.abs(weekly), limit) - s.lastingWeeklyError);
  }

  #followShift(residual: number, days: number): void {
    const s = this.#state;
    const by = this.#shiftOf(s.levelShift, residual, days);
    s.level += by;
    s.usualLevel += by;
  }

  #followWeeklyShift(residual: number, days: number): void {
    const s = this.#state;
    const by = this.#shiftOf(s.weeklyLevelShift, residual, days);
    s.weeklyLevel += by;
    s.usualWeeklyLevel += by;
  }

  /** By how much a level moves to where its series has settled; mostly 0. */
  #shiftOf(shift: LevelShift, residual: number, days: number): number {
    const sample = { residual, limit: this.#clipLimit, days, shiftPoints: this.#relevelPoints };
    const by = followLevelShift(shift, sample, this.#parameters);
    if (by !== 0) this.#state.smoothResidual = 0;
    return by;
  }

  /** What the week explains is no news of the day. */
  #learnDaily(
    residual: number,
    absolute: number,
    { warm, isOfWeek }: { warm: boolean; isOfWeek: boolean },
  ): void {
    const s = this.#state;
    const { levelRate, typicalResidualRate } = this.#parameters;
    const limit = warm ? this.#clipLimit : Number.POSITIVE_INFINITY;
    if (isOfWeek) return;
    s.level += levelRate * clip(residual, limit);
    s.typicalResidual += Math.max(typicalResidualRate, 1 / s.count) * (absolute - s.typicalResidual);
    const { daily, samplesPerSlot } = this.#slots;
    const sameVisit = this.#isSameVisit(this.#dailySlot, s.lastDailySlot);
    learnSlot(
      s,
      { start: 0, length: daily, slot: this.#dailySlot, residual, limit, sameVisit, samplesPerSlot },
      this.#parameters,
    );
  }

  #learnWeekly(residual: number): void {
    const s = this.#state;
    const { clip: clipFactor, levelRate, typicalResidualRate, errorRate } = this.#parameters;
    const count = ++s.weeklyCount;
    const typical =
      clipFactor * Math.max(Math.max(1, s.hourlyWidth) * s.weeklyTypicalResidual, this.#clipLimit * 1e-3);
    const limit = count > 21 ? typical : Number.POSITIVE_INFINITY;
    s.weeklyLevel += levelRate * clip(residual, limit);
    const absolute = Math.abs(residual);
    const rate = Math.max(typicalResidualRate, 1 / count);
    s.weeklyTypicalResidual += rate * (Math.min(absolute, limit) - s.weeklyTypicalResidual);
    s.weeklyError += errorRate * (Math.min(absolute, this.#clipLimit) - s.weeklyError);
    const { daily, weekly, samplesPerSlot } = this.#slots;
    const sameVisit = this.#isSameVisit(this.#weeklySlot, s.lastWeeklySlot);
    learnSlot(
      s,
      { start: daily, length: weekly, slot: this.#weeklySlot, residual, limit, sameVisit, samplesPerSlot },
      this.#parameters,
    );
  }
}

const clip = (x: number, limit: number): number => Math.min(Math.max(x, -limit), limit);

const nearer = (a: number, b: number): number => (Math.abs(b) < Math.abs(a) ? b : a);
