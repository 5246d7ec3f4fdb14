import { expect, test } from 'vitest';
import { eventually } from '../../testing/stack-under-test.ts';
import { inPod, kubectl, list, NAMESPACE, servingPods, tell } from './cluster-under-test.ts';

const SELECTOR = ['--selector', 'app.kubernetes.io/component=storefront'];

test('a storefront that is killed is missed within 15 s, and its requests are served again within 30 s', {
  timeout: 180_000,
}, async () => {
  const [victim] = await servingPods('storefront');
  const startedMs = Date.now();
  const pod = `pod/${victim?.metadata.name}`;
  await kubectl('delete', pod, '--namespace', NAMESPACE, '--grace-period=0', '--force', '--wait=false');
  await eventually('another pod', 60_000, async () =>
    (await list('pods', NAMESPACE, ...SELECTOR)).some(
      ({ metadata }) => metadata.uid !== victim?.metadata.uid,
    ),
  );
  const detected = tell('storefront killed: detected', startedMs);
  // As its users ask: by the Service, from another pod. The one that ends may answer until it has.
  await eventually('pod that serves', 90_000, async () =>
    (await servingPods('storefront')).some(({ metadata }) => metadata.uid !== victim?.metadata.uid),
  );
  await eventually('answer', 60_000, async () => {
    const ask = `const { status } = await fetch('http://storefront:3000/api/products', { signal: AbortSignal.timeout(2000) }); console.log(status)`;
    return (await inPod('deployment/traffic', ask)).trim() === '200';
  });
  const served = tell('storefront killed: served again', startedMs);
  expect(detected).toBeLessThanOrEqual(15);
  expect(served).toBeLessThanOrEqual(30);
});
