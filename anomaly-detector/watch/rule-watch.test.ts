import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleRule, wave } from '../testing/example-rule.ts';
import { type FakePrometheus, type FakeSeries, startFakePrometheus } from '../testing/fake-prometheus.ts';
import { createRuleWatch, type RuleWatch } from './rule-watch.ts';
import { WHOLE } from './shard.ts';

const NOW = 1_795_233_600;
const storefront: FakeSeries = { labels: { service: 'storefront' }, valueAt: wave };
const identity: FakeSeries = { labels: { service: 'identity' }, valueAt: (at) => 2 * wave(at) };

describe('a watched rule', () => {
  let prometheus: FakePrometheus;
  let skipped: string[];
  beforeEach(async () => {
    prometheus = await startFakePrometheus([storefront]);
    skipped = [];
  });
  afterEach(() => prometheus.close());

  const watchOf = (options: Partial<Parameters<typeof createRuleWatch>[0]> = {}): RuleWatch =>
    createRuleWatch({
      rule: exampleRule(),
      prometheus: createPrometheusClient({ url: prometheus.url, timeoutMs: 30_000 }),
      timeZone: 'UTC',
      shard: WHOLE,
      onSkipped: (reason, samples) => skipped.push(`${reason} ${samples}`),
      ...options,
    });
  const only = (watch: RuleWatch) => [...watch.series.values()][0]!;

  it('reads history first, coarse then as live, and can score the first live sample', async () => {
    const watch = watchOf();
    await watch.poll(NOW + 5);
    expect(watch.evaluatedUntilSeconds).toBe(NOW);
    const samples = prometheus.queries.filter(({ query }) => !query.startsWith('count('));
    const [first, last] = [samples[0]!, samples.at(-1)!];
    expect(first).toMatchObject({ step: 300, query: expect.stringContaining('[300s]') });
    expect(first.start).toBeLessThanOrEqual(NOW - 2 * 86_400);
    expect(last).toMatchObject({ step: 60, end: NOW, query: expect.stringContaining('[60s]') });
    expect(only(watch).latest.observation.kind).toBe('scored');
  });

  it('reads history in few queries when there is none, and in small ones when there are many series', async () => {
    prometheus.series = [];
    await watchOf().poll(NOW);
    expect(prometheus.queries.length).toBeLessThan(10);
    prometheus.series = Array.from({ length: 150 }, (_, i) => ({
      labels: { host: `h${i}` },
      valueAt: (at) => (at > NOW - 86_400 ? 1 : undefined),
    }));
    prometheus.queries.length = 0;
    await watchOf({ rule: exampleRule({ maxSeries: 150 }) }).poll(NOW);
    const sizes = prometheus.queries.slice(1).map(({ start, end, step }) => ((end - start) / step + 1) * 150);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20_000);
  });

  it('asks for each moment once, however polls fall', async () => {
    const watch = watchOf();
    await watch.poll(NOW);
    const asked = prometheus.queries.length;
    for (const now of [NOW + 20, NOW + 70, NOW + 75, NOW + 290, NOW + 300]) await watch.poll(now);
    const live = prometheus.queries.slice(asked).map(({ start, end }) => [start - NOW, end - NOW]);
    expect(live).toEqual([
      [60, 60],
      [120, 240],
      [300, 300],
    ]);
  });

  it('skips samples that it did not ask for or that come twice, by name', async () => {
    const watch = watchOf();
    await watch.poll(NOW);
    const before = only(watch).save();
    const sample = (at: number) => `[${at},"900"]`;
    prometheus.fault = (response) =>
      response.end(
        `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"service":"storefront"},"values":[${[NOW - 60, NOW + 30, NOW + 60, NOW + 60].map(sample)}]}]}}`,
      );
    await watch.poll(NOW + 60);
    expect(skipped.sort()).toEqual(['duplicate 1', 'off-grid 2']);
    expect(only(watch).lastMomentSeconds).toBe(NOW + 60);
    expect(only(watch).save()).not.toEqual(before);
  });

  it('goes through an outage of Prometheus without an anomaly and replays what it missed', async () => {
    const watch = watchOf();
    const uninterrupted = watchOf();
    await Promise.all([watch.poll(NOW), uninterrupted.poll(NOW)]);
    prometheus.fault = (response) => {
      response.statusCode = 503;
      response.end();
    };
    for (let now = NOW + 60; now <= NOW + 600; now += 60)
      await expect(watch.poll(now)).rejects.toMatchObject({ kind: 'server_error' });
    expect(watch.evaluatedUntilSeconds).toBe(NOW);
    prometheus.fault = undefined;
    await watch.poll(NOW + 660);
    for (let now = NOW + 60; now <= NOW + 660; now += 60) await uninterrupted.poll(now);
    expect(watch.save()).toEqual(uninterrupted.save());
    expect(only(watch).episode).toBeUndefined();
  });

  it('takes half a history for none: it is not saved, and read from its start again', async () => {
    const watch = watchOf();
    const { series } = prometheus;
    let answers = 0;
    prometheus.series = series.map((one) => ({
      ...one,
      valueAt: (at) => {
        answers += 1;
        if (answers > 400) prometheus.fault = (response) => response.destroy();
        return one.valueAt(at);
      },
    }));
    await expect(watch.poll(NOW)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(watch.series.size).toBe(1);
    expect(watch.evaluatedUntilSeconds).toBeUndefined();
    expect(watch.save()).toBeUndefined();
    prometheus.fault = undefined;
    prometheus.series = series;
    const uninterrupted = watchOf();
    await Promise.all([watch.poll(NOW), uninterrupted.poll(NOW)]);
    expect(watch.save()).toEqual(uninterrupted.save());
  });

  it('sees a series vanish while others are taken in, and not while Prometheus takes in nothing', async () => {
    const watch = watchOf();
    await watch.poll(NOW);
    prometheus.series = [];
    prometheus.ingestsAt = (at) => at > NOW + 600;
    await watch.poll(NOW + 600);
    expect(only(watch).episode).toBeUndefined();
    await watch.poll(NOW + 900);
    expect(only(watch).episode).toMatchObject({ direction: 'missing' });
  });

  it('does not take a series as vanished when the answer may be incomplete', async () => {
    const watch = watchOf();
    await watch.poll(NOW);
    prometheus.series = [];
    prometheus.warnings = ['a store is down'];
    expect((await watch.poll(NOW + 900)).warnings).toEqual(['a store is down']);
    expect(only(watch).episode).toBeUndefined();
  });

  it('asks for the events behind a ratio beside it, and matches them by labels', async () => {
    const rule = exampleRule({
      query: 'ratio[$window]',
      events: 'increase(requests[$window])',
      minimum: 0,
      maximum: 1,
    });
    const failing = (share: number) => (at: number) => (at > NOW ? share : 0.01);
    prometheus.series = [
      { labels: { service: 'large' }, valueAt: failing(0.5), countAt: () => 800 },
      { labels: { service: 'small' }, valueAt: failing(0.5), countAt: () => 2 },
      { labels: { service: 'uncounted' }, valueAt: failing(0.5) },
    ];
    const watch = watchOf({ rule });
    await watch.poll(NOW);
    const [of, events] = prometheus.queries.slice(1);
    expect(events).toEqual({ ...of, query: `increase(requests[${rule.backfill.windowSeconds}s])` });
    expect(skipped.join()).toContain('no-events');
    for (let now = NOW + 60; now <= NOW + 300; now += 60) await watch.poll(now);
    const off = [...watch.series.values()].filter(({ episode }) => episode !== undefined);
    expect(off.map(({ labels }) => labels.service)).toEqual(['large']);
    expect(off[0]!.episode!.peak).toMatchObject({ value: 0.5, events: 800 });
  });

  it('finds series that appear later', async () => {
    const watch = watchOf();
    await watch.poll(NOW);
    prometheus.series = [storefront, identity];
    await watch.poll(NOW + 60);
    expect([...watch.series.keys()]).toEqual(['{service="storefront"}', '{service="identity"}']);
  });

  it('leaves out series beyond its limit and such that its labels cannot tell apart, and counts them', async () => {
    prometheus.series = [storefront, identity];
    const limited = watchOf({ rule: exampleRule({ maxSeries: 1 }) });
    await limited.poll(NOW);
    expect(limited.series.size).toBe(1);
    expect(skipped.join()).toContain('series-limit');
    skipped = [];
    const ambiguous = watchOf({ rule: exampleRule({ labels: ['zone'] }) });
    await ambiguous.poll(NOW);
    expect(ambiguous.series.size).toBe(1);
    expect(skipped.join()).toContain('ambiguous-labels');
  });

  it('gives the places of series that are gone to those that are there, when names churn', async () => {
    const life = 6 * 3600;
    prometheus.series = Array.from({ length: 16 }, (_, i) => ({
      labels: { pod: `p${i}` },
      valueAt: (at: number) => (Math.floor((NOW - at) / life) === Math.floor(i / 2) ? wave(at) : undefined),
    }));
    const watch = watchOf({ rule: exampleRule({ maxSeries: 3, vanished: 'ignore' }) });
    await watch.poll(NOW);
    expect([...watch.series.keys()]).toEqual(expect.arrayContaining(['{pod="p0"}', '{pod="p1"}']));
    expect(watch.series.size).toBe(3);
    expect(watch.leftOut).toBe(0);
  });

  it('says how many series its limit leaves out though they are there', async () => {
    prometheus.series = [storefront, identity];
    const watch = watchOf({ rule: exampleRule({ maxSeries: 1 }) });
    await watch.poll(NOW);
    await watch.poll(NOW + 60);
    expect([...watch.series.keys()]).toEqual(['{service="storefront"}']);
    expect(watch.leftOut).toBe(1);
  });

  it('takes gaps that are usual for none, as of a gauge that is scraped seldom, and a longer one for an anomaly', async () => {
    const every = 900;
    const gauge = (at: number) => (at % every < 300 && at <= NOW + 3600 ? wave(at) : undefined);
    prometheus.series = [{ labels: { service: 'queue' }, valueAt: gauge }];
    prometheus.ingestsAt = () => true;
    const watch = watchOf({ rule: exampleRule({ query: 'queue_length' }) });
    await watch.poll(NOW);
    for (let now = NOW + 60; now <= NOW + 3600 + every; now += 60) {
      await watch.poll(now);
      expect(only(watch).episode).toBeUndefined();
    }
    await watch.poll(NOW + 3600 + 2 * every);
    expect(only(watch).episode).toMatchObject({ direction: 'missing' });
  });

  it('in shards watches together exactly what one would', async () => {
    prometheus.series = Array.from({ length: 12 }, (_, i) => ({
      labels: { host: `h${i}` },
      valueAt: (at: number) => (at > NOW - 600 && i % 3 === 0 ? 0 : wave(at)),
    }));
    const episodes = async (index: number, count: number) => {
      const watch = watchOf({ shard: { index, count } });
      await watch.poll(NOW);
      return [...watch.series].map(([key, { episode }]) => [key, episode] as const);
    };
    const whole = new Map(await episodes(1, 1));
    const shards = new Map([...(await episodes(1, 3)), ...(await episodes(2, 3)), ...(await episodes(3, 3))]);
    expect(shards.size).toBe(12);
    expect([...whole.values()].filter(Boolean).length).toBeGreaterThan(0);
    for (const [key, episode] of whole) expect(shards.get(key)).toEqual(episode);
  });
});
