import { z } from 'zod';
import { TakenOverError } from '../remediation/command.ts';
import { type ClusterApi, ClusterError, FIELD_MANAGER, type PatchStep } from './cluster-api.ts';
import { type Pod, podsSchema, type Workload, workloadSchema } from './objects.ts';

/** Annotation that says what the operator last did to an object, written together with that. */
const HEALING = 'aiops-sre-observability/healing';
export const HEALING_PATH = `/metadata/annotations/${HEALING.replace('/', '~1')}`;
/** What was healed lately is left alone, whoever leads meanwhile: the effect has to show first. */
const LEFT_ALONE_MS = 5 * 60_000;
/** Somebody who has just changed it may not be done yet. */
const BY_HAND_MS = 60_000;

const KINDS = ['Deployment', 'StatefulSet'] as const;

const healingSchema = z.object({
  /** Of this operator's database. */
  run: z.string(),
  what: z.string(),
  at: z.iso.datetime(),
  /** The object's generation with the change in it. */
  generation: z.number(),
});
type Healing = z.infer<typeof healingSchema>;

export interface WorkloadName {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

const pathOf = ({ namespace, kind, name }: WorkloadName): string => {
  if (!(KINDS as readonly string[]).includes(kind))
    throw new Error(`${kind} ${name}: expected one of ${KINDS.join(', ')}`);
  return `/apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`;
};

export const readWorkload = async (
  api: Pick<ClusterApi, 'get'>,
  name: WorkloadName,
  signal: AbortSignal,
): Promise<Workload> => api.get(pathOf(name), workloadSchema, signal);

const selectorOf = (labels: Readonly<Record<string, string>>) =>
  encodeURIComponent(
    Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(','),
  );

/** Objects of a collection with these labels. */
export const selected = (collection: string, labels: Readonly<Record<string, string>>) =>
  `${collection}?labelSelector=${selectorOf(labels)}`;

export async function podsOf(
  api: Pick<ClusterApi, 'get'>,
  namespace: string,
  labels: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<readonly Pod[]> {
  const path = selected(`/api/v1/namespaces/${namespace}/pods`, labels);
  return (await api.get(path, podsSchema, signal)).items.filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  );
}

function healingOf({ metadata }: { readonly metadata: Workload['metadata'] }): Healing | undefined {
  try {
    return healingSchema.parse(JSON.parse(metadata.annotations[HEALING] ?? ''));
  } catch {
    return undefined;
  }
}

/** Who set fields of the specification at that time or later, as Kubernetes keeps account of it. */
function managersSince({ metadata }: Workload, sinceMs: number): readonly string[] {
  const others = metadata.managedFields.filter(
    ({ manager, subresource, time, fieldsV1 }) =>
      manager !== FIELD_MANAGER && subresource === '' && 'f:spec' in fieldsV1 && (time ?? 0) >= sinceMs,
  );
  return [...new Set(others.map(({ manager }) => manager))];
}

/** Who scales it, where that is not left to whoever changes it: an autoscaler. */
export function scalerOf({ metadata }: Workload): string | undefined {
  return metadata.managedFields.find(
    ({ manager, subresource }) => subresource === 'scale' && manager !== FIELD_MANAGER,
  )?.manager;
}

/** @throws Error if it was healed or changed so lately that it has to be left alone */
export function requireLeftAlone(
  workload: Workload,
  nowMs: number,
  { mayBeNew }: { mayBeNew: boolean },
): void {
  const { name } = workload.metadata;
  const healing = healingOf(workload);
  if (healing !== undefined && nowMs - Date.parse(healing.at) < LEFT_ALONE_MS)
    throw new Error(`${name}: ${healing.what} at ${healing.at}, and the effect has to show first`);
  const managers = managersSince(workload, nowMs - BY_HAND_MS);
  if (!mayBeNew && managers.length > 0 && healing?.generation !== workload.metadata.generation)
    throw new Error(`${name}: ${managers.join(', ')} changed it within the last minute, and may not be done`);
}

/**
 * Changes the object if nobody has since it was read, and says so in it: both or neither.
 *
 * @throws Error if somebody has
 */
export async function heal(
  api: Pick<ClusterApi, 'get' | 'patch'>,
  workload: Workload,
  { run, what, steps }: { readonly run: number; readonly what: string; readonly steps: readonly PatchStep[] },
  signal: AbortSignal,
): Promise<void> {
  const { kind, metadata } = workload;
  const { namespace, name, uid, generation, annotations } = metadata;
  const healing: Healing = {
    run: String(run),
    what,
    at: new Date().toISOString(),
    generation: generation + 1,
  };
  try {
    await api.patch(
      pathOf({ namespace, kind, name }),
      [
        { op: 'test', path: '/metadata/uid', value: uid },
        { op: 'test', path: '/metadata/generation', value: generation },
        ...(Object.keys(annotations).length === 0
          ? [{ op: 'add' as const, path: '/metadata/annotations', value: {} }]
          : []),
        { op: 'add', path: HEALING_PATH, value: JSON.stringify(healing) },
        ...steps,
      ],
      workloadSchema,
      signal,
    );
  } catch (error) {
    if (!(error instanceof ClusterError) || ![409, 422].includes(error.status)) throw error;
    // The server does not say which step it refused.
    const now = await readWorkload(api, { namespace, kind, name }, signal);
    if (now.metadata.uid === uid && now.metadata.generation === generation) throw error;
    throw new TakenOverError(`${name}: somebody else changed it meanwhile, theirs stands`, { cause: error });
  }
}

/** @throws TakenOverError if what `run` did is not the last that was done to it, scaling aside */
function requireOurs(workload: Workload, run: number): void {
  const { name, generation } = workload.metadata;
  const healing = healingOf(workload);
  if (healing?.run !== String(run))
    throw new TakenOverError(
      `${name}: ${healing?.what ?? 'nothing'} is what it was changed by, theirs stands`,
    );
  if (generation === healing.generation) return;
  const managers = managersSince(workload, Math.floor(Date.parse(healing.at) / 1000) * 1000);
  if (managers.length > 0)
    throw new TakenOverError(`${name}: ${managers.join(', ')} changed it since, theirs stands`);
}

/** Does `work` if what `run` did is the last that was done. @returns how it ended, in words */
export async function ifOurs(workload: Workload, run: number, work: () => Promise<string>): Promise<string> {
  try {
    requireOurs(workload, run);
    return await work();
  } catch (error) {
    if (error instanceof TakenOverError) return error.message;
    throw error;
  }
}

/**
 * What is still to come until all its pods are those of its specification; undefined once they are.
 *
 * @throws TakenOverError if what `run` did is not the last that was done to it
 */
export function pending(workload: Workload, run?: number): string | undefined {
  if (run !== undefined) requireOurs(workload, run);
  const { metadata, spec, status } = workload;
  if (status.observedGeneration < metadata.generation) return 'its controller has not seen it yet';
  const ready = Math.min(status.updatedReplicas, status.availableReplicas);
  if (ready < spec.replicas || status.replicas > spec.replicas)
    return `${ready} of ${spec.replicas} pods are new and ready`;
  return undefined;
}
