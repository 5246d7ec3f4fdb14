import { createState, decodeState, encodeState, type ModelState } from './model-state.ts';
import type { Forecast, Observation, SeriesModel, SeriesModelOptions } from './series-model.ts';
import { type OffsetSpan, type WallClock, wallClock } from './wall-clock.ts';

const DAY = 86_400;
const WEEK = 7 * DAY;
const WARM_POINTS = 21;

// Places of the scalars in the state.
const COUNT = 0;
const LAST = 1;
const LEVEL = 2;
const WEEKLY_LEVEL = 3;
const MEAN = 4;
const DEVIATION = 5;
const SMOOTH = 6;
const SMOOTH_RESIDUAL = 7;
const SCALE = 8;
const WEEKLY_SCALE = 9;
const DAILY_ERROR = 10;
const WEEKLY_ERROR = 11;
const WEEKLY_COUNT = 12;
const HOLD = 13;
const RECORDS = 14; // low, high of value, residual, smooth residual, smooth value
const TAIL = 22; // scale, count of residual and of smooth residual
const SCALARS = 26;

const clip = (x: number, limit: number): number => Math.min(Math.max(x, -limit), limit);

/** Holt-Winters with a daily and a weekly season; scores by the tail of the residuals and by broken records. */
export class SeasonalModel implements SeriesModel {
  readonly #step: number;
  readonly #dailySlots: number;
  readonly #clock: WallClock;
  #span: OffsetSpan = { from: 0, until: 0, offsetSeconds: 0 };
  readonly #state: ModelState;

