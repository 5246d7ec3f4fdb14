import { execa } from 'execa';
import { expect, test } from 'vitest';
import { eventually } from '../../testing/stack-under-test.ts';
import {
  find,
  helm,
  isNodeReady,
  killCommands,
  kubectl,
  list,
  NAMESPACE,
  servingPods,
  tell,
  unready,
} from './cluster-under-test.ts';

const NOTICED_MS = 120_000;
/** Kubernetes itself waits for five minutes, where a cluster was not told otherwise. */
const ELSEWHERE_MS = 420_000;

const podsOn = async (node: string) =>
  (await list('pods', NAMESPACE, '--field-selector', `spec.nodeName=${node}`)).filter(
    ({ metadata }) => metadata.deletionTimestamp === undefined,
  );

test.skipIf(Object.keys(killCommands).length === 0)(
  'what ran on a node without power runs elsewhere: by itself, and with its volumes once somebody says that it is off',
  { timeout: 1_200_000 },
  async () => {
    const [operator] = await servingPods('incident-responder');
    const node = Object.keys(killCommands).find((name) => name !== operator?.spec.nodeName) ?? '';
    const there = await podsOn(node);
    expect(there).not.toEqual([]);

    const startedMs = Date.now();
    await execa('sh', ['-c', killCommands[node] ?? '']);
    await eventually('node that is not ready', NOTICED_MS, async () => !(await isNodeReady(node)));
    tell(`${node} with ${there.length} pods killed: noticed`, startedMs);
    await eventually('pods of Deployments elsewhere', ELSEWHERE_MS, async () =>
      (await podsOn(node)).every(({ metadata }) => metadata.labels['pod-template-hash'] === undefined),
    );
    tell(`${node} killed: pods of Deployments made anew elsewhere`, startedMs);
    await kubectl('taint', 'node', node, 'node.kubernetes.io/out-of-service=nodeshutdown:NoExecute');
    await eventually('all workloads elsewhere', ELSEWHERE_MS, async () => (await unready()).length === 0);
    tell(`${node} killed: all served elsewhere`, startedMs);
    // By the operator, whose Prometheus may have been there, too.
    await eventually(
      'cordon',
      ELSEWHERE_MS,
      async () => (await find(`node/${node}`, 'default'))?.spec.unschedulable,
    );
    tell(`${node} killed: cordoned`, startedMs);
    expect(await helm('test', '--timeout=4m')).toMatch(/Phase:\s+Succeeded/);
  },
);
