import { SERIES } from '@aiops-sre/conventions/slo-series.ts';
import { relativeRate } from '@aiops-sre/demo-app/traffic/shape.ts';
import { seededRandom } from '@aiops-sre/service-kit/random/seeded-random.ts';
import { readSloIndex } from '@aiops-sre/slo/generated/committed-index.ts';
import { describe, expect, test } from 'vitest';
import { seriesName } from './open-metrics.ts';
import { past } from './past.ts';
import { poisson } from './poisson.ts';
import { processMemory } from './process-memory.ts';
import { counters, failureHistograms, latencyHistograms, stepHistograms } from './series.ts';
import { recordedPast } from './slo-series.ts';

const UNTIL = 1_795_000_020;
const DAY = 86_400;
const options = { fromSeconds: UNTIL - 30 * DAY, untilSeconds: UNTIL, requestsPerSecond: 5, timeZone: 'UTC' };
const minutes = [...past(options)];
const counted = () => [...counters(), ...latencyHistograms(), ...failureHistograms()];
const requests = ({ routes }: (typeof minutes)[number]) =>
  routes.reduce((total, { good, refused, failed }) => total + good + refused + failed, 0);

describe('poisson', () => {
  test.each([0.01, 0.8, 5, 25, 300])('has the mean and the variance %d', (mean) => {
    const random = seededRandom(1);
    const counts = Array.from({ length: 20_000 }, () => poisson(mean, random));
    const average = counts.reduce((a, b) => a + b, 0) / counts.length;
    const variance = counts.reduce((total, count) => total + (count - average) ** 2, 0) / counts.length;
    expect(average / mean).toBeCloseTo(1, mean < 0.1 ? 0 : 1);
    expect(variance / mean).toBeCloseTo(1, mean < 0.1 ? 0 : 1);
  });
});

describe('the backfill', () => {
  test('is the same each time', () => {
    const [first] = past(options);
    expect(minutes[0]).toEqual(first);
  });

  test('has the live traffic’s rate at each hour, so that it joins the present without a step', () => {
    const hour = minutes.slice(-60);
    const seen = hour.reduce((total, minute) => total + requests(minute), 0) / 3600;
    const ofTheProbe = 12 / 60;
    expect(seen / (5 * relativeRate((UNTIL - 1800) * 1000, 'UTC') + ofTheProbe)).toBeCloseTo(1, 1);
  });

  test('spends part of a 99.9 % budget in incidents, not all of it', () => {
    const failed = minutes.reduce(
      (total, { routes }) => total + routes.reduce((sum, route) => sum + route.failed, 0),
      0,
    );
    const spent = failed / (0.001 * minutes.reduce((total, minute) => total + requests(minute), 0));
    expect(spent).toBeGreaterThan(0.05);
    expect(spent).toBeLessThan(0.5);
  });

  test('is quiet in the last three days, which alerts look at', () => {
    const recent = minutes.slice(-3 * 1440);
    const failed = recent.reduce(
      (total, { routes }) => total + routes.reduce((sum, route) => sum + route.failed, 0),
      0,
    );
    expect(failed / recent.reduce((total, minute) => total + requests(minute), 0)).toBeLessThan(0.0005);
  });
});

