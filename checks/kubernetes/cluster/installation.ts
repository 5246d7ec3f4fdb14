import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import type { TestProject } from 'vitest/node';
import { apply, find, helm, kubectl, NAMESPACE, PATIENTS, tell, withChart } from './cluster-under-test.ts';
import { brokenRevision, patients } from './patients.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Until all of the installation was ready. */
    installSeconds: number;
  }
}

const NAMESPACES = [NAMESPACE, PATIENTS];

/** Installs the chart with its operator, and what that is to heal, for all test files; the cluster is left as it was, however they end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const there = await kubectl('get', 'namespace', ...NAMESPACES, '--ignore-not-found', '--output=name');
  if (there !== '')
    throw new Error(
      `${there.replaceAll('\n', ', ')}: there already, of another run or of one that was killed`,
    );
  const remove = async () => {
    await helm('uninstall', '--ignore-not-found', '--wait');
    await kubectl('delete', 'namespace', ...NAMESPACES, '--ignore-not-found', '--timeout=5m');
  };
  try {
    await install(project);
    return remove;
  } catch (error) {
    await tellState();
    await remove();
    throw error;
  }
}

async function install(project: TestProject): Promise<void> {
  await apply(
    NAMESPACES.map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    })),
  );
  const startedMs = Date.now();
  const operated = `operator.enabled=true,operator.nodes=true,operator.namespaces={${NAMESPACES}}`;
  await helm('install', ...withChart(operated), '--wait', '--timeout', '12m');
  project.provide('installSeconds', tell('install to ready', startedMs));

  const { spec } = (await find('deployment/storefront', NAMESPACE)) ?? {};
  const { image } = spec.template.spec.containers[0];
  await apply(patients(image));
  await kubectl('rollout', 'status', 'deployment/worked-before', '--namespace', PATIENTS, '--timeout=2m');
  await apply([brokenRevision(image)]);
}

/** What does not run, and what the cluster says of it. */
async function tellState(): Promise<void> {
  for (const namespace of NAMESPACES)
    for (const what of [
      ['pods', '--output=wide'],
      ['events', '--field-selector=type=Warning', '--sort-by=.lastTimestamp'],
    ])
      print(await kubectl('get', ...what, '--namespace', namespace).catch((error: Error) => error.message));
}
