import type { Parameters } from '../parameters.ts';
import type { ModelState } from '../state/model-state.ts';

/** Notes the first visit to a slot; further samples of that visit count as much as those before. */
export function startSlot(state: ModelState, slot: number, deviation: number): void {
  const isFirst = state.visits(slot) === 0;
  state.setSlot(slot, isFirst ? deviation : (state.slots[slot]! + deviation) / 2, 1, 0);
}

/** What one sample teaches a season of the state. */
export interface SlotLesson {
  /** Where the season's slots begin, how many they are, and which of them the sample belongs to. */
  readonly start: number;
  readonly length: number;
  readonly slot: number;
  readonly residual: number;
  /** An outlier teaches no more than this. */
  readonly limit: number;
  /** Whether the sample belongs to the visit that the one before belonged to. */
  readonly sameVisit: boolean;
  readonly samplesPerSlot: number;
}

/**
 * Moves one slot of a season towards what was seen there.
 *
 * Two cases are more than outliers: a first visit that does not fit the slot before it, where the second does, is
 * replaced; and what was off the same way at the visit before is a change of the season.
 */
export function learnSlot(state: ModelState, lesson: SlotLesson, parameters: Parameters): void {
  const { start, length, slot, residual, limit, samplesPerSlot } = lesson;
  const at = start + slot;
  const visits = state.visits(at);
  const before = state.clippedSide(at);
  const value = state.slots[at]!;
  const rate = Math.max(parameters.seasonRate, 1 / (visits + 1)) / samplesPerSlot;
  const ordinary = value + rate * Math.min(Math.max(residual, -limit), limit);
  if (lesson.sameVisit) {
    state.setSlot(at, ordinary, visits, before);
    return;
  }
  const clipped = residual > limit ? 1 : residual < -limit ? -1 : 0;
  let learnt = ordinary;
  if (clipped !== 0 && visits === 1) {
    const previous = state.slots[start + ((slot + length - 1) % length)]!;
    const seen = value + residual;
    learnt = Math.abs(seen - previous) < Math.abs(value - previous) ? seen : value;
  } else if (clipped !== 0 && before === clipped) {
    learnt = value + parameters.repeatedRate * residual;
  }
  state.setSlot(at, learnt, visits + 1, clipped);
}
