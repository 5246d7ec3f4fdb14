import { z } from 'zod';
import type { Onset } from './episode.ts';

/** Samples kept: an anomaly is known some samples after its start, and what was before it has to be there still. */
const MEMORY = 24;
/** This part of the deviation at the start, there already a little earlier and out of the ordinary, makes it gradual. */
const GRADUAL_SHARE = 0.4;

/**
 * Unix seconds, value, expectation, and the bound of the 95 % prediction interval on the value's side, of the latest scored
 * samples, oldest first. Older snapshots have no bound.
 */
export const savedRunUp = z.array(z.tuple([z.number(), z.number(), z.number()], z.number()));
export type SavedRunUp = z.output<typeof savedRunUp>;

export type RunUp = {
  add(atSeconds: number, value: number, interval: { expected: number; lower: number; upper: number }): void;
  /**
   * Whether the deviation at `startsAtSeconds` came gradually or suddenly. A step in the world shows as a slope over the
   * window of a rate: only what was off before that was gradual, and only beyond what is ordinary. A noisy series wobbles,
   * and at the start a step has just begun to show.
   */
  onsetOf(startsAtSeconds: number): Onset | undefined;
  /** The latest sample. */
  last(): { readonly atSeconds: number; readonly value: number } | undefined;
  save(): SavedRunUp;
};

/** The way into an anomaly. @param slopeSeconds over how long a step shows as a slope */
export function createRunUp(slopeSeconds: number, saved: SavedRunUp = []): RunUp {
  const samples: SavedRunUp = saved.map((sample) => [...sample]);
  return {
    add(atSeconds, value, { expected, lower, upper }) {
      samples.push([atSeconds, value, expected, value < expected ? lower : upper]);
      if (samples.length > MEMORY) samples.shift();
    },
    onsetOf(startsAtSeconds) {
      const start = samples.find(([at]) => at === startsAtSeconds);
      const before = samples.findLast(([at]) => at <= startsAtSeconds - slopeSeconds);
      if (start === undefined || before === undefined) return undefined;
      const [, value, expected, bound = expected] = before;
      const share = (value - expected) / (start[1] - start[2]);
      const isOutside = Math.abs(value - expected) > Math.abs(bound - expected);
      return {
        kind: share >= GRADUAL_SHARE && isOutside ? 'gradual' : 'sudden',
        timestampSeconds: before[0],
        value,
      };
    },
    last() {
      const latest = samples.at(-1);
      return latest && { atSeconds: latest[0], value: latest[1] };
    },
    save: () => samples.map((sample) => [...sample]),
  };
}
