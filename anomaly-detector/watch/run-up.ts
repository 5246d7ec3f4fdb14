import { z } from 'zod';
import type { Onset } from './episode.ts';

/** Samples kept: an anomaly is known some samples after its start, and what was before it has to be there still. */
const MEMORY = 24;
/** This part of the deviation at its furthest, there already a little before the start, makes it gradual. */
const GRADUAL_SHARE = 0.4;

/** Unix seconds, value and expectation of the latest scored samples, oldest first. */
export const savedRunUp = z.array(z.tuple([z.number(), z.number(), z.number()]));
export type SavedRunUp = z.output<typeof savedRunUp>;

export type RunUp = {
  add(atSeconds: number, value: number, expected: number): void;
  /**
   * Whether the deviation at `startsAtSeconds` came gradually or suddenly. A step in the world shows as a slope over the
   * window of a rate: only what was off before that was gradual. It is held against the furthest since the start: there
   * a step has only just crossed what is ordinary, and any wobble before it would be a large part.
   */
  onsetOf(startsAtSeconds: number): Onset | undefined;
  /** The latest sample. */
  last(): { readonly atSeconds: number; readonly value: number } | undefined;
  save(): SavedRunUp;
};

const deviationOf = ([, value, expected]: SavedRunUp[number]) => value - expected;

/** The way into an anomaly. @param slopeSeconds over how long a step shows as a slope */
export function createRunUp(slopeSeconds: number, saved: SavedRunUp = []): RunUp {
  const samples: [number, number, number][] = saved.map(([at, value, expected]) => [at, value, expected]);
  return {
    add(atSeconds, value, expected) {
      samples.push([atSeconds, value, expected]);
      if (samples.length > MEMORY) samples.shift();
    },
    onsetOf(startsAtSeconds) {
      const start = samples.findIndex(([at]) => at === startsAtSeconds);
      const before = samples.findLast(([at]) => at <= startsAtSeconds - slopeSeconds);
      if (start < 0 || before === undefined) return undefined;
      const side = Math.sign(deviationOf(samples[start]!));
      const furthest = Math.max(...samples.slice(start).map((sample) => side * deviationOf(sample)));
      const share = (side * deviationOf(before)) / furthest;
      return {
        kind: share >= GRADUAL_SHARE ? 'gradual' : 'sudden',
        timestampSeconds: before[0],
        value: before[1],
      };
    },
    last() {
      const latest = samples.at(-1);
      return latest && { atSeconds: latest[0], value: latest[1] };
    },
    save: () => samples.map(([at, value, expected]) => [at, value, expected]),
  };
}
