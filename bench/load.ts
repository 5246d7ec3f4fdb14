import { cpus } from 'node:os';
import { endpoint } from '@aiops-sre/service-kit/platform/ports.ts';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { layout } from '@aiops-sre/stack/native/layout.ts';
import { SupervisorClient } from '@aiops-sre/stack/native/supervisor/client.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { withOwnStack } from '@aiops-sre/stack/testing/with-own-stack.ts';
import type { Benchmark, BenchmarkOptions, Figures } from './figures.ts';
import { type Completeness, completeness } from './load/completeness.ts';
import { machineSeconds, processorSeconds } from './load/processor-time.ts';
import { visits } from './load/visits.ts';
import { measureTelemetryCost } from './telemetry-cost.ts';
import { wholeNumbers } from './whole-numbers.ts';

const DEFAULTS = { rate: 300, seconds: 60, 'warm-up': 15, rounds: 10 } as const;
const REQUESTS_A_ROUND = 400;
const TIMEOUT_MS = 10_000;

/** The whole shop, its database included, under visitors of every kind at a constant rate, however slow its answers are. */
export const loadBenchmark: Benchmark = {
  description:
    '300 requests a second to a stack of its own: latency, failures, telemetry complete, processors; what telemetry adds (--rate, --seconds, --warm-up, --rounds)',
  async run({ root, environment, args, onProgress, signal }) {
    const { rate, seconds, 'warm-up': warmUp, rounds } = wholeNumbers('load', args, DEFAULTS, { rounds: 0 });
    const figures = await withOwnStack(
      { root, signal, isOnStderr: true, startArguments: ['--no-history', '--no-traffic'] },
      (own) =>
        load({ root, environment: { ...environment, ...own }, onProgress, signal, rate, seconds, warmUp }),
    );
    if (rounds === 0) return figures;
    onProgress('what telemetry costs the storefront, stock and lean beside none ...');
    const cost = await measureTelemetryCost({
      rounds,
      requestsPerRound: REQUESTS_A_ROUND,
      onProgress,
      signal,
    });
    const micros = (value: number) => ({ value, unit: 'us' });
    return {
      ...figures,
      'storefront without telemetry, a request': micros(cost.cpuMicrosPerRequest.none),
      'telemetry adds, stock': micros(cost.addedCpuMicrosPerRequest.stock),
      'telemetry adds, lean': micros(cost.addedCpuMicrosPerRequest.lean),
    };
  },
};

interface LoadOptions extends Pick<BenchmarkOptions, 'root' | 'environment' | 'onProgress' | 'signal'> {
  readonly rate: number;
  readonly seconds: number;
  readonly warmUp: number;
}

async function load({
  root,
  environment,
  onProgress,
  signal,
  rate,
  seconds,
  warmUp,
}: LoadOptions): Promise<Figures> {
  const settings = readSettings(root, environment);
  const supervisor = new SupervisorClient(layout(settings).socketPath);
  const visit = (forSeconds: number) =>
    visits({
      storefrontUrl: endpoint(settings, 'storefront'),
      perSecond: rate,
      seconds: forSeconds,
      timeoutMs: TIMEOUT_MS,
      signal,
    });
  /** Seconds of processor time so far, by what they were spent on. */
  const spent = async (): Promise<Readonly<Record<string, number>>> => {
    const { user, system } = process.cpuUsage();
    const processes = (await supervisor.processes()) ?? [];
    return {
      ...Object.fromEntries(processes.map(({ name, pid }) => [name, pid ? processorSeconds(pid) : 0])),
      'the load itself': (user + system) / 1e6,
      'the machine': machineSeconds(),
    };
  };

  onProgress(`${rate} requests a second for ${warmUp} s to warm up ...`);
  const warm = await visit(warmUp);
  onProgress(`${rate} requests a second for ${seconds} s ...`);
  const before = await spent();
  const startedAt = performance.now();
  const measured = await visit(seconds);
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  const after = await spent();
  onProgress('waiting for what the telemetry of all that was says ...');
  const arrived = await completeness({
    prometheus: createPrometheusClient({ url: endpoint(settings, 'prometheus'), timeoutMs: TIMEOUT_MS }),
    tempoUrl: endpoint(settings, 'tempo'),
    traceIds: [...warm, ...measured].flatMap(({ traceId }) => traceId ?? []),
    signal,
  });

  const failed = measured.filter(({ status }) => status === 0 || status >= 500).length;
  const byRoute = Map.groupBy(measured, ({ route }) => route);
  const cores = Object.entries(after)
    .map(([name, value]) => [name, (value - (before[name] ?? 0)) / elapsedSeconds] as const)
    .toSorted(([, a], [, b]) => b - a);
  return {
    'requests answered': { value: (measured.length - failed) / elapsedSeconds, unit: '/s' },
    'latency, median': quantile(measured, 0.5),
    'latency, p95': quantile(measured, 0.95),
    'latency, p99': quantile(measured, 0.99),
    ...Object.fromEntries(
      [...byRoute].map(([route, its]) => [`latency, p95, ${route}`, quantile(its, 0.95)]),
    ),
    'failed (5xx or no answer)': { value: (100 * failed) / measured.length, unit: '%' },
    ...arrivedFigures(arrived),
    ...Object.fromEntries(
      cores.map(([name, value]) => [`processors, ${name}`, { value, unit: `of ${cpus().length}` }]),
    ),
    'processor time of the storefront, a request': {
      value: (((after.storefront ?? 0) - (before.storefront ?? 0)) * 1e6) / measured.length,
      unit: 'us',
    },
  };
}

const quantile = (of: readonly { readonly ms: number }[], share: number) => ({
  value: of.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.ceil(share * of.length) - 1] ?? Number.NaN,
  unit: 'ms',
});

const arrivedFigures = ({
  served,
  traced,
  accepted,
  refused,
  inTempo,
  discarded,
  asked,
  whole,
}: Completeness): Figures => ({
  'server spans, of the requests that all services counted': { value: (100 * traced) / served, unit: '%' },
  'spans taken by the Collector': { value: accepted, unit: 'spans' },
  'spans refused by the Collector': { value: refused, unit: 'spans' },
  'spans in Tempo, of those': { value: (100 * inTempo) / accepted, unit: '%' },
  'spans discarded by Tempo': { value: discarded, unit: 'spans' },
  'traces whole in Tempo, of those looked at': { value: (100 * whole) / asked, unit: '%' },
});
