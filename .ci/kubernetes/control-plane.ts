import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { controlPlane } from '@aiops-sre/checks/kubernetes/testing/control-plane.ts';
import { eventually } from '@aiops-sre/checks/testing/stack-under-test.ts';
import type { Binaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { execa } from 'execa';
import type { Machine } from './machine.ts';
import { CONTROL_PLANE } from './node.ts';

export const CONTEXT = 'own-cluster';
const PORTS = { apiServer: 6443, etcd: 2379, etcdPeer: 2380 };
const READY_MS = 120_000;
/** After which a node that is not heard of is not ready, and after which its pods are made anew: of 50 and 300. */
const QUIET_SECONDS = 20;
/** More than anybody asks for: each is taken once. */
const VOLUMES = 40;

export interface ControlPlane {
  /** Configurations of kubectl, by who has them. */
  readonly kubeconfigs: Readonly<Record<string, string>>;
  /** By which the API server shows kubelets who it is. */
  readonly clientCertificate: string;
  kubectl(...args: readonly string[]): Promise<string>;
}

/** What is not on a node: API server, controllers, scheduler, names, and volumes that every node has. */
export async function startControlPlane(options: {
  readonly machine: Machine;
  readonly nodes: readonly string[];
  readonly folder: string;
  readonly binaries: Binaries;
}): Promise<ControlPlane> {
  const { machine, nodes, folder, binaries } = options;
  const start = (program: string, ...args: readonly string[]) =>
    machine.start(binaries[program] ?? program, ...args);
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const administrator = { user: 'administrator', group: 'system:masters' };
  const accounts = [
    administrator,
    ...['kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map((name) => ({
      user: `system:${name}`,
    })),
    ...nodes.map((name) => ({ user: `system:node:${name}`, group: 'system:nodes' })),
  ].map((account) => ({ ...account, token: randomBytes(24).toString('hex') }));
  const { etcd, apiServer, authorityFile, accountsKeyFile } = controlPlane({
    folder,
    address: CONTROL_PLANE,
    ports: PORTS,
    accounts,
  });
  const kubeconfigs = Object.fromEntries(
    accounts.map(({ user, token }, index) => [
      user,
      file(
        `kubeconfig-${index}`,
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Config',
          clusters: [
            {
              name: CONTEXT,
              cluster: {
                server: `https://${CONTROL_PLANE}:${PORTS.apiServer}`,
                'certificate-authority': authorityFile,
              },
            },
          ],
          users: [{ name: user, user: { token } }],
          contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user } }],
          'current-context': CONTEXT,
        }),
      ),
    ]),
  );
  const clientCertificate = join(folder, 'client.crt');
  const clientKey = join(folder, 'client.key');
  await execa('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '2'],
    ...['-subj', '/O=system:masters/CN=kube-apiserver', '-keyout', clientKey, '-out', clientCertificate],
  ]);

  start('etcd', ...etcd);
  start(
    'kube-apiserver',
    ...apiServer,
    `--kubelet-client-certificate=${clientCertificate}`,
    `--kubelet-client-key=${clientKey}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--default-not-ready-toleration-seconds=${QUIET_SECONDS}`,
    `--default-unreachable-toleration-seconds=${QUIET_SECONDS}`,
  );
  const kubectl = (...args: readonly string[]) =>
    machine.run(binaries.kubectl ?? 'kubectl', `--kubeconfig=${kubeconfigs[administrator.user]}`, ...args);
  await eventually('API server', READY_MS, async () => (await kubectl('get', '--raw', '/readyz')) === 'ok');

  const asked = (name: string) => {
    const own = kubeconfigs[`system:${name}`];
    return [`--kubeconfig=${own}`, `--authentication-kubeconfig=${own}`, `--authorization-kubeconfig=${own}`];
  };
  start(
    'kube-controller-manager',
    ...asked('kube-controller-manager'),
    ...['--leader-elect=false', '--use-service-account-credentials'],
    ...[`--service-account-private-key-file=${accountsKeyFile}`, `--root-ca-file=${authorityFile}`],
    `--node-monitor-grace-period=${QUIET_SECONDS}s`,
  );
  start('kube-scheduler', ...asked('kube-scheduler'), '--leader-elect=false');
  start(
    'coredns',
    '-conf',
    file(
      'Corefile',
      `.:53 {
  errors
  cache 5
  kubernetes cluster.local in-addr.arpa {
    kubeconfig ${kubeconfigs[administrator.user]}
    ttl 5
  }
}
`,
    ),
  );
  const volumes = Array.from({ length: VOLUMES }, (_, index) => join(folder, 'volumes', String(index)));
  for (const path of volumes) mkdirSync(path, { recursive: true, mode: 0o777 });
  await execa('chmod', ['0777', ...volumes]);
  await kubectl('create', '-f', file('storage.json', JSON.stringify(storage(volumes))));
  return { kubeconfigs, clientCertificate, kubectl };
}

/** Volumes made ahead, which all nodes share as they share this machine's disk. */
const storage = (paths: readonly string[]) => ({
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: {
        name: 'made-ahead',
        annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
      },
      provisioner: 'kubernetes.io/no-provisioner',
      reclaimPolicy: 'Retain',
    },
    ...paths.map((path, index) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `volume-${index}` },
      spec: {
        storageClassName: 'made-ahead',
        capacity: { storage: '10Gi' },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        hostPath: { path, type: 'Directory' },
      },
    })),
  ],
});
