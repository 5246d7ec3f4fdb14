import type { ActionRun } from './action.ts';
import type { ActionDefinition } from './action-definition.ts';
import { type RunState, UNFINISHED_STATES } from './run-states.ts';

/** After three failures of an action within 15 minutes it is left alone until the first of them is 15 minutes old. */
const CIRCUIT_BREAKER = { failures: 3, windowMs: 15 * 60_000 } as const;
/** Of all actions together: whatever goes wrong here, it goes wrong slowly. */
const RUNS_AN_HOUR = 10;
const HOUR_MS = 3_600_000;

const FAILED: readonly RunState[] = ['rolled-back', 'rollback-failed'];
const ACTIVE: readonly RunState[] = UNFINISHED_STATES.filter((state) => state !== 'scheduled');

/** Not what somebody who may not act has only proposed: it could keep everything else from being done. */
const isInTheWay = ({ state, proposedBy }: ActionRun) =>
  ACTIVE.includes(state) && !(state === 'proposed' && proposedBy !== undefined);

export interface GuardQuestion {
  readonly action: ActionDefinition;
  readonly incidentId: number;
  readonly confidence: number;
  /** Runs of the last hour and all unfinished ones, of every action and incident. */
  readonly runs: readonly ActionRun[];
  readonly nowMs: number;
}

/** Why an action must not run now; undefined if it may. `wait`: another time it may, there is nothing to record. */
export type Objection = { readonly kind: 'wait' | 'refuse'; readonly reason: string };

export function objectionTo({
  action,
  incidentId,
  confidence,
  runs,
  nowMs,
}: GuardQuestion): Objection | undefined {
  if (action.class === 'FORBIDDEN')
    return { kind: 'refuse', reason: 'its class is FORBIDDEN: left to people' };
  if (confidence < action.minimumConfidence)
    return {
      kind: 'refuse',
      reason: `confidence is below ${Math.round(action.minimumConfidence * 100)} %: left to people`,
    };
  if (runs.some((run) => run.incidentId === incidentId && isInTheWay(run)))
    return { kind: 'wait', reason: 'another action of this incident is not finished' };
  const started = runs.filter((run) => run.startedAtMs !== null && run.startedAtMs > nowMs - HOUR_MS);
  const own = started.filter((run) => run.action === action.name);
  const failures = own.filter(
    (run) => FAILED.includes(run.state) && (run.endedAtMs ?? nowMs) > nowMs - CIRCUIT_BREAKER.windowMs,
  );
  if (failures.length >= CIRCUIT_BREAKER.failures)
    return {
      kind: 'refuse',
      reason: `circuit breaker is open: ${failures.length} failures within 15 minutes`,
    };
  if (own.length >= action.limits.perHour)
    return { kind: 'refuse', reason: `rate limit: ${own.length} runs within an hour` };
  if (started.length >= RUNS_AN_HOUR)
    return { kind: 'refuse', reason: `rate limit of all actions: ${started.length} runs within an hour` };
  return undefined;
}
