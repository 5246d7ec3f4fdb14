import type { Parameters } from '../parameters.ts';
import type { LevelShift, ModelState } from '../state/model-state.ts';

/** How far one sample is from a level, and what counts as far. */
export interface LevelResidual {
  readonly residual: number;
  /** Size from which a residual is clipped. */
  readonly limit: number;
  /** Time since the sample before. */
  readonly days: number;
  /** Clipped residuals in a row that make a new level. */
  readonly shiftPoints: number;
}

/**
 * A level that is off the same way for long enough is the new one. The former is kept in mind for a while: when what
 * looked like a new level was a long incident, its end is not to be learnt as slowly as its beginning.
 * @returns by how much the level is to be shifted now, mostly 0
 */
export function followLevelShift(shift: LevelShift, sample: LevelResidual, parameters: Parameters): number {
  const { residual, limit, days, shiftPoints } = sample;
  const clipped = Math.abs(residual) > limit;
  shift.clippedRun = nextRun(shift.clippedRun, clipped ? residual : 0);
  if (Math.abs(shift.clippedRun) >= shiftPoints) {
    // One shift after another: the level before the first of them is the one to come back to.
    shift.formerOffset = (shift.formerDaysLeft > 0 ? shift.formerOffset : 0) - residual;
    shift.formerDaysLeft = parameters.formerLevelDays;
    shift.clippedRun = 0;
    shift.formerRun = 0;
    return residual;
  }
  if (shift.formerDaysLeft <= 0) return 0;
  shift.formerDaysLeft -= days;
  const near = Math.max(0.8 * limit, parameters.formerLevelShare * Math.abs(shift.formerOffset));
  const back = clipped && Math.abs(residual - shift.formerOffset) < near;
  shift.formerRun = back ? shift.formerRun + 1 : 0;
  if (shift.formerRun < parameters.formerLevelPoints) return 0;
  shift.formerDaysLeft = 0;
  shift.clippedRun = 0;
  shift.formerRun = 0;
  return shift.formerOffset;
}

/**
 * The level used where there is no season: follows what is ordinary quickly, what is not only when it lasts.
 * @param floor the least that counts as typical residual, > 0
 * @param shiftPoints outliers in a row that make a new level
 */
export function followSteadyLevel(
  s: ModelState,
  { residual, floor, shiftPoints }: { residual: number; floor: number; shiftPoints: number },
  parameters: Parameters,
): void {
  const early = 1 / s.count;
  const size = Math.abs(residual);
  const typical = s.steadyTypicalResidual;
  const limit = parameters.clip * Math.max(typical, floor);
  s.steadyTypicalResidual +=
    Math.max(parameters.typicalResidualRate, early) * (Math.min(size, limit) - typical);
  if (size <= limit || s.count <= shiftPoints) {
    s.steadyLevel += Math.max(parameters.smoothValueRate, early) * residual;
    s.steadyRun = nextRun(s.steadyRun, 0);
    return;
  }
  s.steadyLevel += parameters.steadyCreep * Math.sign(residual) * limit;
  s.steadyRun = nextRun(s.steadyRun, residual);
  if (Math.abs(s.steadyRun) < shiftPoints) return;
  // By now the smoothed value has long arrived where the series is.
  s.usualSteadyLevel += s.smoothValue - s.steadyLevel;
  s.steadyLevel = s.smoothValue;
  s.steadyRun = 0;
}

/** Counts outliers of one side, negative for those below; each that is none takes one off. */
function nextRun(run: number, outlier: number): number {
  if (outlier > 0) return Math.max(1, run + 1);
  if (outlier < 0) return Math.min(-1, run - 1);
  return run - Math.sign(run);
}
