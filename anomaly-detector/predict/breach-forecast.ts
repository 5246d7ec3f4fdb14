import type { Forecast } from '../model/series-model.ts';
import type { Limit } from '../rules/rule.ts';
import type { Drift } from './drift.ts';

export type BreachForecast = {
  /** Probability, 0..1, that the value is beyond the limit at the likeliest moment within the limit's horizon. */
  readonly probability: number;
  /**
   * When the value is likelier beyond the limit than not, Unix seconds; undefined where the probability within the
   * horizon stays below the limit's own.
   */
  readonly breachAtSeconds: number | undefined;
};

/** Moments looked at within the horizon. */
const LOOKS = 48;
/** Half width of a normal distribution's 95 % prediction interval in standard deviations. */
const Z95 = 1.96;

/**
 * When a value that goes on as it drifts, with its seasons, will be beyond the limit, and how likely. The error grows
 * with the uncertainty of the drift; errors are taken as normal.
 * @param forecast the seasonal model's expectation of a future moment
 */
export function forecastBreach(options: {
  limit: Limit;
  nowSeconds: number;
  stepSeconds: number;
  value: number;
  drift: Drift;
  forecast: (atSeconds: number) => Forecast | undefined;
}): BreachForecast {
  const { limit, nowSeconds, stepSeconds, value, drift, forecast } = options;
  const next = forecast(nowSeconds + stepSeconds);
  if (next === undefined) return { probability: 0, breachAtSeconds: undefined };
  const level = value - drift.lastResidual;
  const aheadSeconds = Math.min(limit.withinSeconds, drift.reachSeconds ?? limit.withinSeconds);
  const looksSeconds = Math.max(stepSeconds, aheadSeconds / LOOKS);
  let probability = 0;
  let breachAtSeconds: number | undefined;
  for (let ahead = looksSeconds; ahead <= aheadSeconds; ahead += looksSeconds) {
    const seasonal = forecast(nowSeconds + ahead);
    if (seasonal === undefined) continue;
    // The line under the last hour knows a new drift first; where it shows none, a trend of days may go on.
    const drifted = drift.slope === 0 ? seasonal.trend : drift.slope * ahead;
    const change = seasonal.expected - seasonal.trend - (next.expected - next.trend);
    const expected = level + change + drifted;
    const ordinary = (seasonal.upper - seasonal.lower) / (2 * Z95);
    const deviation = Math.hypot(
      Math.max(drift.noise, ordinary),
      drift.slope === 0 ? 0 : drift.slopeError * ahead,
    );
    const beyond = limit.side === 'above' ? expected - limit.value : limit.value - expected;
    const here = deviation > 0 ? normalCdf(beyond / deviation) : beyond > 0 ? 1 : 0;
    probability = Math.max(probability, here);
    if (here >= 0.5) breachAtSeconds ??= nowSeconds + ahead;
  }
  return { probability, breachAtSeconds: probability >= limit.probability ? breachAtSeconds : undefined };
}

/** Standard normal distribution function, error below 1.5e-7 (Abramowitz and Stegun 7.1.26). */
export function normalCdf(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (poly * Math.exp((-x * x) / 2)) / 2;
  return x >= 0 ? 1 - tail : tail;
}
