import { describe, expect, it } from 'vitest';
import { type Evidence, NO_EVIDENCE } from '../evidence/evidence.ts';
import { serviceDeviations } from '../evidence/service-deviations.ts';
import { FITTED_MODEL } from '../roots/root-model.ts';
import { type Shift, shiftedSeries } from '../testing/shifted-series.ts';
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
/** Of services that answer two requests a second, and whose processors are as busy as ever. */
const deviations = (...shifts: Shift[]) => {
  const steady = [...new Set(shifts.map(({ service }) => service))].flatMap((service): Shift[] => [
    { service, signal: 'requests', before: 60, after: 60 },
    { service, signal: 'cpu', before: 20, after: 20 },
  ]);
  const isShifted = ({ service, signal }: Shift) =>
    shifts.some((shift) => shift.service === service && shift.signal === signal);
  return serviceDeviations(
    [...steady.filter((each) => !isShifted(each)), ...shifts].map((shift) => shiftedSeries(shift)),
    0,
  );
};
const takes = (service: string, before: number, after: number): Shift => ({
  service,
  signal: 'duration',
  before,
  after,
});
const fails = (service: string, after: number): Shift => ({
  service,
  signal: 'failed-ratio',
  before: 0.001,
  after,
});
const instance = (name: string, failedRatio: number, usualFailedRatio = 0) => ({
  service: 'fulfillment',
  instance: name,
  ...{ failedRatio, usualFailedRatio },
});
const flagOn = (atMs: number, service: string | undefined = 'identity') =>
  ({ kind: 'flag', service, subject: 'experimental', from: 'off', to: 'on', atMs }) as const;
const NOTHING_FOUND = {
  ...{ atMs: 0, service: 'storefront', fromMs: 0, untilMs: MINUTE_MS },
  ...{ failing: null, slow: null, templates: [], missing: [] },
};
const FAILING = { counted: null, compared: 30, inCommon: [], timeSpent: [], patterns: [], example: null };
const slow = deviations(takes('storefront', 0.05, 2.05), takes('identity', 0.02, 2));

