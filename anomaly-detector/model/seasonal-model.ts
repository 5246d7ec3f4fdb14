import { setFlagsFromString } from 'node:v8';
import { followStuck, surpriseOfRepeat } from './evidence/flat-evidence.ts';
import { gatherEvidence, type Kept, keptAfter, shrinkResiduals } from './evidence/gathered-evidence.ts';
import { heldScore } from './evidence/held-score.ts';
import { calmSize, enterHour } from './evidence/tail-evidence.ts';
import { followTrend, trendAhead } from './expectation/damped-trend.ts';
import { followEvents, weightOfEvents } from './expectation/event-weight.ts';
import { followHourlySize, startHourlySizes, widthOfHour } from './expectation/hourly-width.ts';
import { noteDawn, startLevels } from './expectation/levels.ts';
import { followQuantiles, quantileAhead } from './expectation/prediction-interval.ts';
import { seasonSlots, secondOfDay } from './expectation/season-slots.ts';
import { SeasonalBaseline } from './expectation/seasonal-baseline.ts';
import { followSpread, withinReach } from './expectation/spread.ts';
import { type OffsetSpan, type WallClock, wallClock } from './expectation/wall-clock.ts';
import { PARAMETERS, type Parameters } from './parameters.ts';
import type { Forecast, Observation, SeriesModel, SeriesModelOptions } from './series-model.ts';
import { HOURS_A_DAY, ModelState } from './state/model-state.ts';
import { decodeState, encodeState } from './state/state-encoding.ts';

// A sample passes through many small functions, more than V8 puts into one by default: half the time a sample takes.
setFlagsFromString('--max-inlined-bytecode-size-cumulative=3000');

const DAY_SECONDS = 86_400;
/** Steps finer than this do not shorten the memory of the tail. */
const USUAL_STEP_SECONDS = 300;
/** In units of the series' first value other than 0; beyond this it is as good as this. */
const LARGEST = 1e30;

const NOT_A_NUMBER: Observation = { kind: 'rejected', reason: 'not-a-number' };
const INFINITE: Observation = { kind: 'rejected', reason: 'infinite' };
const OUT_OF_ORDER: Observation = { kind: 'rejected', reason: 'out-of-order' };
const DUPLICATE: Observation = { kind: 'rejected', reason: 'duplicate' };
const NO_DATA: Observation = { kind: 'no-data' };

/** Holt-Winters made robust, and the evidence that a sample does not belong: see the README beside this file. */
class SeasonalModel implements SeriesModel {
  readonly #options: SeriesModelOptions;
  readonly #parameters: Parameters;
  readonly #clock: WallClock;
  readonly #state: ModelState;
  readonly #baseline: SeasonalBaseline;
  readonly #pointsPerDay: number;
  readonly #tailRate: number;
  readonly #density: number;
  readonly #hourlyRate: number;
  readonly #keptAfterStep: Kept;
  #span: OffsetSpan = { from: 0, until: 0, offsetSeconds: 0 };

