import { join } from 'node:path';
import { FULFILLMENT_INSTANCES } from '@aiops-sre/conventions/services.ts';
import { PLATFORM_USER } from '@aiops-sre/service-kit/platform/platform-login.ts';
import { endpoint, type PortName } from '@aiops-sre/service-kit/platform/ports.ts';
import type { ProcessSpec } from '../supervisor/process-spec.ts';
import { LEAN_NODE_FLAGS, NODE_FLAGS, nodeEnvironment } from './node-flags.ts';
import { dataFolder, HOST, type ProcessContext, processSpec } from './process-context.ts';

/** Incident responder and anomaly detector, and Grafana where the host has one. */
export function observers(context: ProcessContext): readonly ProcessSpec[] {
  const { settings, layout } = context;
  const node = (
    name: string,
    port: PortName,
    flags: readonly string[],
    environment: Record<string, string>,
  ) =>
    processSpec(context, {
      name,
      command: process.execPath,
      args: [...flags, `${name}/main.ts`],
      environment: { ...nodeEnvironment(context, port), ...environment },
      readyUrl: `${endpoint(settings, port)}/readyz`,
      isWatched: true,
    });
  const backendLogin = {
    BACKEND_USER: PLATFORM_USER,
    BACKEND_PASSWORD_FILE: join(layout.secretsDir, 'alertmanager-password'),
  };
  return [
    {
      ...node('incident-responder', 'incidentResponder', LEAN_NODE_FLAGS, {
        DATA_DIR: dataFolder(context, 'incident-responder'),
        WEBHOOK_TOKEN_FILE: join(layout.secretsDir, 'webhook-token'),
        OPERATOR_TOKEN_FILE: join(layout.secretsDir, 'operator-token'),
        MCP_TOKEN_FILE: join(layout.secretsDir, 'mcp-token'),
        RESTART_TOKEN_FILE: join(layout.secretsDir, 'restart-token'),
        ...(context.demo && {
          RESTARTABLE_INSTANCES: FULFILLMENT_INSTANCES.map(
            ({ instance }) => `${instance}=${endpoint(settings, instance)}`,
          ).join(','),
        }),
        FLAGS_FILE: context.flagsFile,
        ACTIONS_DIR: layout.takenIn.actions,
        RUNBOOKS_DIR: layout.takenIn.runbooks,
        ONCALL_FILE: join(settings.home, 'on-call', 'oncall.yaml'),
        PROMETHEUS_URL: endpoint(settings, 'prometheus'),
        ALERTMANAGER_URL: endpoint(settings, 'alertmanager'),
        TEMPO_URL: endpoint(settings, 'tempo'),
        LOKI_URL: endpoint(settings, 'loki'),
        GRAFANA_URL: endpoint(settings, 'grafana'),
        ...backendLogin,
        PUBLIC_URL: endpoint(settings, 'incidentResponder'),
        SCHOOL_URL: endpoint(settings, 'school'),
        ...gitHubEnvironment(context),
        ...analysisEnvironment(context),
      }),
      // Its /readyz tells of the Watchdog too, which is not this process' state.
      readyUrl: `${endpoint(settings, 'incidentResponder')}/healthz`,
    },
    {
      ...node('anomaly-detector', 'anomalyDetector', NODE_FLAGS, {
        STATE_DIR: dataFolder(context, 'anomaly-detector'),
        CONFIG_FILE: layout.takenIn.anomalyRules,
        CALENDARS: join(settings.home, 'calendars'),
        PROMETHEUS_URL: endpoint(settings, 'prometheus'),
        ALERTMANAGER_URLS: endpoint(settings, 'alertmanager'),
        ...backendLogin,
        RUNBOOK_BASE_URL: `${endpoint(settings, 'incidentResponder')}/runbooks`,
        DASHBOARD_BASE_URL: endpoint(settings, 'grafana'),
      }),
      // It asks Prometheus for the past first.
      autostart: false,
    },
    ...grafana(context),
  ];
}

/** Where disaster recovery is dispatched to, if `npm start` was told; the token as a file only, so that it is in no list. */
function gitHubEnvironment({ environment }: ProcessContext): Record<string, string> {
  const names = ['GITHUB_REPOSITORY', 'GITHUB_API_URL', 'GITHUB_TOKEN_FILE', 'DISPATCH_DRY_RUN'];
  return Object.fromEntries(
    environment.GITHUB_TOKEN_FILE
      ? names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : []))
      : [],
  );
}

/** The language model that words explanations, if `npm start` was told of one; its key as a file only. */
function analysisEnvironment({ environment, binaries }: ProcessContext): Record<string, string> {
  const told = Object.entries({ ANALYSIS_PROMTOOL: binaries.promtool, ...environment });
  return Object.fromEntries(
    told.flatMap(([name, value]) =>
      name.startsWith('ANALYSIS_') && name !== 'ANALYSIS_API_KEY' && value ? [[name, value]] : [],
    ),
  );
}

function grafana(context: ProcessContext): readonly ProcessSpec[] {
  const { settings, layout } = context;
  if (!context.grafana) return [];
  const home = context.grafana.home ? ['--homepath', context.grafana.home] : [];
  return [
    processSpec(context, {
      name: 'grafana',
      command: context.grafana.command,
      // Where its data sources look for secrets/alertmanager-password.
      workingDirectory: settings.dataDir,
      args: ['server', ...home, '--config', join(settings.root, 'grafana', 'grafana.ini')],
      environment: {
        GF_SERVER_HTTP_ADDR: HOST,
        GF_SERVER_HTTP_PORT: String(settings.ports.grafana),
        GF_PATHS_DATA: dataFolder(context, 'grafana'),
        GF_PATHS_PLUGINS: dataFolder(context, join('grafana', 'plugins')),
        GF_PATHS_PROVISIONING: join(settings.root, 'grafana', 'provisioning'),
        // Grafana reads the file itself; GF_..__FILE is the Docker image's doing only.
        GF_SECURITY_ADMIN_PASSWORD: `$__file{${join(layout.secretsDir, 'grafana-password')}}`,
        DASHBOARDS_PATH: layout.takenIn.dashboards,
        MY_DASHBOARDS_PATH: layout.takenIn.homeDashboards,
        PROMETHEUS_URL: endpoint(settings, 'prometheus'),
        TEMPO_URL: endpoint(settings, 'tempo'),
        LOKI_URL: endpoint(settings, 'loki'),
        ALERTMANAGER_URL: endpoint(settings, 'alertmanager'),
      },
      readyUrl: `${endpoint(settings, 'grafana')}/api/health`,
      isWatched: true,
      unreadyRestartMs: 2 * 60_000,
    }),
  ];
}
