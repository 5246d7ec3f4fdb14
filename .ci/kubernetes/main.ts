/**
 * `node bootstrap.mjs .ci/kubernetes/main.ts COMMAND...`: runs the command with a cluster of its own of two nodes, on a machine that
 * has none: in namespaces, which nothing outlives. Its nodes have the images of docker-compose.yml, where a Docker engine answers
 * (.ci/docker starts one). Exits as the command does, or with 77 where no cluster can be had.
 */

import { resolve } from 'node:path';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { GoMissingError } from '@aiops-sre/stack/native/binaries/build.ts';
import { provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { clusterRecipes, kubernetesRecipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { execa } from 'execa';
import { grafanaImage } from '../docker/images.ts';
import { type Cluster, NoClusterError, requirePrograms, withCluster } from './cluster.ts';
import { CONTEXT } from './control-plane.ts';
import { fillStore } from './images.ts';
import { inMachine } from './machine.ts';

/** Automake's "skipped". */
const NOT_RUN_HERE = 77;
const END_WITHIN_MS = 60_000;

const root = resolve(import.meta.dirname, '..', '..');
const settings = readSettings(root, process.env);
const write = (text: string) => print(text);
const { signal } = abortOnSignal();

const [command, ...args] = process.argv.slice(2);
if (!command) {
  printError('usage: node bootstrap.mjs .ci/kubernetes/main.ts COMMAND [ARG ...]');
  process.exit(2);
}

async function runOn(cluster: Cluster, environment: Readonly<Record<string, string>>): Promise<number> {
  const [nsenter, options] = inMachine(cluster.controlPlane.pid, 'net');
  const { exitCode } = await execa(nsenter, [...options, command ?? '', ...args], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'inherit', 'inherit'],
    cancelSignal: signal,
    forceKillAfterDelay: END_WITHIN_MS,
    reject: false,
  });
  return exitCode ?? 1;
}

try {
  await requirePrograms(signal);
  const binaries = await provideBinaries({
    settings,
    recipes: [...kubernetesRecipes, ...clusterRecipes(settings.versions)],
    path: process.env.PATH ?? '',
    progress: new Progress(write),
    signal,
  });
  const { store, images } = await fillStore({ settings, binaries, write });
  process.exitCode = await withCluster({ settings, binaries, store, write }, (cluster) => {
    const left = images.includes(grafanaImage(settings)) ? '' : ',parts.grafana=false';
    return runOn(cluster, {
      KUBECONFIG: cluster.kubeconfig,
      KUBECTL: binaries.kubectl ?? '',
      KUBERNETES_CONTEXT: CONTEXT,
      KUBERNETES_VALUES: `images.tag=latest${left}`,
      KUBERNETES_KILL: cluster.nodes.map(({ name, pid }) => `${name}=kill -KILL ${pid}`).join('\n'),
    });
  });
} catch (error) {
  const isHere = !(error instanceof NoClusterError || error instanceof GoMissingError);
  printError(isHere ? error : `${[command, ...args].join(' ')} is not run here: ${error.message}`);
  process.exitCode = isHere ? 1 : NOT_RUN_HERE;
}
