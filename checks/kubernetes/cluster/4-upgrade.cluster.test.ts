import { expect, test } from 'vitest';
import { find, helm, list, NAMESPACE, OF_RELEASE, tell, unready, withChart } from './cluster-under-test.ts';

const MINUTES = 600_000;

const secrets = async () =>
  Object.fromEntries(
    (await list('secrets', NAMESPACE, ...OF_RELEASE)).map(({ metadata, data }) => [metadata.name, data]),
  );
const limitOf = async (deployment: string) =>
  (await find(`deployment/${deployment}`, NAMESPACE))?.spec.template.spec.containers[0].resources.limits
    .memory;

test('an upgrade keeps the secrets, and is ready', { timeout: MINUTES }, async () => {
  const [made, limit] = [await secrets(), await limitOf('storefront')];
  expect(Object.keys(made).length).toBeGreaterThan(5);
  const startedMs = Date.now();
  await helm(
    'upgrade',
    ...withChart('resources.components.storefront.limits.memory=256Mi'),
    '--reuse-values',
    '--wait',
    '--timeout=9m',
  );
  tell('upgrade', startedMs);
  expect(await limitOf('storefront')).not.toBe(limit);
  expect(await secrets()).toEqual(made);
});

test('an upgrade that does not become ready is rolled back', { timeout: MINUTES }, async () => {
  // What no node has room for: a pod that ends again and again the operator would roll back itself.
  const of = 'resources.components.storefront';
  const broken = withChart(`${of}.requests.cpu=100,${of}.limits.cpu=100`);
  await expect(helm('upgrade', ...broken, '--reuse-values', '--wait', '--timeout=30s')).rejects.toThrow(
    /storefront|context deadline/,
  );
  const startedMs = Date.now();
  await helm('rollback', '--wait', '--timeout=9m');
  tell('roll back', startedMs);
  expect(await unready()).toEqual([]);
  expect(await limitOf('storefront')).toBe('256Mi');
});
