import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

export const root = join(import.meta.dirname, '..', '..');
export const chart = join(root, 'k8s', 'helm', 'aiops-sre-observability');
export const NAMESPACE = 'observability';

const keyToPath = z.array(z.object({ key: z.string(), path: z.string() })).optional();
const volumeSchema = z.object({
  name: z.string(),
  configMap: z.object({ name: z.string() }).optional(),
  secret: z.object({ secretName: z.string() }).optional(),
  projected: z
    .object({
      sources: z.array(
        z.object({
          configMap: z.object({ name: z.string(), items: keyToPath }).optional(),
          secret: z.object({ name: z.string(), items: keyToPath }).optional(),
        }),
      ),
    })
    .optional(),
  emptyDir: z.unknown().optional(),
});
const probeSchema = z
  .object({ httpGet: z.object({ path: z.string(), port: z.number() }).optional() })
  .optional();
const containerSchema = z.object({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).default([]),
  env: z.array(z.object({ name: z.string(), value: z.string().optional() })).default([]),
  ports: z.array(z.object({ containerPort: z.number() })).default([]),
  readinessProbe: probeSchema,
  startupProbe: probeSchema,
  livenessProbe: z.unknown().optional(),
  resources: z.object({
    requests: z.record(z.string(), z.string()),
    limits: z.record(z.string(), z.string()),
  }),
  securityContext: z.record(z.string(), z.unknown()),
  volumeMounts: z
    .array(z.object({ name: z.string(), mountPath: z.string(), subPath: z.string().optional() }))
    .default([]),
});
const podSchema = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()) }),
  spec: z.looseObject({
    serviceAccountName: z.string().optional(),
    automountServiceAccountToken: z.boolean().optional(),
    enableServiceLinks: z.boolean().optional(),
    securityContext: z.record(z.string(), z.unknown()),
    initContainers: z.array(containerSchema).default([]),
    containers: z.array(containerSchema),
    volumes: z.array(volumeSchema).default([]),
  }),
});
export type Pod = z.infer<typeof podSchema>;
export type Container = z.infer<typeof containerSchema>;

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
});
export type KubernetesObject = z.infer<typeof objectSchema>;

/** A tool of the tests, which `npm run test:kubernetes` names by a variable. */
export function run(tool: 'HELM' | 'KUSTOMIZE', args: readonly string[]) {
  const { stdout, stderr, failed } = execaSync(process.env[tool] ?? tool.toLowerCase(), args, {
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 64 * 1024 ** 2,
  });
  // Links are what the chart's files are meant to be.
  const said = stderr.split('\n').filter((line) => !line.includes('found symbolic link in path'));
  return { stdout, stderr: said.join('\n'), failed };
}

/** The objects of a text of YAML documents. @throws Error where it has a document that is no object of Kubernetes */
export const objectsOf = (text: string): readonly KubernetesObject[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .filter((document) => document !== null)
    .map((document) => objectSchema.parse(document));

/** The chart with values of `values/`, or with `--set` arguments. */
export const render = (values: string | undefined, ...set: readonly string[]): readonly KubernetesObject[] =>
  renderIn(NAMESPACE, values, ...set);

/** The same for another namespace. */
export function renderIn(
  namespace: string,
  values: string | undefined,
  ...set: readonly string[]
): readonly KubernetesObject[] {
  const { stdout, stderr, failed } = templateIn(namespace, values, ...set);
  if (failed) throw new Error(stderr);
  return objectsOf(stdout);
}

export const template = (values: string | undefined, ...set: readonly string[]) =>
  templateIn(NAMESPACE, values, ...set);

/** @param of a chart's folder or package */
export const helmTemplate = (of: string, namespace: string, args: readonly string[]) =>
  run('HELM', ['template', 'aiops', of, '--namespace', namespace, ...args]);

const templateIn = (namespace: string, values: string | undefined, ...set: readonly string[]) =>
  helmTemplate(chart, namespace, [
    ...(values ? ['--values', join(import.meta.dirname, 'values', `${values}.yaml`)] : []),
    ...set.flatMap((each) => ['--set', each]),
  ]);

/** Names of the sets of values in `values/`, and undefined for none. */
export const VALUES: readonly (string | undefined)[] = [
  undefined,
  ...readdirSync(join(import.meta.dirname, 'values')).map((name) => name.replace('.yaml', '')),
];

/** Pods by the name of what makes them, or their own. */
export const podsOf = (objects: readonly KubernetesObject[]): ReadonlyMap<string, Pod> =>
  new Map(
    objects.flatMap((object): [string, Pod][] => {
      if (object.kind === 'Pod') return [[object.metadata.name, podSchema.parse(object)]];
      if (!['DaemonSet', 'Deployment', 'StatefulSet'].includes(object.kind)) return [];
      const { spec } = z.object({ spec: z.object({ template: podSchema }) }).parse(object);
      return [[object.metadata.name, spec.template]];
    }),
  );

export const ofKind = (objects: readonly KubernetesObject[], kind: string) =>
  objects.filter((object) => object.kind === kind);
