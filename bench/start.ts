import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '@aiops-sre/service-kit/statistics/median.ts';
import { layout } from '@aiops-sre/stack/native/layout.ts';
import { nativeStatus } from '@aiops-sre/stack/native/status.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { probe, probedUrls } from '@aiops-sre/stack/status/probe.ts';
import { execa } from 'execa';
import type { Benchmark, BenchmarkOptions, Figures } from './figures.ts';

const PORT_OFFSET = '20000';
const WARM_STARTS = 3;
const PROBES = 10;
const TRAFFIC_SECONDS = 120;

/** Starts a stack of its own, first empty, then warm, and measures how long everything takes and how much it holds. */
export const startBenchmark: Benchmark = {
  description:
    'native start to ready, request to trace and count, memory (--cold: builds from empty caches first)',
  run,
};

async function run({ root, environment, args, onProgress, signal }: BenchmarkOptions): Promise<Figures> {
  const dataDir = mkdtempSync(join(tmpdir(), 'bench-start-'));
  const figures: Figures = {};
  const own: NodeJS.ProcessEnv = { ...environment, AIOPS_DATA_DIR: dataDir, AIOPS_PORT_OFFSET: PORT_OFFSET };
  const cold = args.includes('--cold');
  if (cold)
    Object.assign(own, {
      AIOPS_CACHE_DIR: join(dataDir, 'cache'),
      GOCACHE: join(dataDir, 'go-build'),
      GOMODCACHE: join(dataDir, 'go-mod'),
    });
  const settings = readSettings(root, own);
  const stack = (...command: string[]) =>
    execa(process.execPath, ['stack/main.ts', ...command], {
      cwd: root,
      env: own,
      cancelSignal: signal,
      all: true,
    });
  const timedStart = async (...options: string[]) => {
    const startedMs = Date.now();
    await stack('start', '--engine', 'native', ...options);
    return (Date.now() - startedMs) / 1000;
  };
  try {
    onProgress(cold ? 'cold start: building from empty caches ...' : 'first start, with history ...');
    figures[cold ? 'cold start' : 'first start, history included'] = { value: await timedStart(), unit: 's' };
    await stack('stop');

    const starts: number[] = [];
    for (let round = 1; round <= WARM_STARTS; round += 1) {
      onProgress(`warm start ${round} of ${WARM_STARTS} ...`);
      starts.push(await timedStart(...(round === WARM_STARTS ? [] : ['--no-traffic'])));
      if (round < WARM_STARTS) await stack('stop');
    }
    figures['warm start, median'] = { value: median(starts), unit: 's' };
    figures['warm start, longest'] = { value: Math.max(...starts), unit: 's' };

    const inTempo: number[] = [];
    const inPrometheus: number[] = [];
    for (let round = 1; round <= PROBES; round += 1) {
      onProgress(`request ${round} of ${PROBES} ...`);
      const seen = await probe({ urls: probedUrls(settings), timeoutMs: 60_000, signal, exact: false });
      inTempo.push(seen.inTempoSeconds);
      inPrometheus.push(seen.inPrometheusSeconds);
    }
    figures['request to trace in Tempo, median'] = { value: median(inTempo), unit: 's' };
    figures['request to trace in Tempo, longest'] = { value: Math.max(...inTempo), unit: 's' };
    figures['request to count in Prometheus, median'] = { value: median(inPrometheus), unit: 's' };
    figures['request to count in Prometheus, longest'] = { value: Math.max(...inPrometheus), unit: 's' };

    onProgress(`${TRAFFIC_SECONDS} s of default traffic ...`);
    await sleep(TRAFFIC_SECONDS * 1000, undefined, { signal });
    const components = (await nativeStatus(layout(settings))) ?? [];
    const sum = (of: (each: (typeof components)[number]) => number | undefined) =>
      components.reduce((total, each) => total + (of(each) ?? 0), 0) / 1e6;
    for (const each of components)
      figures[`memory, ${each.name}`] = { value: (each.residentBytes ?? 0) / 1e6, unit: 'MB' };
    figures['memory, all resident'] = { value: sum(({ residentBytes }) => residentBytes), unit: 'MB' };
    figures['memory, all, shared pages once'] = {
      value: sum(({ proportionalBytes }) => proportionalBytes),
      unit: 'MB',
    };
    return figures;
  } finally {
    await execa(process.execPath, ['stack/main.ts', 'stop'], { cwd: root, env: own, reject: false });
    // Go's module cache is read-only.
    if (cold) await execa('go', ['clean', '-modcache'], { env: own, reject: false });
    rmSync(dataDir, { recursive: true, force: true });
  }
}
