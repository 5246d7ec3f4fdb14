import { describe, expect, test } from 'vitest';
import { createRandom } from '../backtest/random.ts';
import { replaySeries } from '../backtest/score-series.ts';
import { createSeriesModel } from './seasonal-model.ts';

const STEP = 300;
const DAY = 288;
const START = Date.UTC(2026, 1, 2) / 1000;

const anomaliesOf = (values: readonly number[], events?: readonly number[]) =>
  replaySeries({
    name: 'made',
    stepSeconds: STEP,
    timestampSeconds: values.map((_, index) => START + index * STEP),
    values,
    events,
    windows: [],
  }).anomalies;

const rowOf = (seconds: number) => (seconds - START) / STEP;

describe('one impossible sample', () => {
  test.each([
    [1e3, 676],
    [1e12, 676],
    [2 ** 64, 676],
    [1e12, 300],
  ])('of %d at row %d neither teaches nor deafens: incidents of later days are found', (size, row) => {
    const random = createRandom(3);
    const incidents = [4, 7, 14, 21].map((day) => day * DAY + 144);
    const values = Array.from({ length: 22 * DAY }, (_, index) => {
      const usual = 120 - 20 * Math.cos((2 * Math.PI * index) / DAY) + 4 * random.normal();
      return incidents.some((from) => index >= from && index < from + 6) ? 3 * usual : usual;
    });
    values[row] = size;
    const starts = anomaliesOf(values).map(({ anomaly }) => rowOf(anomaly.startSeconds));
    for (const from of incidents) expect(starts.some((row) => row >= from - 12 && row < from + 6)).toBe(true);
  });
});

test.each([[[80, 190, 290, 400, 520]], [[100, 210, 330, 420, 500, 560]]])(
  'single events among zeros, on the first two days at rows %j, are news once',
  (rows) => {
    const values = Array.from({ length: 2 * DAY }, (_, row) => (rows.includes(row) ? 1 : 0));
    expect(anomaliesOf(values).map(({ anomaly }) => rowOf(anomaly.startSeconds))).toEqual([rows[0]]);
  },
);

test('after a burst in a series at rest, rest is as expected: the alarm does not change sides', () => {
  const values = new Array(20 * DAY).fill(0);
  values.fill(3, 18 * DAY, 18 * DAY + 2);
  expect(anomaliesOf(values).map(({ anomaly }) => anomaly.direction)).toEqual(['above']);
});

test('a count is never expected below zero', () => {
  const random = createRandom(4);
  const model = createSeriesModel({ stepSeconds: STEP, timeZone: 'UTC' });
  for (let index = 0; index < 28 * DAY; index += 1) {
    const isOpen = Math.floor(index / DAY) % 7 < 5 && index % DAY >= 96 && index % DAY < 216;
    const observation = model.update(
      START + index * STEP,
      isOpen ? 120 + Math.round(11 * random.normal()) : 0,
    );
    if (observation.kind === 'scored') {
      expect(observation.expected).toBeGreaterThanOrEqual(0);
      expect(observation.lower).toBeGreaterThanOrEqual(0);
    }
  }
});

/** Values of five-minute samples, from minutes since Monday 00:00 of the first week. */
const madeOf = (days: number, valueAt: (minutes: number) => number) =>
  Array.from({ length: days * DAY }, (_, index) => valueAt(index * 5));
const isWeekend = (minutes: number) => Math.floor(minutes / 1440) % 7 >= 5;
/** Starts of anomalies, in days since the first sample. */
const startsOf = (values: readonly number[]) =>
  anomaliesOf(values).map(({ anomaly }) => rowOf(anomaly.startSeconds) / DAY);

describe('weekdays and weekends', () => {
  const shops = {
    'closed at weekends': (minutes: number, chance: number) => {
      const hour = (minutes % 1440) / 60;
      return !isWeekend(minutes) && hour >= 9 && hour < 17 ? Math.round(80 + 9 * chance) : 0;
    },
    'calmer at weekends, by a ramp': (minutes: number, chance: number) => {
      const hour = (minutes % 1440) / 60;
      const open = Math.min(1, Math.max(0, hour - 6), Math.max(0, 20 - hour));
      return (30 + (isWeekend(minutes) ? 20 : 600) * open) * (1 + 0.04 * chance);
    },
    'at half the height at weekends': (minutes: number, chance: number) =>
      (isWeekend(minutes) ? 0.5 : 1) *
      (200 - 120 * Math.cos((2 * Math.PI * minutes) / 1440)) *
      (1 + 0.04 * chance),
  };
  test.each(Object.entries(shops))('%s, are usual from the second weekend on', (_, shop) => {
    const random = createRandom(21);
    const values = madeOf(49, (minutes) => shop(minutes, random.normal()));
    expect(startsOf(values).filter((day) => day > 8)).toEqual([]);
  });

  test.each(Object.entries(shops))('%s, do not hide a loss on a weekday', (_, shop) => {
    const random = createRandom(22);
    const incident = 30 * 1440 + 11 * 60;
    const values = madeOf(35, (minutes) => {
      const usual = shop(minutes, random.normal());
      return minutes >= incident && minutes < incident + 30 ? 0.3 * usual : usual;
    });
    expect(startsOf(values).filter((day) => day > 29)).toEqual([expect.closeTo(incident / 1440, 1)]);
  });

  test('a holiday is one anomaly, and the days after it are as ever', () => {
    const random = createRandom(23);
    const holiday = 31;
    const values = madeOf(42, (minutes) => {
      const usual = shops['closed at weekends'](minutes, random.normal());
      return Math.floor(minutes / 1440) === holiday ? 0 : usual;
    });
    const days = startsOf(values).filter((day) => day > 8);
    expect(days).toHaveLength(1);
    expect(Math.floor(days[0]!)).toBe(holiday);
  });
});

