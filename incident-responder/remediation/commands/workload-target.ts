import type { WorkloadName } from '../../kubernetes/workloads.ts';
import type { ClusterMeans, CommandMeans } from '../command.ts';
import { template } from '../placeholders.ts';

/** Which workload a command is about: by default the alert's. */
export const workloadFields = {
  namespace: template.default('{{namespace}}'),
  workloadKind: template.default('{{workload_kind}}'),
  workload: template.default('{{workload}}'),
};

interface WorkloadSpec {
  readonly namespace: string;
  readonly workloadKind: string;
  readonly workload: string;
}

export const nameOf = (spec: WorkloadSpec, fill: (template: string) => string): WorkloadName => ({
  namespace: fill(spec.namespace),
  kind: fill(spec.workloadKind),
  name: fill(spec.workload),
});

/** @throws Error if nothing may be changed in the cluster, or not in that namespace, or by another operator only */
export function operated({ cluster }: CommandMeans, namespace?: string): ClusterMeans {
  if (cluster === undefined) throw new Error('no cluster is operated');
  if (namespace !== undefined && !cluster.namespaces.includes(namespace))
    throw new Error(`namespace ${namespace}: is not among those that are operated`);
  if (!cluster.leads()) throw new Error('another operator leads');
  return cluster;
}
