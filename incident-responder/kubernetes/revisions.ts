import type { z } from 'zod';
import type { ClusterApi } from './cluster-api.ts';
import {
  controllerRevisionsSchema,
  madeSchema,
  replicaSetsSchema,
  type templateSchema,
  type Workload,
} from './objects.ts';
import { selected } from './workloads.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HASH = 'pod-template-hash';

export interface Revision {
  /** Label of its pods. */
  readonly hash: string;
  readonly template: z.infer<typeof templateSchema>;
}

/** Of a workload, newest first; as many as its history keeps. */
export async function revisionsOf(
  api: Pick<ClusterApi, 'get'>,
  workload: Workload,
  signal: AbortSignal,
): Promise<readonly Revision[]> {
  const { kind, metadata, spec, status } = workload;
  const collection = (resource: string) =>
    selected(`/apis/apps/v1/namespaces/${metadata.namespace}/${resource}`, spec.selector.matchLabels);
  const isOwned = (each: { metadata: Workload['metadata'] }) =>
    each.metadata.ownerReferences.some(({ uid }) => uid === metadata.uid);
  if (kind === 'StatefulSet') {
    const { items } = await api.get(collection('controllerrevisions'), controllerRevisionsSchema, signal);
    const newestFirst = items.filter(isOwned).sort((a, b) => b.revision - a.revision);
    // A roll-out that is under way has its revision beforehand.
    if (newestFirst[0]?.metadata.name !== status.updateRevision) return [];
    return newestFirst.map(({ metadata: { name }, data }) => {
      const { $patch: _patch, ...template } = data.spec.template;
      return { hash: name, template };
    });
  }
  const { items } = await api.get(collection('replicasets'), replicaSetsSchema, signal);
  const number = (each: (typeof items)[number]) => Number(each.metadata.annotations[REVISION] ?? 0);
  return items
    .filter(isOwned)
    .sort((a, b) => number(b) - number(a))
    .map(({ metadata: { labels }, spec: { template } }) => {
      const { [HASH]: _hash, ...own } = template.metadata.labels;
      return {
        hash: labels[HASH] ?? '',
        template: { ...template, metadata: { ...template.metadata, labels: own } },
      };
    });
}

/** When a revision was made; undefined where it is gone. */
export async function madeAtMs(
  api: Pick<ClusterApi, 'get'>,
  { namespace, kind, name, revision }: { namespace: string; kind: string; name: string; revision: string },
  signal: AbortSignal,
): Promise<number | undefined> {
  const path = `/apis/apps/v1/namespaces/${namespace}`;
  const query =
    kind === 'Deployment' ? `replicasets?labelSelector=${HASH}%3D${revision}` : 'controllerrevisions';
  const { items } = await api.get(`${path}/${query}`, madeSchema, signal);
  const found = items.find(({ metadata }) =>
    kind === 'Deployment'
      ? metadata.ownerReferences.some((each) => each.name === name)
      : metadata.name === revision,
  );
  return found?.metadata.creationTimestamp;
}
