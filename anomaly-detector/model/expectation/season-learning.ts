import type { Parameters } from '../parameters.ts';
import type { ModelState } from '../state/model-state.ts';
import type { SeasonSlots } from './season-slots.ts';
import { learnSlot } from './slot-learning.ts';

/** What one sample teaches a season and the level that it is counted from. */
export interface SeasonLesson {
  readonly slots: SeasonSlots;
  readonly slot: number;
  readonly residual: number;
  /** Size from which a residual of the day is clipped. */
  readonly clipLimit: number;
  /** Whether the sample belongs to the visit of the slot that the one before belonged to. */
  readonly sameVisit: boolean;
}

/** @param warm while the series is young, nothing is an outlier */
export function learnDaily(
  s: ModelState,
  lesson: SeasonLesson & { readonly warm: boolean },
  parameters: Parameters,
): void {
  const { slots, slot, residual, clipLimit, sameVisit, warm } = lesson;
  const { levelRate, typicalResidualRate } = parameters;
  const limit = warm ? clipLimit : Number.POSITIVE_INFINITY;
  s.level += levelRate * clip(residual, limit);
  const absolute = Math.min(Math.abs(residual), clipLimit);
  s.typicalResidual += Math.max(typicalResidualRate, 1 / s.count) * (absolute - s.typicalResidual);
  const { daily: length, samplesPerSlot } = slots;
  learnSlot(s, { start: 0, length, slot, residual, limit, sameVisit, samplesPerSlot }, parameters);
}

export function learnWeekly(s: ModelState, lesson: SeasonLesson, parameters: Parameters): void {
  const { slots, slot, residual, clipLimit, sameVisit } = lesson;
  const { clip: clipFactor, levelRate, typicalResidualRate, errorRate } = parameters;
  const count = ++s.weeklyCount;
  const typical =
    clipFactor * Math.max(Math.max(1, s.hourlyWidth) * s.weeklyTypicalResidual, clipLimit * 1e-3);
  const limit = count > 21 ? typical : Number.POSITIVE_INFINITY;
  s.weeklyLevel += levelRate * clip(residual, limit);
  const absolute = Math.abs(residual);
  const rate = Math.max(typicalResidualRate, 1 / count);
  s.weeklyTypicalResidual += rate * (Math.min(absolute, limit) - s.weeklyTypicalResidual);
  s.weeklyError += errorRate * (Math.min(absolute, clipLimit) - s.weeklyError);
  const { daily: start, weekly: length, samplesPerSlot } = slots;
  learnSlot(s, { start, length, slot, residual, limit, sameVisit, samplesPerSlot }, parameters);
}

const clip = (x: number, limit: number): number => Math.min(Math.max(x, -limit), limit);
