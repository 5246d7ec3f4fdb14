/**
 * `node checks/kubernetes/schemas/make.ts`: JSON Schemas of the kinds that the chart has, from Kubernetes' own description of
 * its API in the Go module of VERSION, strict as kubeconform's: a field that the API does not know is an error.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { isMapping } from '@aiops-sre/service-kit/yaml/is-mapping.ts';
import { execa } from 'execa';
import { z } from 'zod';

const VERSION = 'v1.34.2';
const KINDS = [
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'DaemonSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'Ingress',
  'Lease',
  'Namespace',
  'NetworkPolicy',
  'Pod',
  'PodDisruptionBudget',
  'Role',
  'RoleBinding',
  'Secret',
  'Service',
  'ServiceAccount',
  'StatefulSet',
];

const kindSchema = z.array(z.object({ group: z.string(), version: z.string(), kind: z.string() }));
function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict);
  if (!isMapping(value)) return value;
  if (value.format === 'int-or-string') return { type: ['string', 'integer'] };
  const node = Object.fromEntries(
    Object.entries(value)
      .filter(
        ([key, each]) =>
          !key.startsWith('x-kubernetes-') &&
          !['default', 'format'].includes(key) &&
          !(key === 'description' && typeof each === 'string'),
      )
      .map(([key, each]) => [
        key,
        key === 'properties' && isMapping(each)
          ? Object.fromEntries(Object.entries(each).map(([name, property]) => [name, strict(property)]))
          : strict(each),
      ]),
  );
  return node.properties && !node.additionalProperties ? { ...node, additionalProperties: false } : node;
}

const { stdout } = await execa('go', ['mod', 'download', '-json', `k8s.io/kubernetes@${VERSION}`]);
const folder = z.object({ Dir: z.string() }).parse(JSON.parse(stdout)).Dir;
const { definitions: all } = z
  .object({ definitions: z.record(z.string(), z.looseObject({})) })
  .parse(JSON.parse(readFileSync(join(folder, 'api', 'openapi-spec', 'swagger.json'), 'utf8')));

const kinds: Record<string, string> = {};
const definitions: Record<string, unknown> = {};
function take(name: string): void {
  if (definitions[name]) return;
  definitions[name] = strict(all[name]);
  for (const [, other = ''] of JSON.stringify(definitions[name]).matchAll(/"#\/definitions\/([^"]+)"/g))
    take(other);
}
for (const [name, definition] of Object.entries(all)) {
  const [of, ...more] = kindSchema.safeParse(definition['x-kubernetes-group-version-kind']).data ?? [];
  if (!of || more.length > 0 || !KINDS.includes(of.kind) || !/^v\d+$/.test(of.version)) continue;
  kinds[[of.group, of.version, of.kind].filter(Boolean).join('/')] = name;
  take(name);
}
writeFileSync(
  join(import.meta.dirname, 'kubernetes.generated.json'),
  `${JSON.stringify({ source: `k8s.io/kubernetes@${VERSION} api/openapi-spec/swagger.json, Apache-2.0`, kinds, definitions }, null, 1)}\n`,
);
print(`${Object.keys(kinds).length} kinds, ${Object.keys(definitions).length} definitions`);
