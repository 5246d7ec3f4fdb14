import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reportOf } from '../alerts/current-alerts.ts';
import { exposeSeries } from '../metrics/series-exposition.ts';
import { besideOwn } from '../rules/load-rules.ts';
import type { ForEach, Rule } from '../rules/rule.ts';
import { exampleRule, wave } from '../testing/example-rule.ts';
import { type FakePrometheus, type FakeSeries, startFakePrometheus } from '../testing/fake-prometheus.ts';
import { watchedServices } from '../watched-services.ts';
import { createRuleWatch, type RuleWatch } from './rule-watch.ts';
import { WHOLE } from './shard.ts';

const NOW = 1_795_233_600;
const STEP = 60;

const template = (forEach: Partial<ForEach> = {}, settings: Partial<Rule> = {}): Rule =>
  exampleRule({
    forEach: {
      serviceLabel: 'service_name',
      maxServices: 200,
      maxSeriesEach: 1,
      learningSeconds: 3600,
      except: [],
      ...forEach,
    },
    maxSeries: (forEach.maxServices ?? 200) * (forEach.maxSeriesEach ?? 1),
    measures: 'requests',
    vanished: 'ignore',
    ...settings,
  });
const of = (service: string, more: Partial<FakeSeries> = {}): FakeSeries => ({
  labels: { service_name: service, ...more.labels },
  valueAt: more.valueAt ?? wave,
});

