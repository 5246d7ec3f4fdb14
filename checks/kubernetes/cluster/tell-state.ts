import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { afterEach } from 'vitest';
import { kubectl, NAMESPACE, PATIENTS } from './cluster-under-test.ts';

/** What does not run, and what the cluster said of it, where a test failed. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const namespace of [NAMESPACE, PATIENTS])
    for (const what of [
      ['get', 'pods', '--output=wide'],
      ['get', 'events', '--field-selector=type=Warning', '--sort-by=.lastTimestamp'],
    ])
      print(await kubectl(...what, '--namespace', namespace).catch((error: Error) => error.message));
});