describe('a first weekend', () => {
  const traffic = (weekend: number) => (minutes: number, chance: number) =>
    (isWeekend(minutes) ? weekend : 1) *
    (200 - 120 * Math.cos((2 * Math.PI * minutes) / 1440)) *
    (1 + 0.04 * chance);
  const startsOn = (weekend: number, seed: number) => {
    const random = createRandom(seed);
    return startsOf(madeOf(7, (minutes) => traffic(weekend)(minutes, random.normal()))).map(Math.floor);
  };

  test.each([0.8, 0.6])('at %d of the height of weekdays is as expected', (weekend) => {
    expect([61, 62, 63].flatMap((seed) => startsOn(weekend, seed))).toEqual([]);
  });

  test('without any traffic, where there always was some, is not', () => {
    for (const seed of [61, 62, 63]) expect(startsOn(0, seed)).toEqual([5]);
  });
});

test('a job once a week is usual after three visits, the same at another time is not', () => {
  const random = createRandom(24);
  const values = madeOf(49, (minutes) => {
    const inWeek = minutes % 10_080;
    const runs = inWeek >= 8700 && inWeek < 8790;
    const incident = minutes >= 45 * 1440 + 900 && minutes < 45 * 1440 + 960;
    const usual = 100 - 30 * Math.cos((2 * Math.PI * minutes) / 1440) + 4 * random.normal();
    return runs || incident ? usual + 300 : usual;
  });
  const days = startsOf(values).filter((day) => day > 21);
  expect(days).toEqual([expect.closeTo(45.625, 1)]);
});

test('what is much by day is seen among what is little by night, where each failure is a large share', () => {
  const random = createRandom(25);
  const incident = 25 * 1440 + 690;
  const values = madeOf(28, (minutes) => {
    const requests = 4 + 1500 * (0.5 - 0.5 * Math.cos((2 * Math.PI * minutes) / 1440)) ** 2;
    const probability = minutes >= incident && minutes < incident + 40 ? 0.09 : 0.01;
    const count = Math.round(requests);
    let failed = 0;
    for (let request = 0; request < count; request += 1) failed += random.uniform() < probability ? 1 : 0;
    return failed / count;
  });
  expect(startsOf(values)).toContainEqual(expect.closeTo(incident / 1440, 1));
});

describe('a share of requests that says how many they are', () => {
  const MIDNIGHT = 24 * 1440;
  const NOON = MIDNIGHT + 12 * 60;
  /** Starts of anomalies in days, where each of a hundred fails and, in an incident, more of them. */
  function startsOfShares(most: number, seed: number, incident?: { from: number; share: number }) {
    const random = createRandom(seed);
    const hump = (minutes: number) => 0.5 - 0.5 * Math.cos((2 * Math.PI * minutes) / 1440);
    const events = madeOf(28, (minutes) => Math.round(2 + most * hump(minutes) ** 2));
    const values = events.map((requests, index) => {
      const isIncident = incident && index * 5 >= incident.from && index * 5 < incident.from + 120;
      const probability = isIncident ? incident.share : 0.01;
      let failed = 0;
      for (let request = 0; request < requests; request += 1)
        failed += random.uniform() < probability ? 1 : 0;
      return failed / requests;
    });
    return anomaliesOf(values, events).map(({ anomaly }) => rowOf(anomaly.startSeconds) / DAY);
  }
  const seeds = [51, 52, 53, 54];

  test.each([30, 800, 3000])('hardly strays by chance, with 2 at night and %d by day', (most) => {
    expect(seeds.flatMap((seed) => startsOfShares(most, seed)).length).toBeLessThanOrEqual(1);
  });

  test.each([
    ['8 % of 1,000 at noon', { from: NOON, share: 0.08 }, 1000],
    ['half of 30 at noon', { from: NOON, share: 0.5 }, 30],
    ['all of two, again and again, at night', { from: MIDNIGHT, share: 1 }, 800],
  ])('is seen where it is lost: %s', (_, incident, most) => {
    for (const seed of seeds)
      expect(startsOfShares(most, seed, incident)).toContainEqual(
        expect.closeTo((incident.from + 40) / 1440, 1),
      );
  });

  test('may settle at another level, which is as usual then', () => {
    const random = createRandom(55);
    const values = madeOf(
      21,
      (minutes) => 0.02 * (minutes < 10 * 1440 ? 1 : 4) * (1 + 0.1 * random.normal()),
    );
    const days = anomaliesOf(values, new Array(values.length).fill(4000)).map(
      ({ anomaly }) => rowOf(anomaly.startSeconds) / DAY,
    );
    expect(days).toEqual([expect.closeTo(10, 1)]);
  });
});