describe('a rule for each service', () => {
  let prometheus: FakePrometheus;
  let skipped: Map<string, number>;
  beforeEach(async () => {
    prometheus = await startFakePrometheus([]);
    skipped = new Map();
  });
  afterEach(() => prometheus.close());

  const watchOf = (rule: Rule): RuleWatch =>
    createRuleWatch({
      rule,
      prometheus: createPrometheusClient({ url: prometheus.url, timeoutMs: 30_000 }),
      timeZone: 'UTC',
      shard: WHOLE,
      onSkipped: (reason, samples) => skipped.set(reason, (skipped.get(reason) ?? 0) + samples),
    });
  const reported = (watch: RuleWatch, nowSeconds: number) =>
    reportOf(
      [...watch.series.values()].map((series) => ({ rule: watch.rule, series })),
      nowSeconds,
      { links: { runbookBaseUrl: 'http://r', dashboardBaseUrl: 'http://d' }, timeZone: 'UTC' },
    ).alerts;

  it('watches what sends spans under the label that alerts go by, whatever its name, from when it appears', async () => {
    prometheus.series = [of('cart')];
    const watch = watchOf(template());
    await watch.poll(NOW);
    prometheus.series = [of('cart'), of('say "hi"'), of('n'.repeat(300))];
    await watch.poll(NOW + STEP);
    const labels = [...watch.series.values()].map((one) => one.labels);
    expect(labels).toEqual([{ service: 'cart' }, { service: 'say "hi"' }, { service: 'n'.repeat(200) }]);
  });

  it('leaves a service to a rule of its own with the same measure, and to none of another', async () => {
    const own = (name: string, service: string, measures: Rule['measures']) =>
      exampleRule({ name, service, measures });
    const [rule] = besideOwn([
      template(),
      own('cart_requests', 'cart', 'requests'),
      own('shop_errors', 'shop', 'errors'),
    ]);
    prometheus.series = [of('cart'), of('shop')];
    const watch = watchOf(rule!);
    await watch.poll(NOW);
    expect([...watch.series.keys()]).toEqual(['{service="shop"}']);
    expect(watch.leftOut).toBe(0);
  });

  it('takes a bounded number of routes of each, so that one with 2,000 takes no other its place, and counts the rest', async () => {
    const routes = (service: string, count: number) =>
      Array.from({ length: count }, (_, index) =>
        of(service, {
          labels: { http_route: `/r${index}` },
          valueAt: (at) => (at > NOW - 600 ? 1 : undefined),
        }),
      );
    prometheus.series = [...routes('wild', 2000), ...routes('calm', 20)];
    const watch = watchOf(template({ maxSeriesEach: 20 }));
    await watch.poll(NOW);
    await watch.poll(NOW + STEP);
    const [service] = watchedServices([watch], NOW + STEP);
    expect(service).toMatchObject({ service: 'calm', series: { requests: 20 } });
    expect(watch.series.size).toBe(40);
    expect(watch.leftOut).toBe(1980);
    expect(skipped.get('series-limit')).toBeGreaterThanOrEqual(1980);
  });

  it('takes a bounded number of services, and gives the places of those that are gone to new ones', async () => {
    const gone = of('gone', { valueAt: (at) => (at < NOW - 7200 ? wave(at) : undefined) });
    prometheus.series = [gone, of('cart')];
    const watch = watchOf(template({ maxServices: 2 }));
    await watch.poll(NOW);
    prometheus.series = [of('cart'), of('new'), of('too-many')];
    await watch.poll(NOW + STEP);
    expect([...watch.series.keys()]).toEqual(['{service="cart"}', '{service="new"}']);
    expect(watch.leftOut).toBe(1);
  });

  it('counts what belongs to no service, as routes that overflowed in the Collector, and watches it not', async () => {
    prometheus.series = [{ labels: { otel_metric_overflow: 'true' }, valueAt: wave }];
    const watch = watchOf(template());
    await watch.poll(NOW);
    expect(watch.series.size).toBe(0);
    expect(skipped.get('no-service')).toBeGreaterThan(0);
  });

  it('raises no alert for what a service does while it is new, says until when, and alerts then', async () => {
    const bornAt = NOW + STEP;
    const [hour, dip] = [3600, 300];
    const dips = (at: number) => {
      const age = at - bornAt;
      if (age < 0) return undefined;
      return (age > 10 * hour && age < 10 * hour + dip) || age > 14 * hour ? 1 : wave(at);
    };
    prometheus.series = [of('cart', { valueAt: dips })];
    const watch = watchOf(template({ learningSeconds: 12 * hour }));
    await watch.poll(NOW);
    const early = bornAt + 10 * hour + dip - STEP;
    await watch.poll(early);
    expect([...watch.series.values()][0]!.episode).toBeDefined();
    expect(reported(watch, early)).toEqual([]);
    expect(watchedServices([watch], early)[0]).toMatchObject({
      sinceSeconds: bornAt,
      learningUntilSeconds: bornAt + 12 * hour,
    });
    const late = bornAt + 14 * hour + dip;
    await watch.poll(late);
    expect(reported(watch, late)[0]?.labels).toMatchObject({ alertname: 'Anomaly', service: 'cart' });
    expect(watchedServices([watch], late)[0]!.learningUntilSeconds).toBeNull();
  });

  it('shows every service as metrics, and of routes those with an anomaly', async () => {
    const broken = of('cart', {
      labels: { http_route: '/pay' },
      valueAt: (at) => (at > NOW - 600 ? 1 : wave(at)),
    });
    prometheus.series = [of('cart', { labels: { http_route: '/' } }), broken];
    const routes = watchOf(template({ maxSeriesEach: 20 }));
    await routes.poll(NOW);
    const shown = exposeSeries([routes])
      .split('\n')
      .filter((line) => line.startsWith('anomaly_value{'));
    expect(shown).toHaveLength(1);
    expect(shown[0]).toContain('http_route="/pay"');
    prometheus.series = [of('cart')];
    const services = watchOf(template());
    await services.poll(NOW);
    expect(exposeSeries([services])).toContain('anomaly_value{rule="requests",service="cart"}');
  });

  it('links the dashboard of the service that it is about', async () => {
    prometheus.series = [of('a b', { valueAt: (at) => (at > NOW - 600 ? 1 : wave(at)) })];
    const watch = watchOf(template({}, { dashboard: 'd/service?var-service=$service' }));
    await watch.poll(NOW);
    expect(reported(watch, NOW)[0]?.annotations.dashboard_url).toBe('http://d/d/service?var-service=a%20b');
  });
});
