import type { Parameters } from './parameters.ts';
import { AT } from './state-layout.ts';

/** Half width to begin with, in typical residuals: what it would be for a normal distribution. */
const INITIAL_WIDTH = 2.5;

/**
 * Follows the residual's upper and lower quantile, each with half of what the interval leaves out. A step up for each
 * residual beyond and a small step down for each within keeps the long-run share beyond at its target, whatever the
 * distribution and however it drifts.
 * @see Gibbs & Candes, "Adaptive Conformal Inference Under Distribution Shift", 2021
 * @param above where the upper quantile lies in the model's scalars, both 0 before the first residual
 * @param below where the lower one lies, as a distance downwards
 * @param typicalResidual the least size that a step is measured by, in the value's unit
 */
export function followQuantiles(
  s: Float64Array,
  above: number,
  below: number,
  residual: number,
  typicalResidual: number,
  parameters: Parameters,
): void {
  if (s[above] === 0 && s[below] === 0) {
    s[above] = INITIAL_WIDTH * typicalResidual;
    s[below] = INITIAL_WIDTH * typicalResidual;
  }
  follow(s, above, residual, typicalResidual, parameters);
  follow(s, below, -residual, typicalResidual, parameters);
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

function follow(
  s: Float64Array,
  at: number,
  residual: number,
  typicalResidual: number,
  parameters: Parameters,
): void {
  const quantile = s[at]!;
  const target = (1 - parameters.coverage) / 2;
  const rate = Math.max(parameters.quantileRate, Math.min(1, EARLY_POINTS / s[AT.count]!));
  const step = rate * Math.max(typicalResidual, quantile);
  s[at] = quantile + step * ((residual > quantile ? 1 : 0) - target);
}
