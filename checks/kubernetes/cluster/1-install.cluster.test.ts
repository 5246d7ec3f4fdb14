import { expect, test } from 'vitest';
import {
  apply,
  find,
  helm,
  kubectl,
  NAMESPACE,
  PATIENTS,
  tell,
  unready,
  withChart,
} from './cluster-under-test.ts';
import { brokenRevision, patients } from './patients.ts';

const READY_WITHIN_SECONDS = 120;

test('the chart is installed and ready within two minutes', { timeout: 900_000 }, async () => {
  await apply(
    [NAMESPACE, PATIENTS].map((name) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    })),
  );
  const startedMs = Date.now();
  const operated = `operator.enabled=true,operator.nodes=true,operator.namespaces={${NAMESPACE},${PATIENTS}}`;
  await helm('install', ...withChart(operated), '--wait', '--timeout', '12m');
  const seconds = tell('install to ready', startedMs);
  expect(await unready()).toEqual([]);
  expect(seconds).toBeLessThanOrEqual(READY_WITHIN_SECONDS);
});

test('a request is seen the whole way through by helm test', { timeout: 300_000 }, async () => {
  const startedMs = Date.now();
  expect(await helm('test', '--timeout', '4m', '--logs')).toContain('in Prometheus after');
  tell('helm test', startedMs);
});

test('what is to be healed later is ill by then', async () => {
  const { spec } = (await find('deployment/storefront', NAMESPACE)) ?? {};
  const { image } = spec.template.spec.containers[0];
  await apply(patients(image));
  await kubectl('rollout', 'status', 'deployment/worked-before', '--namespace', PATIENTS, '--timeout', '60s');
  await apply([brokenRevision(image)]);
});
