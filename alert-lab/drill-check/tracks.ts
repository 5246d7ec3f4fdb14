import type { DrillFile } from '../drill/read-drills.ts';

/** Drills that follow each other on one stack, and what GitHub has to hear of them. */
export interface Track {
  readonly drills: readonly DrillFile[];
  /** Types of events, in order. */
  readonly dispatches: readonly string[];
}

/**
 * All drills. Those on different tracks play at the same time: on one stack their alerts, minutes apart and of services
 * that call each other, would be one incident. Their stacks start in this order: the longest first.
 */
export function tracksOf(drills: readonly DrillFile[]): readonly Track[] {
  const byTrack = Map.groupBy(drills, ({ name, test }) => test.track ?? name);
  const minutes = (track: Track) => track.drills.reduce((sum, { test }) => sum + (test.minutes ?? 0), 0);
  return [...byTrack.values()]
    .map((track) => ({ drills: track, dispatches: track.flatMap(({ test }) => test.dispatches ?? []) }))
    .sort((one, other) => minutes(other) - minutes(one));
}
