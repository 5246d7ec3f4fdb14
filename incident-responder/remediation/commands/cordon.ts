import { z } from 'zod';
import { workloadOf } from '../../kubernetes/conditions.ts';
import { isReady, nodeSchema, nodesSchema, podsSchema } from '../../kubernetes/objects.ts';
import { HEALING_PATH, pending, readWorkload } from '../../kubernetes/workloads.ts';
import type { ClusterMeans, CommandKind } from '../command.ts';
import { template } from '../placeholders.ts';
import { operated } from './workload-target.ts';

/** With fewer nodes left, the trouble is not this node's, and leaving it makes it worse. */
const SHARE_OF_NODES_LEFT = 0.5;

export const cordonSchema = z.strictObject({ kind: z.literal('cordon'), node: template.default('{{node}}') });

/**
 * Lets no new pods onto a node that is not ready, and has those of Deployments made anew elsewhere. Pods of StatefulSets
 * stay: two of the same name could run at once.
 */
export const cordon: CommandKind<z.infer<typeof cordonSchema>> = {
  canRestore: true,
  describe: (spec, fill) =>
    `cordon node ${fill(spec.node)} and have its Deployments' pods made anew elsewhere`,
  command(spec, { fill, runId, means }) {
    const name = fill(spec.node);
    const path = `/api/v1/nodes/${name}`;
    const mark = `aiops-operator run ${runId}`;

    async function look(signal: AbortSignal) {
      const { api } = operated(means);
      const { items } = await api.get('/api/v1/nodes', nodesSchema, signal);
      const node = items.find(({ metadata }) => metadata.name === name);
      if (node === undefined) throw new Error(`node ${name}: not there`);
      if (isReady(node)) throw new Error(`node ${name}: is ready again`);
      const left = items.filter((each) => isReady(each) && !each.spec.unschedulable);
      if (left.length < SHARE_OF_NODES_LEFT * items.length)
        throw new Error(`${left.length} of ${items.length} nodes are left: expected half of them at least`);
      return { api, node };
    }
    const deploymentPods = async ({ api, namespaces }: ClusterMeans, signal: AbortSignal) => {
      const found = namespaces.map(async (namespace) => {
        const query = `?fieldSelector=${encodeURIComponent(`spec.nodeName=${name}`)}`;
        const { items } = await api.get(`/api/v1/namespaces/${namespace}/pods${query}`, podsSchema, signal);
        return items.filter(
          (pod) => pod.metadata.deletionTimestamp === undefined && workloadOf(pod)?.kind === 'Deployment',
        );
      });
      return (await Promise.all(found)).flat();
    };

    return {
      async prepare(signal) {
        const { node } = await look(signal);
        const pods = await deploymentPods(operated(means), signal);
        const workloads = pods.map((pod) => `${pod.metadata.namespace}/${workloadOf(pod)!.name}`);
        return { was: String(node.spec.unschedulable), workloads: [...new Set(workloads)].join(',') };
      },
      async carryOut(signal) {
        const { api, node } = await look(signal);
        const { uid, annotations } = node.metadata;
        if (!node.spec.unschedulable)
          await api.patch(
            path,
            [
              { op: 'test', path: '/metadata/uid', value: uid },
              ...(Object.keys(annotations).length === 0
                ? [{ op: 'add' as const, path: '/metadata/annotations', value: {} }]
                : []),
              { op: 'add', path: HEALING_PATH, value: mark },
              { op: 'add', path: '/spec/unschedulable', value: true },
            ],
            nodeSchema,
            signal,
          );
        for (const { metadata } of await deploymentPods(operated(means), signal))
          await api.remove(
            `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`,
            metadata.uid,
            signal,
          );
      },
      async takeBack({ was }, signal) {
        if (was === 'true') return 'it was cordoned before';
        const { api } = operated(means);
        await api.patch(
          path,
          [
            { op: 'test', path: HEALING_PATH, value: mark },
            { op: 'remove', path: HEALING_PATH },
            { op: 'remove', path: '/spec/unschedulable' },
          ],
          nodeSchema,
          signal,
        );
        return `node ${name} takes pods again`;
      },
      async pending({ workloads = '' }, signal) {
        const { api } = operated(means);
        for (const each of workloads.split(',').filter(Boolean)) {
          const [namespace = '', workload = ''] = each.split('/');
          const found = await readWorkload(api, { namespace, kind: 'Deployment', name: workload }, signal);
          const left = pending(found);
          if (left !== undefined) return `${each}: ${left}`;
        }
        return undefined;
      },
    };
  },
};
