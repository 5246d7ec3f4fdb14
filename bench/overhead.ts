import { measureOverhead } from '@aiops-sre/demo-app/bench/overhead.ts';
import type { Benchmark } from './figures.ts';

/** Many short rounds: the speed of a shared machine drifts over tens of seconds, and only what is close compares. */
const ROUNDS = 20;
const REQUESTS_PER_ROUND = 400;

/** What telemetry costs the storefront, against no telemetry and against stock auto-instrumentation in the same run. */
export const overheadBenchmark: Benchmark = {
  description: "telemetry's CPU a request on the storefront: none, stock auto-instrumentation, ours",
  async run({ onProgress }) {
    const { cpuMicrosPerRequest, spansPerRequest, addedShareOfStock } = await measureOverhead({
      rounds: ROUNDS,
      requestsPerRound: REQUESTS_PER_ROUND,
      onProgress,
    });
    const perVariant = Object.entries(cpuMicrosPerRequest).map(([variant, value]) => [
      `CPU a request, ${variant}`,
      { value, unit: 'us' },
    ]);
    const spans = Object.entries(spansPerRequest).map(([variant, value]) => [
      `spans a request, ${variant}`,
      { value, unit: '' },
    ]);
    return {
      ...Object.fromEntries([...perVariant, ...spans]),
      'added by ours, share of what stock adds': { value: addedShareOfStock * 100, unit: '%' },
    };
  },
};
