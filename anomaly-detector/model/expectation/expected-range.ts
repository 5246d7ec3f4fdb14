import type { LevelShift, ModelState } from '../state/model-state.ts';

/** The expectation of a moment; what lies between its bounds, those of the slots around, is as expected. */
export interface ExpectedRange {
  expected: number;
  low: number;
  high: number;
}

/** A season's slots in the state, the one of the moment, and how many earlier and later are as good. */
export interface SlotsAround {
  readonly start: number;
  readonly length: number;
  readonly slot: number;
  readonly reach: number;
}

/** Sets `range` to a level and a slot of the season, with the slots around it. */
export function expectBetween(
  range: ExpectedRange,
  s: ModelState,
  level: number,
  { start, length, slot, reach }: SlotsAround,
): void {
  const own = s.slots[start + slot]!;
  let low = own;
  let high = own;
  for (let distance = -reach; distance <= reach; distance += 1) {
    const neighbour = start + ((slot + distance + length) % length);
    if (s.visits(neighbour) === 0) continue;
    const value = s.slots[neighbour]!;
    if (value < low) low = value;
    else if (value > high) high = value;
  }
  range.expected = level + own;
  range.low = level + low;
  range.high = level + high;
}

/** What looked like a new level may have been a long incident: its end, back at the former one, is no other. */
export function allowForFormerLevel(
  range: ExpectedRange,
  { formerOffset, formerDaysLeft }: LevelShift,
): void {
  if (formerDaysLeft <= 0) return;
  range.low = Math.min(range.low, range.low + formerOffset);
  range.high = Math.max(range.high, range.high + formerOffset);
}

/** Nobody knows yet how calm a weekend is: of what was never negative, down to this part of the least that was ever seen. */
export function allowForFirstWeekend(range: ExpectedRange, s: ModelState, share: number): void {
  if (s.negativeSeen === 0) range.low = Math.min(range.low, share * s.valueRange.lowest);
}

/** Nothing beyond what the value can be is expected, in the series' own unit. */
export function holdWithin(range: ExpectedRange, minimum: number, maximum: number): void {
  if (!(minimum <= maximum)) return;
  range.expected = Math.min(Math.max(range.expected, minimum), maximum);
  range.low = Math.min(Math.max(range.low, minimum), maximum);
  range.high = Math.min(Math.max(range.high, minimum), maximum);
}

/** Where little else is expected, what the series rested at for long is as expected. */
export function allowForRest(
  range: ExpectedRange,
  s: ModelState,
  { restShare, flatPointsMin }: { restShare: number; flatPointsMin: number },
): void {
  const { lowest, highest } = s.valueRange;
  const isNear = Math.abs(range.expected - s.flatValue) <= restShare * (highest - lowest);
  if (!isNear || s.longestSameRun < flatPointsMin) return;
  range.low = Math.min(range.low, s.flatValue);
  range.high = Math.max(range.high, s.flatValue);
}