describe('the probable root', () => {
  it('is the slow dependency whose flag changed just before, and the alert of its caller a symptom', () => {
    const [root] = rank(['storefront'], { deviations: slow, changes: [flagOn(-MINUTE_MS)] });
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
      expect(rank(['storefront'], { deviations: slow, changes: [change] })[0]).toMatchObject({
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
    const instances = [instance('f-1', 0), instance('f-2', 1), instance('f-3', 0.01), instance('f-4', 0)];
    const failing = deviations(fails('fulfillment', 0.25));
    expect(rank(['fulfillment'], { instances, deviations: failing })[0]).toMatchObject({
      cause: 'instance',
      instance: 'f-2',
    });
    const allFail = instances.map((each) => ({ ...each, failedRatio: 0.9 }));
    expect(rank(['fulfillment'], { instances: allFail, deviations: failing })[0]).toMatchObject({
      cause: 'service',
      instance: null,
    });
  });

  it('is the instance that alerts tell of alone, though nothing is known of how it answers', () => {
    const told = (...names: string[]) =>
      rankRoots({
        alerts: names.map((name) => ({
          ...alert('fulfillment'),
          alertname: 'TargetDown',
          labels: { instance: name },
        })),
        graph,
        evidence: { ...NO_EVIDENCE, instances: [instance('f-1', 0), instance('f-2', 0)] },
      })[0];
    expect(told('f-3', 'f-3')).toMatchObject({ cause: 'instance', instance: 'f-3' });
    expect(told('f-3')!.summary).toBe('Instance f-3 of fulfillment is in trouble, the others are not.');
    expect(told('f-2', 'f-3')).toMatchObject({ cause: 'service', instance: null });
  });

  it('is no instance that differs from the others as it always does', () => {
    const failing = deviations(fails('fulfillment', 0.25));
    const rootWith = (...instances: Evidence['instances'][number][]) =>
      rank(['fulfillment'], { instances, deviations: failing })[0];
    expect(rootWith(instance('f-1', 0), instance('f-2', 0), instance('f-3', 0.11, 0.1))).toMatchObject({
      cause: 'service',
      instance: null,
    });
    expect(rootWith(instance('f-1', 0), instance('f-2', 0.01), instance('f-3', 0.6, 0.1))).toMatchObject({
      instance: 'f-3',
    });
    expect(rootWith(instance('f-1', 0.5), instance('f-2', 0), instance('f-3', 0.6, 0.6))).toMatchObject({
      instance: 'f-1',
    });
    // One that is new and fails as the others do, as always.
    expect(
      rootWith(instance('f-1', 0.2, 0.2), instance('f-2', 0.2, 0.2), instance('f-3', 0.2)),
    ).toMatchObject({ instance: null });
  });

  it('is the flag by which a caller sends another load, though the caller itself neither alerts nor is called', () => {
    const surge = (before: number, after: number, slower: number) => [
      ...deviations(
        { service: 'storefront', signal: 'requests', before, after },
        takes('storefront', 0.05, 0.05 * slower),
      ),
      ...deviations({ service: 'traffic', signal: 'cpu', before: 10, after: 10 }),
    ];
    const rate = { ...flagOn(-MINUTE_MS, 'traffic'), subject: 'rate' };
    for (const [before, after, slower] of [
      [60, 300, 3],
      [300, 100, 1],
    ] as const) {
      const [root] = rank(['storefront'], { deviations: surge(before, after, slower), changes: [rate] });
      expect(root, `${before} to ${after}`).toMatchObject({
        service: 'traffic',
        cause: 'flag-change',
        flag: 'rate',
        change: { kind: 'flag', subject: 'rate', from: 'off', to: 'on', atMs: -MINUTE_MS },
        summary: 'Flag rate changed what traffic sends to others.',
      });
      expect(root!.confidence, `${before} to ${after}`).toBeGreaterThan(0.8);
    }
    // Neither a flag without another load nor another load without a flag makes it one.
    for (const evidence of [
      { deviations: surge(60, 60, 3), changes: [rate] },
      { deviations: surge(60, 300, 3) },
    ])
      expect(rank(['storefront'], evidence)[0]).toMatchObject({ service: 'storefront' });
  });

  it('is what fails by itself, also while a flag sends it another load', () => {
    const failing = deviations(
      { service: 'storefront', signal: 'requests', before: 60, after: 300 },
      fails('storefront', 0.3),
      { service: 'identity', signal: 'requests', before: 60, after: 300 },
      fails('identity', 0.3),
    );
    const [root] = rank(['storefront', 'identity'], {
      deviations: failing,
      changes: [flagOn(-MINUTE_MS, 'traffic')],
    });
    expect(root).toMatchObject({ service: 'identity' });
  });

  it('is the database of which all connections are in use, not who finds none', () => {
    const [root] = rankRoots({
      alerts: [alert('storefront')],
      graph: serviceGraph([...graph.edges, { client: 'storefront', server: 'orders' }]),
      evidence: {
        ...NO_EVIDENCE,
        deviations: [
          ...deviations(fails('storefront', 0.4)),
          ...serviceDeviations(
            [
              { service: 'orders', signal: 'requests', before: 90, after: 90 } as const,
              { service: 'orders', signal: 'load', before: 15, after: 80 } as const,
              fails('orders', 0.25),
            ].map((shift) => shiftedSeries(shift)),
            0,
          ),
        ],
      },
    });
    expect(root).toMatchObject({ service: 'orders' });
    expect(root!.confidence).toBeGreaterThan(0.8);
  });

  it('is the database that turns callers away, though no metric of it is old enough to compare', () => {
    const first = { service: 'storefront', operation: 'postgresql connect', error: '53300', requests: 27 };
    const rankWith = (database: string | undefined, share = 0.9) =>
      rankRoots({
        alerts: [alert('storefront')],
        graph: serviceGraph([...graph.edges, { client: 'storefront', server: 'orders' }]),
        evidence: { ...NO_EVIDENCE, deviations: deviations(fails('storefront', 0.4)) },
        findings: {
          ...NOTHING_FOUND,
          failing: { ...FAILING, firstErrors: [{ ...first, ...(database && { database }), share }] },
        },
      });
    const [root] = rankWith('orders');
    expect(root).toMatchObject({ service: 'orders', cause: 'service' });
    expect(root!.confidence).toBeGreaterThan(0.8);
    expect(root!.reasons.map(({ text }) => text)).toContain('orders fails first, as traces say.');
    expect(rankWith(undefined)[0]).toMatchObject({ service: 'storefront' });
    expect(rankWith('orders', 0.1)[0]).toMatchObject({ service: 'storefront' });
  });

  it('is surely what is down itself, though nothing of it can be measured then', () => {
    const [root] = rank(['otel-collector'], {
      services: [{ service: 'otel-collector', upRatio: 0 }],
      deviations: deviations(takes('storefront', 0.05, 0.05)),
    });
    expect(root).toMatchObject({ service: 'otel-collector', cause: 'instance' });
    expect(root!.confidence).toBeGreaterThan(0.8);
  });

  it('is what is down below, not what fails because of it', () => {
    const roots = rank(['storefront'], {
      services: [{ service: 'identity', upRatio: 0 }],
      deviations: deviations(fails('storefront', 0.9), fails('fulfillment', 0.001)),
    });
    expect(roots[0]).toMatchObject({ service: 'identity', cause: 'instance' });
    expect(roots[0]!.confidence).toBeGreaterThan(0.8);
    // One of four that is down is no reason for nearly all to fail.
    const most = rank(['storefront'], {
      services: [{ service: 'fulfillment', upRatio: 0.75 }],
      deviations: deviations(fails('storefront', 0.9), fails('identity', 0.001)),
    });
    expect(most[0]).toMatchObject({ service: 'storefront' });
  });

  it('is what fails below, not what fails because of it', () => {
    const failing = deviations(fails('storefront', 0.1), fails('identity', 0.1), fails('fulfillment', 0.001));
    const [root, next] = rank(['storefront'], { deviations: failing });
    expect([root!.service, next!.service]).toEqual(['identity', 'storefront']);
    expect(root!.confidence).toBeGreaterThan(0.8);
  });

  it('is the alerting service itself where nothing below accounts for it', () => {
    const failing = deviations(
      fails('storefront', 0.1),
      fails('identity', 0.001),
      takes('identity', 0.02, 0.02),
    );
    const [root] = rank(['storefront'], { deviations: failing });
    expect(root).toMatchObject({ service: 'storefront', cause: 'service' });
    expect(root!.reasons.map(({ text }) => text).join(' ')).toMatch(/nothing that it calls accounts for it/);
  });

  it('is none of them where all are much as before', () => {
    const calm = deviations(takes('storefront', 0.05, 0.05), takes('identity', 0.02, 0.02));
    const all = rank(['storefront'], { deviations: calm });
    expect(all.reduce((sum, { confidence }) => sum + confidence, 0)).toBeLessThan(0.5);
  });

  it('is not held against an instance near a limit that its service still does well', () => {
    const calm = deviations(takes('fulfillment', 0.05, 0.05));
    const predicted = {
      ...alert('fulfillment'),
      alertname: 'PredictedBreach',
      labels: { instance: 'fulfillment-4' },
    };
    const [root] = rankRoots({
      alerts: [predicted],
      graph,
      evidence: { ...NO_EVIDENCE, deviations: calm },
    });
    expect(root).toMatchObject({ cause: 'instance', instance: 'fulfillment-4' });
    expect(root!.confidence).toBeGreaterThan(0.8);
  });

  it('is more surely the instance near a limit the more of its kind are far from theirs', () => {
    const predicted = (instance: string) => ({
      ...alert('fulfillment'),
      alertname: 'PredictedBreach',
      labels: { instance },
    });
    const confidence = (near: string[], all: string[]) =>
      rankRoots({
        alerts: near.map(predicted),
        graph,
        evidence: { ...NO_EVIDENCE, instances: all.map((name) => instance(name, 0)) },
      })[0]!.confidence;
    const alone = confidence(['f-4'], ['f-1', 'f-2', 'f-4']);
    expect(alone).toBeGreaterThan(confidence(['f-4'], ['f-4']) + 0.05);
    expect(alone).toBeGreaterThan(confidence(['f-4', 'f-1'], ['f-1', 'f-4']) + 0.05);
  });

  it('adds up: its reasons are all that its odds are made of', () => {
    for (const { service, confidence, reasons } of rank(['storefront'], { deviations: slow })) {
      const logOdds = reasons.reduce((sum, { weight }) => sum + weight, FITTED_MODEL.prior);
      const none =
        1 - rank(['storefront'], { deviations: slow }).reduce((sum, each) => sum + each.confidence, 0);
      expect(Math.log(confidence / none), service).toBeCloseTo(logOdds, 6);
    }
  });

  it('is less sure, and says so, where a source could not be asked', () => {
    const [known] = rank(['storefront'], { deviations: slow });
    const missing = ['requests: timed out', 'duration: timed out', 'duration: refused'];
    const [partly] = rank(['storefront'], { deviations: slow, missing });
    expect(partly!.confidence).toBeLessThan(known!.confidence);
    expect(partly!.reasons.map(({ text }) => text)).toContain('Could not be asked for: duration, requests.');
    const [untraced] = rankRoots({
      alerts: [alert('storefront')],
      graph,
      evidence: { ...NO_EVIDENCE, deviations: slow },
      findings: { ...NOTHING_FOUND, missing: ['traces: Tempo: no answer', 'logs: Loki: HTTP 503'] },
    });
    expect(untraced!.confidence).toBeLessThan(known!.confidence);
    expect(untraced!.reasons.map(({ text }) => text)).toContain('Could not be asked for: logs, traces.');
  });

  it('shares its confidence out: all together stay below 1', () => {
    const all = rank(['storefront', 'identity'], {
      deviations: slow,
      changes: [flagOn(-MINUTE_MS), flagOn(-MINUTE_MS, 'storefront')],
    });
    expect(all.reduce((sum, { confidence }) => sum + confidence, 0)).toBeLessThan(1);
  });
});
