import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { Gauge, type Registry } from 'prom-client';
import type { Network } from '../http/network.ts';
import { skewClock } from './clock-skew.ts';
import { burnCpu } from './cpu-load.ts';
import type { Disk } from './disk.ts';
import { type FaultSpec, faultsSchema } from './faults-schema.ts';
import { leakHeap, leakMemory } from './memory-leak.ts';

const NO_FAULTS: FaultSpec = faultsSchema.parse({});

interface FaultsOptions {
  readonly registry: Registry;
  /** @returns uniform in [0, 1) */
  readonly random: () => number;
  /** Called when announced faults end by their duration, not when they are cleared or replaced. */
  readonly onExpired: () => void;
  /** Between this process and those that it calls. */
  readonly network?: Network | undefined;
  /** What it keeps files on. */
  readonly disk?: Disk | undefined;
}

/** The faults of one process, for drills: set as a whole, cleared at once, and over by themselves in the end. */
export function createFaults({ registry, random, onExpired, network, disk }: FaultsOptions) {
  const active = new Gauge({
    name: METRICS.demoFaultActive,
    help: '1 while a fault of this kind is injected for a drill.',
    labelNames: ['kind'] as const,
    registers: [registry],
  });
  let spec = NO_FAULTS;
  let endsAt: Date | null = null;
  let stop = () => {};

  function apply(next: FaultSpec, ends: Date | null) {
    stop();
    stop = () => {};
    spec = next;
    endsAt = ends;
    const show = (kind: string, isActive: boolean) =>
      active.set({ kind }, next.announced && isActive ? 1 : 0);
    show('error', next.errorRatio > 0);
    show('rate_limit', next.rateLimitRatio > 0);
    show('latency', next.latencyMs > 0);
    show('memory_leak', next.memoryLeakMbPerMinute > 0);
    show('heap_leak', next.heapLeakMbPerMinute > 0);
    show('cpu_load', next.cpuLoad > 0);
    show('network', next.network !== undefined);
    show('scrape', next.scrapeFails);
    show('disk', next.diskFull);
    show('clock', next.clockSkewSeconds !== 0);
    network?.suffer(next.network);
    disk?.suffer(next.diskFull);
  }
  apply(NO_FAULTS, null);

  return {
    current: () => ({ faults: spec, endsAt: endsAt?.toISOString() ?? null }),
    set(next: FaultSpec) {
      stop();
      apply(next, new Date(Date.now() + next.durationSeconds * 1000));
      const stopLeak = leakMemory(next.memoryLeakMbPerMinute);
      const stopHeapLeak = leakHeap(next.heapLeakMbPerMinute);
      const stopLoad = burnCpu(next.cpuLoad);
      const setClockRight = skewClock(next.clockSkewSeconds);
      const expiry = setTimeout(() => {
        apply(NO_FAULTS, null);
        if (next.announced) onExpired();
      }, next.durationSeconds * 1000).unref();
      stop = () => {
        clearTimeout(expiry);
        stopLeak();
        stopHeapLeak();
        stopLoad();
        setClockRight();
      };
    },
    clear: () => apply(NO_FAULTS, null),
    announced: () => spec.announced,
    failsScrapes: () => spec.scrapeFails,
    /** What one API request suffers: wait `delayMs`, then fail if `fails`, or else be turned away if `isLimited`. */
    draw: () => ({
      delayMs: spec.latencyMs,
      fails: spec.errorRatio > 0 && random() < spec.errorRatio,
      isLimited: spec.rateLimitRatio > 0 && random() < spec.rateLimitRatio,
    }),
  };
}

export type Faults = ReturnType<typeof createFaults>;
