import type { ModelState } from './model-state.ts';
import type { Parameters } from './parameters.ts';

const VISITS = 0b0011_1111;
const CLIPPED_ABOVE = 0b0100_0000;
const CLIPPED_BELOW = 0b1000_0000;
const CLIPPED = CLIPPED_ABOVE | CLIPPED_BELOW;

/** How often a slot was visited, 63 for more. */
export function visitsOf(state: ModelState, slot: number): number {
  return state.slotVisits[slot]! & VISITS;
}

/**
 * Moves one slot of a season, which lies at `start` and has `length` slots, towards what was seen there.
 *
 * An outlier teaches no more than `limit`. Two cases are more than outliers: a first visit that does not fit the slot
 * before it, where the second does, is replaced; and what was off the same way at the visit before is a change of the
 * season. Samples of one visit (`again`) are not further visits.
 */
export function learnSlot(
  state: ModelState,
  start: number,
  length: number,
  slot: number,
  residual: number,
  limit: number,
  again: boolean,
  samplesPerSlot: number,
  parameters: Parameters,
): void {
  const at = start + slot;
  const before = state.slotVisits[at]!;
  const visits = before & VISITS;
  const value = state.slotValues[at]!;
  const clipped = residual > limit ? CLIPPED_ABOVE : residual < -limit ? CLIPPED_BELOW : 0;
  const rate = Math.max(parameters.seasonRate, 1 / (visits + 1)) / samplesPerSlot;
  const ordinary = value + rate * Math.min(Math.max(residual, -limit), limit);
  if (again) {
    state.slotValues[at] = ordinary;
    return;
  }
  let learnt = ordinary;
  if (clipped !== 0 && visits === 1) {
    const previous = state.slotValues[start + ((slot + length - 1) % length)]!;
    const seen = value + residual;
    learnt = Math.abs(seen - previous) < Math.abs(value - previous) ? seen : value;
  } else if (clipped !== 0 && (before & CLIPPED) === clipped) {
    learnt = value + parameters.repeatedRate * residual;
  }
  state.slotValues[at] = learnt;
  state.slotVisits[at] = Math.min(VISITS, visits + 1) | clipped;
}
