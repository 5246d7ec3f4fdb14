import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { type FakeCluster, startFakeCluster } from '../testing/fake-cluster.ts';
import { type FakePrometheus, startFakePrometheus } from '../testing/fake-prometheus.ts';
import { alertPayload, webhookPayload } from '../testing/payloads.ts';
import { startTestResponder, TEST_OPERATOR_TOKEN, type TestResponder } from '../testing/test-responder.ts';

vi.setConfig({ testTimeout: 30_000 });

const NAMESPACE = '/api/v1/namespaces/shop';
const APPS = '/apis/apps/v1/namespaces/shop';
const WEB = `${APPS}/deployments/web`;
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/shop/leases/operator';
const ACTIONS = join(import.meta.dirname, '..', 'actions');
const labels = { app: 'web', 'app.kubernetes.io/name': 'web' };
const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

let folder: string;
let cluster: FakeCluster;
let prometheus: FakePrometheus;
let responders: TestResponder[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'operator-'));
  cluster = await startFakeCluster(join(folder, 'kubeconfig'));
  vi.stubEnv('KUBECONFIG', join(folder, 'kubeconfig'));
  prometheus = await startFakePrometheus();
  responders = [];
  // The shipped actions, whose effect shows at once here.
  mkdirSync(join(folder, 'actions'));
  for (const file of readdirSync(ACTIONS)) {
    const action = parse(readFileSync(join(ACTIONS, file), 'utf8'));
    const verification = { ...action.verification, after: '0s', within: '1500ms' };
    writeFileSync(join(folder, 'actions', file), JSON.stringify({ ...action, verification }));
  }
  cluster.put(LEASE, {});
  cluster.put(`${NAMESPACE}/configmaps/flags`, { data: { 'flags.json': '{"flags":{}}' } });
  rollOut('v1', 3600);
  rollOut('v2', 3600);
});
afterEach(async () => {
  await Promise.all(responders.map((responder) => responder.close()));
  await cluster.close();
  await prometheus.close();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const templateOf = (version: string) => ({
  metadata: { labels },
  spec: {
    containers: [
      {
        name: 'app',
        image: `shop:${version}`,
        resources: { requests: { memory: '100Mi' }, limits: { memory: '256Mi', cpu: '500m' } },
      },
    ],
  },
});

/** What `kubectl` and the Deployment's controller do. */
function rollOut(version: string, secondsAgo: number): void {
  const spec = { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: templateOf(version) };
  if (cluster.get(WEB) === undefined) cluster.put(WEB, { spec }, secondsAgo);
  else
    cluster.change(
      WEB,
      (object) => {
        object.spec = spec;
      },
      'kubectl',
      secondsAgo,
    );
  const number = Number(version.slice(1));
  const template = structuredClone(templateOf(version)) as { metadata: { labels: Record<string, string> } };
  template.metadata.labels = { ...labels, 'pod-template-hash': version };
  cluster.put(`${APPS}/replicasets/web-${version}`, {
    metadata: {
      labels: { ...labels, 'pod-template-hash': version },
      annotations: { 'deployment.kubernetes.io/revision': String(number) },
      ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'uid-web', controller: true }],
      creationTimestamp: ago(secondsAgo),
    },
    spec: { template },
  });
  settle();
}
/** All pods are those of the specification, and ready. */
function settle(): void {
  cluster.change(
    WEB,
    (object) => {
      object.status = {
        observedGeneration: object.metadata.generation,
        replicas: object.spec.replicas,
        updatedReplicas: object.spec.replicas,
        availableReplicas: object.spec.replicas,
      };
    },
    'kube-controller-manager',
  );
}
const POD = `${NAMESPACE}/pods/web-pod`;
function putPod(version: string, containerStatus: Record<string, unknown>, nodeName = 'one'): void {
  cluster.put(POD, {
    metadata: {
      labels: { ...labels, 'pod-template-hash': version },
      ownerReferences: [{ kind: 'ReplicaSet', name: `web-${version}`, uid: 'uid-rs', controller: true }],
    },
    spec: { nodeName },
    status: { containerStatuses: [{ name: 'app', restartCount: 2, ...containerStatus }] },
  });
}
const killed = () => ({
  lastState: { terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: ago(1) } },
});
const crashing = { state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } } };

