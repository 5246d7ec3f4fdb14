import { describe, expect, it } from 'vitest';
import { type Evidence, NO_EVIDENCE } from '../evidence/evidence.ts';
import { serviceGraph } from '../topology/service-graph.ts';
import { rankRoots, roleOf } from './root-cause.ts';

const MINUTE_MS = 60_000;
const graph = serviceGraph([
  { client: 'traffic', server: 'storefront' },
  { client: 'storefront', server: 'identity' },
  { client: 'storefront', server: 'fulfillment' },
]);
const alert = (service: string, startsAtMs = 0) => ({
  alertname: 'Anomaly',
  service,
  labels: {},
  startsAtMs,
});
const rank = (services: string[], evidence: Partial<Evidence> = {}) =>
  rankRoots({
    alerts: services.map((each) => alert(each)),
    graph,
    evidence: { ...NO_EVIDENCE, ...evidence },
  });
const health = (service: string, more: object) => ({
  service,
  slowdown: undefined,
  failedRatio: undefined,
  upRatio: 1,
  ...more,
});
const flagOn = (atMs: number, service: string | undefined = 'identity') =>
  ({ kind: 'flag', service, subject: 'experimental', from: 'off', to: 'on', atMs }) as const;
const slow = [health('storefront', { slowdown: 40 }), health('identity', { slowdown: 100 })];

describe('the probable root', () => {
  it('is the slow dependency whose flag changed just before, and the alert of its caller a symptom', () => {
    const [root] = rank(['storefront'], { services: slow, changes: [flagOn(-MINUTE_MS)] });
    expect(root).toMatchObject({ service: 'identity', cause: 'flag-change', flag: 'experimental' });
    expect(root!.confidence).toBeGreaterThan(0.8);
    expect(root!.reasons.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['flag', 'topology', 'anomaly']),
    );
    expect([
      roleOf('storefront', root, graph),
      roleOf('identity', root, graph),
      roleOf('fulfillment', root, graph),
    ]).toEqual(['symptom', 'root', 'unclear']);
  });

  it('is not surely a flag that changed long before, after, or elsewhere', () => {
    for (const change of [flagOn(-60 * MINUTE_MS), flagOn(5 * MINUTE_MS), flagOn(-MINUTE_MS, 'billing')])
      expect(rank(['storefront'], { services: slow, changes: [change] })[0]).toMatchObject({
        cause: 'service',
        flag: null,
      });
  });

  it('is surely the instance that a limit is predicted for, while nothing else is unwell', () => {
    const predicted = {
      ...alert('fulfillment'),
      alertname: 'PredictedBreach',
      labels: { instance: 'fulfillment-4' },
    };
    const [root] = rankRoots({ alerts: [predicted], graph, evidence: NO_EVIDENCE });
    expect(root).toMatchObject({ service: 'fulfillment', cause: 'instance', instance: 'fulfillment-4' });
    expect(root!.confidence).toBeGreaterThan(0.8);
    expect(root!.summary).toBe('Instance fulfillment-4 of fulfillment is on its way to a limit.');
  });

  it('is never sure by topology and alerts alone', () => {
    for (const services of [
      ['storefront'],
      ['storefront', 'identity'],
      ['storefront', 'identity', 'fulfillment'],
    ])
      for (const { confidence } of rank(services)) expect(confidence).toBeLessThan(0.8);
  });

  it('is one instance where it alone fails', () => {
    const instance = (name: string, failedRatio: number) => ({
      service: 'fulfillment',
      instance: name,
      failedRatio,
    });
    const instances = [instance('f-1', 0), instance('f-2', 1), instance('f-3', 0.01), instance('f-4', 0)];
    const services = [health('fulfillment', { failedRatio: 0.25 })];
    expect(rank(['fulfillment'], { instances, services })[0]).toMatchObject({
      cause: 'instance',
      instance: 'f-2',
    });
    const allFail = instances.map((each) => ({ ...each, failedRatio: 0.9 }));
    expect(rank(['fulfillment'], { instances: allFail, services })[0]).toMatchObject({
      cause: 'service',
      instance: null,
    });
  });

  it('shares its confidence out: all together stay below 1', () => {
    const all = rank(['storefront', 'identity'], {
      services: slow,
      changes: [flagOn(-MINUTE_MS), flagOn(-MINUTE_MS, 'storefront')],
    });
    expect(all.reduce((sum, { confidence }) => sum + confidence, 0)).toBeLessThan(1);
  });
});
