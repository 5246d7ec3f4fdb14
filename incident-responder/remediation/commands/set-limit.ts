import { z } from 'zod';
import type { Workload } from '../../kubernetes/objects.ts';
import { formatQuantity, parseQuantity } from '../../kubernetes/quantity.ts';
import { heal, ifOurs, pending, readWorkload, requireLeftAlone } from '../../kubernetes/workloads.ts';
import type { CommandKind } from '../command.ts';
import { template } from '../placeholders.ts';
import { nameOf, operated, workloadFields } from './workload-target.ts';

const quantity = z
  .string()
  .refine((text) => (parseQuantity(text) ?? 0) > 0, 'expected a quantity such as 512Mi or 500m');

export const setLimitSchema = z.strictObject({
  kind: z.literal('set-limit'),
  ...workloadFields,
  container: template.default('{{container}}'),
  resource: z.enum(['memory', 'cpu']),
  /** One step. */
  times: z.number().min(1.1).max(2),
  /** No step goes beyond it. */
  atMost: quantity,
});

/** Raises what a container may take by a bounded step; its pods are rolled out anew. */
export const setLimit: CommandKind<z.infer<typeof setLimitSchema>> = {
  canRestore: true,
  describe: (spec, fill) =>
    `raise the ${spec.resource} limit of ${fill(spec.container)} in ${fill(spec.workload)} ${spec.times} times, to ${spec.atMost} at most`,
  command(spec, { fill, runId, means }) {
    const name = nameOf(spec, fill);
    const container = fill(spec.container);

    function limitOf({ spec: { template } }: Workload): { readonly path: string; readonly limit: string } {
      const index = template.spec.containers.findIndex((each) => each.name === container);
      const limit = template.spec.containers[index]?.resources.limits[spec.resource];
      if (limit === undefined)
        throw new Error(`${name.name}: container ${container} has no limit of ${spec.resource}`);
      return { path: `/spec/template/spec/containers/${index}/resources/limits/${spec.resource}`, limit };
    }

    async function step(signal: AbortSignal) {
      const { api } = operated(means, name.namespace);
      const workload = await readWorkload(api, name, signal);
      requireLeftAlone(workload, Date.now(), { mayBeNew: false });
      const { path, limit: from } = limitOf(workload);
      const [now, most] = [parseQuantity(from), parseQuantity(spec.atMost)!];
      if (now === undefined)
        throw new Error(`${name.name}: ${spec.resource} limit: expected a quantity, got ${from}`);
      if (now >= most)
        throw new Error(
          `${name.name}: its limit of ${spec.resource} is ${from} already, and ${spec.atMost} the most it may get`,
        );
      return {
        api,
        workload,
        path,
        from,
        to: formatQuantity(spec.resource, Math.min(now * spec.times, most)),
      };
    }

    return {
      async prepare(signal) {
        const { from, to } = await step(signal);
        return { from, to };
      },
      async carryOut(signal) {
        const { api, workload, path, from, to } = await step(signal);
        const steps = [
          { op: 'test', path, value: from },
          { op: 'replace', path, value: to },
        ] as const;
        const what = `${spec.resource} limit of ${container} from ${from} to ${to}`;
        await heal(api, workload, { run: runId, what, steps }, signal);
      },
      async takeBack({ from, to }, signal) {
        const { api } = operated(means, name.namespace);
        const workload = await readWorkload(api, name, signal);
        return await ifOurs(workload, runId, async () => {
          const { path } = limitOf(workload);
          const steps = [
            { op: 'test', path, value: to },
            { op: 'replace', path, value: from },
          ] as const;
          const what = `${spec.resource} limit of ${container} back to ${from}`;
          await heal(api, workload, { run: runId, what, steps }, signal);
          return what;
        });
      },
      pending: async (_undo, signal) => pending(await readWorkload(operated(means).api, name, signal), runId),
    };
  },
};
