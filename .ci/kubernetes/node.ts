import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Binaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { execa } from 'execa';
import { makeCgroup } from './cgroups.ts';
import { cloneStore, containerdConfig, SOCKET } from './containerd.ts';
import { type Machine, openMachine } from './machine.ts';

const NETWORK = '10.200.0';
/** Of the machine without pods: API server, names, and whoever talks to them. */
export const CONTROL_PLANE = `${NETWORK}.254`;
const BRIDGE = 'nodes';
const ALL_PODS = '10.244.0.0/16';
export const nodeName = (node: number) => `node-${node}`;
const podsOf = (node: number) => `10.244.${node}.0/24`;

/** Where each node has a memory of its own, so that none finds another's containers. */
const OF_A_NODE = [
  '/run/containerd',
  '/run/netns',
  '/var/lib/cni',
  '/var/lib/kubelet',
  '/var/log/containers',
  '/var/log/pods',
];

/** What the nodes are joined to. */
export async function makeNetwork(controlPlane: Machine): Promise<void> {
  await controlPlane.run('ip', 'link', 'add', BRIDGE, 'type', 'bridge');
  await controlPlane.run('ip', 'address', 'add', `${CONTROL_PLANE}/24`, 'dev', BRIDGE);
  await controlPlane.run('ip', 'link', 'set', BRIDGE, 'up');
}

/** Gives a machine its address, and each of the others the way to its pods. */
async function joinNetwork(node: number, machine: Machine, others: readonly Machine[]): Promise<void> {
  const address = `${NETWORK}.${node}`;
  const [controlPlane] = others;
  if (controlPlane === undefined) throw new Error(`${machine.name}: no network to join`);
  await execa('ip', [
    ...['link', 'add', machine.name, 'netns', String(controlPlane.pid), 'type', 'veth'],
    ...['peer', 'name', 'eth0', 'netns', String(machine.pid)],
  ]);
  await controlPlane.run('ip', 'link', 'set', machine.name, 'master', BRIDGE, 'up');
  await machine.run('ip', 'address', 'add', `${address}/24`, 'dev', 'eth0');
  await machine.run('ip', 'link', 'set', 'eth0', 'up');
  await machine.run('ip', 'route', 'add', 'default', 'via', CONTROL_PLANE);
  await machine.run('sysctl', '-qw', 'net.ipv4.ip_forward=1');
  for (const other of others) await other.run('ip', 'route', 'add', podsOf(node), 'via', address);
  for (let other = 1; other < node; other += 1)
    await machine.run('ip', 'route', 'add', podsOf(other), 'via', `${NETWORK}.${other}`);
}

/**
 * A machine with containerd, kubelet and kube-proxy.
 *
 * @param options.node its number, from 1
 * @param options.others the control plane, and the nodes before it
 * @param options.clientAuthority of whoever may ask its kubelet by a certificate
 */
export async function startNode(options: {
  readonly node: number;
  readonly others: readonly Machine[];
  readonly folder: string;
  readonly cgroup: string;
  readonly store: string;
  readonly binaries: Binaries;
  readonly kubeconfigs: { readonly kubelet: string; readonly proxy: string };
  readonly clientAuthority: string;
}): Promise<Machine> {
  const { node, others, binaries, kubeconfigs } = options;
  const name = nodeName(node);
  const folder = join(options.folder, name);
  const file = (of: string, content: unknown) => {
    const path = join(folder, of);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  mkdirSync(join(folder, 'cni'), { recursive: true });
  const machine = await openMachine(name, join(folder, 'logs'));
  try {
    await joinNetwork(node, machine, others);
    for (const path of OF_A_NODE) {
      mkdirSync(path, { recursive: true });
      await machine.run('mount', '-t', 'tmpfs', 'tmpfs', path);
    }
    const images = join(folder, 'containerd');
    await cloneStore(options.store, images);
    file('cni/10-pods.conflist', {
      cniVersion: '1.0.0',
      name: 'pods',
      plugins: [
        {
          type: 'bridge',
          bridge: 'pods',
          isDefaultGateway: true,
          hairpinMode: true,
          ipam: {
            type: 'host-local',
            dataDir: join(folder, 'addresses'),
            ranges: [[{ subnet: podsOf(node) }]],
          },
        },
        { type: 'portmap', capabilities: { portMappings: true } },
      ],
    });
    machine.start(
      'containerd',
      '--config',
      file('containerd.toml', containerdConfig({ root: images, network: join(folder, 'cni') })),
    );
    makeCgroup(options.cgroup);
    const kubelet = file('kubelet.json', {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      authentication: { anonymous: { enabled: false }, x509: { clientCAFile: options.clientAuthority } },
      containerRuntimeEndpoint: `unix://${SOCKET}`,
      cgroupDriver: 'cgroupfs',
      cgroupRoot: `/${options.cgroup}`,
      enforceNodeAllocatable: ['pods'],
      failSwapOn: false,
      failCgroupV1: false,
      // Below its own is not allowed where there is no CAP_SYS_RESOURCE.
      oomScoreAdj: 0,
      clusterDNS: [CONTROL_PLANE],
      clusterDomain: 'cluster.local',
      resolvConf: '',
      // The disk is everybody's: nobody is to be evicted for it.
      imageGCHighThresholdPercent: 100,
      evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
      containerLogMaxSize: '2Mi',
      volumePluginDir: join(folder, 'plugins'),
      nodeStatusUpdateFrequency: '5s',
    });
    machine.start(
      binaries.kubelet ?? '',
      ...[`--config=${kubelet}`, `--kubeconfig=${kubeconfigs.kubelet}`],
      ...[`--hostname-override=${name}`, `--node-ip=${NETWORK}.${node}`],
      ...[`--root-dir=${join(folder, 'kubelet')}`, `--cert-dir=${join(folder, 'certificates')}`],
    );
    const proxy = file('proxy.json', {
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      clientConnection: { kubeconfig: kubeconfigs.proxy },
      mode: 'iptables',
      hostnameOverride: name,
      clusterCIDR: ALL_PODS,
      oomScoreAdj: 0,
      // Limits of the whole kernel, which is not ours alone.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    });
    machine.start(binaries['kube-proxy'] ?? '', `--config=${proxy}`);
    return machine;
  } catch (error) {
    await machine.end();
    throw error;
  }
}
