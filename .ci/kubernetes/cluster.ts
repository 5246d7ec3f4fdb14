import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '@aiops-sre/checks/testing/stack-under-test.ts';
import type { Binaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import type { Settings } from '@aiops-sre/stack/settings.ts';
import { NotHereError } from '../command.ts';
import { installPackages } from '../packages.ts';
import { hasHierarchies, removeCgroup } from './cgroups.ts';
import { NETWORK_PLUGINS } from './containerd.ts';
import { startControlPlane } from './control-plane.ts';
import { type Machine, openMachine } from './machine.ts';
import { makeNetwork, nodeName, startNode } from './node.ts';

/** A cluster in namespaces of its own. */
export interface Cluster {
  /** In whose network its API server can be reached. */
  readonly controlPlane: Machine;
  readonly nodes: readonly Machine[];
  /** Of an administrator. */
  readonly kubeconfig: string;
}

const NODES = [1, 2];
const READY_MS = 120_000;
/** Programs from Debian, by the package that has them. */
const PACKAGES: Readonly<Record<string, string>> = {
  '/usr/bin/containerd': 'containerd',
  '/usr/sbin/runc': 'runc',
  '/usr/sbin/iptables': 'iptables',
  '/bin/busybox': 'busybox-static',
  [join(NETWORK_PLUGINS, 'bridge')]: 'containernetworking-plugins',
};

/** @throws NotHereError that says what is missing here. */
export async function requirePrograms(signal: AbortSignal): Promise<void> {
  if (process.getuid?.() !== 0) throw new NotHereError('no cluster is given, and this is not root');
  if (!hasHierarchies()) throw new NotHereError('no cluster is given, and this machine has no cgroup v1');
  const missing = Object.entries(PACKAGES).flatMap(([file, name]) => (existsSync(file) ? [] : [name]));
  if (missing.length > 0) await installPackages(missing, signal);
}

/** Calls `use` with a cluster of two nodes, of which nothing is left afterwards, however `use` ended. */
export async function withCluster<T>(
  options: {
    readonly settings: Settings;
    readonly binaries: Binaries;
    /** Root of containerd's with the images that the nodes are to have. */
    readonly store: string;
    readonly write: (text: string) => void;
  },
  use: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const { settings, binaries, store, write } = options;
  const startedMs = Date.now();
  const kept = join(settings.cacheDir, 'kubernetes');
  for (const run of readdirSync(kept)) if (isOver(run)) remove(kept, run);
  const run = `cluster-${process.pid}`;
  const folder = join(kept, run);
  mkdirSync(folder, { mode: 0o700 });
  const machines: Machine[] = [];
  try {
    const controlPlane = await openMachine('control-plane', join(folder, 'logs'));
    machines.push(controlPlane);
    await makeNetwork(controlPlane);
    const { kubeconfigs, clientCertificate, kubectl } = await startControlPlane({
      machine: controlPlane,
      nodes: NODES.map(nodeName),
      folder,
      binaries,
    });
    for (const node of NODES)
      machines.push(
        await startNode({
          node,
          others: [...machines],
          folder,
          cgroup: `${run}-${nodeName(node)}`,
          store,
          binaries,
          kubeconfigs: {
            kubelet: kubeconfigs[`system:node:${nodeName(node)}`] ?? '',
            proxy: kubeconfigs['system:kube-proxy'] ?? '',
          },
          clientAuthority: clientCertificate,
        }),
      );
    await eventually('ready nodes', READY_MS, async () => {
      const lines = await kubectl('get', 'nodes', '--no-headers');
      return lines.match(/ Ready /g)?.length === NODES.length;
    });
    write(`Cluster of ${NODES.length} nodes, up after ${((Date.now() - startedMs) / 1000).toFixed(0)} s.`);
    return await use({
      controlPlane,
      nodes: machines.slice(1),
      kubeconfig: kubeconfigs.administrator ?? '',
    });
  } finally {
    for (const machine of machines.reverse()) await machine.end();
    remove(kept, run);
  }
}

/** Whether it is of a run that was killed. */
function isOver(run: string): boolean {
  const [, pid] = /^cluster-(\d+)$/.exec(run) ?? [];
  return pid !== undefined && !existsSync(`/proc/${pid}`);
}

/** Its folder, and what the kernel keeps of it. */
function remove(kept: string, run: string): void {
  for (const node of NODES) removeCgroup(`${run}-${nodeName(node)}`);
  rmSync(join(kept, run), { recursive: true, force: true, maxRetries: 5 });
}
