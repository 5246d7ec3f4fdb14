import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { secretManifests } from '@aiops-sre/stack/kubernetes/secrets/secret-manifests.ts';
import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { networkReach } from './network-reach.ts';
import { podSecurityProblems } from './pod-security.ts';
import { objectsOf, ofKind, podsOf, render, root, run } from './rendered.ts';
import { problemsOf } from './validation.ts';

const folder = join(root, 'k8s', 'kustomize');

test('the base is what the chart renders', () => {
  const { exitCode, stdout } = execaSync('node', ['stack/kubernetes/kustomize/generate.ts', '--check'], {
    cwd: root,
    reject: false,
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
});

test('secrets are made for every group that the base asks for, and checked as the chart makes them', () => {
  const made = objectsOf(secretManifests());
  expect(made.flatMap(problemsOf)).toEqual([]);
  const keys = (object: (typeof made)[number]) => {
    const { data, stringData } = z
      .object({
        data: z.record(z.string(), z.string()).default({}),
        stringData: z.record(z.string(), z.string()).default({}),
      })
      .parse(object);
    return [object.metadata.name, Object.keys({ ...data, ...stringData }).sort()];
  };
  expect(Object.fromEntries(made.map(keys))).toEqual(
    Object.fromEntries(ofKind(render(undefined), 'Secret').map(keys)),
  );
});

describe.each(readdirSync(join(folder, 'overlays')))('the overlay %s', (overlay) => {
  const { stdout, stderr, failed } = run('KUSTOMIZE', ['build', join(folder, 'overlays', overlay)]);
  const objects = objectsOf(stdout);
  const pods = podsOf(objects);

  test('builds, without a warning', () => expect({ failed, stderr }).toEqual({ failed: false, stderr: '' }));

  test('has objects that Kubernetes 1.34 takes, in one namespace that is restricted', () => {
    expect(objects.flatMap(problemsOf)).toEqual([]);
    expect(
      new Set(
        objects.map(({ kind, metadata }) => (kind === 'Namespace' ? metadata.name : metadata.namespace)),
      ),
    ).toEqual(new Set(['observability']));
    expect(ofKind(objects, 'Namespace')[0]?.metadata.labels).toEqual({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
    expect([...pods.values()].flatMap(podSecurityProblems)).toEqual([]);
  });

  test('has no secret in it, and no object that is too large for kubectl apply', () => {
    expect(ofKind(objects, 'Secret')).toEqual([]);
    expect(objects.filter((each) => JSON.stringify(each).length > 250_000)).toEqual([]);
  });

  test('runs and joins the same as the chart', () => {
    const chart = podsOf(render(undefined));
    expect([...pods.keys()].sort()).toEqual([...chart.keys()].filter((name) => name !== 'smoke-test').sort());
    const reach = networkReach(objects);
    const labels = (name: string) => pods.get(name)?.metadata.labels ?? {};
    expect(reach.between(labels('storefront'), labels('identity'))).toBe(true);
    expect(reach.between(labels('storefront'), labels('tempo'))).toBe(false);
    for (const [name, { spec }] of pods)
      for (const variable of chart.get(name)?.spec.containers[0]?.env ?? [])
        expect(
          spec.containers[0]?.env.map((each) => each.name),
          name,
        ).toContain(variable.name);
  });
});

test('production has room', () => {
  const { stdout } = run('KUSTOMIZE', ['build', join(folder, 'overlays', 'production')]);
  const prometheus = objectsOf(stdout).find(
    ({ kind, metadata }) => kind === 'StatefulSet' && metadata.name === 'prometheus',
  );
  expect(parse(JSON.stringify(prometheus))).toMatchObject({
    spec: {
      template: {
        spec: { containers: [{ resources: { limits: { memory: '4Gi' }, requests: { memory: '2Gi' } } }] },
      },
      volumeClaimTemplates: [{ spec: { resources: { requests: { storage: '100Gi' } } } }],
    },
  });
});
