import { z } from 'zod';
import { isReady } from '../../kubernetes/objects.ts';
import { pending, podsOf, readWorkload } from '../../kubernetes/workloads.ts';
import type { CommandKind } from '../command.ts';
import { nameOf, operated, workloadFields } from './workload-target.ts';

export const restartPodSchema = z.strictObject({ kind: z.literal('restart-pod'), ...workloadFields });

/** Deletes the pods of a workload that are not ready: made anew, elsewhere perhaps, and without having to wait for their next try. */
export const restartPod: CommandKind<z.infer<typeof restartPodSchema>> = {
  canRestore: false,
  describe: (spec, fill) => `delete the pods of ${fill(spec.workload)} that are not ready`,
  command(spec, { fill, means }) {
    const name = nameOf(spec, fill);
    async function failing(signal: AbortSignal) {
      const { api } = operated(means, name.namespace);
      const workload = await readWorkload(api, name, signal);
      const pods = await podsOf(api, name.namespace, workload.spec.selector.matchLabels, signal);
      return { api, pods: pods.filter((pod) => !isReady(pod)) };
    }
    return {
      async prepare(signal) {
        const { pods } = await failing(signal);
        if (pods.length === 0) throw new Error(`${name.name}: all its pods are ready`);
        return {};
      },
      async carryOut(signal) {
        const { api, pods } = await failing(signal);
        for (const { metadata } of pods)
          await api.remove(
            `/api/v1/namespaces/${name.namespace}/pods/${metadata.name}`,
            metadata.uid,
            signal,
          );
      },
      async takeBack() {
        throw new Error('a pod that is gone cannot be had back');
      },
      pending: async (_undo, signal) => pending(await readWorkload(operated(means).api, name, signal)),
    };
  },
};
