import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { startPrometheus } from '@aiops-sre/slo/bench/prometheus-process.ts';

const TARGETS = 10;
/** All series are there after as many scrapes. */
const FIRST_SCRAPES = 5;

export interface PrometheusMeasured {
  readonly samplesPerCoreSecond: number;
  readonly series: number;
  readonly bytesPerSeries: number;
  /** Scrapes that failed or were cut. */
  readonly failedScrapes: number;
}

interface MeasurePrometheusOptions {
  readonly binary: string;
  readonly series: number;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

/** One Prometheus on one core without rules, which scrapes so many series once a second, each a new value. */
export async function measurePrometheus(options: MeasurePrometheusOptions): Promise<PrometheusMeasured> {
  const { binary, series, seconds, signal } = options;
  let isThere = false;
  const target = createServer(({ url }, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    const each = isThere ? Math.floor(series / TARGETS) : 0;
    // Counters that all rise: what costs the most room.
    const value = Date.now() % 1e9;
    response.end(
      Array.from({ length: each }, (_, number) => exposed(url ?? '', number, value + number)).join(''),
    );
  });
  await once(target.listen(0, '127.0.0.1'), 'listening');
  const targetPort = (target.address() as AddressInfo).port;
  const folder = await mkdtemp(join(tmpdir(), 'pipeline-'));
  const jobs = Array.from(
    { length: TARGETS },
    (_, number) =>
      `  - {job_name: made-${number}, metrics_path: /made-${number}, static_configs: [{targets: ['127.0.0.1:${targetPort}']}]}`,
  );
  const configFile = join(folder, 'prometheus.yml');
  await writeFile(
    configFile,
    `global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n${jobs.join('\n')}\n`,
  );
  try {
    await using prometheus = await startPrometheus({
      prometheus: binary,
      configFile,
      dataFolder: join(folder, 'data'),
      retention: '1d',
      environment: { GOMAXPROCS: '1' },
    });
    const client = createPrometheusClient({ url: prometheus.url, timeoutMs: 10_000 });
    const own = async () => {
      const text = await (await fetch(`${prometheus.url}/metrics`, { signal })).text();
      const of = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
      return {
        samples: of('prometheus_tsdb_head_samples_appended_total\\{type="float"\\}'),
        series: of('prometheus_tsdb_head_series'),
        residentBytes: of('process_resident_memory_bytes'),
      };
    };
    await sleep(FIRST_SCRAPES * 1000, undefined, { signal });
    const empty = await own();
    isThere = true;
    await sleep(FIRST_SCRAPES * 1000, undefined, { signal });
    const [before, busyBefore] = [await own(), await prometheus.cpuSeconds()];
    await sleep(seconds * 1000, undefined, { signal });
    const [after, busyAfter] = [await own(), await prometheus.cpuSeconds()];
    const failed = await client.value(
      `sum(count_over_time(up[${seconds}s]) - sum_over_time(up[${seconds}s]))`,
    );
    return {
      samplesPerCoreSecond: (after.samples - before.samples) / (busyAfter - busyBefore),
      series: after.series - empty.series,
      bytesPerSeries: (after.residentBytes - empty.residentBytes) / (after.series - empty.series),
      failedScrapes: failed ?? 0,
    };
  } finally {
    target.closeAllConnections();
    target.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const exposed = (path: string, number: number, value: number) =>
  `made_requests_total{service="made-${number % 50}",route="/api/things/${number}",path="${path}",method="GET",status="200"} ${value}\n`;
