import { expect, test } from 'vitest';
import { eventually } from '../../testing/stack-under-test.ts';
import { helm, kubectl, NAMESPACE, OF_RELEASE, tell } from './cluster-under-test.ts';

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

test('uninstalled, it leaves its volumes and nothing else', { timeout: 600_000 }, async () => {
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
