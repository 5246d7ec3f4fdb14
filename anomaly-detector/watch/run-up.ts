import { z } from 'zod';
import { driftThrough } from '../predict/drift.ts';
import type { Onset } from './episode.ts';

/** Samples kept: an anomaly is known some samples after its start, and what was before it has to be there still. */
const MEMORY = 24;
/** This part of the furthest deviation, there already a little before the start and out of the ordinary, makes it gradual. */
const GRADUAL_SHARE = 0.4;
/** Also where a line through so many samples before reaches this part of it: a creep is within what is ordinary for long. */
const CREEP_POINTS = 8;
const CREEP_SHARE = 0.6;

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
   * window of a rate: only what was off before that was gradual, and only beyond what is ordinary. At the start a step has
   * just begun to show, while a noisy series wobbles: what came before is held against the furthest seen since. What crept
   * along a line was gradual as well.
   */
  onsetOf(startsAtSeconds: number): Onset | undefined;
  /** The latest sample. */
  last(): { readonly atSeconds: number; readonly value: number } | undefined;
  save(): SavedRunUp;
};

/** The way into an anomaly. @param slopeSeconds over how long a step shows as a slope */
export function createRunUp(slopeSeconds: number, saved: SavedRunUp = []): RunUp {
  const samples: SavedRunUp = saved.map((sample) => [...sample]);

  /** Whether the deviations up to `untilSeconds` lie on a line that leads to the furthest one. */
  function crept([furthestAt, value, expected]: SavedRunUp[number], untilSeconds: number): boolean {
    const points = samples
      .filter(([at]) => at <= untilSeconds)
      .map(([at, value, expected]) => [at, value - expected] as const);
    const last = points.at(-1);
    if (last === undefined || points.length < CREEP_POINTS) return false;
    const { slope, lastResidual } = driftThrough(points);
    const reached = last[1] - lastResidual + slope * (furthestAt - last[0]);
    return slope !== 0 && reached / (value - expected) >= CREEP_SHARE;
  }

  /** The sample since the start that is furthest off, to the side on which it began. */
  function furthestSince(start: SavedRunUp[number]): SavedRunUp[number] {
    const side = Math.sign(start[1] - start[2]);
    const deviation = ([, value, expected]: SavedRunUp[number]) => side * (value - expected);
    return samples
      .filter(([at]) => at >= start[0])
      .reduce((furthest, sample) => (deviation(sample) > deviation(furthest) ? sample : furthest), start);
  }

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
      const furthest = furthestSince(start);
      const share = (value - expected) / (furthest[1] - furthest[2]);
      const isOutside = Math.abs(value - expected) > Math.abs(bound - expected);
      return {
        kind: (share >= GRADUAL_SHARE && isOutside) || crept(furthest, before[0]) ? 'gradual' : 'sudden',
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
