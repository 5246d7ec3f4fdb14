import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { z } from 'zod';
import type { KubernetesObject } from './rendered.ts';

const { kinds, definitions } = z
  .object({ kinds: z.record(z.string(), z.string()), definitions: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'schemas', 'kubernetes.generated.json'), 'utf8')));
const ajv = new Ajv({ allErrors: true, strict: false }).addSchema({ $id: 'kubernetes', definitions });

/** Kinds that others define, in a cluster where their operator is. */
const OF_OTHERS = /^(monitoring\.coreos\.com|external-secrets\.io)\//;
export const isOfOthers = ({ apiVersion }: KubernetesObject): boolean => OF_OTHERS.test(apiVersion);

/** What Kubernetes' API would refuse of an object: a line each. */
export function problemsOf(object: KubernetesObject): readonly string[] {
  const kind = `${object.apiVersion}/${object.kind}`;
  const name = `${object.kind} ${object.metadata.name}`;
  if (isOfOthers(object)) return [];
  const definition = kinds[kind];
  if (definition === undefined)
    return [`${name}: no schema of ${kind}: add its kind to checks/kubernetes/schemas/make.ts`];
  const validate = ajv.getSchema(`kubernetes#/definitions/${definition}`);
  if (validate?.(object)) return [];
  return (validate?.errors ?? []).map(
    ({ instancePath, message, params }) => `${name}: ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
