import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterApi, openCluster } from '@aiops-sre/incident-responder/kubernetes/cluster-api.ts';
import { openFlagMap } from '@aiops-sre/incident-responder/kubernetes/flag-map.ts';
import { type Lease, startLease } from '@aiops-sre/incident-responder/kubernetes/lease.ts';
import { type Pod, podSchema } from '@aiops-sre/incident-responder/kubernetes/objects.ts';
import { watchObjects } from '@aiops-sre/incident-responder/kubernetes/watch-objects.ts';
import { heal, readWorkload } from '@aiops-sre/incident-responder/kubernetes/workloads.ts';
import { type CommandMeans, TakenOverError } from '@aiops-sre/incident-responder/remediation/command.ts';
import { commandFor } from '@aiops-sre/incident-responder/remediation/command-kinds.ts';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { openAdministrator } from './testing/administrator.ts';
import { accountOf, createNamespace, installOperator } from './testing/operated.ts';

const NAMESPACE = 'parts';
const CORE = `/api/v1/namespaces/${NAMESPACE}`;
const LEASE = `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases/aiops-operator`;
const silent = pino({ level: 'silent' });
const signal = new AbortController().signal;

const apiServer = inject('apiServer');
const cluster = openAdministrator(apiServer);
let folder: string;
let api: ClusterApi;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'operator-parts-'));
  await createNamespace(cluster, NAMESPACE);
  const namespaces = [NAMESPACE];
  vi.stubEnv('KUBECONFIG', await installOperator({ apiServer, namespace: NAMESPACE, namespaces, folder }));
  api = await openCluster();
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('the lease', () => {
  let leases: Lease[];
  beforeEach(() => {
    leases = [];
  });
  afterEach(async () => {
    await Promise.all(leases.map((lease) => lease.stop()));
  });

  function operator(identity: string): Lease {
    const lease = startLease({
      api,
      namespace: NAMESPACE,
      name: 'aiops-operator',
      identity,
      log: silent,
      everyMs: 20,
    });
    leases.push(lease);
    return lease;
  }
  const heldBy = (identity: string, leaseDurationSeconds: number) =>
    cluster.change(LEASE, (lease) => {
      const renewTime = new Date().toISOString().replace('Z', '000Z');
      lease.spec = { holderIdentity: identity, leaseDurationSeconds, renewTime, leaseTransitions: 0 };
    });
  const written = async () =>
    (await cluster.asked(accountOf(NAMESPACE))).filter(
      ({ verb, status }) => verb === 'update' && status === 200,
    ).length;

  it('is held by one of two, and when that stops the other leads, without waiting for it to run out', async () => {
    const [one, other] = [operator('one'), operator('other')];
    await vi.waitFor(() => expect([one.holds(), other.holds()].filter(Boolean)).toHaveLength(1), 10_000);
    const [leader, follower] = one.holds() ? [one, other] : [other, one];
    const renewed = await written();
    await vi.waitFor(async () => expect(await written()).toBeGreaterThan(renewed + 2), 10_000);
    expect(follower.holds()).toBe(false);
    expect((await cluster.get(LEASE)).spec.acquireTime).toMatch(/^2/);
    await leader.stop();
    expect(leader.holds()).toBe(false);
    await vi.waitFor(() => expect(follower.holds()).toBe(true), 10_000);
  });

  it('of one that fell silent is taken once its time has run out, and not before', async () => {
    await heldBy('silent', 1);
    const begunMs = performance.now();
    const lease = operator('next');
    await vi.waitFor(() => expect(lease.holds()).toBe(true), 10_000);
    expect(performance.now() - begunMs).toBeGreaterThan(1000);
    expect((await cluster.get(LEASE)).spec).toMatchObject({ holderIdentity: 'next', leaseTransitions: 1 });
  });

  it('that another took is led by no more', async () => {
    const lease = operator('one');
    await vi.waitFor(() => expect(lease.holds()).toBe(true), 10_000);
    await vi.waitFor(() => heldBy('other', 60), 10_000);
    await vi.waitFor(() => expect(lease.holds()).toBe(false), 10_000);
    expect((await cluster.get(LEASE)).spec.holderIdentity).toBe('other');
    await heldBy('', 1);
  });
});

