import { rm, symlink, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PostableAlert } from './alerts/alert.ts';
import { writtenCalendar } from './calendar/testing/written-calendar.ts';
import type { Detector } from './detector.ts';
import { exampleDetector, newStateFolder } from './testing/example-detector.ts';
import { exampleRule, wave } from './testing/example-rule.ts';
import { type FakeAlertmanager, startFakeAlertmanager } from './testing/fake-alertmanager.ts';
import { type FakePrometheus, startFakePrometheus } from './testing/fake-prometheus.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';

/** A moment at which a poll is due: the delay after a full minute. */
const NOW = 1_795_233_600 + 10;
/** Enough history that the model is past its first days. */
const rule = exampleRule({
  backfill: { historySeconds: 9 * 86_400, stepSeconds: 300, windowSeconds: 300, recentSeconds: 7200 },
});

describe('the detector', { timeout: 30_000 }, () => {
  let prometheus: FakePrometheus;
  let alertmanager: FakeAlertmanager;
  let clock: ManualClock;
  let stateFolder: string;
  let trafficAt: (at: number) => number | undefined;
  const running: Detector[] = [];
  /** Removed once no detector writes to them. */
  const stateFolders: string[] = [];

  beforeEach(async () => {
    trafficAt = wave;
    prometheus = await startFakePrometheus([
      { labels: { service: 'storefront' }, valueAt: (at) => trafficAt(at) },
    ]);
    alertmanager = await startFakeAlertmanager();
    clock = createManualClock(NOW);
    stateFolder = await newFolder();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await Promise.all([prometheus.close(), alertmanager.close()]);
    await Promise.all(stateFolders.splice(0).map((folder) => rm(folder, { recursive: true })));
  });

  async function newFolder(): Promise<string> {
    const folder = await newStateFolder();
    stateFolders.push(folder);
    return folder;
  }

  async function start(
    folder = stateFolder,
    onUnusable = (_reason: string) => {},
    queryTimeoutMs = 30_000,
  ): Promise<Detector> {
    const detector = await exampleDetector({
      prometheusUrl: prometheus.url,
      alertmanagerUrls: [alertmanager.url],
      stateFolder: folder,
      calendars: [join(folder, 'maintenance.ics')],
      clock,
      rule,
      onUnusable,
      queryTimeoutMs,
    });
    running.push(detector);
    await detector.start();
    await evaluatedUntil(detector, clock.nowSeconds() - 10);
    return detector;
  }
  const evaluatedUntil = (detector: Detector, atSeconds: number) =>
    vi.waitFor(async () => {
      const lag = /^anomaly_detector_lag_seconds\{rule="requests"\} (\S+)$/m.exec(await detector.metrics());
      expect(Number(lag?.[1])).toBe(clock.nowSeconds() - atSeconds);
    }, 20_000);
  /** Moves the clock minute by minute, each poll done before the next is due. */
  async function run(minutes: number, ...detectors: Detector[]) {
    for (let minute = 0; minute < minutes; minute += 1) {
      clock.advance(60);
      await Promise.all(detectors.map((one) => evaluatedUntil(one, clock.nowSeconds() - 10)));
    }
  }
  const sent = (): PostableAlert[] => alertmanager.posts.flat();
  const gone = (alert: PostableAlert) => Date.parse(alert.endsAt) / 1000 <= clock.nowSeconds();

  it('is ready once history is read, raises no alert over it, and shows the expectation', async () => {
    // An anomaly of yesterday, over since.
    trafficAt = (at) => (at > NOW - 90_000 && at < NOW - 86_400 ? 0 : wave(at));
    const detector = await start();
    expect(await detector.readiness()).toEqual({ ready: true, reasons: [], learning: [] });
    expect(await detector.metrics()).toMatch(/^anomaly_expected\{rule="requests",service="storefront"\} \d/m);
    expect(await detector.metrics()).toContain(
      'anomaly_detector_rule_info{rule="requests",unit="requests/s",direction="both"} 1',
    );
    await run(3, detector);
    expect(sent()).toEqual([]);
  });

  it('says nothing of what drops during maintenance that was announced while it ran, and shows that it is mute', async () => {
    const detector = await start();
    const at = (seconds: number) => new Date(seconds * 1000).toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const event = ['SUMMARY:Move', `DTSTART:${at(NOW + 60)}`, `DTEND:${at(NOW + 660)}`];
    await writeFile(join(stateFolder, 'maintenance.ics'), writtenCalendar(event));
    await vi.waitFor(() => {
      clock.advance(1);
      expect(detector.calendar()).toMatchObject({ next: [{ name: 'Move' }], problems: [] });
    }, 20_000);
    clock.advance(60 - ((clock.nowSeconds() - NOW) % 60));
    trafficAt = (moment) => (moment > NOW + 60 && moment <= NOW + 600 ? 0 : wave(moment));
    await run(5, detector);
    const metrics = await detector.metrics();
    expect(metrics).toContain('anomaly_detector_series{rule="requests",state="muted"} 1');
    expect(metrics).toContain('anomaly_detector_calendar_events{kind="maintenance"} 1');
    await run(15, detector);
    expect(await detector.metrics()).toContain('anomaly_detector_series{rule="requests",state="scored"} 1');
    expect(sent()).toEqual([]);
  });

  it('alerts on a drop within three minutes and resolves within four after it is over', async () => {
    const detector = await start();
    trafficAt = (at) => (at > NOW && at <= NOW + 600 ? wave(at) / 3 : wave(at));
    await run(3, detector);
    await vi.waitFor(() => expect(sent().length).toBeGreaterThan(0));
    const [alert] = sent();
    expect(alert).toMatchObject({
      labels: {
        alertname: 'Anomaly',
        severity: 'info',
        service: 'storefront',
        slo: 'none',
        rule: 'requests',
      },
      annotations: {
        summary: expect.stringContaining('lower than expected'),
        description: expect.stringContaining('What else moved: no other watched series.'),
        runbook_url: 'http://runbooks.example/Anomaly.md',
        dashboard_url: 'http://grafana.example',
        anomaly_direction: 'below',
      },
    });
    await run(11, detector);
    await vi.waitFor(() => expect(gone(sent().at(-1)!)).toBe(true));
    expect(new Set(sent().map(({ labels, startsAt }) => JSON.stringify([labels, startsAt]))).size).toBe(1);
    expect(Date.parse(sent().at(-1)!.endsAt) / 1000).toBeLessThanOrEqual(NOW + 600 + 240);
  });

  const answer = (status: number, body: string) => (response: ServerResponse) => {
    response.statusCode = status;
    response.end(body);
  };
  it.each<[string, string, string, (response: ServerResponse) => void]>([
    ['answers 5xx', 'server_error', 'HTTP 503', answer(503, 'down for maintenance')],
    ['answers 4xx', 'rejected', 'HTTP 422', answer(422, '{"status":"error"}')],
    ['answers something else', 'bad_answer', 'not an answer', answer(200, '<html>')],
    ['is too slow', 'timeout', 'no answer within', () => {}],
    ['is down', 'unreachable', '', (response) => response.destroy()],
  ])(
    'stays up while Prometheus %s: counted as %s, not ready because of it, and well again after',
    async (_, kind, reason, fault) => {
      const detector = await start(stateFolder, () => {}, 1000);
      prometheus.fault = fault;
      for (let i = 0; i < 4; i += 1) {
        clock.advance(60);
        await vi.waitFor(
          async () =>
            expect(await detector.metrics()).toContain(
              `anomaly_detector_errors_total{kind="${kind}"} ${i + 1}`,
            ),
          5000,
        );
      }
      expect(await detector.readiness()).toMatchObject({
        ready: false,
        reasons: [expect.stringContaining(reason)],
      });
      expect(await detector.metrics()).toContain('anomaly_detector_ready 0');
      expect(await detector.metrics()).not.toMatch(/^anomaly_expected\{/m);
      prometheus.fault = undefined;
      clock.advance(60);
      await evaluatedUntil(detector, NOW + 300 - 10);
      expect((await detector.readiness()).ready).toBe(true);
      expect(sent()).toEqual([]);
    },
  );

  it('is not ready where its clock was set back, as it evaluates nothing until that time has come again', async () => {
    const detector = await start();
    await run(2, detector);
    clock.setBack(7200);
    expect((await detector.readiness()).ready).toBe(true);
    for (let minute = 0; minute < 5; minute += 1) clock.advance(60);
    expect((await detector.readiness()).reasons).toEqual(['requests: last evaluated 5 min ago']);
    expect(await detector.metrics()).not.toMatch(/^anomaly_expected\{/m);
  });

  it('is not ready while its state cannot be written', async () => {
    const detector = await start();
    await symlink('/dev/full', join(stateFolder, '.write-check'));
    expect((await detector.readiness()).reasons).toEqual([
      expect.stringMatching(/^nothing can be written to .*detector-.*: ENOSPC/),
    ]);
    expect(await detector.readiness()).toEqual({ ready: true, reasons: [], learning: [] });
  });

  it('counts answers that may be incomplete, and takes nothing in them as vanished', async () => {
    const detector = await start();
    prometheus.warnings = ['store 2 unavailable'];
    trafficAt = (at) => (at > NOW ? undefined : wave(at));
    await run(5, detector);
    expect(await detector.metrics()).toContain('anomaly_detector_errors_total{kind="partial_answer"} 5');
    expect(sent()).toEqual([]);
  });

  it('killed in mid-anomaly goes on with the same alert and asks only for what it missed', async () => {
    const first = await start();
    trafficAt = (at) => (at > NOW ? wave(at) / 3 : wave(at));
    await run(6, first);
    await vi.waitFor(() => expect(sent().length).toBeGreaterThan(0));
    // Killed: its clock stands still, so it neither polls nor saves any more. What it saved is minutes old.
    clock = createManualClock(clock.nowSeconds() + 120);
    const asked = prometheus.queries.length;
    const second = await start();
    const since = prometheus.queries.slice(asked).filter(({ query }) => !query.includes('up['));
    expect(Math.min(...since.map(({ start }) => start))).toBeGreaterThan(NOW);
    await run(2, second);
    expect(new Set(sent().map(({ labels, startsAt }) => JSON.stringify([labels, startsAt]))).size).toBe(1);
    expect(gone(sent().at(-1)!)).toBe(false);
  });

  it('with a corrupt snapshot says so, reads history anew and comes to the same alert', async () => {
    const first = await start();
    trafficAt = (at) => (at > NOW ? wave(at) / 3 : wave(at));
    await run(4, first);
    await vi.waitFor(() => expect(sent().length).toBeGreaterThan(0));
    await first.stop();
    await writeFile(join(stateFolder, 'requests.snapshot'), 'garbage '.repeat(100));
    const reasons: string[] = [];
    await start(stateFolder, (reason) => reasons.push(reason));
    expect(reasons.join()).toContain('set aside');
    await vi.waitFor(() => expect(sent().length).toBeGreaterThan(1));
    expect(sent().at(-1)!.labels).toEqual(sent()[0]!.labels);
  });

  it('twice with one configuration sends the same alerts', async () => {
    const otherFolder = await newFolder();
    const one = await start();
    const two = await start(otherFolder);
    trafficAt = (at) => (at > NOW ? wave(at) / 3 : wave(at));
    await run(5, one, two);
    await vi.waitFor(() => expect(sent().length).toBeGreaterThanOrEqual(4));
    const bySending = Map.groupBy(sent(), (alert) => JSON.stringify(alert));
    expect([...bySending.values()].every((same) => same.length === 2)).toBe(true);
  });

  it('sends the alerts that one does which was started days before', async () => {
    const unsteady = (at: number) => wave(at) + 4 * Math.sin(at * 12.9898);
    const creeping = (at: number) => unsteady(at) * Math.max(0.2, 1 - Math.max(0, at - NOW) / 900);
    trafficAt = creeping;
    const otherFolder = await newFolder();
    clock = createManualClock(NOW - 3 * 86_400 - 5 * 3600);
    const early = await start();
    clock.advance(3 * 86_400 + 5 * 3600);
    await evaluatedUntil(early, NOW - 10);
    const late = await start(otherFolder);
    await run(15, early, late);
    await vi.waitFor(() => expect(sent().length).toBeGreaterThanOrEqual(4));
    const bySending = Map.groupBy(sent(), ({ labels, startsAt, endsAt, annotations }) =>
      JSON.stringify([labels, startsAt, endsAt, annotations.anomaly_id]),
    );
    expect([...bySending.values()].every((same) => same.length === 2)).toBe(true);
  });

  it('turns verdicts into precision and refuses those on unknown anomalies', async () => {
    const detector = await start();
    trafficAt = (at) => (at > NOW ? wave(at) / 3 : wave(at));
    await run(4, detector);
    await vi.waitFor(() => expect(sent().length).toBeGreaterThan(0));
    const anomaly_id = sent()[0]!.annotations.anomaly_id!;
    expect(await detector.judge({ anomaly_id: 'f'.repeat(16), verdict: 'noise' })).toBe('unknown-anomaly');
    expect(await detector.metrics()).not.toContain('anomaly_detector_precision_ratio{');
    expect(await detector.judge({ anomaly_id, verdict: 'useful' })).toBe('stored');
    expect(await detector.metrics()).toContain('anomaly_detector_precision_ratio{rule="requests"} 1');
    expect(detector.anomalies()).toMatchObject([
      { anomalyId: anomaly_id, verdict: 'useful', direction: 'below' },
    ]);
  });
});
