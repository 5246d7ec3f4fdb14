import type { Parameters } from './parameters.ts';
import { AT } from './state-layout.ts';

/**
 * Evidence of a slow drift, which shows in no residual because the level follows it: the series is further from its
 * usual level than on any excursion before. Said when that happens, and again when it has grown by as much again;
 * from then until the excursion is over it counts as reported.
 * @param s the model's scalars, changed in place
 * @param drift how far the level is from the usual one
 * @param typical usual size of a residual, > 0
 * @param kept what is left of the largest excursion since the value before
 * @returns >= 0, 1 for an alarm
 */
export function driftEvidence(
  s: Float64Array,
  drift: number,
  typical: number,
  kept: number,
  parameters: Parameters,
): number {
  const p = parameters;
  const signed = drift + s[AT.driftAhead]!;
  const size = Math.abs(signed);
  const least = p.driftResiduals * typical;
  s[AT.driftUsualPeak]! *= kept;
  if (signed * s[AT.driftSide]! <= 0) endExcursion(s, least, p);
  s[AT.driftSide] = Math.sign(signed);
  s[AT.driftRun]! += 1;
  if (size > s[AT.driftPeak]!) {
    s[AT.driftPeak] = size;
    s[AT.driftRun] = 0;
  }
  const reported = s[AT.driftReported]!;
  if (size < p.driftOver * reported) s[AT.driftReported] = 0;
  if (size <= Math.max(least, p.driftFactor * Math.max(s[AT.driftUsualPeak]!, reported))) return 0;
  s[AT.driftReported] = size;
  return p.driftEvidence;
}

/** Follows by how much the level is behind the series; an outlier teaches as little as it teaches the level. */
export function followLag(s: Float64Array, residual: number, typical: number, parameters: Parameters): void {
  const limit = parameters.clip * typical;
  const clipped = Math.min(Math.max(residual, -limit), limit);
  s[AT.driftAhead]! += parameters.driftRate * (clipped - s[AT.driftAhead]!);
}

/** What an excursion teaches is bounded: an incident shall not hide the next. */
function endExcursion(s: Float64Array, least: number, { driftFactor }: Parameters): void {
  const usual = s[AT.driftUsualPeak]!;
  s[AT.driftUsualPeak] = Math.max(usual, Math.min(s[AT.driftPeak]!, driftFactor * Math.max(usual, least)));
  s[AT.driftPeak] = 0;
  s[AT.driftReported] = 0;
}
