import type { Parameters } from './parameters.ts';

// Places within the fields of one tail.
const SCALE = 0;
const COUNT = 1;
const PEAK = 2;
const HIGHEST_OF_HOUR = 3;
const USUAL_NOW = 4;
const HOURS = 24;
/** Residuals seen before the tail says anything. */
const POINTS_NEEDED = 20;

/**
 * How unusual a residual is for the tail of its series: its ratio to a slowly forgetting norm of higher order, which
 * heavy tails raise more than a standard deviation. A peak counts once, not once a sample, so that an anomaly that
 * lasts does not hide the next; and an hour of the day that has its peaks every day is granted them.
 * @param s the model's scalars, changed in place
 * @param at where the fields of this tail begin
 * @param floor the least that counts as scale, > 0
 * @param rate share of this sample in the norm
 * @param peakKept what is left of the last peak
 * @returns evidence >= 0, 1 for an alarm
 */
export function tailEvidence(
  s: Float64Array,
  at: number,
  residual: number,
  floor: number,
  rate: number,
  peakKept: number,
  parameters: Parameters,
): number {
  const count = ++s[at + COUNT]!;
  const scale = s[at + SCALE]!;
  const known = Math.max(scale, floor);
  const granted = Math.max(known, parameters.hourlyTolerance * s[at + USUAL_NOW]!);
  let size = Math.abs(residual);
  if (size > s[at + HIGHEST_OF_HOUR]!) s[at + HIGHEST_OF_HOUR] = size;

  let evidence = 0;
  if (count > POINTS_NEEDED) {
    const ratio = (parameters.tailGain * size) / granted;
    evidence = Math.min(
      parameters.tailPower === 2 ? ratio * ratio : ratio ** parameters.tailPower,
      parameters.tailMaximum,
    );
    // The first sample of a peak counts, and what is clearly higher; the rest of it stands in its shadow.
    const peak = s[at + PEAK]! * peakKept;
    const isPeak = size >= peak * parameters.tailPeakMargin;
    s[at + PEAK] = Math.max(size, peak);
    size = Math.min(size, parameters.tailClip * known);
    if (!isPeak) size = Math.min(size, parameters.tailShadow * granted);
  }
  size += 0.1 * floor;
  s[at + SCALE] = norm(scale, size, Math.max(rate, 1 / count), parameters.tailOrder);
  return evidence;
}

/** The peak that is usual at this hour of the day, or one earlier or later, in the value's unit. */
export function usualPeak(s: Float64Array, at: number): number {
  return s[at + USUAL_NOW]!;
}

/**
 * Moves on to another hour of the day, 0..23: what is usual then, or an hour earlier or later, is granted from now on.
 * @param peaks where the usual peaks of the 24 hours begin
 * @param from the hour so far, -1 for none
 */
export function enterHour(
  s: Float64Array,
  at: number,
  peaks: number,
  from: number,
  to: number,
  parameters: Parameters,
): void {
  if (from >= 0) s[peaks + from]! += parameters.hourlyRate * (s[at + HIGHEST_OF_HOUR]! - s[peaks + from]!);
  s[at + HIGHEST_OF_HOUR] = 0;
  const earlier = s[peaks + ((to + HOURS - 1) % HOURS)]!;
  const later = s[peaks + ((to + 1) % HOURS)]!;
  s[at + USUAL_NOW] = Math.max(earlier, s[peaks + to]!, later);
}

/** Scales down what was learnt about the tail. */
export function shrinkTail(s: Float64Array, at: number, peaks: number, factor: number): void {
  for (const field of [SCALE, PEAK, HIGHEST_OF_HOUR, USUAL_NOW]) s[at + field]! *= factor;
  for (let hour = 0; hour < HOURS; hour += 1) s[peaks + hour]! *= factor;
}

/** Of an average of powers of `order`; by way of the larger, so that no magnitude overflows. */
function norm(scale: number, size: number, rate: number, order: number): number {
  const unit = Math.max(scale, size);
  const a = scale / unit;
  const b = size / unit;
  if (order === 3) return unit * Math.cbrt((1 - rate) * a * a * a + rate * b * b * b);
  return unit * ((1 - rate) * a ** order + rate * b ** order) ** (1 / order);
}
