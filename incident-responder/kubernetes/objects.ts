import { z } from 'zod';

/** What of Kubernetes' objects is looked at; @see https://kubernetes.io/docs/reference/kubernetes-api/ */

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
const texts = z.record(z.string(), z.string()).default({});

const metadataSchema = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  uid: z.string(),
  generation: z.number().default(0),
  creationTimestamp: instant,
  deletionTimestamp: instant.optional(),
  labels: texts,
  annotations: texts,
  ownerReferences: z
    .array(
      z.object({
        kind: z.string(),
        name: z.string(),
        uid: z.string(),
        controller: z.boolean().default(false),
      }),
    )
    .default([]),
  managedFields: z
    .array(
      z.object({
        manager: z.string().default('somebody'),
        subresource: z.string().default(''),
        time: instant.optional(),
        fieldsV1: z.record(z.string(), z.unknown()).default({}),
      }),
    )
    .default([]),
});

const stateSchema = z
  .object({
    waiting: z.object({ reason: z.string().default(''), message: z.string().default('') }).optional(),
    terminated: z
      .object({ reason: z.string().default(''), exitCode: z.number(), finishedAt: instant.nullish() })
      .optional(),
  })
  .default({});
const containerStatusSchema = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  state: stateSchema,
  lastState: stateSchema,
});
const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  lastTransitionTime: instant.nullish(),
});

export const podSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ nodeName: z.string().default('') }),
  status: z
    .object({
      phase: z.string().default(''),
      conditions: z.array(conditionSchema).default([]),
      initContainerStatuses: z.array(containerStatusSchema).default([]),
      containerStatuses: z.array(containerStatusSchema).default([]),
    })
    .prefault({}),
});
export type Pod = z.infer<typeof podSchema>;
export const podsSchema = z.object({ items: z.array(podSchema) });

export const nodeSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ unschedulable: z.boolean().default(false) }).prefault({}),
  status: z.object({ conditions: z.array(conditionSchema).default([]) }).prefault({}),
});
export type Node = z.infer<typeof nodeSchema>;
export const nodesSchema = z.object({ items: z.array(nodeSchema) });

export const isReady = ({ status }: Pod | Node): boolean =>
  status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');

const containerSchema = z.object({
  name: z.string(),
  resources: z.object({ limits: texts }).prefault({}),
});
/** Of an earlier revision, as it is in the cluster, fields of newer versions included: it is written back. */
export const templateSchema = z.looseObject({
  metadata: z.looseObject({ labels: texts }).prefault({}),
  spec: z.looseObject({}),
});

export const workloadSchema = z.object({
  kind: z.string(),
  metadata: metadataSchema,
  spec: z.object({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    selector: z.object({ matchLabels: texts }),
    template: z.object({ spec: z.object({ containers: z.array(containerSchema) }) }),
  }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      availableReplicas: z.number().default(0),
      updateRevision: z.string().default(''),
    })
    .prefault({}),
});
export type Workload = z.infer<typeof workloadSchema>;

export const replicaSetsSchema = z.object({
  items: z.array(z.object({ metadata: metadataSchema, spec: z.object({ template: templateSchema }) })),
});
export const controllerRevisionsSchema = z.object({
  items: z.array(
    z.object({
      metadata: metadataSchema,
      revision: z.number(),
      data: z.object({ spec: z.object({ template: templateSchema }) }),
    }),
  ),
});

/** Objects of whatever kind, of which only the metadata matters. */
export const madeSchema = z.object({ items: z.array(z.object({ metadata: metadataSchema })) });
