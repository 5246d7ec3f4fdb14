import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { chart, helmTemplate, NAMESPACE, objectsOf, ofKind, root, run } from './rendered.ts';

const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');
const gitops = (file: string) => objectsOf(read('k8s', 'gitops', file));

/** What the chart is with these values. */
function rendered(values: unknown, ...files: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'gitops-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const own = join(folder, 'values.yaml');
  writeFileSync(own, stringify(values));
  const all = [...files, own].flatMap((file) => ['--values', file]);
  const { stdout, stderr, failed } = helmTemplate(chart, NAMESPACE, all);
  if (failed) throw new Error(stderr);
  return objectsOf(stdout);
}
const releases = parse(read('.github', 'workflows', 'release.yml')) as {
  jobs: Record<string, { steps: readonly { run?: string }[] }>;
};

test('Argo CD’s Application has the chart with values that are there, and no secret that each sync would make anew', () => {
  const [application] = gitops('argo-cd.yaml');
  expect(application).toMatchObject({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application' });
  const { source, destination } = application!.spec as {
    source: { path: string; helm: { valueFiles: string[]; valuesObject: object } };
    destination: object;
  };
  expect(join(root, source.path)).toBe(chart);
  const files = source.helm.valueFiles.map((file) => join(chart, file));
  expect(files.filter((file) => !existsSync(file))).toEqual([]);
  const objects = rendered(source.helm.valuesObject, ...files);
  expect(ofKind(objects, 'Secret')).toEqual([]);
  expect(ofKind(objects, 'ConfigMap').map(({ metadata }) => metadata.name)).toContain('config-flags');
  expect(destination).toMatchObject({ namespace: NAMESPACE });
});

test('Flux’s HelmRelease has values that the chart takes, from where a release pushes it', () => {
  const [source, release] = gitops('flux.yaml');
  expect([source, release]).toMatchObject([
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'OCIRepository',
      spec: {
        url: expect.stringMatching(/^oci:\/\/ghcr\.io\/[\w-]+\/[\w-]+\/charts\/aiops-sre-observability$/),
      },
    },
    {
      apiVersion: 'helm.toolkit.fluxcd.io/v2',
      kind: 'HelmRelease',
      spec: { chartRef: { kind: 'OCIRepository', name: source!.metadata.name } },
    },
  ]);
  const { values } = release!.spec as { values: object };
  expect(rendered(values).length).toBeGreaterThan(20);
  const pushed = releases.jobs.chart?.steps.map((step) => step.run ?? '').join('\n');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own syntax
  expect(pushed).toContain('oci://ghcr.io/${GITHUB_REPOSITORY,,}/charts');
});

test('a chart that is packed has the files that are links in the checkout', () => {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  expect(run('HELM', ['package', chart, '--destination', folder, '--version', '9.9.9']).failed).toBe(false);
  const { stdout } = helmTemplate(join(folder, 'aiops-sre-observability-9.9.9.tgz'), NAMESPACE, []);
  const prometheus = ofKind(objectsOf(stdout), 'ConfigMap').find(
    ({ metadata }) => metadata.name === 'config-prometheus',
  );
  expect(prometheus).toMatchObject({ data: { 'prometheus.yml': read('prometheus', 'prometheus.yml') } });
});
