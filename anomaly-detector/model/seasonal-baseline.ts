import { followLevelShift, followSteadyLevel } from './level-shift.ts';
import type { ModelState } from './model-state.ts';
import type { Parameters } from './parameters.ts';
import { type SeasonSlots, secondOfDay, secondOfWeek } from './season-slots.ts';
import { learnSlot, startSlot, visitsOf } from './slot-learning.ts';
import { AT } from './state-layout.ts';

export type BaselineSource = 'level' | 'daily' | 'weekly';

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

  readonly #state: ModelState;
  readonly #slots: SeasonSlots;
  readonly #parameters: Parameters;
  readonly #relevelPoints: number;
  readonly #toleranceSlots: number;
  readonly #pointsPerDay: number;

  constructor(state: ModelState, slots: SeasonSlots, stepSeconds: number, parameters: Parameters) {
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

  /** Works out the expectation for a moment from the past alone. */
  lookAt(localSeconds: number): void {
    const s = this.#state.scalars;
    const { daily, weekly, slotSeconds, samplesPerSlot } = this.#slots;
    this.#dailySlot =
      daily > 0 ? Math.min(daily - 1, Math.floor(secondOfDay(localSeconds) / slotSeconds)) : -1;
    this.#weeklySlot =
      weekly > 0 ? Math.min(weekly - 1, Math.floor(secondOfWeek(localSeconds) / slotSeconds)) : -1;
    this.#knowsDaily = this.#knows(this.#dailySlot, this.#dailySlot, AT.lastDailySlot);
    this.#knowsWeekly = this.#knows(this.#weeklySlot, daily + this.#weeklySlot, AT.lastWeeklySlot);
    const samplesPerDay = daily * samplesPerSlot;
    this.source = 'level';
    if (this.#knowsDaily) {
      const weeklyIsBetter =
        this.#knowsWeekly && s[AT.weeklyCount]! > samplesPerDay / 2 && s[AT.weeklyError]! < s[AT.dailyError]!;
      const error = weeklyIsBetter ? s[AT.weeklyError]! : s[AT.dailyError]!;
      if (s[AT.count]! <= samplesPerDay || s[AT.levelError]! * this.#parameters.seasonWorthwhile >= error)
        this.source = weeklyIsBetter ? 'weekly' : 'daily';
    }
    if (this.source === 'level') this.#expectBetween(s[AT.steadyLevel]!, 0, 0, 0);
    else if (this.source === 'daily') this.#expectBetween(s[AT.level]!, 0, daily, this.#dailySlot);
    else this.#expectBetween(s[AT.weeklyLevel]!, daily, weekly, this.#weeklySlot);
  }

  /** Distance of a value from what is expected, 0 within the tolerance for unpunctual seasons. */
  residualOf(value: number): number {
    const s = this.#state.scalars;
    const residual = value > this.high ? value - this.high : value < this.low ? value - this.low : 0;
    // A slot seen but once may have been off itself: then the next best expectation has a say, too.
    if (this.source === 'daily' && visitsOf(this.#state, this.#dailySlot) <= 1)
      return nearer(residual, value - s[AT.steadyLevel]!);
    if (this.source === 'weekly' && visitsOf(this.#state, this.#slots.daily + this.#weeklySlot) <= 1)
      return nearer(residual, this.#dailyResidual(value));
    return residual;
  }

  /** As {@link residualOf}, but from the level at which the day began: what a forecast made then was off by. */
  residualFromDawn(value: number): number {
    const s = this.#state.scalars;
    const risen =
      this.source === 'level'
        ? s[AT.steadyLevel]! - s[AT.dawnSteadyLevel]!
        : this.source === 'daily'
          ? s[AT.level]! - s[AT.dawnLevel]!
          : s[AT.weeklyLevel]! - s[AT.dawnWeeklyLevel]!;
    const shifted = value + risen;
    return shifted > this.high ? shifted - this.high : shifted < this.low ? shifted - this.low : 0;
  }

  /** Whether the level has been known for long enough to have a usual one. */
  get knowsUsualLevel(): boolean {
    return this.#state.scalars[AT.count]! > this.#parameters.driftDaysNeeded * this.#pointsPerDay;
  }

  /** How far the level is from where it usually is. */
  drift(): number {
    const s = this.#state.scalars;
    if (this.source === 'level') return s[AT.steadyLevel]! - s[AT.usualSteadyLevel]!;
    return this.source === 'daily'
      ? s[AT.level]! - s[AT.usualLevel]!
      : s[AT.weeklyLevel]! - s[AT.usualWeeklyLevel]!;
  }

  /** Days behind the levels; at once where a reported drift has not grown for long: then that is what is usual. */
  #followUsualLevels(days: number): void {
    const s = this.#state.scalars;
    const { driftHours, usualLevelDays } = this.#parameters;
    const isUsual = s[AT.driftReported]! > 0 && s[AT.driftRun]! > (driftHours / 24) * this.#pointsPerDay;
    const rate = isUsual ? 1 : Math.min(1, Math.max(days / usualLevelDays, 1 / s[AT.count]!));
    s[AT.usualLevel]! += rate * (s[AT.level]! - s[AT.usualLevel]!);
    s[AT.usualWeeklyLevel]! += rate * (s[AT.weeklyLevel]! - s[AT.usualWeeklyLevel]!);
    s[AT.usualSteadyLevel]! += rate * (s[AT.steadyLevel]! - s[AT.usualSteadyLevel]!);
  }

  /** The level that the expectation at the moment last looked at is counted from. */
  get currentLevel(): number {
    const s = this.#state.scalars;
    if (this.source === 'level') return s[AT.steadyLevel]!;
    return this.source === 'daily' ? s[AT.level]! : s[AT.weeklyLevel]!;
  }

  /** What is left of the size of residuals now that the first day's season is known, 0..1. */
  gainOfFirstSeason(): number {
    const s = this.#state.scalars;
    if (s[AT.firstLevelResiduals] === 0) return 1;
    return Math.min(1, s[AT.firstSeasonResiduals]! / s[AT.firstLevelResiduals]!);
  }

  /** Notes the levels as those of the day that begins. */
  dawn(): void {
    const s = this.#state.scalars;
    s[AT.dawnLevel] = s[AT.level]!;
    s[AT.dawnWeeklyLevel] = s[AT.weeklyLevel]!;
    s[AT.dawnSteadyLevel] = s[AT.steadyLevel]!;
  }

  /** Learns from a value at the moment last looked at. `floor` is the least a typical residual can be. */
  learn(value: number, floor: number, days: number, warm: boolean): void {
    const s = this.#state.scalars;
    const { errorRate } = this.#parameters;
    const levelResidual = value - s[AT.steadyLevel]!;
    followSteadyLevel(s, levelResidual, floor, this.#relevelPoints, this.#parameters);
    this.#clipLimit = this.#parameters.clip * Math.max(s[AT.typicalResidual]!, floor);
    const dailyResidual = this.#dailyResidual(value);
    const weeklyResidual = this.#knowsWeekly ? this.#weeklyResidual(value) : 0;

    if (this.#knowsDaily) {
      const absolute = Math.min(Math.abs(dailyResidual), this.#clipLimit);
      if (warm)
        followLevelShift(
          s,
          dailyResidual,
          weeklyResidual,
          this.#clipLimit,
          days,
          this.#relevelPoints,
          this.#parameters,
        );
      if (this.#knowsWeekly) s[AT.dailyError]! += errorRate * (absolute - s[AT.dailyError]!);
      s[AT.levelError]! +=
        errorRate * (Math.min(Math.abs(levelResidual), this.#clipLimit) - s[AT.levelError]!);
      s[AT.firstSeasonResiduals]! += Math.abs(dailyResidual);
      s[AT.firstLevelResiduals]! += Math.abs(levelResidual);
      this.#learnDaily(dailyResidual, absolute, warm);
    } else {
      // The level stays where it is until each slot was seen: level and season are known only up to a constant.
      const rate = Math.max(this.#parameters.typicalResidualRate, 1 / s[AT.count]!);
      s[AT.typicalResidual]! += rate * (Math.abs(levelResidual) - s[AT.typicalResidual]!);
      if (this.#dailySlot >= 0) startSlot(this.#state, this.#dailySlot, value - s[AT.level]!);
    }
    if (this.#knowsWeekly) this.#learnWeekly(weeklyResidual);
    else if (this.#weeklySlot >= 0) {
      s[AT.weeklyLevel] = s[AT.level]!;
      startSlot(this.#state, this.#slots.daily + this.#weeklySlot, value - s[AT.level]!);
    }
    this.#followUsualLevels(days);
    s[AT.lastDailySlot] = this.#dailySlot;
    s[AT.lastWeeklySlot] = this.#weeklySlot;
  }

  /** Whether a slot was seen before: what the samples of its first visit say of each other is no season. */
  #knows(slot: number, index: number, last: number): boolean {
    if (slot < 0) return false;
    const visits = visitsOf(this.#state, index);
    return visits > 1 || (visits === 1 && !this.#isSameVisit(slot, last));
  }

  #isSameVisit(slot: number, last: number): boolean {
    return this.#slots.samplesPerSlot > 1 && this.#state.scalars[last] === slot;
  }

  #dailyResidual(value: number): number {
    if (!this.#knowsDaily) return 0;
    return value - (this.#state.scalars[AT.level]! + this.#state.slotValues[this.#dailySlot]!);
  }

  #weeklyResidual(value: number): number {
    const slot = this.#slots.daily + this.#weeklySlot;
    return value - (this.#state.scalars[AT.weeklyLevel]! + this.#state.slotValues[slot]!);
  }

  #expectBetween(level: number, start: number, length: number, slot: number): void {
    if (length === 0) {
      this.expected = level;
      this.low = level;
      this.high = level;
      return;
    }
    const { slotValues } = this.#state;
    const own = slotValues[start + slot]!;
    let low = own;
    let high = own;
    const reach = this.#toleranceSlots;
    for (let distance = -reach; distance <= reach; distance += 1) {
      const neighbour = start + ((slot + distance + length) % length);
      if (visitsOf(this.#state, neighbour) === 0) continue;
      const value = slotValues[neighbour]!;
      if (value < low) low = value;
      else if (value > high) high = value;
    }
    this.expected = level + own;
    this.low = level + low;
    this.high = level + high;
  }

  #learnDaily(residual: number, absolute: number, warm: boolean): void {
    const s = this.#state.scalars;
    const { levelRate, typicalResidualRate } = this.#parameters;
    const limit = warm ? this.#clipLimit : Number.POSITIVE_INFINITY;
    s[AT.level]! += levelRate * clip(residual, limit);
    s[AT.typicalResidual]! +=
      Math.max(typicalResidualRate, 1 / s[AT.count]!) * (absolute - s[AT.typicalResidual]!);
    const { daily, samplesPerSlot } = this.#slots;
    const again = this.#isSameVisit(this.#dailySlot, AT.lastDailySlot);
    learnSlot(
      this.#state,
      0,
      daily,
      this.#dailySlot,
      residual,
      limit,
      again,
      samplesPerSlot,
      this.#parameters,
    );
  }

  #learnWeekly(residual: number): void {
    const s = this.#state.scalars;
    const { clip: clipFactor, levelRate, typicalResidualRate, errorRate } = this.#parameters;
    const count = ++s[AT.weeklyCount]!;
    const typical = clipFactor * Math.max(s[AT.weeklyTypicalResidual]!, this.#clipLimit * 1e-3);
    const limit = count > 21 ? typical : Number.POSITIVE_INFINITY;
    s[AT.weeklyLevel]! += levelRate * clip(residual, limit);
    const absolute = Math.abs(residual);
    const rate = Math.max(typicalResidualRate, 1 / count);
    s[AT.weeklyTypicalResidual]! += rate * (Math.min(absolute, limit) - s[AT.weeklyTypicalResidual]!);
    s[AT.weeklyError]! += errorRate * (Math.min(absolute, this.#clipLimit) - s[AT.weeklyError]!);
    const { daily, weekly, samplesPerSlot } = this.#slots;
    const again = this.#isSameVisit(this.#weeklySlot, AT.lastWeeklySlot);
    learnSlot(
      this.#state,
      daily,
      weekly,
      this.#weeklySlot,
      residual,
      limit,
      again,
      samplesPerSlot,
      this.#parameters,
    );
  }
}

const clip = (x: number, limit: number): number => Math.min(Math.max(x, -limit), limit);

const nearer = (a: number, b: number): number => (Math.abs(b) < Math.abs(a) ? b : a);
