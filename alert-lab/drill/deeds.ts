import { perform as performDeed } from '../deed/perform.ts';
import { actionOf } from './action-of.ts';
import { type Cast, incidentOf } from './cast.ts';
import type { Stage } from './drill.ts';
import type { Deed } from './drill-schema.ts';

/** Does it, and sees to it that it is put back at the end. */
export async function perform(deed: Deed, stage: Stage, cast: Cast): Promise<void> {
  await performDeed(deed, stage, cast);
  if (deed.approve) {
    const { action, note } = deed.approve;
    const run = await actionOf(stage.stack, incidentOf(cast), action, ['proposed']);
    if (run === undefined) throw new Error(`${action} is not proposed`);
    await stage.stack.approve(run.id, note);
  }
}
