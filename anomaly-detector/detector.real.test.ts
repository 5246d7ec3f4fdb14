import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import getPort from 'get-port';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Detector } from './detector.ts';
import { exampleDetector } from './testing/example-detector.ts';
import { exampleRule, wave } from './testing/example-rule.ts';

/** Paths of the real programs; without them there is nothing to test here. */
const { PROMETHEUS, PROMTOOL, ALERTMANAGER } = process.env;

describe.skipIf(!PROMETHEUS || !PROMTOOL || !ALERTMANAGER)('with real Prometheus and Alertmanager', () => {
  let folder: string;
  const children: ChildProcess[] = [];
  let detector: Detector | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'detector-real-'));
  });
  afterEach(async () => {
    await detector?.stop();
    for (const child of children.splice(0)) {
      child.kill('SIGTERM');
      await once(child, 'close');
    }
    await rm(folder, { recursive: true });
  });

  async function start(program: string, args: string[], readyUrl: string): Promise<void> {
    children.push(spawn(program, args, { stdio: 'ignore' }));
    await vi.waitFor(async () => expect((await fetch(readyUrl)).status).toBe(200), {
      timeout: 20_000,
      interval: 200,
    });
  }

  it('an anomaly in the data becomes an alert with the words a person reads', async () => {
    const now = Math.floor(Date.now() / 1000);
    const samples: string[] = [];
    for (let at = now - 10 * 86_400; at < now; at += at < now - 3 * 3600 ? 120 : 30)
      samples.push(
        `demo_request_rate{service="storefront"} ${at > now - 600 ? wave(at) / 3 : wave(at)} ${at}`,
      );
    const history = join(folder, 'history.om');
    await writeFile(history, `# TYPE demo_request_rate gauge\n${samples.join('\n')}\n# EOF\n`);
    const data = join(folder, 'prometheus');
    execFileSync(PROMTOOL!, [
      'tsdb',
      'create-blocks-from',
      'openmetrics',
      '--max-block-duration=162h',
      history,
      data,
    ]);
    const [prometheusPort, alertmanagerPort] = [
      await getPort({ host: '127.0.0.1' }),
      await getPort({ host: '127.0.0.1' }),
    ];
    const prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
    const alertmanagerUrl = `http://127.0.0.1:${alertmanagerPort}`;
    await writeFile(join(folder, 'prometheus.yml'), 'scrape_configs: []\n');
    await writeFile(
      join(folder, 'alertmanager.yml'),
      'route: { receiver: none }\nreceivers: [{ name: none }]\n',
    );
    await start(
      PROMETHEUS!,
      [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${data}`,
        `--web.listen-address=127.0.0.1:${prometheusPort}`,
      ],
      `${prometheusUrl}/-/ready`,
    );
    await start(
      ALERTMANAGER!,
      [
        `--config.file=${folder}/alertmanager.yml`,
        `--storage.path=${folder}/alertmanager`,
        `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
        '--cluster.listen-address=',
      ],
      `${alertmanagerUrl}/-/ready`,
    );

    detector = await exampleDetector({
      prometheusUrl,
      alertmanagerUrls: [alertmanagerUrl],
      stateFolder: join(folder, 'state'),
      clock: {
        nowSeconds: () => Date.now() / 1000,
        elapsedSeconds: () => performance.now() / 1000,
        sleep: (s, signal) => delay(s * 1000, undefined, { signal }).catch(() => {}),
      },
      rule: exampleRule({
        query: 'demo_request_rate',
        backfill: { historySeconds: 9 * 86_400, stepSeconds: 300, windowSeconds: 300, recentSeconds: 7200 },
      }),
    });
    await detector.start();
    await vi.waitFor(
      async () => {
        const alerts = (await (await fetch(`${alertmanagerUrl}/api/v2/alerts`)).json()) as unknown[];
        expect(alerts).toMatchObject([
          {
            labels: {
              alertname: 'Anomaly',
              rule: 'requests',
              service: 'storefront',
              slo: 'none',
              severity: 'info',
            },
            annotations: {
              summary: expect.stringMatching(/^Request rate \(storefront\) is 6\d % lower than expected$/),
            },
          },
        ]);
      },
      { timeout: 20_000, interval: 200 },
    );
  }, 90_000);
});