  constructor(options: SeriesModelOptions, encoded?: Uint8Array) {
    if (!(options.stepSeconds > 0))
      throw new RangeError(`stepSeconds: expected a number > 0, got ${options.stepSeconds}`);
    this.#step = options.stepSeconds;
    this.#clock = wallClock(options.timeZone);
    this.#dailySlots = Math.max(1, Math.round(DAY / options.stepSeconds));
    this.#state = createState({
      scalars: SCALARS,
      dailySlots: this.#dailySlots,
      weeklySlots: 7 * this.#dailySlots,
    });
    if (encoded) decodeState(encoded, this.#state, this.#step);
    else this.#state.scalars.fill(Number.NaN, RECORDS, TAIL);
  }

  update(timestampSeconds: number, y: number): Observation {
    const s = this.#state.scalars;
    if (Number.isNaN(y) || Number.isNaN(timestampSeconds))
      return { kind: 'rejected', reason: 'not-a-number' };
    if (!Number.isFinite(y) || !Number.isFinite(timestampSeconds))
      return { kind: 'rejected', reason: 'infinite' };
    const first = s[COUNT] === 0;
    if (!first && timestampSeconds <= s[LAST]!)
      return { kind: 'rejected', reason: timestampSeconds === s[LAST] ? 'duplicate' : 'out-of-order' };

    const days = first ? 0 : (timestampSeconds - s[LAST]!) / DAY;
    const k = ++s[COUNT]!;
    s[LAST] = timestampSeconds;
    if (first) {
      s[LEVEL] = y;
      s[WEEKLY_LEVEL] = y;
      s[MEAN] = y;
      s[SMOOTH] = y;
    }
    const warm = k > WARM_POINTS;
    const g = Math.max(0.002, 1 / k);
    s[MEAN]! += g * (y - s[MEAN]!);
    s[DEVIATION]! += g * (Math.abs(y - s[MEAN]!) - s[DEVIATION]!);
    const floor = 0.05 * s[DEVIATION]! + 1e-9;

    const { dailyValues, weeklyValues, dailySeen, weeklySeen } = this.#state;
    const local = this.#local(timestampSeconds);
    const m = this.#dailySlots;
    const i = Math.floor((((local % DAY) + DAY) % DAY) / this.#step) % m;
    const j = Math.floor((((local % WEEK) + WEEK) % WEEK) / this.#step) % (7 * m);
    const dailyKnown = dailySeen[i]! > 0;
    const weeklyKnown = weeklySeen[j]! > 0;
    const rd = dailyKnown ? y - (s[LEVEL]! + dailyValues[i]!) : 0;
    const rw = weeklyKnown ? y - (s[WEEKLY_LEVEL]! + weeklyValues[j]!) : 0;
    const useWeekly = weeklyKnown && s[WEEKLY_COUNT]! > m / 2 && s[WEEKLY_ERROR]! < s[DAILY_ERROR]!;
    const r = useWeekly ? rw : rd;
    const limit = 3.2 * Math.max(s[SCALE]!, floor);
    const zd = warm ? clip(rd, limit) : rd;
    const weeklyLimit = 3.2 * Math.max(s[WEEKLY_SCALE]!, floor);
    const zw = s[WEEKLY_COUNT]! > 20 ? clip(rw, weeklyLimit) : rw;

    s[SMOOTH_RESIDUAL]! += 0.05 * (r - s[SMOOTH_RESIDUAL]!);
    s[SMOOTH]! += Math.max(0.03, 1 / k) * (y - s[SMOOTH]!);

    const forget = 0.5 ** (days / 120);
    let total =
      this.#record(RECORDS, y, floor, forget, warm, 1) +
      this.#record(RECORDS + 6, s[SMOOTH]!, floor, forget, warm, 0.5);
    if (dailyKnown) {
      total += this.#record(RECORDS + 2, r, floor, forget, warm, 0.5);
      total += this.#record(RECORDS + 4, s[SMOOTH_RESIDUAL]!, floor, forget, warm, 1);
      total += this.#tail(TAIL, r, floor) + this.#tail(TAIL + 2, s[SMOOTH_RESIDUAL]!, floor);
    }
    const raw = total / (total + 1);
    let score = raw;
    if (warm) {
      s[HOLD]! *= 0.5 ** (days / 0.25);
      if (raw > s[HOLD]!) s[HOLD] = raw;
      else score = 0.2 * raw;
    }

    if (dailyKnown) {
      s[LEVEL]! += 0.01 * zd;
      s[SCALE]! += Math.max(0.006, 1 / k) * (Math.min(Math.abs(rd), limit) - s[SCALE]!);
      dailyValues[i]! += Math.max(0.1, 1 / (dailySeen[i]! + 1)) * zd;
      if (weeklyKnown) s[DAILY_ERROR]! += 0.005 * (Math.min(Math.abs(rd), limit) - s[DAILY_ERROR]!);
    } else {
      s[SCALE]! += Math.max(0.006, 1 / k) * (Math.abs(y - s[LEVEL]!) - s[SCALE]!);
      s[LEVEL]! += Math.max(0.01, 1 / k) * (y - s[LEVEL]!);
      dailyValues[i] = y - s[LEVEL]!;
    }
    if (weeklyKnown) {
      const cw = ++s[WEEKLY_COUNT]!;
      s[WEEKLY_LEVEL]! += 0.01 * zw;
      s[WEEKLY_SCALE]! += Math.max(0.006, 1 / cw) * (Math.min(Math.abs(rw), weeklyLimit) - s[WEEKLY_SCALE]!);
      s[WEEKLY_ERROR]! += 0.005 * (Math.min(Math.abs(rw), limit) - s[WEEKLY_ERROR]!);
      weeklyValues[j]! += Math.max(0.1, 1 / (weeklySeen[j]! + 1)) * zw;
    } else {
      s[WEEKLY_LEVEL] = s[LEVEL]!;
      weeklyValues[j] = y - s[LEVEL]!;
    }
    if (dailySeen[i]! < 255) dailySeen[i]! += 1;
    if (weeklySeen[j]! < 255) weeklySeen[j]! += 1;

    if (!warm) return { kind: 'warming-up', pointsSeen: k, pointsNeeded: WARM_POINTS + 1 };
    const expected = y - r;
    const half = 2.5 * Math.max(s[SCALE]!, floor);
    const lower = expected - half;
    const upper = expected + half;
    return {
      kind: 'scored',
      score,
      expected,
      lower,
      upper,
      confidence: k / (k + m),
      direction: y > upper ? 'above' : y < lower ? 'below' : 'within',
      deviation: r,
    };
  }

  gap(): Observation {
    return { kind: 'no-data' };
  }

  forecast(timestampSeconds: number): Forecast | undefined {
    const s = this.#state.scalars;
    if (s[COUNT]! <= WARM_POINTS || !(timestampSeconds > s[LAST]!)) return undefined;
    const i =
      Math.floor((((this.#local(timestampSeconds) % DAY) + DAY) % DAY) / this.#step) % this.#dailySlots;
    const expected = s[LEVEL]! + this.#state.dailyValues[i]!;
    const half = 2.5 * Math.max(s[SCALE]!, 1e-9);
    return { expected, lower: expected - half, upper: expected + half };
  }

  serialize(): Uint8Array {
    return encodeState(this.#state, this.#step);
  }

  #local(timestampSeconds: number): number {
    if (!(timestampSeconds >= this.#span.from && timestampSeconds < this.#span.until))
      this.#span = this.#clock.spanAt(timestampSeconds);
    return timestampSeconds + this.#span.offsetSeconds;
  }

  #record(at: number, x: number, floor: number, forget: number, warm: boolean, weight: number): number {
    const s = this.#state.scalars;
    const low = s[at]!;
    const high = s[at + 1]!;
    if (Number.isNaN(low)) {
      s[at] = x;
      s[at + 1] = x;
      return 0;
    }
    const excess = Math.max(x - high, low - x);
    const part = warm && excess > 0 ? weight * Math.min((10 * excess) / Math.max(high - low, floor), 10) : 0;
    const middle = (low + high) / 2;
    s[at] = Math.min(x, middle + (low - middle) * forget);
    s[at + 1] = Math.max(x, middle + (high - middle) * forget);
    return part;
  }

  #tail(at: number, x: number, floor: number): number {
    const s = this.#state.scalars;
    const n = ++s[at + 1]!;
    const scale = Math.max(s[at]!, floor);
    let a = Math.abs(x);
    let part = 0;
    if (n > 20) {
      part = 0.2 * Math.min(a / scale, 50);
      a = Math.min(a, 6 * scale);
    }
    a += 0.1 * floor;
    const f = Math.max(0.0005, 1 / n);
    const unit = Math.max(a, s[at]!);
    s[at] = unit * ((1 - f) * (s[at]! / unit) ** 8 + f * (a / unit) ** 8) ** 0.125;
    return part;
  }
}
