import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PARAMETERS } from './parameters.ts';
import { createSeriesModel } from './seasonal-model.ts';
import {
  ALARM_THRESHOLD,
  type Observation,
  type ScoredObservation,
  type SeriesModelOptions,
} from './series-model.ts';

const STEP = 300;
const DAY = 86_400;
const POINTS_PER_DAY = DAY / STEP;
const START = Date.UTC(2026, 0, 5) / 1000;
const options: SeriesModelOptions = { stepSeconds: STEP, timeZone: 'UTC' };

/** Reproducible noise, roughly normal with standard deviation 1. */
function noiseOf(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return () => uniform() + uniform() + uniform() + uniform() - 2 + (uniform() - 0.5);
}

function run(values: readonly number[], given: Partial<SeriesModelOptions> = {}): readonly Observation[] {
  const model = createSeriesModel({ ...options, ...given });
  return values.map((value, index) => model.update(START + index * STEP, value));
}

const scoreOf = (observation: Observation | undefined): number =>
  observation?.kind === 'scored' ? observation.score : 0;
const isAlarm = (observation: Observation | undefined): boolean => scoreOf(observation) >= ALARM_THRESHOLD;
const last = (observations: readonly Observation[]): ScoredObservation => {
  const observation = observations[observations.length - 1];
  if (observation?.kind !== 'scored') throw new Error(`not scored: ${observation?.kind}`);
  return observation;
};

/** A day with a plateau of noise, as often as wanted. */
function days(count: number, seed = 1): number[] {
  const noise = noiseOf(seed);
  return Array.from(
    { length: count * POINTS_PER_DAY },
    (_, index) => 100 + 30 * Math.sin((2 * Math.PI * index) / POINTS_PER_DAY) + noise(),
  );
}

