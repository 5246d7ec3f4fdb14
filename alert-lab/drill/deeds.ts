import { actionOf } from './action-of.ts';
import { type Cast, incidentOf, startOf } from './cast.ts';
import type { Stage } from './drill.ts';
import type { Deed } from './drill-schema.ts';

/** Does it, and sees to it that it is put back at the end. */
export async function perform(deed: Deed, stage: Stage, cast: Cast): Promise<void> {
  const { stack, onEnd } = stage;
  for (const [flag, variant] of Object.entries(deed.setFlags ?? {})) {
    const before = stack.setFlag(flag, variant);
    if (cast.variants.has(flag)) continue;
    cast.variants.set(flag, before);
    onEnd(() => void stack.setFlag(flag, before));
  }
  for (const flag of deed.resetFlags ?? []) {
    const before = cast.variants.get(flag);
    if (before !== undefined) stack.setFlag(flag, before);
  }
  if (deed.faults) {
    const { instance, inject } = deed.faults;
    await stack.setFaults(instance, inject);
    onEnd(() => stack.clearFaults(instance));
    cast.startedAtMs.set(instance, await startOf(stack, instance));
  }
  if (deed.stop) {
    const stopped = deed.stop;
    onEnd(async () => {
      await Promise.all(stopped.map((instance) => stack.supervisor.act(instance, 'start')));
    });
    await Promise.all(stopped.map((instance) => stack.supervisor.act(instance, 'stop')));
  }
  if (deed.start) {
    await Promise.all(deed.start.map((instance) => stack.supervisor.act(instance, 'start')));
    for (const instance of deed.start) cast.startedAtMs.set(instance, await startOf(stack, instance));
  }
  if (deed.approve) {
    const { action, note } = deed.approve;
    const run = await actionOf(stack, incidentOf(cast), action, ['proposed']);
    if (run === undefined) throw new Error(`${action} is not proposed`);
    await stack.approve(run.id, note);
  }
}
