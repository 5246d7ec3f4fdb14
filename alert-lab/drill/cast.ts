import type { Journal } from '../deed/perform.ts';
import type { IncidentView, RunningStack } from './running-stack.ts';

export type AlertView = Awaited<ReturnType<RunningStack['incident']>>['alerts'][number];

/** What a drill has learnt so far, and what it has to put back. */
export interface Cast extends Journal {
  incident?: Pick<IncidentView, 'id'>;
  alert?: AlertView;
}

/** @throws Error where no step before has found the incident */
export function incidentOf({ incident }: Cast): number {
  if (incident === undefined) throw new Error('no incident yet: a step with incidentWith has to come before');
  return incident.id;
}
