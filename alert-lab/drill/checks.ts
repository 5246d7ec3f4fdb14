import { type Cast, incidentOf } from './cast.ts';
import { DrillFailure, type Stage } from './drill.ts';
import type { Check } from './drill-schema.ts';

/** @throws DrillFailure naming what is not so: nothing is waited for */
export async function verify(check: Check, { stack }: Stage, cast: Cast): Promise<void> {
  const runs = await stack.actionRuns(incidentOf(cast));
  const begun = runs.filter(({ startedAt }) => startedAt !== null);
  if (check.nothingTaken && begun.length > 0)
    throw new DrillFailure(`nothing was to act, but ${begun.map(({ action }) => action).join(', ')} did`);
  for (const [name, expected] of Object.entries(check.taken ?? {})) {
    const times = runs.filter(({ action, state }) => action === name && state === 'succeeded').length;
    if (times !== expected) throw new DrillFailure(`${name}: taken ${times} times, expected ${expected}`);
  }
  for (const name of check.delayed ?? []) {
    const run = runs.find(({ action, state }) => action === name && state === 'succeeded');
    if (run === undefined || run.dueAt === null || run.startedAt === null || run.startedAt < run.dueAt)
      throw new DrillFailure(
        `${name}: begun ${run?.startedAt}, before its delay ended (${run?.dueAt ?? 'it had none'})`,
      );
  }
}