describe('scores', () => {
  test('do not depend on the unit or the zero of the scale', () => {
    const values = days(4);
    values[1000]! += 25;
    const plain = run(values).map(scoreOf);
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.double({ min: -1e4, max: 1e4, noNaN: true }),
        (factor, offset) => {
          const changed = run(values.map((value) => value * factor + offset * factor)).map(scoreOf);
          for (const [index, score] of changed.entries()) expect(score).toBeCloseTo(plain[index]!, 2);
        },
      ),
      { numRuns: 15 },
    );
  });

  test.each([1e-300, 1e-30, 1e30, 1e300])('are the same at a magnitude of %d', (magnitude) => {
    const values = days(3);
    values[800]! += 25;
    const plain = run(values);
    const scaled = run(values.map((value) => value * magnitude));
    for (const [index, observation] of scaled.entries())
      expect(scoreOf(observation)).toBeCloseTo(scoreOf(plain[index]), 3);
    expect(last(scaled).expected / magnitude).toBeCloseTo(last(plain).expected, 3);
  });

  test('stay numbers, and the interval in order, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 100, maxLength: 400 }),
        (values) => {
          const scored = run(values).filter((observation) => observation.kind === 'scored');
          expect(scored).toHaveLength(values.length - PARAMETERS.warmUpPoints);
          for (const observation of scored) {
            expect(observation.score).toBeGreaterThanOrEqual(0);
            expect(observation.score).toBeLessThanOrEqual(1);
            expect(observation.lower).toBeLessThanOrEqual(observation.expected);
            expect(observation.upper).toBeGreaterThanOrEqual(observation.expected);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('what is ordinary raises no alarm', () => {
  test.each([0, 7, -3.5])('a constant %d', (value) => {
    expect(run(new Array(2000).fill(value)).some(isAlarm)).toBe(false);
  });

  test('a season with noise, from the third day on', () => {
    const alarms = run(days(21)).filter(
      (observation, index) => index > 2 * POINTS_PER_DAY && isAlarm(observation),
    );
    expect(alarms).toHaveLength(0);
  });

  test('a job that runs at the same hour every day, though not to the minute', () => {
    const noise = noiseOf(3);
    const values = Array.from({ length: 14 * POINTS_PER_DAY }, () => 10 + noise());
    for (let day = 0; day < 14; day += 1) {
      const at = day * POINTS_PER_DAY + 36 + Math.round(Math.abs(noise()));
      for (let index = at; index < at + 3; index += 1) values[index]! += 60;
    }
    const alarms = run(values).flatMap((observation, index) => (isAlarm(observation) ? [index] : []));
    expect(alarms.filter((index) => index > 4 * POINTS_PER_DAY)).toEqual([]);
  });

  test('a gap of hours, and samples a little off their time', () => {
    const model = createSeriesModel(options);
    const values = days(14);
    const noise = noiseOf(5);
    const alarms: number[] = [];
    for (const [index, value] of values.entries()) {
      if (index % 700 > 640) continue;
      const observation = model.update(START + index * STEP + Math.round(40 * noise()), value);
      if (index > 3 * POINTS_PER_DAY && isAlarm(observation)) alarms.push(index);
    }
    expect(alarms).toEqual([]);
  });
});

describe('what is not raises one', () => {
  test.each([
    ['a surge', 40],
    ['a dip', -40],
  ])('%s, at its first sample', (_, size) => {
    const values = days(10);
    values[values.length - 1]! += size;
    const observation = last(run(values));
    expect(isAlarm(observation)).toBe(true);
    expect(observation.direction).toBe(size > 0 ? 'above' : 'below');
    expect(observation.deviation).toBeCloseTo(size, -1);
  });

  test('a small one, though the first day without a season was full of large residuals', () => {
    const noise = noiseOf(6);
    const values = Array.from(
      { length: 5 * POINTS_PER_DAY },
      (_, index) => 100 + ((index % POINTS_PER_DAY) / 12 < 9 ? -50 : 50) + noise(),
    );
    values[values.length - 1]! += 12;
    expect(isAlarm(last(run(values)))).toBe(true);
  });

  test('again and again, when it comes every other day', () => {
    const values = days(40);
    const events = Array.from(
      { length: 17 },
      (_, index) => (5 + 2 * index) * POINTS_PER_DAY + ((index * 53) % 200),
    );
    for (const at of events) for (let index = at; index < at + 4; index += 1) values[index]! += 25;
    const observations = run(values);
    const hits = events.filter((at) => observations.slice(at, at + 4).some(isAlarm));
    expect(hits.length).toBeGreaterThanOrEqual(15);
  });

  test('a drop to zero among wild peaks, by its lasting', () => {
    const noise = noiseOf(9);
    const values = Array.from({ length: 10 * POINTS_PER_DAY }, () => 50 * Math.exp(1.5 * noise()));
    const at = values.length;
    for (let index = 0; index < 30; index += 1) values.push(0);
    expect(run(values).slice(at).some(isAlarm)).toBe(true);
  });

  test('unless the options rule it out', () => {
    const values = days(10);
    values[values.length - 1]! += 40;
    expect(isAlarm(last(run(values, { direction: 'above' })))).toBe(true);
    expect(isAlarm(last(run(values, { direction: 'below' })))).toBe(false);
    expect(isAlarm(last(run(values, { minimumAbsoluteDeviation: 60 })))).toBe(false);
    expect(isAlarm(last(run(values, { minimumRelativeDeviation: 0.9 })))).toBe(false);
  });
});

describe('a shift of the level', () => {
  const shifted = (from: number, until: number) =>
    days(16).map((value, index) => (index >= from && index < until ? value + 40 : value));
  const from = 10 * POINTS_PER_DAY;

  test('is the new level within 60 samples of 5 min', () => {
    const observations = run(shifted(from, Number.POSITIVE_INFINITY));
    expect(isAlarm(observations[from])).toBe(true);
    const after = observations.slice(from + 60, from + 60 + POINTS_PER_DAY);
    const inside = after.filter(
      (observation) => observation.kind === 'scored' && observation.direction === 'within',
    );
    expect(inside.length / after.length).toBeGreaterThan(0.75);
  });

  test('that was a long incident leaves the expectation as it was', () => {
    const until = from + 80;
    const observations = run(shifted(from, until));
    const values = days(16);
    const off = observations
      .slice(until + 6, until + POINTS_PER_DAY)
      .map((observation, index) =>
        observation.kind === 'scored' ? Math.abs(observation.expected - values[until + 6 + index]!) : 0,
      );
    expect(Math.max(...off)).toBeLessThan(10);
  });

  test('of an hour does not move the expectation', () => {
    const until = from + 12;
    const observations = run(shifted(from, until));
    const plain = run(days(16));
    const [after, undisturbed] = [observations[until + 12]!, plain[until + 12]!];
    if (after.kind !== 'scored' || undisturbed.kind !== 'scored') throw new Error('not scored');
    expect(Math.abs(after.expected - undisturbed.expected)).toBeLessThan(2);
  });
});

test('the season follows the wall clock when the clocks change', () => {
  const model = createSeriesModel({ stepSeconds: STEP, timeZone: 'Europe/Berlin' });
  const spring = Date.UTC(2026, 2, 29, 1) / 1000;
  const noise = noiseOf(2);
  const alarms: string[] = [];
  for (let at = spring - 20 * DAY; at < spring + 3 * DAY; at += STEP) {
    const hour = new Date((at + (at < spring ? 3600 : 7200)) * 1000).getUTCHours();
    const observation = model.update(at, (hour >= 9 && hour < 17 ? 100 : 20) + noise());
    if (at > spring && isAlarm(observation)) alarms.push(new Date(at * 1000).toISOString());
  }
  expect(alarms).toEqual([]);
});

test('the interval holds 95 of 100 later values, a step, an hour and a day ahead', () => {
  const model = createSeriesModel(options);
  const noise = noiseOf(8);
  let slow = 0;
  const values = days(40, 4).map((value) => {
    slow = 0.95 * slow + noise();
    return value + slow;
  });
  const horizons = [1, 12, POINTS_PER_DAY];
  const inside = horizons.map(() => 0);
  let asked = 0;
  for (const [index, value] of values.entries()) {
    model.update(START + index * STEP, value);
    if (index < 10 * POINTS_PER_DAY || index % 7 > 0 || index + POINTS_PER_DAY >= values.length) continue;
    asked += 1;
    for (const [which, horizon] of horizons.entries()) {
      const forecast = model.forecast(START + (index + horizon) * STEP)!;
      const later = values[index + horizon]!;
      if (later >= forecast.lower && later <= forecast.upper) inside[which]! += 1;
    }
  }
  for (const count of inside) {
    expect(count / asked).toBeGreaterThan(0.91);
    expect(count / asked).toBeLessThan(0.985);
  }
});

describe('a season that was chosen', () => {
  /** Weekdays and weekends differ by so little that the day alone does nearly as well. */
  const values = days(35).map((value, index) =>
    Math.floor(index / POINTS_PER_DAY) % 7 >= 5 ? value + 1.5 : value,
  );
  const seasonOf = (seasonality: 'auto' | 'none' | 'daily' | 'daily-and-weekly', of = values) => {
    const model = createSeriesModel({ ...options, seasonality });
    for (const [index, value] of of.entries()) model.update(START + index * STEP, value);
    return model.season;
  };

  test('is the one that is used', () => {
    expect(seasonOf('none')).toBe('level');
    expect(seasonOf('daily')).toBe('daily');
    expect(seasonOf('daily-and-weekly')).toBe('weekly');
  });

  test('is used where the level alone would do', () => {
    const noise = noiseOf(77);
    let level = 0;
    const wandering = Array.from({ length: 35 * POINTS_PER_DAY }, () => {
      level += noise();
      return level;
    });
    expect(seasonOf('auto', wandering)).toBe('level');
    expect(seasonOf('daily', wandering)).toBe('daily');
    expect(seasonOf('daily-and-weekly', wandering)).toBe('weekly');
  });
});
