import { join } from 'node:path';
import { MAINTENANCE_INTERVAL } from '@aiops-sre/alertmanager/maintenance-interval.ts';
import { DISPATCH_START_DELAY } from '@aiops-sre/alertmanager/start-delay.ts';
import { endpoint, type PortName } from '@aiops-sre/service-kit/platform/ports.ts';
import type { ProcessSpec } from '../supervisor/process-spec.ts';
import { dataFolder, HOST, type ProcessContext, processSpec } from './process-context.ts';

/** Prometheus changes nothing by request, and no page of another site reads it (`none` is no origin). */
const PROMETHEUS_DOORS = ['--web.cors.origin=none', '--web.read-timeout=1m'];

const restartedWhenUnready = { isWatched: true, unreadyRestartMs: 60_000 };

/** Tempo, Loki, Prometheus, Alertmanager and the Collector. */
export function backends(context: ProcessContext): readonly ProcessSpec[] {
  const { settings, layout, binaries } = context;
  const { ports } = settings;
  const text = (port: PortName) => String(ports[port]);
  const configured = (component: string) => join(layout.configDir, component);
  return [
    processSpec(context, {
      name: 'tempo',
      command: binaries.tempo ?? '',
      args: ['-config.expand-env=true', `-config.file=${join(settings.root, 'tempo', 'tempo.yaml')}`],
      environment: {
        BIND_HOST: HOST,
        TEMPO_HTTP_NETWORK: 'unix',
        TEMPO_HTTP_ADDR: layout.backendSocket('tempo'),
        TEMPO_PORT: text('tempo'),
        TEMPO_GRPC_PORT: text('tempoGrpc'),
        TEMPO_OTLP_PORT: text('tempoOtlp'),
        TEMPO_DATA_DIR: dataFolder(context, 'tempo'),
        GOMEMLIMIT: '300MiB',
      },
      listensOn: `${layout.backendSocket('tempo')}:${ports.tempo}`,
      readyUrl: `${endpoint(settings, 'tempo')}/ready`,
      ...restartedWhenUnready,
    }),
    processSpec(context, {
      name: 'loki',
      command: binaries.loki ?? '',
      args: ['-config.expand-env=true', `-config.file=${join(settings.root, 'loki', 'loki.yaml')}`],
      environment: {
        BIND_HOST: HOST,
        LOKI_HTTP_NETWORK: 'unix',
        LOKI_HTTP_ADDR: layout.backendSocket('loki'),
        LOKI_PORT: text('loki'),
        LOKI_GRPC_PORT: text('lokiGrpc'),
        LOKI_DATA_DIR: dataFolder(context, 'loki'),
        GOMEMLIMIT: '200MiB',
      },
      listensOn: `${layout.backendSocket('loki')}:${ports.loki}`,
      readyUrl: `${endpoint(settings, 'loki')}/ready`,
      ...restartedWhenUnready,
      // What it holds in memory goes to disk first.
      stopTimeoutMs: 20_000,
    }),
    processSpec(context, {
      name: 'prometheus',
      command: binaries.prometheus ?? '',
      args: [
        `--config.file=${join(configured('prometheus'), 'prometheus.yml')}`,
        `--storage.tsdb.path=${dataFolder(context, 'prometheus')}`,
        `--web.listen-address=${HOST}:${ports.prometheus}`,
        `--web.config.file=${join(configured('prometheus'), 'web.yml')}`,
        ...PROMETHEUS_DOORS,
        '--enable-feature=exemplar-storage',
      ],
      environment: { GOMEMLIMIT: '400MiB' },
      readyUrl: `${endpoint(settings, 'prometheus')}/-/ready`,
      isWatched: true,
      // Busy with rules of weeks it may be slow to answer.
      unreadyRestartMs: 5 * 60_000,
      // Its head goes to disk first.
      stopTimeoutMs: 30_000,
      autostart: false,
    }),
    processSpec(context, {
      name: 'alertmanager',
      command: binaries.alertmanager ?? '',
      args: [
        `--config.file=${join(configured('alertmanager'), 'alertmanager.yml')}`,
        `--storage.path=${dataFolder(context, 'alertmanager')}`,
        `--web.listen-address=${HOST}:${ports.alertmanager}`,
        `--web.config.file=${join(configured('alertmanager'), 'web.yml')}`,
        '--cluster.listen-address=',
        `--dispatch.start-delay=${DISPATCH_START_DELAY}`,
        `--data.maintenance-interval=${MAINTENANCE_INTERVAL}`,
      ],
      // Alertmanager looks up url_file from its working directory.
      workingDirectory: configured('alertmanager'),
      readyUrl: `${endpoint(settings, 'alertmanager')}/-/ready`,
      readyStatus: 401,
      ...restartedWhenUnready,
    }),
    processSpec(context, {
      name: 'otel-collector',
      command: binaries.otelcol ?? '',
      args: [
        ...['--config', join(settings.root, 'otel-collector', 'config.yaml')],
        ...(context.demo ? ['--config', join(settings.root, 'otel-collector', 'database.yaml')] : []),
      ],
      environment: {
        BIND_HOST: HOST,
        OTLP_GRPC_PORT: text('otlpGrpc'),
        OTLP_HTTP_PORT: text('otlpHttp'),
        COLLECTOR_TELEMETRY_PORT: text('collectorTelemetry'),
        COLLECTOR_METRICS_PORT: text('collectorMetrics'),
        COLLECTOR_UNVERIFIED_METRICS_PORT: text('collectorUnverifiedMetrics'),
        COLLECTOR_HEALTH_PORT: text('collectorHealth'),
        OTLP_KEY_FILE: join(layout.secretsDir, 'otlp-key'),
        COLLECTOR_DATA_DIR: dataFolder(context, 'otel-collector'),
        TEMPO_OTLP_URL: endpoint(settings, 'tempoOtlp'),
        LOKI_OTLP_URL: `${endpoint(settings, 'loki')}/otlp`,
        DATABASE_ENDPOINT: `${HOST}:${ports.postgres}`,
        DATABASE_MONITOR_PASSWORD_FILE: join(layout.secretsDir, 'database-monitor-password'),
        GOMEMLIMIT: '160MiB',
      },
      readyUrl: endpoint(settings, 'collectorHealth'),
      ...restartedWhenUnready,
    }),
  ];
}
