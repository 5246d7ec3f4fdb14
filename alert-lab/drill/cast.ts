import type { IncidentView, RunningStack } from './running-stack.ts';

export type AlertView = Awaited<ReturnType<RunningStack['incident']>>['alerts'][number];

/** What a drill has learnt so far, and what it has to put back. */
export interface Cast {
  incident?: Pick<IncidentView, 'id'>;
  alert?: AlertView;
  /** When processes were started, as last seen after a deed to them; milliseconds since the epoch. */
  readonly startedAtMs: Map<string, number | undefined>;
  /** Variants of flags before the drill. */
  readonly variants: Map<string, string>;
}

/** @throws Error where no step before has found the incident */
export function incidentOf({ incident }: Cast): number {
  if (incident === undefined) throw new Error('no incident yet: a step with incidentWith has to come before');
  return incident.id;
}

export async function startOf(stack: RunningStack, instance: string): Promise<number | undefined> {
  return (await stack.supervisor.processes())?.find(({ name }) => name === instance)?.startedAtMs;
}
