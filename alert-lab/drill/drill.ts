import type { Truth } from './judge-by-truth.ts';
import type { RunningStack } from './running-stack.ts';

/** One thing a drill waited for, or did. Seconds from the drill's zero. */
export interface Milestone {
  readonly what: string;
  readonly afterSeconds: number;
  /** Allowed, counted from zero; null for what merely happened. */
  readonly withinSeconds: number | null;
}

export interface Stage {
  readonly stack: RunningStack;
  /** Notes that something was done. The first call is the drill's zero: the fault begins. */
  mark(what: string): void;
  /**
   * Waits until `attempt` returns something, and notes when that was.
   *
   * @throws DrillFailure once `withinSeconds` from the drill's zero have passed. An attempt that throws counts as "not yet".
   */
  within<Result>(
    what: string,
    withinSeconds: number,
    attempt: () => Promise<Result | undefined | false>,
  ): Promise<Result>;
  /** When the drill's zero was, milliseconds since the epoch. */
  zeroMs(): number;
  /** Whole seconds since the drill's zero: what is allowed from now on. */
  elapsed(): number;
  /** Which incident the drill led to, as soon as that is known: its audit log is shown even if the drill fails. */
  about(incidentId: number): void;
  /** Undoes what the drill does to the stack; called however it ends, the last first. */
  onEnd(undo: () => Promise<void> | void): void;
}

/** A fault on the running stack, and the chain of events that must follow. */
export interface Drill {
  readonly name: string;
  readonly description: string;
  /** What has to be so before it begins; waited for, before its zero. */
  readonly ready?: {
    readonly what: string;
    readonly withinSeconds: number;
    holds(stack: RunningStack): Promise<boolean>;
  };
  /** What is behind the incident that it leads to. */
  readonly truth?: Truth | undefined;
  /** @returns the incident that it led to, whose audit log is shown */
  play(stage: Stage): Promise<{ readonly incidentId: number }>;
}

export class DrillFailure extends Error {
  override readonly name = 'DrillFailure';
}
