import type { Parameters } from '../parameters.ts';
import { HOURS_A_DAY, type Tail } from '../state/model-state.ts';

/** Residuals seen before the tail says anything. */
const POINTS_NEEDED = 20;
/** What every residual adds at least, and the scale up to which it was nothing else, in floors. */
const LEAST = 0.1;
const REST = 0.15;

export interface TailSample {
  readonly residual: number;
  /** The least that counts as scale, > 0. */
  readonly floor: number;
  /** Share of this sample in the norm. */
  readonly rate: number;
  /** What is left of the last peak. */
  readonly peakKept: number;
}

/**
 * How unusual a residual is for the tail of its series: its ratio to a slowly forgetting norm of higher order, which
 * heavy tails raise more than a standard deviation. A peak counts once, not once a sample, so that an anomaly that
 * lasts does not hide the next; and an hour of the day that has its peaks every day is granted them.
 * @param tail changed in place
 * @returns evidence >= 0, 1 for an alarm
 */
export function tailEvidence(tail: Tail, sample: TailSample, parameters: Parameters): number {
  const { residual, floor, rate, peakKept } = sample;
  const count = ++tail.count;
  const { scale } = tail;
  const granted = Math.max(floor, usualSize(tail, parameters));
  let size = Math.abs(residual);
  if (size > tail.highestOfHour) tail.highestOfHour = size;

  let evidence = 0;
  if (count > POINTS_NEEDED) {
    const ratio = (parameters.tailGain * size) / granted;
    evidence = Math.min(
      parameters.tailPower === 2 ? ratio * ratio : ratio ** parameters.tailPower,
      parameters.tailMaximum,
    );
    // The first sample of a peak counts, and what is clearly higher; the rest of it stands in its shadow.
    const peak = tail.peak * peakKept;
    const isPeak = size >= peak * parameters.tailPeakMargin;
    tail.peak = Math.max(size, peak);
    // Of a series that never strayed, the first time is all that is known.
    if (scale > REST * floor) size = Math.min(size, parameters.tailClip * Math.max(scale, floor));
    if (!isPeak) size = Math.min(size, parameters.tailShadow * granted);
  }
  size += LEAST * floor;
  tail.scale = norm(scale, size, Math.max(rate, 1 / count), parameters.tailOrder);
  return evidence;
}

/**
 * Moves on to another hour of the day, 0..23: what is usual then, or an hour earlier or later, is granted from now on.
 * @param from the hour so far, -1 for none
 */
export function enterHour(tail: Tail, from: number, to: number, parameters: Parameters): void {
  if (from >= 0) {
    const usual = tail.usualPeaks[from]!;
    tail.usualPeaks[from] = usual + parameters.hourlyRate * (tail.highestOfHour - usual);
  }
  tail.highestOfHour = 0;
  const earlier = tail.usualPeaks[(to + HOURS_A_DAY - 1) % HOURS_A_DAY]!;
  const later = tail.usualPeaks[(to + 1) % HOURS_A_DAY]!;
  tail.usualNow = Math.max(earlier, tail.usualPeaks[to]!, later);
}

/** The size of a residual that is granted at this hour: the scale of the tail, or a share of the hour's usual peak. */
function usualSize({ scale, usualNow }: Tail, parameters: Parameters): number {
  return Math.max(scale, parameters.hourlyTolerance * usualNow);
}

/** As {@link usualSize}, and less where this hour of the day is calm: what lasts is held against its own hour. */
export function calmSize(tail: Tail, parameters: Parameters): number {
  const { calmPeaks, calmShareMin } = parameters;
  const calm = Math.max(calmPeaks * tail.usualNow, calmShareMin * tail.scale);
  return Math.min(usualSize(tail, parameters), calm);
}

/** Scales down what was learnt about the tail. */
export function shrinkTail(tail: Tail, factor: number): void {
  tail.scale *= factor;
  tail.peak *= factor;
  tail.highestOfHour *= factor;
  tail.usualNow *= factor;
  for (const [hour, usual] of tail.usualPeaks.entries()) tail.usualPeaks[hour] = usual * factor;
}

/** Of an average of powers of `order`; by way of the larger, so that no magnitude overflows. */
function norm(scale: number, size: number, rate: number, order: number): number {
  const unit = Math.max(scale, size);
  const a = scale / unit;
  const b = size / unit;
  if (order === 3) return unit * Math.cbrt((1 - rate) * a * a * a + rate * b * b * b);
  return unit * ((1 - rate) * a ** order + rate * b ** order) ** (1 / order);
}
