import { z } from 'zod';

/** Standard deviations from which on a share is further off than chance makes it. */
const BEYOND_CHANCE = 4;
/** Events are pooled over about this long: what fails a little all night is no chance. */
const POOLED_HALF_LIFE_SECONDS = 1800;

/** Events of late: how many, how many of them counted in the ratio, and how many of them would as expected. */
export const savedEventChance = z.object({
  atSeconds: z.number(),
  events: z.number(),
  counted: z.number(),
  expected: z.number(),
});
export type SavedEventChance = z.output<typeof savedEventChance>;

/** A share of events that happened to be seen, and the one that was expected, both 0..1. */
interface SeenShare {
  readonly atSeconds: number;
  readonly share: number;
  readonly expected: number;
  readonly events: number;
}

export type EventChance = {
  /** Whether chance explains how far the share is off, of its own events and of those of late. */
  explains(seen: SeenShare): boolean;
  save(): SavedEventChance | undefined;
};

/** @param windowSeconds that each sample's events are of: samples that come faster share some */
export function createEventChance(windowSeconds: number, saved?: SavedEventChance): EventChance {
  let pool = saved;

  function pooled({ atSeconds, share, expected, events }: SeenShare): SavedEventChance {
    const seconds = pool === undefined ? windowSeconds : atSeconds - pool.atSeconds;
    const kept = 0.5 ** (seconds / POOLED_HALF_LIFE_SECONDS);
    const fresh = events * Math.min(1, seconds / windowSeconds);
    return {
      atSeconds,
      events: kept * (pool?.events ?? 0) + fresh,
      counted: kept * (pool?.counted ?? 0) + fresh * share,
      expected: kept * (pool?.expected ?? 0) + fresh * expected,
    };
  }

  return {
    explains(seen) {
      pool = pooled(seen);
      const { events, counted, expected } = pool;
      const side = Math.sign(seen.share - seen.expected);
      const alone = deviations(seen.share, seen.expected, seen.events);
      const together = events > 0 ? deviations(counted / events, expected / events, events) : 0;
      return Math.max(side * alone, side * together) < BEYOND_CHANCE;
    },
    save: () => pool,
  };
}

/**
 * How many standard deviations a share of so many events is off. Of the arcsine of its root, which is as wide whatever the
 * share, and close to normal where events are few: one of two, where one of a hundred is usual, is 1.9, not 7.
 * @see F. J. Anscombe, "The transformation of Poisson, binomial and negative-binomial data", 1948
 */
function deviations(share: number, expected: number, events: number): number {
  return 2 * Math.sqrt(events) * (angle(share) - angle(expected));
}

const angle = (share: number) => Math.asin(Math.sqrt(Math.min(Math.max(share, 0), 1)));
