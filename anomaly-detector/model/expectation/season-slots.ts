const DAY = 86_400;
const WEEK = 7 * DAY;
/** Slots are not finer than this: it bounds the state, and neighbours in time behave alike. */
const SLOT_SECONDS_MIN = 300;

/** How a day and a week are cut into slots for a series with this step. */
export interface SeasonSlots {
  readonly slotSeconds: number;
  readonly daily: number;
  readonly weekly: number;
  /** Samples that fall into one slot. */
  readonly samplesPerSlot: number;
}

export function seasonSlots(
  stepSeconds: number,
  seasonality: 'auto' | 'none' | 'daily' | 'daily-and-weekly',
): SeasonSlots {
  const slotSeconds = Math.max(stepSeconds, SLOT_SECONDS_MIN);
  const perDay = seasonality === 'none' ? 0 : Math.max(1, Math.round(DAY / slotSeconds));
  return {
    slotSeconds,
    daily: perDay,
    weekly: seasonality === 'daily' ? 0 : 7 * perDay,
    samplesPerSlot: Math.max(1, Math.round(slotSeconds / stepSeconds)),
  };
}

/** @param localSeconds wall-clock time as if it were UTC */
export function secondOfDay(localSeconds: number): number {
  return localSeconds - Math.floor(localSeconds / DAY) * DAY;
}

/** Whether a moment is on a Saturday or Sunday, and so on a holiday that counts as such. */
export function isWeekend(localSeconds: number): boolean {
  const daysSinceThursday = Math.floor(secondOfWeek(localSeconds) / DAY);
  return daysSinceThursday === 2 || daysSinceThursday === 3;
}

/** Seconds since Thursday, the day the epoch began with: where a week begins does not matter. */
export function secondOfWeek(localSeconds: number): number {
  return localSeconds - Math.floor(localSeconds / WEEK) * WEEK;
}
