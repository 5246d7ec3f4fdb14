import type { Parameters } from '../parameters.ts';
import type { ModelState, Range, Tail } from '../state/model-state.ts';
import { driftEvidence, followLag } from './drift-evidence.ts';
import { flatEvidence } from './flat-evidence.ts';
import { recordEvidence } from './record-evidence.ts';
import { shrinkTail, tailEvidence } from './tail-evidence.ts';

const FLAT_HALF_LIFE_DAYS = 30;

/** What is left of things forgotten by half-life after some time without a sample, 1 after none. */
export interface Kept {
  readonly records: number;
  readonly peak: number;
  readonly hold: number;
  readonly flat: number;
}

export function keptAfter(days: number, parameters: Parameters): Kept {
  return {
    records: 0.5 ** (days / parameters.recordHalfLifeDays),
    peak: 0.5 ** (days / parameters.tailPeakHalfLifeDays),
    hold: 0.5 ** (days / parameters.holdHalfLifeDays),
    flat: 0.5 ** (days / FLAT_HALF_LIFE_DAYS),
  };
}

/** One sample, and what is known about it before it is learnt from. */
export interface Evidenced {
  readonly value: number;
  /** The value, as near to what is expected as so few events make it. */
  readonly informed: number;
  /** How much of a deviation is news, 0..1. */
  readonly weight: number;
  /** Undefined where there is no expectation yet. */
  readonly residual: number | undefined;
  /** How far the level is from where it usually is; undefined where that is not known yet. */
  readonly drift: number | undefined;
  /** The least that any scale of the series can be, > 0. */
  readonly floor: number;
  readonly kept: Kept;
  /** Share of this sample in the scales of the tails. */
  readonly tailRate: number;
}

/**
 * Adds up all evidence that a sample does not belong, and learns what counts as such from it.
 * @returns >= 0, 1 for an alarm
 */
export function gatherEvidence(s: ModelState, sample: Evidenced, parameters: Parameters): number {
  const p = parameters;
  const { value, informed, weight, residual, drift, floor, kept, tailRate: rate } = sample;
  const valueRate = weight * Math.max(p.smoothValueRate, 1 / s.count);
  const smoothValue = s.smoothValue + valueRate * (value - s.smoothValue);
  const record = (range: Range, of: number) =>
    recordEvidence(range, { value: of, kept: kept.records, floor }, p);
  let total =
    p.recordWeightValue * record(s.valueRange, informed) +
    p.recordWeightSmoothValue * record(s.smoothValueRange, smoothValue) +
    flatEvidence(s, value, kept.flat, p);
  if (residual === undefined) return total;

  s.smoothResidual += p.smoothResidualRate * (residual - s.smoothResidual);
  const { smoothResidual, residualTail, smoothResidualTail } = s;
  const ofResidual = record(s.residualRange, residual);
  const ofSmoothResidual = record(s.smoothResidualRange, smoothResidual);
  // Peaks that are usual at this hour are no records.
  if (Math.abs(residual) > p.hourlyRecords * residualTail.usualNow)
    total += p.recordWeightResidual * ofResidual;
  if (Math.abs(smoothResidual) > p.hourlyRecords * smoothResidualTail.usualNow)
    total += p.recordWeightSmoothResidual * ofSmoothResidual;
  const tail = (of: Tail, residual: number) =>
    tailEvidence(of, { residual, floor, rate, peakKept: kept.peak }, p);
  total += tail(residualTail, residual) + p.tailSmoothWeight * tail(smoothResidualTail, smoothResidual);
  const typical = Math.max(s.typicalResidual, floor);
  followLag(s, residual, typical, p);
  return drift === undefined ? total : total + driftEvidence(s, { drift, typical, kept: kept.flat }, p);
}

/**
 * Scales down all that was learnt about residuals: those of the first day, before a season was known, would else count
 * for weeks.
 * @param factor 0..1
 */
export function shrinkResiduals(s: ModelState, factor: number): void {
  for (const range of [s.residualRange, s.smoothResidualRange]) {
    range.lowest *= factor;
    range.highest *= factor;
  }
  for (const quantiles of [s.quantiles, s.dawnQuantiles]) {
    quantiles.above *= factor;
    quantiles.below *= factor;
  }
  for (const tail of [s.residualTail, s.smoothResidualTail]) shrinkTail(tail, factor);
}
