/** Smoothing parameters of additive Holt-Winters, each in 0..1. */
export interface HoltWintersParameters {
  /** alpha: share of a new value that goes into the level. */
  readonly level: number;
  /** beta*: share of the level's last change that goes into the trend. Without it there is no trend. */
  readonly trend?: number;
  /** phi: what is left of the trend after each step; 1 (the default) is a straight line. */
  readonly damping?: number;
  /** gamma: share of a new value's distance from level and trend that goes into its season. */
  readonly seasonal: number;
}

export interface HoltWintersState {
  readonly level: number;
  readonly trend: number;
  /** The season, oldest first: the first entry is that of the next value. Its length is the season's length. */
  readonly seasonal: readonly number[];
}

export interface HoltWinters {
  /** Takes in the next value and returns what had been forecast for it. Takes O(1) time. */
  update(value: number): number;
  /** @param horizon steps ahead, an integer >= 1 */
  forecast(horizon: number): number;
  state(): HoltWintersState;
}

/**
 * Holt-Winters with an additive season and an optional damped trend: the textbook's method, against which the
 * detector's robust variant is measured. Nothing is clipped, nothing is scored.
 * @see FPP3 8.3 "Methods with seasonality", https://otexts.com/fpp3/holt-winters.html
 * @throws {RangeError} for an empty season or a parameter outside 0..1
 */
export function createHoltWinters(parameters: HoltWintersParameters, start: HoltWintersState): HoltWinters {
  const { level: alpha, trend: beta = 0, damping = 1, seasonal: gamma } = parameters;
  const phi = parameters.trend === undefined ? 0 : damping;
  for (const [name, parameter] of Object.entries({ level: alpha, trend: beta, damping, seasonal: gamma }))
    if (!(parameter >= 0 && parameter <= 1))
      throw new RangeError(`${name}: expected a number in 0..1, got ${parameter}`);
  const seasonLength = start.seasonal.length;
  if (seasonLength === 0) throw new RangeError('seasonal: expected at least one entry, got none');

  const season = Float64Array.from(start.seasonal);
  let level = start.level;
  let trend = start.trend;
  let next = 0;

  return {
    update(value) {
      const before = level + phi * trend;
      const seasonal = season[next]!;
      const updated = alpha * (value - seasonal) + (1 - alpha) * before;
      trend = beta * (updated - level) + (1 - beta) * phi * trend;
      season[next] = gamma * (value - before) + (1 - gamma) * seasonal;
      level = updated;
      next = (next + 1) % seasonLength;
      return before + seasonal;
    },
    forecast(horizon) {
      let steps = 0;
      for (let step = 1; step <= horizon; step += 1) steps += phi ** step;
      return level + steps * trend + season[(next + horizon - 1) % seasonLength]!;
    },
    state: () => ({
      level,
      trend,
      seasonal: [...season.subarray(next), ...season.subarray(0, next)],
    }),
  };
}
