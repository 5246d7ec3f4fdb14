import { fisherExact } from '@aiops-sre/investigation/comparison/fisher-exact.ts';
import { rateRatioTest } from '@aiops-sre/investigation/comparison/rate-ratio.ts';
import type { Arms } from './arms.ts';

/** What is compared by a test; each spends its part of the chance of a false alarm. */
export const TESTED = ['errors', 'latency', 'calls'] as const;

export interface Finding {
  readonly signal: (typeof TESTED)[number] | 'memory';
  /** In words, with the numbers of events. */
  readonly canary: string;
  readonly stable: string;
  /** Probability that the canary does so badly by chance; null where a rule decides, not a test. */
  readonly pValue: number | null;
  /** Beyond chance, and enough to matter. */
  readonly isHarmful: boolean;
}

/** What is beyond chance matters from here on. */
const MATTERS = {
  /** The storefront's objectives: of requests, those that may fail, and those that may take longer than half a second. */
  failedShare: 0.001,
  slowShare: 0.05,
  /** Calls to others for a request, times those of the stable version. */
  callsRatio: 1.5,
  /** A process that has just started grows; one that leaks goes on to. */
  megabytesPerMinute: 30,
} as const;

/** Of the memory of a process that began to serve. */
const MEMORY_SETTLES_SECONDS = 15;
const MEMORY_SECONDS = 30;

/**
 * Holds the canary against the stable version, both under the same visitors at the same time: shares by Fisher's exact test, calls by
 * the exact test of two rates, and memory by how fast it still grows.
 *
 * @param alpha of each test
 */
export function compareArms({ canary, stable, memory }: Arms, alpha: number): readonly Finding[] {
  const shares = (
    signal: 'errors' | 'latency',
    [bad, all]: readonly [number, number],
    [otherBad, otherAll]: readonly [number, number],
    matters: number,
  ): Finding => {
    const pValue = all > 0 && otherAll > 0 ? fisherExact(bad, all, otherBad, otherAll) : 1;
    return {
      signal,
      canary: `${bad} of ${all}`,
      stable: `${otherBad} of ${otherAll}`,
      pValue,
      isHarmful: pValue < alpha && bad / all > matters,
    };
  };
  return [
    shares('errors', [canary.failed, canary.requests], [stable.failed, stable.requests], MATTERS.failedShare),
    shares('latency', [canary.slow, canary.timed], [stable.slow, stable.timed], MATTERS.slowShare),
    calls({ canary, stable }, alpha),
    growth(memory),
  ];
}

function calls({ canary, stable }: Pick<Arms, 'canary' | 'stable'>, alpha: number): Finding {
  const known = canary.served > 0 && stable.served > 0;
  const pValue = known ? rateRatioTest(canary.calls, canary.served, stable.calls, stable.served) : 1;
  const perRequest = (arm: Arms['canary']) => arm.calls / arm.served;
  return {
    signal: 'calls',
    canary: `${canary.calls} for ${canary.served}`,
    stable: `${stable.calls} for ${stable.served}`,
    pValue,
    isHarmful: pValue < alpha && perRequest(canary) > MATTERS.callsRatio * perRequest(stable),
  };
}

function growth(memory: Arms['memory']): Finding {
  const [begin] = memory;
  const settled = memory.filter(([at]) => begin !== undefined && at >= begin[0] + MEMORY_SETTLES_SECONDS);
  const later = settled.slice(Math.floor(settled.length / 2));
  const [all, still] = [slope(settled), slope(later)];
  return {
    signal: 'memory',
    canary: all === undefined ? 'not known yet' : `${all < 0 ? '' : '+'}${all.toFixed(0)} MB/min`,
    stable: '',
    pValue: null,
    isHarmful:
      all !== undefined &&
      still !== undefined &&
      settled.at(-1)![0] - settled[0]![0] >= MEMORY_SECONDS &&
      Math.min(all, still) > MATTERS.megabytesPerMinute,
  };
}

/** Megabytes a minute, by least squares; undefined of fewer than three samples. */
function slope(samples: Arms['memory']): number | undefined {
  if (samples.length < 3) return undefined;
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const [middle, level] = [mean(samples.map(([at]) => at)), mean(samples.map(([, bytes]) => bytes))];
  const along = samples.reduce((sum, [at, bytes]) => sum + (at - middle) * (bytes - level), 0);
  return ((along / samples.reduce((sum, [at]) => sum + (at - middle) ** 2, 0)) * 60) / 1e6;
}
