import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PostableAlert } from './alerts/alert.ts';
import type { Detector } from './detector.ts';
import { exampleDetector } from './testing/example-detector.ts';
import { exampleRule, wave } from './testing/example-rule.ts';
import { type FakeAlertmanager, startFakeAlertmanager } from './testing/fake-alertmanager.ts';
import { createManualClock, type ManualClock } from './testing/manual-clock.ts';

/** Paths of the real programs; without them there is nothing to test here. */
const { PROMETHEUS, PROMTOOL } = process.env;

const DAY = 86_400;
/** Midnight; history ends here, and the watch begins. */
const START = 1_795_219_200 + 9 * DAY;
const HISTORY_DAYS = 8;
const WATCHED = 3 * 3600;

describe.skipIf(!PROMETHEUS || !PROMTOOL)('with a real Prometheus', { timeout: 120_000 }, () => {
  let folder: string;
  let prometheus: ChildProcess | undefined;
  let alertmanager: FakeAlertmanager;
  let detector: Detector | undefined;
  let clock: ManualClock;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'churn-'));
    alertmanager = await startFakeAlertmanager();
    clock = createManualClock(START + 10);
  });
  afterEach(async () => {
    await detector?.stop();
    if (prometheus?.kill()) await once(prometheus, 'close');
    await alertmanager.close();
    await rm(folder, { recursive: true });
  });

  /** Serves samples every `stepSeconds` over history and watch, a line each of `labels value`. */
  async function recorded(stepSeconds: number, linesAt: (at: number) => readonly string[]): Promise<string> {
    const byMetric = new Map<string, string[]>();
    for (let at = START - HISTORY_DAYS * DAY; at <= START + WATCHED; at += stepSeconds)
      for (const line of linesAt(at)) {
        const name = line.slice(0, line.search(/[{ ]/));
        byMetric.set(name, [...(byMetric.get(name) ?? []), `${line} ${at}`]);
      }
    const text = [...byMetric].map(([name, lines]) => `# TYPE ${name} gauge\n${lines.join('\n')}\n`).join('');
    await writeFile(join(folder, 'history.om'), `${text}# EOF\n`);
    const data = join(folder, 'data');
    const blocks = ['create-blocks-from', 'openmetrics', '--max-block-duration=162h', '--quiet'];
    execFileSync(PROMTOOL!, ['tsdb', ...blocks, join(folder, 'history.om'), data]);
    await writeFile(join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
    const address = `127.0.0.1:${await getPort({ host: '127.0.0.1' })}`;
    const flags = ['--storage.tsdb.retention.time=100y', `--storage.tsdb.path=${data}`];
    prometheus = spawn(
      PROMETHEUS!,
      [`--config.file=${folder}/prometheus.yml`, `--web.listen-address=${address}`, ...flags],
      { stdio: 'ignore' },
    );
    const ready = async () => expect((await fetch(`http://${address}/-/ready`)).status).toBe(200);
    await vi.waitFor(ready, { timeout: 20_000, interval: 100 });
    return `http://${address}`;
  }

  /** Runs the detector over the watch, and returns the last that it told of each anomaly. */
  async function watch(
    prometheusUrl: string,
    rule: ReturnType<typeof exampleRule>,
  ): Promise<readonly PostableAlert[]> {
    detector = await exampleDetector({
      prometheusUrl,
      alertmanagerUrls: [alertmanager.url],
      stateFolder: folder,
      clock,
      rule,
    });
    await detector.start();
    const evaluated = () =>
      vi.waitFor(
        async () => {
          const lag = /^anomaly_detector_lag_seconds\{rule="requests"\} (\S+)$/m.exec(
            await detector!.metrics(),
          );
          expect(Number(lag?.[1])).toBe(10);
        },
        { timeout: 30_000, interval: 5 },
      );
    await evaluated();
    for (let at = START; at < START + WATCHED; at += rule.stepSeconds) {
      clock.advance(rule.stepSeconds);
      await evaluated();
    }
    const told = Map.groupBy(alertmanager.posts.flat(), ({ annotations }) => annotations.anomaly_id);
    return [...told.values()].map((posts) => posts.at(-1)!);
  }
  const isOver = ({ endsAt }: PostableAlert) => Date.parse(endsAt) / 1000 <= clock.nowSeconds();

  test('of pods that get new names each day, one that drops is one alert of its own, and resolves', async () => {
    const nameAt = (at: number, pod: number) => `${Math.floor((at - START) / DAY)}-${pod}`;
    const url = await recorded(300, (at) =>
      Array.from({ length: 6 }, (_, pod) => {
        // The pod of the last day keeps its name over midnight, and so has a past to be held against.
        const name = nameAt(Math.min(at, START - 1), pod);
        const drops = pod === 3 && at >= START + 3600 && at < START + 5400;
        return `pod_requests{pod="${name}"} ${wave(at) * (1 + pod / 10) * (drops ? 0.2 : 1)}`;
      }),
    );
    const rule = exampleRule({
      query: 'pod_requests',
      stepSeconds: 300,
      windowSeconds: 300,
      vanished: 'ignore',
      maxSeries: 8,
      backfill: {
        historySeconds: HISTORY_DAYS * DAY,
        stepSeconds: 300,
        windowSeconds: 300,
        recentSeconds: 7200,
      },
    });
    const alerts = await watch(url, rule);
    expect(alerts).toMatchObject([{ labels: { pod: '-1-3' }, annotations: { anomaly_direction: 'below' } }]);
    expect(isOver(alerts[0]!)).toBe(true);
    expect(await detector!.metrics()).toContain('anomaly_detector_series_left_out{rule="requests"} 0');
  });

  test('a gauge that is scraped every quarter of an hour does not vanish in between, and is one alert when it does', async () => {
    const gone = START + 5400;
    const url = await recorded(60, (at) => [
      'up 1',
      ...(at % 900 === 0 && at < gone ? [`slow_gauge ${wave(at)}`] : []),
    ]);
    const rule = exampleRule({
      query: 'slow_gauge',
      backfill: { historySeconds: 2 * DAY, stepSeconds: 300, windowSeconds: 300, recentSeconds: 6 * 3600 },
    });
    const alerts = await watch(url, rule);
    expect(alerts).toMatchObject([{ annotations: { anomaly_direction: 'missing' } }]);
    expect(Date.parse(alerts[0]!.startsAt) / 1000).toBeGreaterThanOrEqual(gone - 900);
  });
});
