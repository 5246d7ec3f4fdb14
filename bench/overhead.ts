import type { Benchmark } from './figures.ts';
import { measureTelemetryCost } from './telemetry-cost.ts';

/** Many short rounds: the speed of a shared machine drifts over tens of seconds, and only what is close compares. */
const ROUNDS = 20;
const REQUESTS_PER_ROUND = 400;

/** What telemetry costs the storefront, stock and lean, each against none in the same run. */
export const overheadBenchmark: Benchmark = {
  description: "telemetry's CPU a request and memory on the storefront: none, stock OpenTelemetry, lean",
  async run({ onProgress, signal }) {
    const cost = await measureTelemetryCost({
      rounds: ROUNDS,
      requestsPerRound: REQUESTS_PER_ROUND,
      onProgress,
      signal,
    });
    const each = (values: Readonly<Record<string, number>>, figure: string, unit: string) =>
      Object.entries(values).map(([variant, value]) => [`${figure}, ${variant}`, { value, unit }]);
    const { none } = cost.cpuMicrosPerRequest;
    const { stock, lean } = cost.addedCpuMicrosPerRequest;
    return Object.fromEntries([
      ...each(cost.cpuMicrosPerRequest, 'CPU a request', 'us'),
      ...each(cost.addedCpuMicrosPerRequest, 'added to a request', 'us'),
      ...each({ stock: (stock / none) * 100, lean: (lean / none) * 100 }, 'added, share of none', '%'),
      ['added by lean, share of what stock adds', { value: (lean / stock) * 100, unit: '%' }],
      ...each(cost.spansPerRequest, 'spans a request', ''),
      ...each(
        Object.fromEntries(Object.entries(cost.residentBytes).map(([name, bytes]) => [name, bytes / 1e6])),
        'memory at the end',
        'MB',
      ),
    ]);
  },
};