async function respond(): Promise<TestResponder> {
  const responder = await startTestResponder({
    dataDir: join(folder, `data-${responders.length}`),
    response: {
      prometheusUrl: prometheus.url,
      actionsDir: join(folder, 'actions'),
      cluster: {
        namespaces: ['shop'],
        nodes: true,
        lease: { namespace: 'shop', name: 'operator' },
        flags: { namespace: 'shop', name: 'flags', key: 'flags.json' },
      },
      intervalMs: 30,
      verifyEveryMs: 50,
    },
  });
  responders.push(responder);
  return responder;
}
const wellAgain = () => prometheus.answer(/workload:ready:ratio/, () => [{ value: 1 }]);
async function runIn(state: string, responder = responders[0]!) {
  return await vi.waitFor(
    async () => {
      const { actions } = (await responder.getJson('/api/actions')) as unknown as {
        actions: { state: string; action: string; reason: string; id: number }[];
      };
      expect(actions[0], responder.logged.at(-1)).toMatchObject({ state });
      return actions[0]!;
    },
    { timeout: 15_000, interval: 30 },
  );
}
const limits = () => cluster.get(WEB)?.spec.template.spec.containers[0].resources.limits;
const image = () => cluster.get(WEB)?.spec.template.spec.containers[0].image;

describe('a container that was killed for its memory', () => {
  it('gets half as much again, which the API and Prometheus verify, and what changed it says so', async () => {
    wellAgain();
    putPod('v2', killed());
    await respond();
    await runIn('verifying');
    expect(limits()).toEqual({ memory: '384Mi', cpu: '500m' });
    // Until the controller has rolled it out, nothing is verified, whatever Prometheus says.
    await vi.waitFor(() =>
      expect(cluster.asked.filter((each) => each === `GET ${WEB}`).length).toBeGreaterThan(5),
    );
    expect(await runIn('verifying')).toMatchObject({ action: 'raise-memory-limit' });
    settle();
    expect(await runIn('succeeded')).toMatchObject({
      command: 'raise the memory limit of app in web 1.5 times, to 1Gi at most',
      class: 'SAFE',
    });
    const { annotations, managedFields } = cluster.get(WEB)!.metadata;
    expect(JSON.parse(annotations['aiops-sre-observability/healing'])).toMatchObject({
      what: 'memory limit of app from 256Mi to 384Mi',
    });
    expect(managedFields.map((each: { manager: string }) => each.manager)).toContain('aiops-operator');
  });

  it('gets back what it had, where that did not help', async () => {
    putPod('v2', killed());
    await respond();
    await vi.waitFor(() => expect(limits()).toMatchObject({ memory: '384Mi' }), 10_000);
    settle();
    expect((await runIn('rolled-back')).reason).toContain('memory limit of app back to 256Mi');
    expect(limits()).toMatchObject({ memory: '256Mi' });
  });

  it('keeps what somebody rolled out by hand in the middle: nothing is fought over', async () => {
    putPod('v2', killed());
    await respond();
    await vi.waitFor(() => expect(limits()).toMatchObject({ memory: '384Mi' }), 10_000);
    rollOut('v3', 0);
    expect((await runIn('rolled-back')).reason).toContain('kubectl changed it since, theirs stands');
    expect(image()).toBe('shop:v3');
    expect(limits()).toMatchObject({ memory: '256Mi' });
  });

  it('is left alone while somebody is at it', async () => {
    rollOut('v3', 0);
    putPod('v3', killed());
    await respond();
    expect((await runIn('refused')).reason).toContain('kubectl changed it within the last minute');
    expect(limits()).toMatchObject({ memory: '256Mi' });
  });

  it('gets no more than the most it may have', async () => {
    cluster.change(
      WEB,
      (object) => {
        object.spec.template.spec.containers[0].resources.limits.memory = '1Gi';
      },
      'aiops-operator',
    );
    putPod('v2', killed());
    await respond();
    expect((await runIn('refused')).reason).toContain('its limit of memory is 1Gi already');
  });
});

