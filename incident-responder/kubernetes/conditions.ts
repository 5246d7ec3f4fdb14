import { ALERTS } from '@aiops-sre/conventions/alerts.ts';
import { isReady, type Node, type Pod } from './objects.ts';

/** A container that was killed for its memory is remembered so long: it may well do again until it has more. */
const KILLED_COUNTS_MS = 10 * 60_000;
/** A node that is quiet for shorter may only be busy. */
const NODE_QUIET_MS = 40_000;

const NO_IMAGE = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'];

/** Something that Kubernetes itself says is wrong: told once for all pods of a workload. */
export interface Condition {
  /** An alert's, which say of whom. */
  readonly labels: Readonly<Record<string, string>> & { readonly alertname: string };
  readonly summary: string;
  /** In the words of the cluster. */
  readonly description: string;
}

/** A workload as its pod names it: Deployment of a ReplicaSet's pods. undefined where nobody makes the pod anew. */
export function workloadOf({ metadata }: Pod): { readonly kind: string; readonly name: string } | undefined {
  const owner = metadata.ownerReferences.find(({ controller }) => controller);
  const hash = metadata.labels['pod-template-hash'];
  if (owner?.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`))
    return { kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) };
  return owner && { kind: owner.kind, name: owner.name };
}

export function podConditions(pod: Pod, nowMs: number): readonly Condition[] {
  const { metadata, status, spec } = pod;
  const workload = workloadOf(pod);
  if (workload === undefined || metadata.deletionTimestamp !== undefined) return [];
  const service = metadata.labels['app.kubernetes.io/name'] ?? workload.name;
  const revision = metadata.labels['pod-template-hash'] ?? metadata.labels['controller-revision-hash'];
  const who = `${metadata.namespace}/${metadata.name}${spec.nodeName === '' ? '' : ` on ${spec.nodeName}`}`;
  return [...status.initContainerStatuses, ...status.containerStatuses].flatMap((container) => {
    const labels = {
      service,
      namespace: metadata.namespace,
      workload: workload.name,
      workload_kind: workload.kind,
      container: container.name,
    };
    const { waiting } = container.state;
    const ended = container.state.terminated ?? container.lastState.terminated;
    const condition = (alertname: string, summary: string, description: string, more = {}): Condition[] => [
      { labels: { alertname, ...labels, ...more }, summary, description },
    ];
    if (ended?.reason === 'OOMKilled' && nowMs - (ended.finishedAt ?? nowMs) < KILLED_COUNTS_MS)
      return condition(
        ALERTS.podOomKilled,
        `${container.name} of ${workload.name} was killed: it took more memory than its limit`,
        `${who}: OOMKilled, ${container.restartCount} restarts.`,
      );
    if (waiting !== undefined && NO_IMAGE.includes(waiting.reason))
      return condition(
        ALERTS.podImagePull,
        `The image of ${container.name} in ${workload.name} cannot be had`,
        `${who}: ${waiting.reason}: ${waiting.message.slice(0, 500)}`,
      );
    if (waiting?.reason === 'CrashLoopBackOff')
      return condition(
        ALERTS.podCrashLooping,
        `${container.name} of ${workload.name} ends again and again`,
        `${who}: exit code ${ended?.exitCode ?? 'unknown'}, ${container.restartCount} restarts. ${waiting.message.slice(0, 300)}`,
        revision === undefined ? {} : { revision },
      );
    return [];
  });
}

export function nodeConditions(node: Node, nowMs: number): readonly Condition[] {
  const { name } = node.metadata;
  const ready = node.status.conditions.find(({ type }) => type === 'Ready');
  if (isReady(node) || nowMs - (ready?.lastTransitionTime ?? nowMs) < NODE_QUIET_MS) return [];
  return [
    {
      labels: { alertname: ALERTS.nodeNotReady, service: name, node: name },
      summary: `Node ${name} is not ready`,
      description: `Ready is ${ready?.status ?? 'not told'} since ${new Date(ready?.lastTransitionTime ?? nowMs).toISOString()}.`,
    },
  ];
}
