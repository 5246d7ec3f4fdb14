/**
 * The life of a run: the states that may follow each state. A state without any is an end; one that names itself is entered
 * again when a restarted responder goes on with it.
 *
 * ```
 * scheduled -> proposed -> approved -> executing -> verifying -> succeeded
 *     |           |-> rejected              |            |-> rolling-back -> rolled-back | rollback-failed
 *     |           `-> expired               `------------^
 *     `-> cancelled                 shadow, refused: ends before anything was done
 * ```
 */
export const NEXT_STATES = {
  scheduled: ['proposed', 'approved', 'cancelled', 'shadow', 'refused'],
  proposed: ['approved', 'rejected', 'expired'],
  approved: ['executing', 'refused'],
  executing: ['verifying', 'rolling-back', 'rollback-failed'],
  verifying: ['verifying', 'succeeded', 'rolling-back', 'rollback-failed'],
  'rolling-back': ['rolling-back', 'rolled-back', 'rollback-failed'],
  succeeded: [],
  'rolled-back': [],
  'rollback-failed': [],
  rejected: [],
  expired: [],
  cancelled: [],
  shadow: [],
  refused: [],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type RunState = keyof typeof NEXT_STATES;
export const RUN_STATES = Object.keys(NEXT_STATES) as readonly RunState[];

/** What a run may begin as. */
export const FIRST_STATES: readonly RunState[] = ['scheduled', 'proposed', 'approved', 'shadow', 'refused'];

/** States in which something is still to come. */
export const UNFINISHED_STATES = RUN_STATES.filter((state) => NEXT_STATES[state].length > 0);

export function mayFollow(next: RunState, state: RunState): boolean {
  return (NEXT_STATES[state] as readonly RunState[]).includes(next);
}
