import type { Drill } from '../drills/drill.ts';
import { failingInstance } from '../drills/failing-instance.ts';
import { memoryLeak } from '../drills/memory-leak.ts';
import { halfOutage, majorOutage } from '../drills/outages.ts';
import { slowIdentityProvider } from '../drills/slow-identity-provider.ts';
import { trafficDrop } from '../drills/traffic-drop.ts';

/** Drills that follow each other on one stack, and what GitHub has to hear of them. */
export interface Track {
  readonly drills: readonly Drill[];
  /** Types of events, in order. */
  readonly dispatches: readonly string[];
}

/**
 * All drills. Those on different tracks play at the same time: on one stack their alerts, minutes apart and of services
 * that call each other, would be one incident. Their stacks start in this order: the longest first.
 */
export const TRACKS: readonly Track[] = [
  {
    drills: [halfOutage, majorOutage],
    dispatches: ['dr-start', 'dr-revert', 'dr-start', 'dr-switch-dns', 'dr-revert'],
  },
  { drills: [memoryLeak], dispatches: [] },
  { drills: [failingInstance], dispatches: [] },
  { drills: [trafficDrop], dispatches: [] },
  { drills: [slowIdentityProvider], dispatches: [] },
];
