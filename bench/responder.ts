import { measureBurst } from '@aiops-sre/incident-responder/testing/measure-burst.ts';
import { LEAN_NODE_FLAGS } from '@aiops-sre/stack/native/processes/node-flags.ts';
import type { Benchmark } from './figures.ts';

/** A thousand alerts at once, as the native engine runs the responder. */
export const responderBenchmark: Benchmark = {
  description: 'responder: a burst of 1,000 alerts accounted for in incidents, and the memory it takes',
  async run({ onProgress, signal }) {
    const { burstSeconds, cpuSeconds, oneSeconds, peakMegabytes } = await measureBurst({
      onProgress,
      signal,
      nodeFlags: LEAN_NODE_FLAGS,
    });
    return {
      burst_1000_alerts_accounted: { value: burstSeconds, unit: 's' },
      burst_1000_alerts_cpu: { value: cpuSeconds, unit: 's' },
      webhook_to_incident: { value: oneSeconds, unit: 's' },
      peak_resident_memory: { value: peakMegabytes, unit: 'MB' },
    };
  },
};
