/**
 * `node bootstrap.mjs .ci/kubernetes/main.ts COMMAND...`: runs the command with a cluster of its own of two nodes, on a machine that
 * has none: in namespaces, which nothing outlives. Its nodes have the images of docker-compose.yml, where a Docker engine answers
 * (.ci/docker starts one). Exits as the command does, or with 77 where no cluster can be had.
 */

import { resolve } from 'node:path';
import { abortOnSignal } from '@aiops-sre/service-kit/lifecycle/abort-on-signal.ts';
import { print } from '@aiops-sre/service-kit/terminal/print.ts';
import { provideBinaries } from '@aiops-sre/stack/native/binaries/provide.ts';
import { clusterRecipes, kubernetesRecipes } from '@aiops-sre/stack/native/binaries/recipes.ts';
import { Progress } from '@aiops-sre/stack/progress.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { exitCodeOf, withCommand } from '../command.ts';
import { grafanaImage } from '../docker/images.ts';
import { requirePrograms, withCluster } from './cluster.ts';
import { CONTEXT } from './control-plane.ts';
import { fillStore } from './images.ts';
import { inMachine } from './machine.ts';

const END_WITHIN_MS = 60_000;

const root = resolve(import.meta.dirname, '..', '..');
const settings = readSettings(root, process.env);
const write = (text: string) => print(text);
const { signal } = abortOnSignal();

await withCommand('.ci/kubernetes/main.ts', async (command) => {
  await requirePrograms(signal);
  const binaries = await provideBinaries({
    settings,
    recipes: [...kubernetesRecipes, ...clusterRecipes(settings.versions)],
    path: process.env.PATH ?? '',
    progress: new Progress(write),
    signal,
  });
  const { store, images } = await fillStore({ settings, binaries, write });
  return withCluster({ settings, binaries, store, write }, ({ controlPlane, nodes, kubeconfig }) => {
    const left = images.includes(grafanaImage(settings)) ? '' : ',parts.grafana=false';
    const [nsenter, options] = inMachine(controlPlane.pid, 'net');
    const environment = {
      KUBECONFIG: kubeconfig,
      KUBECTL: binaries.kubectl ?? '',
      KUBERNETES_CONTEXT: CONTEXT,
      KUBERNETES_VALUES: `images.tag=latest${left}`,
      KUBERNETES_KILL: nodes.map(({ name, pid }) => `${name}=kill -KILL ${pid}`).join('\n'),
    };
    return exitCodeOf([nsenter, ...options, ...command], {
      root,
      environment,
      signal,
      endWithinMs: END_WITHIN_MS,
    });
  });
});
