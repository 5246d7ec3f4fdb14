import { driftEvidence, followLag } from './drift-evidence.ts';
import { flatEvidence } from './flat-evidence.ts';
import type { Parameters } from './parameters.ts';
import { recordEvidence } from './record-evidence.ts';
import { AT } from './state-layout.ts';
import { shrinkTail, tailEvidence, usualPeak } from './tail-evidence.ts';

/** What is left of things forgotten by half-life after some time without a sample, 1 after none. */
export interface Kept {
  readonly records: number;
  readonly peak: number;
  readonly hold: number;
  readonly flat: number;
}

/**
 * Adds up all evidence that a sample does not belong, and learns what counts as such from it.
 * @param residual undefined where there is no expectation yet
 * @param drift how far the level is from where it usually is, undefined where that is not known yet
 * @param floor the least that any scale of the series can be, > 0
 * @returns >= 0, 1 for an alarm
 */
export function gatherEvidence(
  s: Float64Array,
  value: number,
  residual: number | undefined,
  drift: number | undefined,
  floor: number,
  kept: Kept,
  tailRate: number,
  parameters: Parameters,
): number {
  const p = parameters;
  const valueRate = Math.max(p.smoothValueRate, 1 / s[AT.count]!);
  const smoothValue = s[AT.smoothValue]! + valueRate * (value - s[AT.smoothValue]!);
  let total =
    p.recordWeightValue * recordEvidence(s, AT.records, value, kept.records, floor, p) +
    p.recordWeightSmoothValue * recordEvidence(s, AT.records + 6, smoothValue, kept.records, floor, p) +
    flatEvidence(s, value, kept.flat, p);
  if (residual === undefined) return total;

  s[AT.smoothResidual]! += p.smoothResidualRate * (residual - s[AT.smoothResidual]!);
  const smoothResidual = s[AT.smoothResidual]!;
  const record = recordEvidence(s, AT.records + 2, residual, kept.records, floor, p);
  const smoothRecord = recordEvidence(s, AT.records + 4, smoothResidual, kept.records, floor, p);
  // Peaks that are usual at this hour are no records.
  if (Math.abs(residual) > p.hourlyRecords * usualPeak(s, AT.tailOfResidual))
    total += p.recordWeightResidual * record;
  if (Math.abs(smoothResidual) > p.hourlyRecords * usualPeak(s, AT.tailOfSmoothResidual))
    total += p.recordWeightSmoothResidual * smoothRecord;
  total += tailEvidence(s, AT.tailOfResidual, residual, floor, tailRate, kept.peak, p);
  const smoothTail = tailEvidence(s, AT.tailOfSmoothResidual, smoothResidual, floor, tailRate, kept.peak, p);
  total += p.tailSmoothWeight * smoothTail;
  const typical = Math.max(s[AT.typicalResidual]!, floor);
  followLag(s, residual, typical, p);
  return drift === undefined ? total : total + driftEvidence(s, drift, typical, kept.flat, p);
}

/**
 * Scales down all that was learnt about residuals: those of the first day, before a season was known, would else count
 * for weeks.
 * @param factor 0..1
 */
export function shrinkResiduals(s: Float64Array, factor: number): void {
  for (let at = AT.records + 2; at < AT.records + 6; at += 1) s[at]! *= factor;
  for (const at of [AT.quantileAbove, AT.quantileBelow, AT.dawnQuantileAbove, AT.dawnQuantileBelow])
    s[at]! *= factor;
  shrinkTail(s, AT.tailOfResidual, AT.peaksOfResidual, factor);
  shrinkTail(s, AT.tailOfSmoothResidual, AT.peaksOfSmoothResidual, factor);
}
