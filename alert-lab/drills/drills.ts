import type { Drill } from './drill.ts';
import { failingInstance } from './failing-instance.ts';
import { memoryLeak } from './memory-leak.ts';
import { halfOutage, majorOutage } from './outages.ts';
import { slowIdentityProvider } from './slow-identity-provider.ts';
import { trafficDrop } from './traffic-drop.ts';

/** Every drill there is, by the order in which they are listed. */
export const DRILLS: readonly Drill[] = [
  slowIdentityProvider,
  failingInstance,
  halfOutage,
  majorOutage,
  trafficDrop,
  memoryLeak,
];