describe('flags in their ConfigMap', () => {
  const MAP = `${CORE}/configmaps/config-flags`;
  const KEY = 'demo.flagd.json';
  const flag = { state: 'ENABLED', variants: { none: 0, '5': 5 }, defaultVariant: '5' };
  beforeEach(async () => {
    await cluster.change(MAP, (map) => {
      map.data[KEY] = JSON.stringify({ flags: { canary: flag, other: flag } });
    });
  });

  const variants = async () =>
    Object.entries(JSON.parse((await cluster.get(MAP)).data[KEY]).flags).map(
      ([name, each]) => `${name} ${(each as { defaultVariant: string }).defaultVariant}`,
    );
  function setCanary(by: ClusterApi) {
    const flags = openFlagMap(by, { namespace: NAMESPACE, name: 'config-flags', key: KEY });
    const means = { flags, onFlagChange: () => undefined } as unknown as CommandMeans;
    return commandFor({ kind: 'set-flag', flag: 'canary', variant: 'none' }, {}, 1, means);
  }

  it('are set, and had back', async () => {
    const command = setCanary(api);
    const undo = await command.prepare(signal);
    await command.carryOut(signal);
    expect(await variants()).toEqual(['canary none', 'other 5']);
    await command.takeBack(undo, signal);
    expect(await variants()).toEqual(['canary 5', 'other 5']);
  });

  it('that somebody else changed in the same moment stay so', async () => {
    const refused: number[] = [];
    const command = setCanary({
      ...api,
      async patch(path, steps, schema) {
        if ((await variants()).includes('other 5'))
          await cluster.change(MAP, ({ data }) => {
            data[KEY] = data[KEY].replace(/(.*)"5"/, '$1"none"');
          });
        return await api.patch(path, steps, schema).catch((error) => {
          refused.push(error.status);
          throw error;
        });
      },
    });
    await command.carryOut(signal);
    expect(await variants()).toEqual(['canary none', 'other none']);
    expect(refused).toEqual([409]);
  });
});

it('what somebody changed after it was read is not healed, and left as they want it', async () => {
  const path = `/apis/apps/v1/namespaces/${NAMESPACE}/statefulsets/db`;
  const labels = { app: 'db' };
  await cluster.create(`/apis/apps/v1/namespaces/${NAMESPACE}/statefulsets`, {
    metadata: { name: 'db' },
    spec: {
      replicas: 1,
      serviceName: 'db',
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'db', image: 'db:1.0.0' }] } },
    },
  });
  const name = { namespace: NAMESPACE, kind: 'StatefulSet', name: 'db' };
  const read = await readWorkload(api, name, signal);
  // Status alone is nobody's change.
  await cluster.setStatus(path, { replicas: 1 });
  const steps = [{ op: 'replace', path: '/spec/replicas', value: 2 }] as const;
  await heal(api, read, { run: 1, what: 'one more', steps }, signal);
  expect((await cluster.get(path)).spec.replicas).toBe(2);
  await expect(heal(api, read, { run: 2, what: 'one more', steps }, signal)).rejects.toThrow(TakenOverError);
  expect((await cluster.get(path)).metadata.annotations).toMatchObject({
    'aiops-sre-observability/healing': expect.stringContaining('"run":"1"'),
  });
  await expect(readWorkload(api, { ...name, kind: 'DaemonSet' }, signal)).rejects.toThrow('expected one of');
});

it('a watch sees what was there once and then every change, in order, and goes on where it was cut', async () => {
  const pods = `${CORE}/pods`;
  const put = (name: string) =>
    cluster.create(pods, {
      metadata: { name },
      spec: {
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            name: 'app',
            image: 'app:1.0.0',
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          },
        ],
      },
    });
  await put('first');
  const lists: string[][] = [];
  const changes: string[] = [];
  const stop = new AbortController();
  let watches = 0;
  let cut = () => {};
  const done = watchObjects<Pod>({
    api: {
      ...api,
      watch(path, query, onEvent, until) {
        watches += 1;
        const broken = new AbortController();
        cut = () => broken.abort();
        return api.watch(path, query, onEvent, AbortSignal.any([until, broken.signal]));
      },
    },
    path: pods,
    schema: podSchema,
    signal: stop.signal,
    log: silent,
    pauseMs: { first: 10, longest: 50 },
    onAll: (all) => void lists.push(all.map(({ metadata }) => metadata.name)),
    onChange: ({ metadata }, isDeleted) => void changes.push(`${isDeleted ? '-' : '+'}${metadata.name}`),
  });
  try {
    await vi.waitFor(() => expect(watches).toBe(1), 10_000);
    await put('second');
    await cluster.remove(`${pods}/first`);
    // It is marked before it goes.
    const soFar = ['+second', '+first', '-first'];
    await vi.waitFor(() => expect(changes).toEqual(soFar), 10_000);
    cut();
    await put('third');
    await vi.waitFor(() => expect(changes).toEqual([...soFar, '+third']), 10_000);
    expect(watches).toBeGreaterThan(1);
    expect(lists).toEqual([['first']]);
  } finally {
    stop.abort();
    await done;
  }
});
