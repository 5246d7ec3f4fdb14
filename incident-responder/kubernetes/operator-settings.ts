import { flag } from '@aiops-sre/service-kit/settings/variables.ts';
import { z } from 'zod';

/** A cluster that is operated, or whose flags are set. */
export interface OperatorSettings {
  /** Whose pods are watched, and where something may be changed. */
  readonly namespaces: readonly string[];
  /** Whether nodes are watched and cordoned. */
  readonly nodes: boolean;
  /** Of several operators, who holds this Lease acts. */
  readonly lease: ObjectName | undefined;
  /** The flag document, where it is a ConfigMap. */
  readonly flags: (ObjectName & { readonly key: string }) | undefined;
}

interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

const NAME = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const names = z
  .string()
  .regex(new RegExp(`^${NAME}(\\s*,\\s*${NAME})*$`), 'expected names of namespaces, separated by commas')
  .transform((list) => list.split(',').map((name) => name.trim()));
const path = (parts: string, pattern: string) =>
  z
    .string()
    .regex(new RegExp(`^${pattern}$`), `expected ${parts}`)
    .transform((text) => text.split('/') as [string, string, string]);

export const operatorVariables = {
  KUBERNETES_NAMESPACES: names.default([]),
  KUBERNETES_NODES: flag.default(false),
  KUBERNETES_LEASE: path('NAMESPACE/LEASE', `${NAME}/${NAME}`).optional(),
  KUBERNETES_FLAGS: path('NAMESPACE/CONFIGMAP/KEY', `${NAME}/${NAME}/[-._a-zA-Z0-9]+`).optional(),
};

/** @returns undefined where no cluster is asked anything */
export function readOperatorSettings(
  variables: z.infer<z.ZodObject<typeof operatorVariables>>,
): OperatorSettings | undefined {
  const { KUBERNETES_NAMESPACES, KUBERNETES_NODES, KUBERNETES_LEASE, KUBERNETES_FLAGS } = variables;
  if (KUBERNETES_NAMESPACES.length === 0 && KUBERNETES_FLAGS === undefined) return undefined;
  if (KUBERNETES_NAMESPACES.length > 0 && KUBERNETES_LEASE === undefined)
    throw new Error(
      'environment: KUBERNETES_LEASE: expected the Lease by which one of several operators leads, as KUBERNETES_NAMESPACES is set; got none',
    );
  const [namespace, name] = KUBERNETES_LEASE ?? [];
  const [ofFlags, map, key] = KUBERNETES_FLAGS ?? [];
  return {
    namespaces: KUBERNETES_NAMESPACES,
    nodes: KUBERNETES_NODES,
    lease: namespace === undefined || name === undefined ? undefined : { namespace, name },
    flags:
      ofFlags === undefined || map === undefined || key === undefined
        ? undefined
        : { namespace: ofFlags, name: map, key },
  };
}
