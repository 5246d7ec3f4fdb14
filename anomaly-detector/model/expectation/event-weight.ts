import type { ModelState } from '../state/model-state.ts';

/** Share of a sample in how many events there usually are: of a week of five-minute samples. */
const MEAN_RATE = 0.0005;
/** Extrapolated counts fall short of one; what has a value has an event. */
const FEWEST = 0.5;

/** Notes how many events are behind a sample, which is the first to have any or one of many. */
export function followEvents(s: ModelState, events: number): void {
  const rate = s.meanEvents === 0 ? 1 : Math.max(MEAN_RATE, 1 / s.count);
  s.meanEvents += rate * (Math.max(events, FEWEST) - s.meanEvents);
}

/**
 * How much of a residual is news where the value is a share of so many events: the share of a true change in it, if
 * true changes are as large as chance makes them at `share` of the usual number. Few events say little of the ratio behind them, however
 * far off theirs is: what they say is as good as that many events less far off.
 * @param events undefined: as many as usual
 * @param share of the usual number of events at which chance is half of what a residual is made of
 * @returns 0..1; 1 of a series without events
 */
export function weightOfEvents(s: ModelState, events: number | undefined, share: number): number {
  if (s.meanEvents === 0) return 1;
  const known = Math.max(events ?? s.meanEvents, FEWEST);
  return known / (known + share * s.meanEvents);
}
