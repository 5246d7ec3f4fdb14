import type { Parameters } from '../parameters.ts';
import { HOURS_A_DAY, type ModelState } from '../state/model-state.ts';

const INCIDENT_POINTS = 3;

/**
 * How much wider or narrower residuals are at this hour of the day than they are on the whole: a ratio of two requests
 * strays more at night than one of two thousand does by day.
 * @param hour 0..23
 * @returns > 0, 1 where that is not known yet
 */
export function widthOfHour(s: ModelState, hour: number, parameters: Parameters): number {
  const { hourlyWidthMax, hourlyWidthPower } = parameters;
  const sizes = s.hourlySizes;
  const rootOf = (hour: number) => Math.sqrt(sizes[(hour + HOURS_A_DAY) % HOURS_A_DAY]!);
  let sum = 0;
  for (const size of sizes) sum += Math.sqrt(size);
  if (sum === 0) return 1;
  const ratio = ((rootOf(hour - 1) + 2 * rootOf(hour) + rootOf(hour + 1)) / 4 / sum) * HOURS_A_DAY;
  return Math.min(Math.max(ratio, 1 / hourlyWidthMax), hourlyWidthMax) ** hourlyWidthPower;
}

/** All hours are alike to begin with, once the season of the first day is known. */
export function startHourlySizes(s: ModelState): void {
  s.hourlySizes.fill(s.residualTail.scale ** 2);
}

/**
 * What is off for several samples in a row is an incident or a new level, and says nothing of the hour.
 * @param rate share of this sample in the size of its hour
 */
export function followHourlySize(
  s: ModelState,
  residual: number,
  rate: number,
  parameters: Parameters,
): void {
  const size = s.hourlySizes[s.hour]!;
  if (size === 0 || Math.abs(s.levelShift.clippedRun) > INCIDENT_POINTS) return;
  const limit = parameters.hourlyClip * s.residualTail.scale;
  s.hourlySizes[s.hour] = size + rate * (Math.min(Math.abs(residual), limit) ** 2 - size);
}
