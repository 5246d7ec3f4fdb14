import type { Impact } from './step.ts';

export const PILOTS = ['person', 'expert', 'responder'] as const;
export type PilotName = (typeof PILOTS)[number];

export interface RootAnswer {
  readonly atMs: number;
  readonly service: string;
  readonly cause: string;
  readonly instance: string | null;
}

/** What was done to the stack. */
export interface Act {
  readonly atMs: number;
  readonly by: 'pilot' | 'responder';
  /** As {@link actOf} writes it. */
  readonly what: string;
}

export interface TimelineEntry {
  readonly atMs: number;
  readonly who: 'fault' | 'responder' | 'pilot';
  readonly what: string;
}

/** A mission as it was flown; instants in milliseconds since the epoch, null for what did not happen. */
export interface Flight {
  readonly mission: string;
  readonly pilot: PilotName;
  readonly beganMs: number;
  readonly pagedMs: number | null;
  readonly acknowledgedMs: number | null;
  readonly impact: Impact | null;
  /** The last one counts. */
  readonly root: RootAnswer | null;
  /** Since when it did no harm any more. */
  readonly mitigatedMs: number | null;
  readonly acts: readonly Act[];
  readonly hintCost: number;
  /** Share of the error budget of the SLO that lost most, 0..1. */
  readonly budgetSpent: number;
  readonly endedMs: number;
  readonly ended: 'mitigated' | 'given-up' | 'limit' | 'interrupted';
  /** Why it was interrupted, or what was not put back. */
  readonly problems: readonly string[];
  readonly timeline: readonly TimelineEntry[];
}
