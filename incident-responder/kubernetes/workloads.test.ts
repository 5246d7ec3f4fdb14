import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { TakenOverError } from '../remediation/command.ts';
import { startFakeCluster } from '../testing/fake-cluster.ts';
import { openCluster } from './cluster-api.ts';
import { formatQuantity, parseQuantity } from './quantity.ts';
import { heal, readWorkload } from './workloads.ts';

it('what somebody changed after it was read is not healed, and left as they want it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'workloads-'));
  const cluster = await startFakeCluster(join(folder, 'kubeconfig'));
  vi.stubEnv('KUBECONFIG', join(folder, 'kubeconfig'));
  try {
    const path = '/apis/apps/v1/namespaces/shop/statefulsets/db';
    const spec = { replicas: 1, selector: { matchLabels: {} }, template: { spec: { containers: [] } } };
    cluster.put(path, { spec });
    const api = await openCluster();
    const signal = new AbortController().signal;
    const name = { namespace: 'shop', kind: 'StatefulSet', name: 'db' };
    const read = await readWorkload(api, name, signal);
    // Status alone is nobody's change.
    cluster.change(path, (object) => {
      object.status = { replicas: 1 };
    });
    const steps = [{ op: 'replace', path: '/spec/replicas', value: 2 }] as const;
    await heal(api, read, { run: 1, what: 'one more', steps }, signal);
    expect(cluster.get(path)?.spec.replicas).toBe(2);
    await expect(heal(api, read, { run: 2, what: 'one more', steps }, signal)).rejects.toThrow(
      TakenOverError,
    );
    expect(cluster.get(path)?.metadata.annotations).toMatchObject({
      'aiops-sre-observability/healing': expect.stringContaining('"run":"1"'),
    });
    await expect(readWorkload(api, { ...name, kind: 'DaemonSet' }, signal)).rejects.toThrow(
      'expected one of',
    );
  } finally {
    await cluster.close();
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  }
});

it.each([
  ['256Mi', 268_435_456],
  ['1Gi', 1_073_741_824],
  ['1500m', 1.5],
  ['0.5', 0.5],
  ['2G', 2e9],
  ['much', undefined],
  ['-1', undefined],
])('the quantity %s is %s', (text, amount) => expect(parseQuantity(text)).toBe(amount));

it('amounts are written in the units of their resource', () => {
  expect(formatQuantity('memory', 402_653_184)).toBe('384Mi');
  expect(formatQuantity('cpu', 0.75)).toBe('750m');
  expect(formatQuantity('cpu', 0.1 * 3)).toBe('300m');
});
