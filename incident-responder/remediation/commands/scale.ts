import { z } from 'zod';
import {
  heal,
  ifOurs,
  pending,
  readWorkload,
  requireLeftAlone,
  scalerOf,
} from '../../kubernetes/workloads.ts';
import type { CommandKind } from '../command.ts';
import { nameOf, operated, workloadFields } from './workload-target.ts';

export const scaleSchema = z.strictObject({
  kind: z.literal('scale'),
  ...workloadFields,
  by: z.number().int().min(1).max(10),
  atMost: z.number().int().min(1).max(100),
});

/** Adds pods to a workload that no autoscaler looks after. */
export const scale: CommandKind<z.infer<typeof scaleSchema>> = {
  canRestore: true,
  describe: (spec, fill) =>
    `add ${spec.by} to the replicas of ${fill(spec.workload)}, ${spec.atMost} at most`,
  command(spec, { fill, runId, means }) {
    const name = nameOf(spec, fill);
    const path = '/spec/replicas';
    async function step(signal: AbortSignal) {
      const { api } = operated(means, name.namespace);
      const workload = await readWorkload(api, name, signal);
      requireLeftAlone(workload, Date.now(), { mayBeNew: false });
      const scaler = scalerOf(workload);
      if (scaler !== undefined) throw new Error(`${name.name}: is scaled by ${scaler}`);
      const from = workload.spec.replicas;
      if (from === 0 || from >= spec.atMost)
        throw new Error(`${name.name}: has ${from} replicas, expected from 1 to ${spec.atMost - 1}`);
      return { api, workload, from, to: Math.min(from + spec.by, spec.atMost) };
    }
    return {
      async prepare(signal) {
        const { from, to } = await step(signal);
        return { from: String(from), to: String(to) };
      },
      async carryOut(signal) {
        const { api, workload, from, to } = await step(signal);
        const what = `replicas from ${from} to ${to}`;
        await heal(api, workload, { run: runId, what, steps: [{ op: 'add', path, value: to }] }, signal);
      },
      async takeBack({ from, to }, signal) {
        const { api } = operated(means, name.namespace);
        const workload = await readWorkload(api, name, signal);
        return await ifOurs(workload, runId, async () => {
          const steps = [
            { op: 'test', path, value: Number(to) },
            { op: 'replace', path, value: Number(from) },
          ] as const;
          const what = `replicas back to ${from}`;
          await heal(api, workload, { run: runId, what, steps }, signal);
          return what;
        });
      },
      pending: async (_undo, signal) => pending(await readWorkload(operated(means).api, name, signal), runId),
    };
  },
};
