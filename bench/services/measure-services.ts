import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadRules } from '@aiops-sre/anomaly-detector/rules/load-rules.ts';
import { QUERY_LIMITS } from '@aiops-sre/anomaly-detector/watch/query-limits.ts';
import { createRuleWatch } from '@aiops-sre/anomaly-detector/watch/rule-watch.ts';
import { WHOLE } from '@aiops-sre/anomaly-detector/watch/shard.ts';
import { checkQueries } from '@aiops-sre/grafana/query-check/check-queries.ts';
import { allDashboards } from '@aiops-sre/grafana/src/all-dashboards.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { execa } from 'execa';
import getPort from 'get-port';
import { type MadeServices, writeMadeServices } from './made-services.ts';

export interface ServicesMeasured {
  readonly series: number;
  /** Of each dashboard: all of its queries of Prometheus over an hour, one after the other, and the slowest. */
  readonly dashboards: readonly {
    readonly uid: string;
    readonly allMs: number;
    readonly slowestMs: number;
    readonly which: string;
    /** Of Prometheus, for all of them: what no other work on the machine disturbs. */
    readonly processorSeconds: number;
  }[];
  /** Of each template: its longest poll, and how many series it watches. */
  readonly rules: readonly {
    readonly name: string;
    readonly pollMs: number;
    readonly stepMs: number;
    readonly series: number;
  }[];
}

export interface MeasureOptions {
  readonly made: Omit<MadeServices, 'untilSeconds'>;
  /** The checkout. */
  readonly root: string;
  readonly prometheus: string;
  readonly promtool: string;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

const POLLS = 4;
/** Of history: what is measured is what comes live. */
const HISTORY_SECONDS = 600;

/** A Prometheus of its own with what so many services would have, asked what dashboards and the detector ask. */
export async function measureServices(options: MeasureOptions): Promise<ServicesMeasured> {
  const { made, root, onProgress, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), 'services-'));
  const untilSeconds = Math.floor(Date.now() / 60_000) * 60;
  onProgress(`writing what ${made.services} services with ${made.routes} routes each would have ...`);
  const file = join(folder, 'made.om');
  await writeMadeServices(file, { ...made, untilSeconds });
  await execa(options.promtool, [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    '--quiet',
    file,
    join(folder, 'data'),
  ]);
  await writeFile(join(folder, 'prometheus.yml'), '');
  const port = await getPort({ host: '127.0.0.1' });
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(
    options.prometheus,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  try {
    const prometheus = createPrometheusClient({ url, timeoutMs: 60_000, ...QUERY_LIMITS });
    const series = await whenAnswered(
      () => prometheus.query('count({__name__=~"traces_.+"})', signal, untilSeconds),
      signal,
    );
    onProgress(`${series} series; asking what the dashboards ask ...`);
    return {
      series,
      dashboards: await dashboardTimes(url, untilSeconds),
      rules: await ruleTimes(
        prometheus,
        join(root, 'anomaly-detector', 'rules', 'services.yaml'),
        untilSeconds,
        onProgress,
      ),
    };
  } finally {
    child.kill();
    await once(child, 'exit');
    await rm(folder, { recursive: true });
  }
}

async function whenAnswered(
  ask: () => Promise<readonly { readonly value: number }[]>,
  signal: AbortSignal,
): Promise<number> {
  for (;;) {
    signal.throwIfAborted();
    const [sample] = await ask().catch(() => []);
    if (sample) return sample.value;
    await sleep(200);
  }
}

/** Processor time that Prometheus has taken since its start, by its own metrics. */
async function processorSeconds(prometheusUrl: string): Promise<number> {
  const metrics = await (await fetch(`${prometheusUrl}/metrics`)).text();
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1]);
}

async function dashboardTimes(
  prometheusUrl: string,
  untilSeconds: number,
): Promise<ServicesMeasured['dashboards']> {
  const found: ServicesMeasured['dashboards'][number][] = [];
  for (const uid of ['services', 'service']) {
    const dashboards = allDashboards().filter((each) => each.uid === uid);
    // Tempo and Loki are not asked for what services are.
    const ask = () =>
      checkQueries({
        dashboards,
        prometheusUrl,
        tempoUrl: prometheusUrl,
        lokiUrl: prometheusUrl,
        untilSeconds,
      });
    await ask();
    const before = await processorSeconds(prometheusUrl);
    const asked = (await ask()).filter(({ dataSource }) => dataSource === 'prometheus');
    const slowest = asked.reduce((one, other) => (other.milliseconds > one.milliseconds ? other : one));
    found.push({
      uid,
      allMs: asked.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
      slowestMs: slowest.milliseconds,
      which: `${slowest.where} ${slowest.refId}`,
      processorSeconds: (await processorSeconds(prometheusUrl)) - before,
    });
  }
  return found;
}

async function ruleTimes(
  prometheus: ReturnType<typeof createPrometheusClient>,
  file: string,
  untilSeconds: number,
  onProgress: (line: string) => void,
): Promise<ServicesMeasured['rules']> {
  const found: ServicesMeasured['rules'][number][] = [];
  for (const shipped of loadRules(file)) {
    const rule = {
      ...shipped,
      backfill: { ...shipped.backfill, historySeconds: 0, recentSeconds: HISTORY_SECONDS },
    };
    const watch = createRuleWatch({ rule, prometheus, timeZone: 'UTC', shard: WHOLE, onSkipped: () => {} });
    let nowSeconds = untilSeconds - POLLS * rule.stepSeconds;
    await watch.poll(nowSeconds);
    let pollMs = 0;
    for (let poll = 0; poll < POLLS; poll += 1) {
      nowSeconds += rule.stepSeconds;
      const began = performance.now();
      await watch.poll(nowSeconds);
      pollMs = Math.max(pollMs, performance.now() - began);
    }
    onProgress(`${rule.name}: ${watch.series.size} series, ${watch.leftOut} left out`);
    found.push({ name: rule.name, pollMs, stepMs: rule.stepSeconds * 1000, series: watch.series.size });
  }
  return found;
}
