import { z } from 'zod';

/** Samples that a drift is judged by: a quarter of an hour at 30 s is too short a look, half a day too slow a one. */
const MEMORY = 120;
const FEWEST = 20;
/**
 * Where they show none, the last of them alone, so many: what began lately after a long calm, as a leak does. It has to last
 * for so long, which is longer than the windows of rates, in which a step looks like a line; to move the value by so many
 * standard deviations of what was before, which comes and goes in waves; and is taken to go on for no longer than so many
 * times what was seen of it.
 */
const LATELY = [12, 30, 60];
const LATELY_SECONDS = 600;
const BEYOND_WAVES = 6;
const REACH = 3;
/**
 * A slope of fewer standard errors is taken as noise. Twice what independent points would need: the values are rates
 * over windows that overlap, so neighbours err alike.
 */
const SIGNIFICANT = 4;
/** Each half of the points has to show at least this part of the slope: a step is no drift. */
const SHARE_OF_EACH_HALF = 0.33;

type Point = readonly [atSeconds: number, value: number];

export const savedDrift = z.object({
  /** Unix seconds and the value without its seasons, oldest first. */
  points: z.array(z.tuple([z.number(), z.number()])),
  lastValue: z.number(),
});
export type SavedDrift = z.output<typeof savedDrift>;

export type Drift = {
  /** Units a second; 0 where the points do not show a slope beyond their noise. */
  readonly slope: number;
  readonly slopeError: number;
  /** How far the last point lies above the line there. */
  readonly lastResidual: number;
  /** Standard deviation around the line. */
  readonly noise: number;
  /** For how long it may be taken to go on; without it, as long as anybody looks ahead. */
  readonly reachSeconds?: number;
};

/**
 * The straight line under a series once its seasons are taken out: what the seasonal model, which follows a drift by
 * and by, cannot tell. Ordinary least squares over the last {@link MEMORY} samples.
 */
export function createDriftEstimator(saved?: SavedDrift) {
  const points: [number, number][] = saved ? saved.points.map(([t, z]) => [t, z]) : [];
  let lastValue = saved?.lastValue ?? 0;
  return {
    /**
     * @param seasonalChange what the season alone changes since the sample before, in the value's unit; undefined when
     *   that is not known, as after a gap: the line starts anew
     */
    add(atSeconds: number, value: number, seasonalChange: number | undefined): void {
      const before = points.at(-1);
      if (before === undefined || seasonalChange === undefined) {
        points.length = 0;
        points.push([atSeconds, value]);
      } else {
        points.push([atSeconds, before[1] + value - lastValue - seasonalChange]);
        if (points.length > MEMORY) points.shift();
      }
      lastValue = value;
    },
    /** Undefined before there are enough points. */
    estimate(): Drift | undefined {
      if (points.length < FEWEST) return undefined;
      const whole = driftThrough(points);
      return whole.slope === 0 ? (lately(points) ?? whole) : whole;
    },
    save: (): SavedDrift => ({ points: points.map(([t, z]) => [t, z]), lastValue }),
  };
}

function lately(points: readonly Point[]): Drift | undefined {
  for (const count of LATELY.filter((each) => points.length - each >= FEWEST)) {
    const last = points.slice(-count);
    const seconds = last.at(-1)![0] - last[0]![0];
    if (seconds < LATELY_SECONDS) continue;
    const drift = driftThrough(last);
    const moved = Math.abs(drift.slope * seconds);
    if (moved > 0 && moved > BEYOND_WAVES * leastSquares(points.slice(0, -count)).noise)
      return { ...drift, reachSeconds: REACH * seconds };
  }
  return undefined;
}

type Line = { slope: number; slopeError: number; noise: number; meanX: number; meanY: number };

/** The line through points in order of time, three of them at least; without a slope where they show none beyond their noise. */
export function driftThrough(points: readonly Point[]): Drift {
  const line = leastSquares(points);
  const half = Math.floor(points.length / 2);
  const isSteady = [points.slice(0, half), points.slice(half)].every(
    (part) => leastSquares(part).slope / line.slope >= SHARE_OF_EACH_HALF,
  );
  const isDrift = isSteady && Math.abs(line.slope) > SIGNIFICANT * line.slopeError;
  const slope = isDrift ? line.slope : 0;
  const lineAtEnd = line.meanY - slope * line.meanX;
  return {
    slope,
    slopeError: line.slopeError,
    lastResidual: points.at(-1)![1] - lineAtEnd,
    noise: line.noise,
  };
}

/** Times are counted from the last point, so that large timestamps cost no digits. */
function leastSquares(points: readonly Point[]): Line {
  const n = points.length;
  const end = points[n - 1]![0];
  const meanX = points.reduce((sum, [x]) => sum + x - end, 0) / n;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / n;
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (const [x, y] of points) {
    const dx = x - end - meanX;
    const dy = y - meanY;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  const slope = xy / xx;
  const noise = Math.sqrt(Math.max(0, yy - slope * xy) / (n - 2));
  return { slope, slopeError: noise / Math.sqrt(xx), noise, meanX, meanY };
}
