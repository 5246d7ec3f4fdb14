import type { ModelState } from './model-state.ts';
import type { Parameters } from './parameters.ts';

/**
 * What is kept in the lowest bits of a slot's value: how often it was visited, and which way the last visit was
 * clipped. A byte a slot of its own would be a fifth of a model's memory.
 */
const VISITS = 0b001_1111;
const CLIPPED_ABOVE = 0b010_0000;
const CLIPPED_BELOW = 0b100_0000;
const CLIPPED = CLIPPED_ABOVE | CLIPPED_BELOW;
const NOTES = VISITS | CLIPPED;
const HALF_STEP = (NOTES + 1) / 2;

/** How often a slot was visited, 31 for more. */
export function visitsOf(state: ModelState, slot: number): number {
  return state.slotBits[slot]! & VISITS;
}

/** Notes the first visit to a slot; further samples of that visit count as much as those before. */
export function startSlot(state: ModelState, slot: number, deviation: number): void {
  const isFirst = visitsOf(state, slot) === 0;
  write(state, slot, isFirst ? deviation : (state.slotValues[slot]! + deviation) / 2, 1);
}

/** Rounds to the next value that leaves room for the notes. */
function write(state: ModelState, slot: number, value: number, notes: number): void {
  const { slotValues, slotBits } = state;
  slotValues[slot] = value;
  slotBits[slot] = ((slotBits[slot]! + HALF_STEP) & ~NOTES) | notes;
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
  const before = state.slotBits[at]! & NOTES;
  const visits = before & VISITS;
  const value = state.slotValues[at]!;
  const clipped = residual > limit ? CLIPPED_ABOVE : residual < -limit ? CLIPPED_BELOW : 0;
  const rate = Math.max(parameters.seasonRate, 1 / (visits + 1)) / samplesPerSlot;
  const ordinary = value + rate * Math.min(Math.max(residual, -limit), limit);
  if (again) {
    write(state, at, ordinary, before);
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
  write(state, at, learnt, Math.min(VISITS, visits + 1) | clipped);
}