  constructor(options: SeriesModelOptions, encoded?: Uint8Array) {
    const { stepSeconds, timeZone, seasonality = 'auto', parameters = PARAMETERS } = options;
    if (!(stepSeconds > 0 && Number.isFinite(stepSeconds)))
      throw new RangeError(`stepSeconds: expected a finite number > 0, got ${stepSeconds}`);
    this.#options = options;
    this.#parameters = parameters;
    this.#clock = options.clock ?? wallClock(timeZone);
    const slots = seasonSlots(stepSeconds, seasonality);
    this.#pointsPerDay = Math.max(1, Math.round(DAY_SECONDS / stepSeconds));
    const fineness = Math.min(1, stepSeconds / USUAL_STEP_SECONDS);
    this.#tailRate = parameters.tailRate * fineness;
    this.#hourlyRate = Math.min(1, HOURS_A_DAY / (parameters.hourlyWidthDays * this.#pointsPerDay));
    this.#density = fineness ** parameters.densityPower;
    this.#state = new ModelState(slots.daily + slots.weekly);
    this.#baseline = new SeasonalBaseline(this.#state, slots, {
      stepSeconds,
      isChosen: seasonality !== 'auto',
      parameters,
      minimum: options.minimum ?? Number.NEGATIVE_INFINITY,
      maximum: options.maximum ?? Number.POSITIVE_INFINITY,
    });
    this.#keptAfterStep = keptAfter(stepSeconds / DAY_SECONDS, parameters);
    if (encoded) decodeState(encoded, this.#state, stepSeconds);
    else {
      const s = this.#state;
      s.hour = -1;
      s.lastDailySlot = -1;
      s.lastWeeklySlot = -1;
    }
  }

  update(timestampSeconds: number, value: number, events?: number): Observation {
    const s = this.#state;
    if (Number.isNaN(value) || Number.isNaN(timestampSeconds)) return NOT_A_NUMBER;
    if (!Number.isFinite(value) || !Number.isFinite(timestampSeconds)) return INFINITE;
    const first = s.count === 0;
    if (!first && timestampSeconds <= s.lastTimestamp)
      return timestampSeconds === s.lastTimestamp ? DUPLICATE : OUT_OF_ORDER;

    const seconds = first ? 0 : timestampSeconds - s.lastTimestamp;
    const days = seconds / DAY_SECONDS;
    const kept =
      seconds === this.#options.stepSeconds ? this.#keptAfterStep : keptAfter(days, this.#parameters);
    const count = ++s.count;
    s.lastTimestamp = timestampSeconds;
    if (s.unit === 0 && value !== 0) s.unit = 2 ** Math.min(Math.floor(Math.log2(Math.abs(value))), 1023);
    const unit = s.unit || 1;
    const warm = count > this.#parameters.warmUpPoints;
    const given = Math.min(Math.max(value / unit, -LARGEST), LARGEST);
    const scaled = warm ? withinReach(s, given, this.#parameters.reachWidths) : given;
    if (first) this.#start(scaled, timestampSeconds);
    if (value < 0) s.negativeSeen = 1;

    if (events !== undefined) followEvents(s, events);
    const weight = weightOfEvents(s, events, this.#parameters.eventShare);
    const local = this.#local(timestampSeconds);
    const beginsHour = this.#enterHour(local);
    const baseline = this.#baseline;
    baseline.lookAt(local, weight);
    const informed = weight === 1 ? scaled : baseline.expected + weight * (scaled - baseline.expected);
    const floor = followSpread(s, informed);
    const known = warm || baseline.source !== 'level';
    const residual = known ? baseline.residualOf(scaled) : 0;
    const evidence = gatherEvidence(
      s,
      {
        value: scaled,
        informed,
        weight,
        residual: known ? residual : undefined,
        drift: baseline.knowsUsualLevel ? baseline.drift() : undefined,
        floor,
        kept,
        tailRate: this.#tailRate,
      },
      this.#parameters,
    );
    const weighed = evidence * this.#experience();
    const raw = weighed / (weighed + 1);

    followStuck(s, this.#pointsPerDay, this.#parameters);

    let observation: Observation;
    if (warm) {
      const drift = this.#reportedDrift();
      const deviation = (scaled - baseline.expected + drift) * unit;
      const expected = (baseline.expected - drift) * unit;
      const judged = { raw, deviation, expected, holdKept: kept.hold };
      const score = heldScore(s, judged, this.#options, this.#parameters);
      observation = this.#observe(value, score, { unit, weight });
    } else {
      observation = {
        kind: 'warming-up',
        pointsSeen: count,
        pointsNeeded: this.#parameters.warmUpPoints + 1,
      };
    }
    if (known) {
      const typical = Math.max(s.typicalResidual, floor);
      const width = s.hourlyWidth;
      followQuantiles(s.quantiles, { residual: residual / width, typical, count }, this.#parameters);
      const fromDawn = baseline.residualFromDawn(scaled) / width;
      followQuantiles(s.dawnQuantiles, { residual: fromDawn, typical, count }, this.#parameters);
      followHourlySize(s, residual, this.#hourlyRate, this.#parameters);
    }
    baseline.learn(scaled, floor, days, warm);
    if (beginsHour) this.#followTrend(timestampSeconds);
    if (count === 2 * this.#pointsPerDay) this.#settleFirstSeason();
    s.smoothValue +=
      weight * Math.max(this.#parameters.smoothValueRate, 1 / count) * (scaled - s.smoothValue);
    return observation;
  }

  gap(): Observation {
    return NO_DATA;
  }

  forecast(timestampSeconds: number, events?: number): Forecast | undefined {
    const s = this.#state;
    if (s.count <= this.#parameters.warmUpPoints) return undefined;
    if (!(timestampSeconds > s.lastTimestamp && Number.isFinite(timestampSeconds))) return undefined;
    const weight = weightOfEvents(s, events, this.#parameters.eventShare);
    this.#baseline.lookAt(this.#local(timestampSeconds), weight);
    const seconds = Math.max(0, timestampSeconds - s.lastTimestamp - this.#options.stepSeconds);
    return this.#interval({ unit: s.unit || 1, weight }, seconds / DAY_SECONDS);
  }

  get season() {
    return this.#baseline.source;
  }

  get visits() {
    return this.#baseline.visitsBefore;
  }

  get levelMoved() {
    const { formerOffset, formerDaysLeft } = this.#baseline.levelShift;
    if (formerDaysLeft <= 0) return undefined;
    const days = this.#parameters.formerLevelDays - formerDaysLeft;
    return { by: -formerOffset * (this.#state.unit || 1), secondsAgo: days * DAY_SECONDS };
  }

  serialize(): Uint8Array {
    return encodeState(this.#state, this.#options.stepSeconds);
  }

  #start(scaled: number, timestampSeconds: number): void {
    const s = this.#state;
    s.sameSince = timestampSeconds;
    s.mean = scaled;
    s.smoothValue = scaled;
    startLevels(s, scaled);
    s.lastValue = scaled;
  }

  /** 0..1: evidence weighs less while little was seen, and where samples are so dense that more of them are rare. */
  #experience(): number {
    const count = this.#state.count;
    const hours = (count * this.#options.stepSeconds) / 3600;
    const { youthPoints, youthHours } = this.#parameters;
    return (count / (count + youthPoints)) * (hours / (hours + youthHours)) * this.#density;
  }

  #observe(value: number, score: number, scale: { unit: number; weight: number }): Observation {
    const count = this.#state.count;
    const { expected, lower, upper, tailScale } = this.#interval(scale, 0);
    return {
      kind: 'scored',
      score,
      expected,
      lower,
      upper,
      tailScale,
      confidence: count / (count + this.#pointsPerDay),
      direction: value > upper ? 'above' : value < lower ? 'below' : 'within',
      deviation: value - expected,
      stuckSinceSeconds: this.#state.stuck > 0 ? this.#state.sameSince : undefined,
    };
  }

  /** While a drift is reported, the usual level is what is expected, not the one that drifted. */
  #reportedDrift(): number {
    return this.#state.driftReported > 0 ? this.#baseline.drift() : 0;
  }

  /**
   * What is learnt of residuals is of weighed ones: of few events all the wider in the value's own unit.
   * @param days beyond the next sample
   */
  #interval({ unit, weight }: { unit: number; weight: number }, days: number): Forecast {
    const s = this.#state;
    const { expected, low, high } = this.#baseline;
    const trend = days > 0 ? trendAhead(s, days * 24, this.#parameters) : 0;
    const moved = trend - this.#reportedDrift();
    const width = s.hourlyWidth / weight;
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = this.#options;
    const possible = (value: number) => Math.min(Math.max(value * unit, minimum), maximum);
    const lower = low + moved - width * quantileAhead(s.quantiles.below, s.dawnQuantiles.below, days);
    return {
      expected: possible(expected + moved),
      lower: possible(Math.max(lower, s.negativeSeen === 0 ? Math.min(0, low + moved) : lower)),
      upper: possible(high + moved + width * quantileAhead(s.quantiles.above, s.dawnQuantiles.above, days)),
      trend: trend * unit,
      tailScale: (calmSize(s.residualTail, this.#parameters) / weight) * unit,
    };
  }

  /** @returns whether this is the first sample of an hour */
  #enterHour(localSeconds: number): boolean {
    const s = this.#state;
    const hour = Math.floor(secondOfDay(localSeconds) / 3600);
    const from = s.hour;
    if (hour === from) return false;
    enterHour(s.residualTail, from, hour, this.#parameters);
    enterHour(s.smoothResidualTail, from, hour, this.#parameters);
    if (hour < from || from < 0) noteDawn(s);
    s.hour = hour;
    s.hourlyWidth = widthOfHour(s, hour, this.#parameters);
    s.repeatSurprise = surpriseOfRepeat(s, hour);
    return true;
  }

  #settleFirstSeason(): void {
    const s = this.#state;
    shrinkResiduals(s, this.#baseline.gainOfFirstSeason());
    startHourlySizes(s);
  }

  #followTrend(timestampSeconds: number): void {
    const s = this.#state;
    const hours = (timestampSeconds - s.trendTimestamp) / 3600;
    s.trendTimestamp = timestampSeconds;
    followTrend(s, this.#baseline.currentLevel + s.driftAhead, hours, this.#parameters);
  }

  #local(timestampSeconds: number): number {
    if (!(timestampSeconds >= this.#span.from && timestampSeconds < this.#span.until))
      this.#span = this.#clock.spanAt(timestampSeconds);
    return timestampSeconds + this.#span.offsetSeconds;
  }
}

/** @throws {RangeError} for a step that is not positive or an unknown time zone */
export function createSeriesModel(options: SeriesModelOptions): SeriesModel {
  return new SeasonalModel(options);
}

/**
 * Takes up where a model left off.
 * @throws {ModelStateError} if `state` is damaged, of another version, or of a model with another step
 */
export function restoreSeriesModel(options: SeriesModelOptions, state: Uint8Array): SeriesModel {
  return new SeasonalModel(options, state);
}
