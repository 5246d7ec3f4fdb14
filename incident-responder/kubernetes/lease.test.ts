import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type FakeCluster, startFakeCluster } from '../testing/fake-cluster.ts';
import { openCluster } from './cluster-api.ts';
import { type Lease, startLease } from './lease.ts';

vi.setConfig({ testTimeout: 30_000 });

const PATH = '/apis/coordination.k8s.io/v1/namespaces/shop/leases/operator';
let folder: string;
let cluster: FakeCluster;
let leases: Lease[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lease-'));
  cluster = await startFakeCluster(join(folder, 'kubeconfig'));
  vi.stubEnv('KUBECONFIG', join(folder, 'kubeconfig'));
  cluster.put(PATH, {});
  leases = [];
});
afterEach(async () => {
  await Promise.all(leases.map((lease) => lease.stop()));
  await cluster.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function operator(identity: string): Promise<Lease> {
  const log = pino({ level: 'silent' });
  const lease = startLease({
    api: await openCluster(),
    namespace: 'shop',
    name: 'operator',
    identity,
    log,
    everyMs: 20,
  });
  leases.push(lease);
  return lease;
}
const holder = () => cluster.get(PATH)?.spec?.holderIdentity;
const heldBy = (identity: string, seconds: number) =>
  cluster.put(PATH, {
    spec: { holderIdentity: identity, leaseDurationSeconds: seconds, renewTime: new Date().toISOString() },
  });

it('one of two leads, and when it stops the other does, without waiting for it to run out', async () => {
  const [one, other] = [await operator('one'), await operator('other')];
  await vi.waitFor(() => expect([one.holds(), other.holds()].filter(Boolean)).toHaveLength(1), 10_000);
  const [leader, follower] = one.holds() ? [one, other] : [other, one];
  const renewed = cluster.asked.filter((each) => each.startsWith('PUT')).length;
  await vi.waitFor(() =>
    expect(cluster.asked.filter((each) => each.startsWith('PUT')).length).toBeGreaterThan(renewed + 2),
  );
  expect(follower.holds()).toBe(false);
  await leader.stop();
  expect(leader.holds()).toBe(false);
  await vi.waitFor(() => expect(follower.holds()).toBe(true), 10_000);
});

it('one that fell silent is followed once its time has run out, and not before', async () => {
  heldBy('silent', 1);
  const begunMs = performance.now();
  const lease = await operator('next');
  await vi.waitFor(() => expect(lease.holds()).toBe(true), 10_000);
  expect(performance.now() - begunMs).toBeGreaterThan(1000);
  expect(cluster.get(PATH)?.spec).toMatchObject({ holderIdentity: 'next', leaseTransitions: 1 });
});

it('whoever finds it taken leads no more', async () => {
  const lease = await operator('one');
  await vi.waitFor(() => expect(lease.holds()).toBe(true), 10_000);
  heldBy('other', 60);
  await vi.waitFor(() => expect(lease.holds()).toBe(false), 10_000);
  expect(holder()).toBe('other');
});
