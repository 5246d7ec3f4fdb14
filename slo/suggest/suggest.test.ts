import { describe, expect, it } from 'vitest';
import { readDefinitions } from '../reading/read-definitions.ts';
import { chooseObjective, provisionalObjective } from './objective-choice.ts';
import type { MetricSource } from './prometheus-source.ts';
import { serviceLabel } from './service-label.ts';
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
  ageSeconds: async () => 600,
  value: async (expr) => (expr.includes('result="error"') ? 1 : 1200),
};

describe('the objective to begin with', () => {
  it('is the usual one where nothing speaks against it', () => {
    expect(provisionalObjective({ bad: 0, total: 500 }, 300)).toMatchObject({
      objective: 0.995,
      because: 'usual',
    });
  });

  it('is one that failures so far leave', () => {
    expect(provisionalObjective({ bad: 10, total: 1000 }, 600)).toMatchObject({
      objective: 0.98,
      because: 'failures',
    });
    expect(provisionalObjective({ bad: 500, total: 1000 }, 600)).toMatchObject({ objective: 0.9 });
  });

  it('leaves a budget of more than a handful of events, however few there are', () => {
    // One an hour: 720 a period, of which 0.5 % would be less than four.
    expect(provisionalObjective({ bad: 0, total: 24 }, 86_400)).toMatchObject({
      objective: 0.98,
      because: 'low-traffic',
    });
  });

  it('says how little has been proven', () => {
    const { upperErrorRatio } = provisionalObjective({ bad: 0, total: 100 }, 60);
    expect(upperErrorRatio).toBeCloseTo(0.0263, 3);
    expect(provisionalObjective({ bad: 0, total: 0 }, 60).upperErrorRatio).toBe(1);
  });
});

describe('the label of a service', () => {
  it('is its name, where that can be one', () => {
    expect(serviceLabel('checkout-2')).toBe('checkout-2');
  });

  it.each(['My Shop', 'my.shop', 'say "hi"', '日本語', '', 'x'.repeat(300), '{{ .evil }}', 'a\nb'])(
    'of %j is a short DNS label of its own',
    (name) => {
      expect(serviceLabel(name)).toMatch(/^[a-z0-9][-a-z0-9]{0,44}$/);
      expect(serviceLabel(name)).not.toBe(serviceLabel(`${name}!`));
    },
  );
});

describe('suggestions', () => {
  it('validate, and carry their reasons', async () => {
    const { yaml, names } = await suggestSlos(source);
    expect(names).toEqual(['shop-availability', 'shop-latency']);
    const { slos } = readDefinitions([{ file: 'suggested.yaml', text: yaml }]);
    const [availability, latency] = slos;
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

  it('are provisional before a week has been seen, and say from what', async () => {
    const young: MetricSource = { ...source, daily: async () => [10_000, 10_000] };
    const { yaml, provisional } = await suggestSlos(young);
    expect(provisional).toContain('shop-availability');
    expect(yaml).toContain('# provisional: 10 min of data, 1,200 events: 0.083 % failed');
    const { slos } = readDefinitions([{ file: 'suggested.yaml', text: yaml }]);
    expect(slos.find(({ name }) => name === 'shop-availability')).toMatchObject({ objective: '0.995' });
  });

  it('say what was looked at in vain', async () => {
    const silent: MetricSource = { ...source, daily: async () => [], ageSeconds: async () => undefined };
    expect((await suggestSlos(silent)).skipped).toContain(
      'shop_calls_total{service="shop"} has less than seven days of data, and no events yet',
    );
  });
});