test('nothing beyond its bounds is expected of a share, and losing much of it is seen', () => {
  const random = createRandom(27);
  const model = createSeriesModel({ stepSeconds: STEP, timeZone: 'UTC', minimum: 0, maximum: 100 });
  const bounds: number[] = [];
  for (let index = 0; index < 14 * DAY; index += 1) {
    const observation = model.update(START + index * STEP, Math.min(100, 99.6 + 0.5 * random.normal()));
    if (observation.kind === 'scored') bounds.push(observation.upper, observation.expected);
  }
  expect(Math.max(...bounds)).toBe(100);
  expect(model.forecast(START + 15 * DAY * STEP)!.upper).toBeLessThanOrEqual(100);
  expect(model.update(START + 14 * DAY * STEP, 80)).toMatchObject({ direction: 'below' });
});

describe('a small count that falls to zero, which it often is for a moment', () => {
  const poisson = (mean: number, random: ReturnType<typeof createRandom>) => {
    let count = 0;
    for (let product = random.uniform(); product > Math.exp(-mean); count += 1) product *= random.uniform();
    return count;
  };
  const means = {
    'of 3': () => 3,
    'of 7 by day, less than one at night': (minutes: number) =>
      0.5 + 6.5 * (0.5 - 0.5 * Math.cos((2 * Math.PI * minutes) / 1440)),
  };
  const from = 22 * 1440 + 680;
  const fallen = (mean: (minutes: number) => number, seed: number, length: number) => {
    const random = createRandom(seed);
    return anomaliesOf(
      madeOf(28, (minutes) =>
        minutes >= from && minutes < from + length ? 0 : poisson(mean(minutes), random),
      ),
    );
  };

  test.each(Object.entries(means))('%s, is below what is expected within 80 minutes', (_, mean) => {
    for (const seed of [41, 42, 43, 44]) {
      const fall = fallen(mean, seed, 120).find(({ endSeconds = 0 }) => rowOf(endSeconds) > from / 5);
      expect(fall).toMatchObject({ anomaly: { direction: 'below' } });
      expect(rowOf(fall!.anomaly.startSeconds)).toBeGreaterThan(from / 5 - 4);
      expect(rowOf(fall!.foundSeconds) - from / 5).toBeLessThanOrEqual(16);
    }
  });

  test.each(Object.entries(means))('%s, hardly does so by chance', (_, mean) => {
    const late = [45, 46, 47, 48].flatMap((seed) =>
      fallen(mean, seed, 0).filter(({ anomaly }) => rowOf(anomaly.startSeconds) > 8 * DAY),
    );
    expect(late.filter(({ anomaly }) => anomaly.direction === 'below').length).toBeLessThanOrEqual(1);
    expect(late.length).toBeLessThanOrEqual(4);
  });
});

describe('a value that is stuck', () => {
  const noisy = (stuckFrom: number, stuckTo: number, value: number, seed: number) => {
    const random = createRandom(seed);
    return madeOf(21, (minutes) =>
      minutes >= stuckFrom && minutes < stuckTo ? value : Math.round(10 * (70 + 5 * random.normal())) / 10,
    );
  };

  test.each([70, 72.4])(
    'at %d where it always moved is an anomaly that says so, from when it stood still',
    (value) => {
      const from = 15 * 1440 + 480;
      const stuck = anomaliesOf(noisy(from, from + 300, value, 31)).filter(
        ({ anomaly }) => anomaly.direction === 'stuck',
      );
      expect(stuck).toHaveLength(1);
      expect(rowOf(stuck[0]!.anomaly.startSeconds)).toBe(from / 5);
      expect(rowOf(stuck[0]!.foundSeconds) - from / 5).toBeLessThanOrEqual(24);
      expect(rowOf(stuck[0]!.endSeconds!) - (from + 300) / 5).toBeLessThanOrEqual(12);
    },
  );

  test('is usual once it stood for a day', () => {
    const from = 15 * 1440;
    const [stuck] = anomaliesOf(noisy(from, 21 * 1440, 72.4, 32)).filter(
      ({ anomaly }) => anomaly.direction === 'stuck',
    );
    expect((rowOf(stuck!.endSeconds!) - from / 5) / DAY).toBeLessThan(1.3);
  });

  test('is none in a series that rests at night, or did for long before', () => {
    const random = createRandom(33);
    const rests = madeOf(21, (minutes) => (minutes % 1440 < 420 ? 0 : Math.round(50 + 5 * random.normal())));
    const rare = madeOf(21, (minutes) => (minutes === 4000 ? 1 : 0));
    for (const values of [rests, rare])
      expect(anomaliesOf(values).filter(({ anomaly }) => anomaly.direction === 'stuck')).toEqual([]);
  });
});
