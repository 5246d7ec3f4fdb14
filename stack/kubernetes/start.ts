import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { CommandContext } from '../commands/context.ts';
import { startSupervisor } from '../native/start.ts';
import { nativeStatus } from '../native/status.ts';
import { stopNative } from '../native/stop.ts';
import type { SupervisorSpec } from '../native/supervisor/process-spec.ts';
import { waitUntilReady } from '../native/wait-until-ready.ts';
import { Progress } from '../progress.ts';
import { probe, probedUrls } from '../status/probe.ts';
import { welcome } from '../welcome.ts';
import { install, reachableContext } from './cluster.ts';
import { forwards } from './forwards.ts';
import { forwardsLayout, type Installation, readInstallation, writeInstallation } from './installation.ts';

const PROBE_TIMEOUT_MS = 90_000;
const FORWARD_TIMEOUT_MS = 60_000;
const DEFAULT_NAMESPACE = 'observability';

export interface KubernetesStartOptions {
  readonly context?: string;
  readonly namespace?: string;
  readonly values: readonly string[];
  readonly history: boolean;
  readonly traffic: boolean;
  readonly demo?: boolean;
}

/** Whether ports of this host lead into a cluster now. */
export const isForwarded = async ({ settings }: Pick<CommandContext, 'settings'>): Promise<boolean> =>
  (await nativeStatus(forwardsLayout(settings))) !== undefined;

/**
 * Installs the chart, forwards the ports that Compose publishes, and returns once a request was seen the whole way through.
 *
 * @throws Error that says what is missing, or what did not become ready.
 */
export async function startKubernetes(
  { settings, environment, signal, write }: CommandContext,
  options: KubernetesStartOptions,
): Promise<void> {
  const startedMs = Date.now();
  const before = readInstallation(settings);
  const installation: Installation = {
    context: await reachableContext(options.context ?? before?.context, signal),
    namespace: options.namespace ?? before?.namespace ?? DEFAULT_NAMESPACE,
    demo: options.demo ?? before?.demo ?? true,
  };
  const { context, namespace, demo } = installation;
  write(
    `Engine: kubernetes (as asked): context ${context}, namespace ${namespace}${demo ? '' : ', without the demo'}.`,
  );
  const progress = new Progress(write);
  const layout = forwardsLayout(settings);
  mkdirSync(layout.runDir, { recursive: true, mode: 0o700 });
  // What was begun is found by npm stop and npm run reset.
  await writeInstallation(settings, installation);
  const chart = progress.task('chart');
  chart.step('installing, and waiting until all is ready');
  const { history, traffic, values } = options;
  await install({ settings, installation, history, traffic, values, signal }).catch((error) => {
    chart.done('not ready');
    throw error;
  });
  chart.done('ready');

  const processes = forwards({
    settings,
    installation,
    off: [...(demo ? [] : ['demo']), 'canary'],
    environment: Object.fromEntries(
      ['PATH', 'HOME', 'USERPROFILE', 'KUBECONFIG'].flatMap((name) => {
        const value = environment[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
  });
  const { socketPath, recordsFile, logDir } = layout;
  const spec: SupervisorSpec = { socketPath, recordsFile, logDir, guards: [], processes: [...processes] };
  rmSync(recordsFile, { force: true });
  writeFileSync(layout.supervisorSpecFile, JSON.stringify(spec, undefined, 2), { mode: 0o600 });
  try {
    const supervisor = await startSupervisor(settings, layout);
    const names = processes.map(({ name }) => name);
    await waitUntilReady({ supervisor, names, logDir, timeoutMs: FORWARD_TIMEOUT_MS, progress, signal });
    if (demo) await probe({ urls: probedUrls(settings), timeoutMs: PROBE_TIMEOUT_MS, signal, exact: false });
  } catch (error) {
    await stopNative(layout);
    throw error;
  }
  write(`\nReady after ${Math.round((Date.now() - startedMs) / 1000)} s.\n`);
  const secret = (group: string, name: string) =>
    `kubectl --context ${context} --namespace ${namespace} get secret aiops-${group} -o jsonpath='{.data.${name}}' | base64 -d`;
  write(
    welcome(settings, {
      grafanaPassword: `from ${secret('grafana', 'grafana-password')}`,
      alertmanagerPassword: `from ${secret('alerting', 'alertmanager-password')}`,
      adminToken: `$(${secret('application', 'admin-token')})`,
      operatorToken: `from ${secret('responder', 'operator-token')}`,
      demo,
    }),
  );
}
