import { join } from 'node:path';
import { execa, type Options } from 'execa';
import { z } from 'zod';
import type { Settings } from '../settings.ts';
import { type Installation, RELEASE } from './installation.ts';

const ANSWER_TIMEOUT_MS = 15_000;
const READY_TIMEOUT = '10m';
const SELECTOR = `app.kubernetes.io/instance=${RELEASE}`;

type Tool = 'helm' | 'kubectl';
const TOOLS: Readonly<Record<Tool, string>> = {
  helm: 'https://helm.sh/docs/intro/install',
  kubectl: 'https://kubernetes.io/docs/tasks/tools',
};

/** Without what Helm says of each link in the chart, which it is to follow. */
const saidBy = (stderr: string) =>
  stderr
    .split('\n')
    .filter((line) => line.trim() && !line.includes('found symbolic link in path'))
    .join('\n');

/** @throws Error that names the tool, what it was asked and what it said */
async function ask(tool: Tool, args: readonly string[], options: Options = {}): Promise<string> {
  const result = await execa(tool, args, { reject: false, ...options });
  if (result.code === 'ENOENT')
    throw new Error(`There is no ${tool} on the PATH; the Kubernetes engine needs it: ${TOOLS[tool]}`);
  options.cancelSignal?.throwIfAborted();
  if (result.failed) {
    const why = result.timedOut ? 'no answer in time' : saidBy(String(result.stderr)) || result.shortMessage;
    throw new Error(`${tool} ${args.slice(0, 3).join(' ')}: ${why}`);
  }
  return String(result.stdout);
}

const inCluster = ({ context, namespace }: Pick<Installation, 'context' | 'namespace'>) => ({
  kubectl: (...args: readonly string[]) => ['--context', context, '--namespace', namespace, ...args],
  helm: (...args: readonly string[]) => [...args, '--kube-context', context, '--namespace', namespace],
});

/**
 * The context to install into: `asked`, else kubectl's current one. Asks the cluster that it leads to.
 *
 * @throws Error where helm or kubectl is missing, there is no such context, or the cluster does not answer.
 */
export async function reachableContext(asked: string | undefined, signal: AbortSignal): Promise<string> {
  const quick = { timeout: ANSWER_TIMEOUT_MS, cancelSignal: signal };
  await ask('helm', ['version', '--short'], quick);
  const contexts = (await ask('kubectl', ['config', 'get-contexts', '--output', 'name'], quick))
    .split('\n')
    .filter(Boolean);
  const known = contexts.length > 0 ? `expected one of ${contexts.join(', ')}` : 'kubectl knows none';
  const context =
    asked ?? (await ask('kubectl', ['config', 'current-context'], quick).catch(() => '')).trim();
  if (context === '') throw new Error(`kubectl has no current context: name one by --context; ${known}`);
  if (!contexts.includes(context)) throw new Error(`--context: got ${context}, ${known}`);
  await ask('kubectl', ['--context', context, 'version', '--request-timeout=10s'], quick).catch((error) => {
    throw new Error(`The cluster of context ${context} does not answer: ${(error as Error).message}`, {
      cause: error,
    });
  });
  return context;
}

const storageClasses = z.object({
  items: z.array(
    z.object({ metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }) }),
  ),
});

/** Whether a volume that names no storage class is made. */
async function hasDefaultStorage(installation: Installation, signal: AbortSignal): Promise<boolean> {
  const text = await ask(
    'kubectl',
    inCluster(installation).kubectl('get', 'storageclasses', '--output', 'json'),
    { timeout: ANSWER_TIMEOUT_MS, cancelSignal: signal },
  );
  return storageClasses
    .parse(JSON.parse(text))
    .items.some(
      ({ metadata }) => metadata.annotations['storageclass.kubernetes.io/is-default-class'] === 'true',
    );
}

/**
 * Installs the chart, or brings what is installed up to date, and waits until all of it is ready.
 *
 * @throws Error with what Helm said and what is not ready.
 */
export async function install(options: {
  readonly settings: Settings;
  readonly installation: Installation;
  readonly history: boolean;
  readonly traffic: boolean;
  /** Files of values, which win. */
  readonly values: readonly string[];
  readonly signal: AbortSignal;
}): Promise<void> {
  const { settings, installation, history, traffic, values, signal } = options;
  const { kubectl, helm } = inCluster(installation);
  // A volume would wait for ever.
  if (values.length === 0 && !(await hasDefaultStorage(installation, signal)))
    throw new Error(
      `The cluster of context ${installation.context} has no default storage class: give a file with storage.class, or with storage.enabled: false, by --values`,
    );
  const { demo } = installation;
  const set = { 'parts.demo': demo, 'parts.traffic': demo && traffic, history };
  const chart = join(settings.root, 'k8s', 'helm', 'aiops-sre-observability');
  try {
    await ask(
      'helm',
      helm(
        'upgrade',
        '--install',
        RELEASE,
        chart,
        '--create-namespace',
        '--wait',
        '--timeout',
        READY_TIMEOUT,
        ...Object.entries(set).flatMap(([name, value]) => ['--set', `${name}=${value}`]),
        ...values.flatMap((file) => ['--values', file]),
      ),
      { cancelSignal: signal, forceKillAfterDelay: 10_000 },
    );
  } catch (error) {
    if (signal.aborted) throw error;
    const unready = await ask(
      'kubectl',
      kubectl(
        'get',
        'pods',
        '--selector',
        SELECTOR,
        '--field-selector',
        'status.phase!=Running',
        '--no-headers',
      ),
      { timeout: ANSWER_TIMEOUT_MS },
    ).catch(() => '');
    throw new Error(
      [(error as Error).message, ...(unready ? ['Pods that do not run:', unready] : [])].join('\n'),
      {
        cause: error,
      },
    );
  }
}

/** All pods end; volumes, secrets and configuration stay. */
export async function scaleToNothing(installation: Installation): Promise<void> {
  await ask(
    'kubectl',
    inCluster(installation).kubectl(
      'scale',
      'deployments,statefulsets',
      '--selector',
      SELECTOR,
      '--replicas',
      '0',
    ),
    { timeout: 4 * ANSWER_TIMEOUT_MS },
  );
}

/** Everything is gone, volumes as well; the namespace stays. */
export async function uninstall(installation: Installation): Promise<void> {
  const { kubectl, helm } = inCluster(installation);
  await ask('helm', helm('uninstall', RELEASE, '--ignore-not-found', '--wait'));
  await ask('kubectl', kubectl('delete', 'persistentvolumeclaims', '--selector', SELECTOR));
}

const workloadsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ replicas: z.number().default(1) }),
      status: z.object({ readyReplicas: z.number().default(0) }).prefault({}),
    }),
  ),
});

export interface ClusterStatus extends Pick<Installation, 'context' | 'namespace'> {
  readonly workloads: number;
  /** Names of those of which not every replica is ready. */
  readonly unready: readonly string[];
}

/** @throws Error where the cluster does not answer */
export async function clusterStatus(installation: Installation): Promise<ClusterStatus> {
  const text = await ask(
    'kubectl',
    inCluster(installation).kubectl(
      'get',
      'deployments,statefulsets',
      '--selector',
      SELECTOR,
      '--output',
      'json',
    ),
    { timeout: ANSWER_TIMEOUT_MS },
  );
  const { items } = workloadsSchema.parse(JSON.parse(text));
  return {
    context: installation.context,
    namespace: installation.namespace,
    workloads: items.length,
    unready: items
      .filter(({ spec, status }) => spec.replicas === 0 || status.readyReplicas < spec.replicas)
      .map(({ metadata }) => metadata.name),
  };
}
