import type { Parameters } from '../parameters.ts';
import type { Quantiles } from '../state/model-state.ts';

/** Half width to begin with, in typical residuals: what it would be for a normal distribution. */
const INITIAL_WIDTH = 2.5;

export interface QuantileSample {
  readonly residual: number;
  /** The least size that a step is measured by, in the value's unit. */
  readonly typical: number;
  /** Samples so far. */
  readonly count: number;
}

/**
 * Follows the residual's upper and lower quantile, each with half of what the interval leaves out. A step up for each
 * residual beyond and a small step down for each within keeps the long-run share beyond at its target, whatever the
 * distribution and however it drifts.
 * @see Gibbs & Candes, "Adaptive Conformal Inference Under Distribution Shift", 2021
 * @param quantiles changed in place
 */
export function followQuantiles(quantiles: Quantiles, sample: QuantileSample, parameters: Parameters): void {
  const { residual, typical } = sample;
  if (quantiles.above === 0 && quantiles.below === 0) {
    quantiles.above = INITIAL_WIDTH * typical;
    quantiles.below = INITIAL_WIDTH * typical;
  }
  quantiles.above += step(quantiles.above, residual, sample, parameters);
  quantiles.below += step(quantiles.below, -residual, sample, parameters);
}

/** Early on steps are larger: residuals before the first season is known say little about those after. */
const EARLY_POINTS = 30;

/** Residuals from the level at dawn are from half a day ahead on average. */
const DAWN_DAYS = 0.5;

/**
 * The quantile of a residual further ahead, through that of the next sample and that of residuals from the level at
 * which the day began. Beyond, its square grows with time as that of a random walk does; before, faster at first, as
 * that of a level that is drawn back does.
 */
export function quantileAhead(next: number, fromDawn: number, days: number): number {
  const near = Math.max(next, 0);
  if (days === 0) return near;
  const part = days / DAWN_DAYS;
  const growth = Math.max(fromDawn * Math.abs(fromDawn) - near * near, 0);
  return Math.sqrt(near * near + growth * (part < 1 ? Math.sqrt(part) : part));
}

function step(
  quantile: number,
  residual: number,
  { typical, count }: QuantileSample,
  parameters: Parameters,
): number {
  const target = (1 - parameters.coverage) / 2;
  const rate = Math.max(parameters.quantileRate, Math.min(1, EARLY_POINTS / count));
  return rate * Math.max(typical, quantile) * ((residual > quantile ? 1 : 0) - target);
}
