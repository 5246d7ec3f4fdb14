import type { Parameters } from '../parameters.ts';
import type { ModelState } from '../state/model-state.ts';

export interface DriftedSample {
  /** How far the level is from the usual one. */
  readonly drift: number;
  /** Usual size of a residual, > 0. */
  readonly typical: number;
  /** What is left of the largest excursion since the value before. */
  readonly kept: number;
}

/**
 * Evidence of a slow drift, which shows in no residual because the level follows it: the series is further from its
 * usual level than on any excursion before. Said when that happens, and again when it has grown by as much again;
 * from then until the excursion is over it counts as reported.
 * @returns >= 0, 1 for an alarm
 */
export function driftEvidence(
  s: ModelState,
  { drift, typical, kept }: DriftedSample,
  parameters: Parameters,
): number {
  const p = parameters;
  const signed = drift + s.driftAhead;
  const size = Math.abs(signed);
  const least = p.driftResiduals * typical;
  s.driftUsualPeak *= kept;
  if (signed * s.driftSide <= 0) endExcursion(s, least, p);
  s.driftSide = Math.sign(signed);
  s.driftRun += 1;
  if (size > s.driftPeak) {
    s.driftPeak = size;
    s.driftRun = 0;
  }
  const reported = s.driftReported;
  if (size < p.driftOver * reported) s.driftReported = 0;
  if (size <= Math.max(least, p.driftFactor * Math.max(s.driftUsualPeak, reported))) return 0;
  s.driftReported = size;
  return p.driftEvidence;
}

/** Follows by how much the level is behind the series; an outlier teaches as little as it teaches the level. */
export function followLag(s: ModelState, residual: number, typical: number, parameters: Parameters): void {
  const limit = parameters.clip * typical;
  const clipped = Math.min(Math.max(residual, -limit), limit);
  s.driftAhead += parameters.driftRate * (clipped - s.driftAhead);
}

/** What an excursion teaches is bounded: an incident shall not hide the next. */
function endExcursion(s: ModelState, least: number, { driftFactor }: Parameters): void {
  const usual = s.driftUsualPeak;
  s.driftUsualPeak = Math.max(usual, Math.min(s.driftPeak, driftFactor * Math.max(usual, least)));
  s.driftPeak = 0;
  s.driftReported = 0;
}
