import { z } from 'zod';
import { revisionsOf } from '../../kubernetes/revisions.ts';
import { heal, pending, readWorkload, requireLeftAlone } from '../../kubernetes/workloads.ts';
import type { CommandKind } from '../command.ts';
import { template } from '../placeholders.ts';
import { nameOf, operated, workloadFields } from './workload-target.ts';

export const rollBackSchema = z.strictObject({
  kind: z.literal('roll-back'),
  ...workloadFields,
  /** Label `pod-template-hash` or `controller-revision-hash` of the pods that it is to be taken back for. */
  revision: template.default('{{revision}}'),
});

/** Back to the revision before, where the one that fails is still the newest. */
export const rollBack: CommandKind<z.infer<typeof rollBackSchema>> = {
  canRestore: false,
  describe: (spec, fill) => `roll ${fill(spec.workload)} back from revision ${fill(spec.revision)}`,
  command(spec, { fill, runId, means }) {
    const name = nameOf(spec, fill);
    const failing = fill(spec.revision);
    async function look(signal: AbortSignal) {
      const { api } = operated(means, name.namespace);
      const workload = await readWorkload(api, name, signal);
      requireLeftAlone(workload, Date.now(), { mayBeNew: true });
      if (workload.spec.paused) throw new Error(`${name.name}: its rollout is paused by somebody`);
      const [newest, before] = await revisionsOf(api, workload, signal);
      if (newest?.hash !== failing)
        throw new Error(
          `${name.name}: has been rolled out anew since, as ${newest?.hash ?? 'nobody knows what'}`,
        );
      if (before === undefined) throw new Error(`${name.name}: has no revision before ${failing}`);
      return { api, workload, before };
    }
    return {
      async prepare(signal) {
        const { before } = await look(signal);
        return { to: before.hash };
      },
      async carryOut(signal) {
        const { api, workload, before } = await look(signal);
        const steps = [{ op: 'replace', path: '/spec/template', value: before.template }] as const;
        await heal(api, workload, { run: runId, what: `rolled back to ${before.hash}`, steps }, signal);
      },
      async takeBack() {
        throw new Error('a roll-back is not taken back');
      },
      pending: async (_undo, signal) => pending(await readWorkload(operated(means).api, name, signal), runId),
    };
  },
};
