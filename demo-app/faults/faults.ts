import { METRICS } from '@aiops-sre/conventions/metric-names.ts';
import { Gauge, type Registry } from 'prom-client';
import { z } from 'zod';
import { burnCpu } from './cpu-load.ts';
import { leakMemory } from './memory-leak.ts';

/** Body of PUT /admin/faults; what is left out is off. Bounds keep a drill from becoming an accident. */
export const faultsSchema = z.strictObject({
  /** Share of API requests answered with 500. */
  errorRatio: z.number().min(0).max(1).default(0),
  /** Added to every API request. */
  latencyMs: z.number().min(0).max(10_000).default(0),
  memoryLeakMbPerMinute: z.number().min(0).max(600).default(0),
  /** Share of one core that is kept busy. */
  cpuLoad: z.number().min(0).max(1).default(0),
  /** The faults end by themselves after this. */
  durationSeconds: z.number().positive().max(3600).default(600),
});

type FaultSpec = Readonly<z.infer<typeof faultsSchema>>;

const NO_FAULTS: FaultSpec = {
  errorRatio: 0,
  latencyMs: 0,
  memoryLeakMbPerMinute: 0,
  cpuLoad: 0,
  durationSeconds: 600,
};

interface FaultsOptions {
  readonly registry: Registry;
  /** @returns uniform in [0, 1) */
  readonly random: () => number;
  /** Called when faults end by their duration, not when they are cleared or replaced. */
  readonly onExpired: () => void;
}

/** The faults of one process, for drills: set as a whole, cleared at once, and over by themselves in the end. */
export function createFaults({ registry, random, onExpired }: FaultsOptions) {
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
    active.set({ kind: 'error' }, next.errorRatio > 0 ? 1 : 0);
    active.set({ kind: 'latency' }, next.latencyMs > 0 ? 1 : 0);
    active.set({ kind: 'memory_leak' }, next.memoryLeakMbPerMinute > 0 ? 1 : 0);
    active.set({ kind: 'cpu_load' }, next.cpuLoad > 0 ? 1 : 0);
  }
  apply(NO_FAULTS, null);

  return {
    current: () => ({ faults: spec, endsAt: endsAt?.toISOString() ?? null }),
    set(next: FaultSpec) {
      apply(next, new Date(Date.now() + next.durationSeconds * 1000));
      const stopLeak = leakMemory(next.memoryLeakMbPerMinute);
      const stopLoad = burnCpu(next.cpuLoad);
      const expiry = setTimeout(() => {
        apply(NO_FAULTS, null);
        onExpired();
      }, next.durationSeconds * 1000).unref();
      stop = () => {
        clearTimeout(expiry);
        stopLeak();
        stopLoad();
      };
    },
    clear: () => apply(NO_FAULTS, null),
    /** What one API request suffers: wait `delayMs`, then fail if `fails`. */
    draw: () => ({ delayMs: spec.latencyMs, fails: spec.errorRatio > 0 && random() < spec.errorRatio }),
  };
}

export type Faults = ReturnType<typeof createFaults>;
