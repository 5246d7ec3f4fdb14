/**
 * Events of an SLO over a stretch of time: at the end of each minute the rates of the five minutes before. Windows that are
 * multiples of five minutes follow exactly, since samples five minutes apart tile them.
 */
export interface EventRates {
  /** Unix seconds of the first sample. */
  readonly startSeconds: number;
  /** Bad events a second, one value a minute; NaN where there is no telemetry. */
  readonly bad: Float64Array;
  /** All events a second, likewise. */
  readonly total: Float64Array;
}

export const STEP_SECONDS = 60;
/** Range of the rates, in samples. */
export const RATE_SAMPLES = 5;

export interface WindowEvents {
  readonly bad: number;
  readonly total: number;
  /** Share of the window that has telemetry, 0..1. */
  readonly coverage: number;
}

/** Sums over windows that end at any sample, each in constant time. */
export class EventWindows {
  readonly length: number;
  readonly #bad: Float64Array;
  readonly #total: Float64Array;
  readonly #present: Float64Array;

  constructor({ bad, total }: EventRates) {
    this.length = total.length;
    this.#bad = tiledSums(bad);
    this.#total = tiledSums(total);
    this.#present = tiledSums(total.map((value) => (Number.isNaN(value) ? Number.NaN : 1)));
  }

  /** Events of the window of `samples` minutes, a multiple of {@link RATE_SAMPLES}, that ends at sample `end`. */
  over(end: number, samples: number): WindowEvents {
    const sum = (sums: Float64Array) => {
      const before = end - samples;
      return (sums[end] ?? 0) - (before >= 0 ? sums[before]! : 0);
    };
    const seconds = RATE_SAMPLES * STEP_SECONDS;
    return {
      bad: sum(this.#bad) * seconds,
      total: sum(this.#total) * seconds,
      coverage: Math.min(1, (sum(this.#present) * RATE_SAMPLES) / samples),
    };
  }
}

/** Of each sample its sum with those five, ten, ... samples before it. */
function tiledSums(rates: Float64Array): Float64Array {
  const sums = new Float64Array(rates.length);
  for (let index = 0; index < rates.length; index += 1) {
    const rate = rates[index]!;
    sums[index] = (sums[index - RATE_SAMPLES] ?? 0) + (Number.isFinite(rate) ? rate : 0);
  }
  return sums;
}
