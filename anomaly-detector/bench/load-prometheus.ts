/**
 * A Prometheus with many series, in a process of its own so that its work is not counted as the detector's.
 * Started by service-load.ts with the number of series; tells its address.
 */

import { wave } from '../testing/example-rule.ts';
import { startFakePrometheus } from '../testing/fake-prometheus.ts';

const count = Number(process.argv[2]);
const fake = await startFakePrometheus(
  Array.from({ length: count }, (_, index) => ({
    labels: { service: `service-${index % 100}`, instance: `10.0.${index >> 8}.${index & 255}:8080` },
    valueAt: (at: number) => wave(at) * (1 + index / count) + ((index * 7919 + at) % 13) / 4,
  })),
);
process.send!({ url: fake.url });
process.on('disconnect', () => process.exit());
