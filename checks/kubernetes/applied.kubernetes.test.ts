import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { type KubernetesObject, objectsOf, renderIn, root, run, VALUES } from './rendered.ts';
import { openAdministrator } from './testing/administrator.ts';
import { createDefaultAccount, createNamespace } from './testing/operated.ts';
import { isOfOthers } from './validation.ts';

const administrator = openAdministrator(inject('apiServer'));
const overlays = readdirSync(join(root, 'k8s', 'kustomize', 'overlays'));

/** As they come, namespaces first. @returns what the API server warned of, and versions of the objects */
async function applyAll(objects: readonly KubernetesObject[], namespace: string) {
  const warnings: string[] = [];
  const versions: string[] = [];
  for (const object of objects.filter((each) => !isOfOthers(each))) {
    const applied = await administrator.apply(object, namespace);
    warnings.push(...applied.warnings.map((warning) => `${object.kind} ${object.metadata.name}: ${warning}`));
    versions.push(`${object.kind} ${object.metadata.name} ${applied.answer.metadata.resourceVersion}`);
  }
  return { warnings, versions };
}

const templateSchema = z.looseObject({
  metadata: z.looseObject({}).prefault({}),
  spec: z.looseObject({ volumes: z.array(z.looseObject({ name: z.string() })).default([]) }),
});
const workloadSchema = z.object({
  spec: z.object({
    template: templateSchema,
    volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })).default([]),
  }),
});

/** What the API server says against pods as their controllers would make them, whose objects are there. */
async function refusedPods(
  objects: readonly KubernetesObject[],
  namespace: string,
): Promise<readonly string[]> {
  const pods = objects.flatMap((object) => {
    const { kind, metadata } = object;
    if (kind === 'Pod') return [{ name: metadata.name, ...templateSchema.parse(object), claims: [] }];
    if (!['DaemonSet', 'Deployment', 'StatefulSet'].includes(kind)) return [];
    const { template, volumeClaimTemplates } = workloadSchema.parse(object).spec;
    return [{ name: metadata.name, ...template, claims: volumeClaimTemplates }];
  });
  expect(pods.length).toBeGreaterThan(4);
  const tried = pods.map(async ({ name, metadata, spec, claims }) => {
    const claimed = claims.map((claim) => ({
      name: claim.metadata.name,
      persistentVolumeClaim: { claimName: claim.metadata.name },
    }));
    const pod = {
      metadata: { ...metadata, name: `try-${name}` },
      spec: { ...spec, volumes: [...spec.volumes, ...claimed] },
    };
    return administrator.dryRun(`/api/v1/namespaces/${namespace}/pods`, pod).then(
      ({ warnings }) => warnings.map((warning) => `${name}: ${warning}`),
      (error: Error) => [`${name}: ${error.message}`],
    );
  });
  return (await Promise.all(tried)).flat();
}

describe.each(VALUES.map((values) => ({ values, title: values ?? 'no values' })))(
  'the API server takes what the chart renders with $title',
  ({ values }) => {
    const namespace = `chart-${values ?? 'shipped'}`;
    const operated = values === 'operated' ? ['operator.namespaces={chart-operated,payments}'] : [];
    let objects: readonly KubernetesObject[];
    beforeAll(async () => {
      objects = renderIn(namespace, values, ...operated);
      await createNamespace(administrator, namespace);
      if (values === 'operated') await createNamespace(administrator, 'payments');
      // What those values expect of a cluster.
      if (values === 'exposed')
        await administrator.create('/apis/scheduling.k8s.io/v1/priorityclasses', {
          metadata: { name: 'high' },
          value: 1000,
        });
    });

    test('every object, with no unknown field and no warning, and once more without a change', async () => {
      const first = await applyAll(objects, namespace);
      expect(first.warnings).toEqual([]);
      expect(first.versions.length).toBeGreaterThan(40);
      expect((await applyAll(objects, namespace)).versions).toEqual(first.versions);
    });

    test('every pod, in a namespace of Pod Security "restricted"', async () => {
      expect(await refusedPods(objects, namespace)).toEqual([]);
    });
  },
);

test.each(overlays)('the API server takes all of the overlay %s', async (overlay) => {
  // What one overlay asked for volumes, another may not change.
  await administrator.remove('/apis/apps/v1/namespaces/observability/statefulsets');
  const objects = objectsOf(
    run('KUSTOMIZE', ['build', join(root, 'k8s', 'kustomize', 'overlays', overlay)]).stdout,
  );
  expect((await applyAll(objects, 'nowhere')).warnings).toEqual([]);
  await createDefaultAccount(administrator, 'observability');
  expect(await refusedPods(objects, 'observability')).toEqual([]);
});

test('what "restricted" forbids is refused here, so that the others say something', async () => {
  const root = { name: 'app', image: 'app:1.0.0', securityContext: { runAsUser: 0 } };
  await expect(
    administrator.dryRun('/api/v1/namespaces/chart-shipped/pods', {
      metadata: { name: 'root' },
      spec: { containers: [root] },
    }),
  ).rejects.toThrow(/violates PodSecurity "restricted/);
  await expect(
    administrator.apply(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'odd' }, dta: {} },
      'chart-shipped',
    ),
  ).rejects.toThrow(/dta/);
});
