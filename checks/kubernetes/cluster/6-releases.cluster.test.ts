import { afterAll, expect, test } from 'vitest';
import { eventually } from '../../testing/stack-under-test.ts';
import {
  find,
  helm,
  kubectl,
  list,
  NAMESPACE,
  PATIENTS,
  tell,
  unready,
  withChart,
} from './cluster-under-test.ts';

const MINUTES = 600_000;
const OF_RELEASE = ['--selector', 'app.kubernetes.io/instance=aiops'];

const secrets = async () =>
  Object.fromEntries(
    (await list('secrets', NAMESPACE, ...OF_RELEASE)).map(({ metadata, data }) => [metadata.name, data]),
  );
const limitOf = async (deployment: string) =>
  (await find(`deployment/${deployment}`, NAMESPACE))?.spec.template.spec.containers[0].resources.limits
    .memory;

/** Everything that says it is of the release, in its namespace or in none. */
async function ofRelease(): Promise<readonly string[]> {
  const kinds = async (namespaced: boolean) =>
    (await kubectl('api-resources', '--verbs=list', `--namespaced=${namespaced}`, '--output=name')).split(
      '\n',
    );
  const names = async (...scope: readonly string[]) => {
    const all = (await kinds(scope.length > 0)).filter((kind) => !kind.startsWith('events'));
    const text = await kubectl(
      'get',
      all.join(','),
      ...OF_RELEASE,
      '--output=name',
      '--ignore-not-found',
      ...scope,
    );
    return text.split('\n').filter(Boolean);
  };
  const ofOurs = (await names()).filter((name) => name.endsWith(`-${NAMESPACE}`));
  return [...(await names('--namespace', NAMESPACE)), ...ofOurs];
}

afterAll(async () => {
  await kubectl('delete', 'namespace', NAMESPACE, PATIENTS, '--ignore-not-found', '--timeout=5m');
}, MINUTES);

test('an upgrade keeps secrets and volumes, and is ready', { timeout: MINUTES }, async () => {
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
  const broken = withChart('environment.storefront.PORT=none');
  await expect(helm('upgrade', ...broken, '--reuse-values', '--wait', '--timeout=30s')).rejects.toThrow(
    /storefront|context deadline/,
  );
  const startedMs = Date.now();
  await helm('rollback', '--wait', '--timeout=9m');
  tell('roll back', startedMs);
  expect(await unready()).toEqual([]);
  expect(await limitOf('storefront')).toBe('256Mi');
});

test('uninstalled, it leaves its volumes and nothing else', { timeout: MINUTES }, async () => {
  const startedMs = Date.now();
  await helm('uninstall', '--wait', '--timeout=5m');
  // What was made of something else goes after that.
  const left = await eventually('end of the release', 120_000, async () => {
    const names = await ofRelease();
    return names.every((name) => name.startsWith('persistentvolumeclaim/')) && names;
  });
  tell('uninstall', startedMs);
  expect(left.length).toBeGreaterThan(3);
});