describe('its series', () => {
  test('have distinct names', () => {
    const { averaged, drawn } = recordedPast(readSloIndex().slos, counted());
    const names = [
      ...counters(),
      ...latencyHistograms(),
      ...stepHistograms(),
      ...processMemory(),
      ...averaged,
      ...drawn,
    ].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('never count down', () => {
    for (const series of [...counters(), ...latencyHistograms(), ...stepHistograms()]) {
      const values = minutes.slice(0, 500).map((minute) => {
        series.advance(minute);
        return series.total;
      });
      expect(values.toSorted((a, b) => a - b)).toEqual(values);
    }
  });

  test.each([
    { series: latencyHistograms(), one: 'http_route="/api/products"', buckets: 15 },
    { series: stepHistograms(), one: 'step="charge-payment"', buckets: 11 },
  ])('keep a histogram’s buckets cumulative, up to its count: $one', ({ series, one, buckets: all }) => {
    const values = new Map<string, number>();
    for (const minute of minutes.slice(0, 200)) for (const each of series) each.advance(minute);
    for (const each of series) values.set(each.name, each.total);
    const buckets = [...values].filter(([name]) => name.includes('_bucket{') && name.includes(one));
    const counts = buckets.map(([, value]) => value);
    expect(counts).toHaveLength(all);
    expect(counts.toSorted((a, b) => a - b)).toEqual(counts);
    const total = [...values].find(([name]) => name.includes('_count{') && name.includes(one))?.[1];
    expect(counts.at(-1)).toBe(total);
  });

  test('have memory that gathers and is freed again, and does not leak', () => {
    for (const { valueAt } of processMemory()) {
      const days = [0, 1].map((day) =>
        Array.from({ length: 1440 }, (_, minute) => valueAt(UNTIL + day * DAY + minute * 60)),
      );
      const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      expect(mean(days[1]!) / mean(days[0]!)).toBeCloseTo(1, 2);
      expect(Math.max(...days[0]!) - Math.min(...days[0]!)).toBeGreaterThan(5e6);
    }
  });

  test('cover every SLO of the demo', () => {
    const without = recordedPast(readSloIndex().slos, counted()).without.map(({ slo }) => slo);
    for (const name of [
      'storefront-availability',
      'storefront-latency',
      'fulfillment-success',
      'telemetry-freshness',
    ])
      expect(without).not.toContain(name);
  });

  test('say of an SLO that counts something else that it has no past', () => {
    const [shipped] = readSloIndex().slos;
    const { labels } = shipped!.history.series[0]!;
    const elsewhere = {
      ...shipped!,
      name: 'checkout-availability',
      history: {
        ...shipped!.history,
        series: [SERIES.totalRateMinute, SERIES.badRateMinute].map((record) => ({
          record,
          labels,
          expr: 'sum(rate(checkout_requests_total[5m]))',
        })),
      },
    };
    const { drawn, averaged, without } = recordedPast([elsewhere], counted());
    expect([...drawn, ...averaged]).toEqual([]);
    expect(without).toEqual([
      {
        slo: 'checkout-availability',
        reason: 'checkout_requests_total is not part of the backfill',
      },
    ]);
  });

  test('hold every series that the rules of long windows average', () => {
    const { averaged, without } = recordedPast(readSloIndex().slos, counted());
    const written = averaged.map(({ name }) => name);
    const needed = readSloIndex()
      .slos.filter(({ name }) => without.every(({ slo }) => slo !== name))
      .flatMap(({ history }) => history.series.map(({ record, labels }) => seriesName(record, labels)));
    expect(written).toEqual(expect.arrayContaining(needed));
  });

  test('agree with each other: the budget left is what the failed requests leave', () => {
    const slos = recordedPast(readSloIndex().slos, counted());
    for (const minute of minutes) slos.advance(minute);
    const failed = minutes.reduce(
      (total, { routes }) => total + routes.reduce((sum, route) => sum + route.failed, 0),
      0,
    );
    const all = minutes.reduce((total, minute) => total + requests(minute), 0);
    const left = slos.drawn.find(
      ({ name }) => name.includes('budget_remaining') && name.includes('storefront-availability'),
    );
    expect(left?.value()).toBeCloseTo(1 - failed / (0.001 * all), 9);

    const drawn = (series: string, slo: string) =>
      slos.drawn.find(({ name }) => name.startsWith(`${series}{`) && name.includes(`"${slo}"`))?.value();
    expect(drawn('slo:period_burn_rate:ratio', 'storefront-availability')).toBeCloseTo(1 - left!.value()!, 9);
    const pace = drawn('slo:sli_error:ratio_rate6h', 'fulfillment-success')!;
    const budgetLeft = drawn('slo:period_error_budget_remaining:ratio', 'fulfillment-success')! * 0.015;
    expect(drawn('slo:time_to_exhaustion:seconds', 'fulfillment-success')).toBeCloseTo(
      (budgetLeft / pace) * 30 * DAY,
      0,
    );
    expect(drawn('slo:time_to_exhaustion:seconds', 'telemetry-freshness')).toBe(Number.POSITIVE_INFINITY);
  });
});
