import type { ActionRunView, RunningStack } from './running-stack.ts';

/** Of these nothing more will come. */
const FAILED = ['refused', 'rejected', 'expired', 'rolled-back', 'rollback-failed'];

/**
 * The latest run of an action in an incident, once it is in one of these states; undefined before.
 *
 * @throws Error saying why, while it was refused or failed
 */
export async function actionOf(
  stack: RunningStack,
  incidentId: number,
  action: string,
  states: readonly string[],
): Promise<ActionRunView | undefined> {
  const run = (await stack.actionRuns(incidentId)).find((each) => each.action === action);
  if (run === undefined) throw new Error(`${action} was not considered`);
  if (FAILED.includes(run.state)) throw new Error(`${action} is ${run.state}: ${run.reason}`);
  return states.includes(run.state) ? run : undefined;
}
