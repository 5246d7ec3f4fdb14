import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FULFILLMENT_INSTANCES } from '@aiops-sre/conventions/services.ts';
import { endpoint } from '../endpoints.ts';
import type { PortName, Settings } from '../settings.ts';
import type { Binaries } from './binaries/provide.ts';
import { readSecret } from './configuration.ts';
import type { Layout } from './layout.ts';
import type { ProcessSpec } from './supervisor/process-spec.ts';

interface Context {
  readonly settings: Settings;
  readonly layout: Layout;
  readonly binaries: Binaries;
  /** `grafana` binary, where there is one. */
  readonly grafana: { readonly command: string; readonly home: string | undefined } | undefined;
  /** Environment of `npm start`; only {@link INHERITED} of it reaches a component. */
  readonly environment: NodeJS.ProcessEnv;
  readonly revision: string;
}

/** Everything else stays out: a leaked OTEL_EXPORTER_OTLP_ENDPOINT makes Tempo trace itself. */
const INHERITED = ['PATH', 'HOME', 'TZ', 'LANG', 'TMPDIR'] as const;

const HOST = '127.0.0.1';

function process_(
  context: Context,
  spec: Pick<ProcessSpec, 'name' | 'command' | 'args' | 'readyUrl'> & Partial<ProcessSpec>,
): ProcessSpec {
  const inherited = Object.fromEntries(
    INHERITED.flatMap((name) => {
      const value = context.environment[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return {
    workingDirectory: context.settings.root,
    stopTimeoutMs: 10_000,
    autostart: true,
    ...spec,
    environment: { ...inherited, ...spec.environment },
  };
}

function dataFolder(context: Context, component: string): string {
  const folder = context.layout.data(component);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function backends(context: Context): readonly ProcessSpec[] {
  const { settings, layout, binaries } = context;
  const { ports } = settings;
  const text = (port: PortName) => String(ports[port]);
  const configured = (component: string) => join(layout.configDir, component);
  return [
    process_(context, {
      name: 'tempo',
      command: binaries.tempo ?? '',
      args: ['-config.expand-env=true', `-config.file=${join(settings.root, 'tempo', 'tempo.yaml')}`],
      environment: {
        BIND_HOST: HOST,
        TEMPO_PORT: text('tempo'),
        TEMPO_GRPC_PORT: text('tempoGrpc'),
        TEMPO_OTLP_PORT: text('tempoOtlp'),
        TEMPO_DATA_DIR: dataFolder(context, 'tempo'),
        GOMEMLIMIT: '300MiB',
      },
      readyUrl: `${endpoint(settings, 'tempo')}/ready`,
    }),
    process_(context, {
      name: 'prometheus',
      command: binaries.prometheus ?? '',
      args: [
        `--config.file=${join(configured('prometheus'), 'prometheus.yml')}`,
        `--storage.tsdb.path=${dataFolder(context, 'prometheus')}`,
        `--web.listen-address=${HOST}:${ports.prometheus}`,
        '--web.enable-lifecycle',
        '--enable-feature=exemplar-storage',
      ],
      environment: { GOMEMLIMIT: '400MiB' },
      readyUrl: `${endpoint(settings, 'prometheus')}/-/ready`,
      // Its head goes to disk first.
      stopTimeoutMs: 30_000,
      autostart: false,
    }),
    process_(context, {
      name: 'alertmanager',
      command: binaries.alertmanager ?? '',
      args: [
        `--config.file=${join(configured('alertmanager'), 'alertmanager.yml')}`,
        `--storage.path=${dataFolder(context, 'alertmanager')}`,
        `--web.listen-address=${HOST}:${ports.alertmanager}`,
        '--cluster.listen-address=',
      ],
      // Alertmanager looks up url_file from its working directory.
      workingDirectory: configured('alertmanager'),
      readyUrl: `${endpoint(settings, 'alertmanager')}/-/ready`,
    }),
    process_(context, {
      name: 'otel-collector',
      command: binaries.otelcol ?? '',
      args: ['--config', join(settings.root, 'otel-collector', 'config.yaml')],
      environment: {
        BIND_HOST: HOST,
        OTLP_GRPC_PORT: text('otlpGrpc'),
        OTLP_HTTP_PORT: text('otlpHttp'),
        COLLECTOR_TELEMETRY_PORT: text('collectorTelemetry'),
        COLLECTOR_METRICS_PORT: text('collectorMetrics'),
        COLLECTOR_HEALTH_PORT: text('collectorHealth'),
        COLLECTOR_DATA_DIR: dataFolder(context, 'otel-collector'),
        TEMPO_OTLP_URL: endpoint(settings, 'tempoOtlp'),
        GOMEMLIMIT: '160MiB',
      },
      readyUrl: endpoint(settings, 'collectorHealth'),
    }),
  ];
}

/** Compiled code of the Node processes, for all clones: it shortens a start and saves each process some 15 MB. */
const compileCache = (settings: Settings) => join(settings.cacheDir, 'compile-cache');

/** V8 flags that keep a small service small: the young generation alone would grow to 32 MB otherwise. */
const NODE_FLAGS = [
  '--max-old-space-size=96',
  '--max-semi-space-size=2',
  '--disable-warning=ExperimentalWarning',
];

/** For processes with few requests a second: without the optimizing compilers each needs some 10 MB less. */
const LEAN_NODE_FLAGS = [...NODE_FLAGS, '--max-semi-space-size=1', '--no-opt', '--no-maglev'];

function application(context: Context): readonly ProcessSpec[] {
  const { settings, layout } = context;
  const fulfillments = FULFILLMENT_INSTANCES.map(({ instance }) => instance);
  const role = (name: string, instance: string, port: PortName, environment: Record<string, string>) =>
    process_(context, {
      name,
      command: process.execPath,
      args: [...NODE_FLAGS, '--import', './demo-app/telemetry/register.ts', 'demo-app/main.ts'],
      environment: {
        ROLE: instance.replace(/-\d+$/, ''),
        INSTANCE: instance,
        HOST,
        PORT: String(settings.ports[port]),
        ADMIN_TOKEN: readSecret(layout, 'admin-token'),
        FLAGS_FILE: layout.flagsFile,
        SERVICE_VERSION: '0.1.0',
        SERVICE_REVISION: context.revision,
        DEPLOYMENT_ENVIRONMENT: 'demo',
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://${HOST}:${settings.ports.otlpGrpc}`,
        NODE_COMPILE_CACHE: compileCache(settings),
        ...environment,
      },
      readyUrl: `${endpoint(settings, port)}/readyz`,
    });
  return [
    role('identity', 'identity-1', 'identity', {}),
    ...FULFILLMENT_INSTANCES.map(({ instance, failureFactor, cycles }) =>
      role(instance, instance, instance, {
        FAILURE_FACTOR: String(failureFactor),
        FAILURE_CYCLES: String(cycles),
      }),
    ),
    role('storefront', 'storefront-1', 'storefront', {
      IDENTITY_URL: endpoint(settings, 'identity'),
      FULFILLMENT_URLS: fulfillments.map((name) => endpoint(settings, name)).join(','),
    }),
    // Begins only when the readiness probe has been counted: until then that probe is the storefront's one request.
    {
      ...role('traffic', 'traffic-1', 'traffic', { STOREFRONT_URL: endpoint(settings, 'storefront') }),
      autostart: false,
    },
  ];
}

function observers(context: Context): readonly ProcessSpec[] {
  const { settings, layout } = context;
  const node = (
    name: string,
    port: PortName,
    flags: readonly string[],
    environment: Record<string, string>,
  ) =>
    process_(context, {
      name,
      command: process.execPath,
      args: [...flags, `${name}/main.ts`],
      environment: {
        HOST,
        PORT: String(settings.ports[port]),
        NODE_COMPILE_CACHE: compileCache(settings),
        ...environment,
      },
      readyUrl: `${endpoint(settings, port)}/readyz`,
    });
  return [
    {
      ...node('incident-responder', 'incidentResponder', LEAN_NODE_FLAGS, {
        DATA_DIR: dataFolder(context, 'incident-responder'),
        WEBHOOK_TOKEN_FILE: join(layout.secretsDir, 'webhook-token'),
      }),
      // Its /readyz tells of the Watchdog too, which is not this process' state.
      readyUrl: `${endpoint(settings, 'incidentResponder')}/healthz`,
    },
    {
      ...node('anomaly-detector', 'anomalyDetector', NODE_FLAGS, {
        STATE_DIR: dataFolder(context, 'anomaly-detector'),
        PROMETHEUS_URL: endpoint(settings, 'prometheus'),
        ALERTMANAGER_URLS: endpoint(settings, 'alertmanager'),
        RUNBOOK_BASE_URL: `${endpoint(settings, 'incidentResponder')}/runbooks`,
        DASHBOARD_BASE_URL: endpoint(settings, 'grafana'),
      }),
      // It asks Prometheus for the past first.
      autostart: false,
    },
  ];
}

function grafana(context: Context): readonly ProcessSpec[] {
  const { settings, layout } = context;
  if (!context.grafana) return [];
  const home = context.grafana.home ? ['--homepath', context.grafana.home] : [];
  return [
    process_(context, {
      name: 'grafana',
      command: context.grafana.command,
      args: ['server', ...home, '--config', join(settings.root, 'grafana', 'grafana.ini')],
      environment: {
        GF_SERVER_HTTP_ADDR: HOST,
        GF_SERVER_HTTP_PORT: String(settings.ports.grafana),
        GF_PATHS_DATA: dataFolder(context, 'grafana'),
        GF_PATHS_PROVISIONING: join(settings.root, 'grafana', 'provisioning'),
        GF_SECURITY_ADMIN_PASSWORD__FILE: join(layout.secretsDir, 'grafana-password'),
        DASHBOARDS_PATH: join(settings.root, 'grafana', 'dashboards'),
        PROMETHEUS_URL: endpoint(settings, 'prometheus'),
        TEMPO_URL: endpoint(settings, 'tempo'),
        ALERTMANAGER_URL: endpoint(settings, 'alertmanager'),
      },
      readyUrl: `${endpoint(settings, 'grafana')}/api/health`,
    }),
  ];
}

/** Every process of the native engine. */
export function processSpecs(context: Context): readonly ProcessSpec[] {
  return [...backends(context), ...application(context), ...observers(context), ...grafana(context)];
}
