import { measureBurst } from '@aiops-sre/incident-responder/testing/measure-burst.ts';
import { LEAN_NODE_FLAGS } from '@aiops-sre/stack/native/processes/node-flags.ts';
import type { Benchmark } from './figures.ts';
import { wholeNumbers } from './whole-numbers.ts';

const DEFAULTS = { alerts: 1000, services: 20 };

/** Many alerts at once, as the native engine runs the responder. */
export const responderBenchmark: Benchmark = {
  description:
    'responder: a burst of alerts accounted for in incidents, and the memory it takes (--alerts 1000, --services 20)',
  async run({ args, onProgress, signal }) {
    const { alerts, services } = wholeNumbers('responder', args, DEFAULTS);
    const { burstSeconds, cpuSeconds, oneSeconds, peakMegabytes, incidents } = await measureBurst({
      alerts,
      services,
      onProgress,
      signal,
      nodeFlags: LEAN_NODE_FLAGS,
    });
    return {
      [`burst of ${alerts} alerts accounted for`]: { value: burstSeconds, unit: 's' },
      'that burst, CPU': { value: cpuSeconds, unit: 's' },
      'that burst, incidents': { value: incidents, unit: '' },
      'one alert more, from webhook to incident': { value: oneSeconds, unit: 's' },
      'peak resident memory': { value: peakMegabytes, unit: 'MB' },
    };
  },
};