describe('a revision that ends again and again', () => {
  it('is rolled back to the one before, as that was, when it was just rolled out', async () => {
    wellAgain();
    rollOut('v3', 120);
    putPod('v3', crashing);
    await respond();
    await vi.waitFor(() => expect(image()).toBe('shop:v2'), 10_000);
    settle();
    expect(await runIn('succeeded')).toMatchObject({ action: 'roll-back-workload' });
    expect(cluster.get(WEB)?.spec.template).toEqual(templateOf('v2'));
  });

  it('is not rolled back once somebody has rolled out another', async () => {
    rollOut('v3', 120);
    putPod('v2', crashing);
    cluster.change(`${APPS}/replicasets/web-v2`, (object) => {
      object.metadata.creationTimestamp = ago(300);
    });
    await respond();
    expect((await runIn('refused')).reason).toContain('has been rolled out anew since, as v3');
    expect(image()).toBe('shop:v3');
  });

  it('gets new pods when a person says so, where no rollout is to blame', async () => {
    wellAgain();
    putPod('v2', crashing);
    const responder = await respond();
    const { id } = await runIn('proposed');
    expect(cluster.get(POD)).toBeDefined();
    await fetch(`${responder.url}/api/actions/${id}/approve`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TEST_OPERATOR_TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ note: 'go' }),
    });
    expect(await runIn('succeeded')).toMatchObject({ action: 'restart-pod' });
    expect(cluster.get(POD)).toBeUndefined();
  });
});

it('an image that cannot be had is left to people', async () => {
  putPod('v2', { state: { waiting: { reason: 'ImagePullBackOff', message: 'no such tag' } } });
  await respond();
  expect(await runIn('refused')).toMatchObject({
    action: 'get-image',
    reason: 'its class is FORBIDDEN: left to people',
  });
});

it('a container at its CPU limit, of which Prometheus tells, gets more', async () => {
  prometheus.answer(/^container:cpu_limit:ratio/, () => [{ value: 0.5 }]);
  const responder = await respond();
  await vi.waitFor(
    async () => expect(await responder.metric('incident_responder_operator_leads')).toBe(1),
    10_000,
  );
  await responder.deliver(
    webhookPayload([
      alertPayload({
        alertname: 'ContainerCpuThrottled',
        startsAt: new Date().toISOString(),
        labels: {
          severity: 'ticket',
          service: 'web',
          namespace: 'shop',
          workload: 'web',
          workload_kind: 'Deployment',
          container: 'app',
        },
      }),
    ]),
  );
  await vi.waitFor(() => expect(limits()).toEqual({ memory: '256Mi', cpu: '750m' }), 10_000);
  settle();
  await vi.waitFor(async () => {
    const { actions } = (await responder.getJson('/api/actions')) as unknown as { actions: unknown[] };
    expect(actions).toContainEqual(
      expect.objectContaining({ action: 'raise-cpu-limit', state: 'succeeded' }),
    );
  }, 10_000);
});

describe('a node that is not ready', () => {
  const node = (name: string, status: string) =>
    cluster.put(`/api/v1/nodes/${name}`, {
      spec: {},
      status: { conditions: [{ type: 'Ready', status, lastTransitionTime: ago(120) }] },
    });

  it('gets no new pods, and those of Deployments are made anew elsewhere', async () => {
    wellAgain();
    node('one', 'Unknown');
    node('two', 'True');
    putPod('v2', {});
    await respond();
    expect(await runIn('succeeded')).toMatchObject({ action: 'cordon-node' });
    expect(cluster.get('/api/v1/nodes/one')?.spec.unschedulable).toBe(true);
    expect(cluster.get(POD)).toBeUndefined();
  });

  it('is left as it is where most of the others are not ready either', async () => {
    node('one', 'Unknown');
    node('two', 'Unknown');
    node('three', 'True');
    await respond();
    expect((await runIn('refused')).reason).toContain('1 of 3 nodes are left');
    expect(cluster.get('/api/v1/nodes/one')?.spec.unschedulable).toBeUndefined();
  });
});

it('of two operators one acts, and the other only watches', async () => {
  wellAgain();
  const [one, other] = [await respond(), await respond()];
  const leads = async (responder: TestResponder) => responder.metric('incident_responder_operator_leads');
  await vi.waitFor(async () => expect(await Promise.all([leads(one), leads(other)])).toContain(1), 10_000);
  const leader = (await leads(one)) === 1 ? one : other;
  putPod('v2', killed());
  await vi.waitFor(() => expect(limits()).toMatchObject({ memory: '384Mi' }), 10_000);
  settle();
  await runIn('succeeded', leader);
  const { actions } = (await (leader === one ? other : one).getJson('/api/actions')) as unknown as {
    actions: unknown[];
  };
  expect(actions).toEqual([]);
  expect(cluster.asked.filter((each) => each === `PATCH ${WEB}`)).toHaveLength(1);
});
