import { describe, expect, it } from 'vitest';
import { readDefinitions } from '../reading/read-definitions.ts';
import { chooseObjective } from './objective-choice.ts';
import type { MetricSource } from './prometheus-source.ts';
import { suggestSlos } from './suggest.ts';

const fourWeeks = (bad: number, total = 10_000) => Array.from({ length: 28 }, () => ({ bad, total }));

describe('the objective', () => {
  it('is the strictest usual one that the worst week would have met with the margin', () => {
    expect(chooseObjective(fourWeeks(1))).toMatchObject({ objective: 0.9995 });
    expect(chooseObjective(fourWeeks(7))).toMatchObject({ objective: 0.998, errorRatio: 0.0007 });
    const oneBadWeek = fourWeeks(1).map((day, index) =>
      index >= 7 && index < 14 ? { ...day, bad: 60 } : day,
    );
    expect(chooseObjective(oneBadWeek)).toMatchObject({ objective: 0.99, worstWeekErrorRatio: 0.006 });
  });

  it('weighs events, so that a quiet day that fails counts little', () => {
    const quietDay = fourWeeks(0).map((day, index) => (index === 3 ? { bad: 1, total: 1 } : day));
    expect(chooseObjective(quietDay)).toMatchObject({ objective: 0.9999 });
  });

  it('is none where there is too little to learn from, or too much is wrong', () => {
    expect(chooseObjective(fourWeeks(0).slice(0, 6))).toBe('too-few-days');
    expect(chooseObjective(fourWeeks(0, 10))).toBe('too-few-events');
    expect(chooseObjective(fourWeeks(2000))).toBe('too-many-errors');
  });
});

/** Counters and a histogram of two services over four weeks. */
const source: MetricSource = {
  metricNames: async () => [
    'up',
    'shop_calls_total',
    'http_request_duration_seconds_bucket',
    'lonely_requests_total',
  ],
  series: async (metric) =>
    ({
      shop_calls_total: [
        { service: 'shop', result: 'ok' },
        { service: 'shop', result: 'error' },
      ],
      http_request_duration_seconds_bucket: ['0.1', '0.5', '1.0', '+Inf'].map((le) => ({
        job: 'demo/shop',
        le,
      })),
      lonely_requests_total: [{ job: 'lonely', path: '/' }],
    })[metric] ?? [],
  daily: async (expr) => {
    const value = expr.includes('result="error"')
      ? 3
      : expr.includes('le="0.1"')
        ? 6000
        : expr.includes('le="0.5"')
          ? 9800
          : expr.includes('le=~"1|')
            ? 9990
            : 10_000;
    return Array.from({ length: 28 }, () => value);
  },
};

describe('suggestions', () => {
  it('validate, and carry their reasons', async () => {
    const { yaml, names } = await suggestSlos(source);
    expect(names).toEqual(['demo-shop-latency', 'shop-availability']);
    const { slos } = readDefinitions([{ file: 'suggested.yaml', text: yaml }]);
    const [latency, availability] = slos;
    expect(availability).toMatchObject({ service: 'shop', objective: '0.9995' });
    expect(availability!.description).toContain(
      'In the last 28 days 0.03 % of 280,000 events failed, 0.03 % in the worst seven days; against that 99.95 % leaves a margin of 1.7.',
    );
    // 2 % are slower than 0.5 s, which keeps only 95 %; 0.1 % are slower than 1 s.
    expect(latency!.objective).toBe('0.99');
    expect(latency!.indicator.numerator).toContain('le=~"1|');
  });

  it('are none for counters that do not tell failures apart', async () => {
    const { yaml, names } = await suggestSlos({
      ...source,
      metricNames: async () => ['lonely_requests_total'],
    });
    expect(names).toEqual([]);
    expect(yaml).toBe('');
  });

  it('say what was looked at in vain', async () => {
    const young: MetricSource = { ...source, daily: async () => [10_000, 10_000] };
    expect((await suggestSlos(young)).skipped).toContain(
      'shop_calls_total{service="shop"} has less than seven days of data',
    );
  });
});
