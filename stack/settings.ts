import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';

const port = z.coerce.number().int().min(1).max(65_535);
const version = z.string().regex(/^v?\d+\.\d+\.\d+$/, 'expected a version such as v1.2.3');

/** The ports of `.env`, by the name used throughout the stack. */
export const PORT_VARIABLES = {
  storefront: 'STOREFRONT_PORT',
  identity: 'IDENTITY_PORT',
  'fulfillment-1': 'FULFILLMENT_1_PORT',
  'fulfillment-2': 'FULFILLMENT_2_PORT',
  'fulfillment-3': 'FULFILLMENT_3_PORT',
  'fulfillment-4': 'FULFILLMENT_4_PORT',
  traffic: 'TRAFFIC_PORT',
  grafana: 'GRAFANA_PORT',
  otlpGrpc: 'OTLP_GRPC_PORT',
  otlpHttp: 'OTLP_HTTP_PORT',
  collectorTelemetry: 'COLLECTOR_TELEMETRY_PORT',
  collectorMetrics: 'COLLECTOR_METRICS_PORT',
  collectorHealth: 'COLLECTOR_HEALTH_PORT',
  tempo: 'TEMPO_PORT',
  tempoGrpc: 'TEMPO_GRPC_PORT',
  tempoOtlp: 'TEMPO_OTLP_PORT',
  loki: 'LOKI_PORT',
  lokiGrpc: 'LOKI_GRPC_PORT',
  prometheus: 'PROMETHEUS_PORT',
  alertmanager: 'ALERTMANAGER_PORT',
  anomalyDetector: 'ANOMALY_DETECTOR_PORT',
  incidentResponder: 'INCIDENT_RESPONDER_PORT',
} as const;
export type PortName = keyof typeof PORT_VARIABLES;

const versionVariables = {
  node: 'NODE_VERSION',
  prometheus: 'PROMETHEUS_VERSION',
  alertmanager: 'ALERTMANAGER_VERSION',
  otelCollector: 'OTEL_COLLECTOR_VERSION',
  tempo: 'TEMPO_VERSION',
  loki: 'LOKI_VERSION',
  grafana: 'GRAFANA_VERSION',
  caddy: 'CADDY_VERSION',
  k6: 'K6_VERSION',
} as const;
export type VersionName = keyof typeof versionVariables;

/** Where everything is and listens. Read once, by {@link readSettings}. */
export interface Settings {
  /** The checkout. */
  readonly root: string;
  /** State of the native engine: data, logs, sockets. */
  readonly dataDir: string;
  /** Built binaries, shared by all clones of one user. */
  readonly cacheDir: string;
  readonly ports: Readonly<Record<PortName, number>>;
  readonly versions: Readonly<Record<VersionName, string>>;
  /** How the demo app observes its requests. */
  readonly telemetry: 'stock' | 'lean';
  /** A Grafana of one's own for the native engine, from GRAFANA_HOME. */
  readonly grafanaHome: string | undefined;
  /** Configuration of one's own for the native engine, in place of the shipped. */
  readonly own: {
    /** Prometheus' rule files, from AIOPS_RULES_DIR. */
    readonly rulesDir: string | undefined;
    /** The responder's actions, from AIOPS_ACTIONS_DIR. */
    readonly actionsDir: string | undefined;
    /** The detector's rules, from AIOPS_DETECTOR_CONFIG. */
    readonly detectorConfig: string | undefined;
  };
}

/**
 * Reads `.env` and the environment, which wins.
 *
 * AIOPS_PORT_OFFSET is added to every port, so that a second stack can run beside the first; AIOPS_DATA_DIR and
 * AIOPS_CACHE_DIR move the two folders. AIOPS_RULES_DIR, AIOPS_ACTIONS_DIR and AIOPS_DETECTOR_CONFIG take the place of
 * shipped configuration.
 *
 * @throws Error naming the variable, what it held and what was expected.
 */
export function readSettings(root: string, environment: NodeJS.ProcessEnv): Settings {
  const values = { ...parseEnv(readFileSync(join(root, '.env'), 'utf8')), ...environment };
  const read = <T>(name: string, schema: z.ZodType<T>): T => {
    const result = schema.safeParse(values[name]);
    if (result.success) return result.data;
    const found = values[name] === undefined ? 'nothing' : JSON.stringify(values[name]);
    throw new Error(`.env or environment: ${name}: ${result.error.issues[0]?.message}, got ${found}`);
  };
  const offset = read('AIOPS_PORT_OFFSET', z.coerce.number().int().min(0).max(50_000).default(0));
  const readAll = <K extends string, T>(variables: Record<K, string>, schema: z.ZodType<T>) =>
    Object.fromEntries(
      Object.entries<string>(variables).map(([name, variable]) => [name, read(variable, schema)]),
    ) as Record<K, T>;
  const ports = readAll(
    PORT_VARIABLES,
    port.transform((value) => value + offset).pipe(z.number().max(65_535)),
  );
  const path = (text: string | undefined) => (text ? resolve(root, text) : undefined);
  const cacheHome = values.XDG_CACHE_HOME || join(homedir(), '.cache');
  return {
    root,
    dataDir: resolve(root, values.AIOPS_DATA_DIR || '.data'),
    cacheDir: values.AIOPS_CACHE_DIR || join(cacheHome, 'aiops-sre-observability'),
    ports,
    versions: readAll(versionVariables, version),
    telemetry: read('TELEMETRY', z.enum(['stock', 'lean'])),
    grafanaHome: values.GRAFANA_HOME || undefined,
    own: {
      rulesDir: path(values.AIOPS_RULES_DIR),
      actionsDir: path(values.AIOPS_ACTIONS_DIR),
      detectorConfig: path(values.AIOPS_DETECTOR_CONFIG),
    },
  };
}
