import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { CommandMeans } from '../remediation/command.ts';
import { commandFor } from '../remediation/command-kinds.ts';
import { type FakeCluster, startFakeCluster } from '../testing/fake-cluster.ts';
import { openCluster } from './cluster-api.ts';
import { openFlagMap } from './flag-map.ts';

const MAP = '/api/v1/namespaces/shop/configmaps/config-flags';
const signal = new AbortController().signal;
let folder: string;
let cluster: FakeCluster;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flag-map-'));
  cluster = await startFakeCluster(join(folder, 'kubeconfig'));
  vi.stubEnv('KUBECONFIG', join(folder, 'kubeconfig'));
  const flag = { state: 'ENABLED', variants: { none: 0, '5': 5 }, defaultVariant: '5' };
  const flags = { canary: flag, other: flag };
  cluster.put(MAP, { data: { 'demo.flagd.json': JSON.stringify({ flags }) } });
});
afterEach(async () => {
  await cluster.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const variants = () =>
  Object.entries(JSON.parse(cluster.get(MAP)?.data['demo.flagd.json']).flags).map(
    ([name, flag]) => `${name} ${(flag as { defaultVariant: string }).defaultVariant}`,
  );
async function setCanary(api: Awaited<ReturnType<typeof openCluster>>) {
  const flags = openFlagMap(api, { namespace: 'shop', name: 'config-flags', key: 'demo.flagd.json' });
  const means = { flags, onFlagChange: () => undefined } as unknown as CommandMeans;
  return commandFor({ kind: 'set-flag', flag: 'canary', variant: 'none' }, {}, 1, means);
}

it('a flag is set in the ConfigMap, and had back', async () => {
  const command = await setCanary(await openCluster());
  const undo = await command.prepare(signal);
  await command.carryOut(signal);
  expect(variants()).toEqual(['canary none', 'other 5']);
  await command.takeBack(undo, signal);
  expect(variants()).toEqual(['canary 5', 'other 5']);
});

it('what somebody else changed in the same moment stays', async () => {
  const api = await openCluster();
  const command = await setCanary({
    ...api,
    async patch(path, steps, schema) {
      if (variants().includes('other 5'))
        cluster.change(MAP, ({ data }) => {
          data['demo.flagd.json'] = data['demo.flagd.json'].replace(/(.*)"5"/, '$1"none"');
        });
      return api.patch(path, steps, schema);
    },
  });
  await command.carryOut(signal);
  expect(variants()).toEqual(['canary none', 'other none']);
});
