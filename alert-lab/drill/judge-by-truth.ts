import type { RunningStack } from './running-stack.ts';

/** What is behind an incident, for who made it. */
export interface Truth {
  /** Any of these is right. */
  readonly cause: readonly string[];
  readonly service: readonly string[];
  readonly instance?: string | undefined;
  /** Actions that help; every other one is wrong. */
  readonly actions: readonly string[];
}

/** Tells the responder whether its probable root and what it did were right: they count in its scorecard as a drill's word. */
export async function judgeByTruth(
  stack: Pick<RunningStack, 'incident' | 'actionRuns' | 'judge'>,
  incidentId: number,
  truth: Truth,
): Promise<void> {
  const [root] = (await stack.incident(incidentId)).hypotheses;
  const isRoot =
    root !== undefined &&
    truth.service.includes(root.service) &&
    truth.cause.includes(root.cause) &&
    (truth.instance === undefined || root.instance === truth.instance);
  if (root !== undefined) await stack.judge('incidents', incidentId, isRoot ? 'right' : 'wrong');
  for (const { id, action, startedAt, endedAt } of await stack.actionRuns(incidentId))
    if (startedAt !== null && endedAt !== null)
      await stack.judge('actions', id, truth.actions.includes(action) ? 'right' : 'wrong');
}
