import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import type { Environment } from '../settings/environment.ts';

/** The ports of `.env`, by the name used throughout. */
export const PORT_VARIABLES = {
  storefront: 'STOREFRONT_PORT',
  identity: 'IDENTITY_PORT',
  'fulfillment-1': 'FULFILLMENT_1_PORT',
  'fulfillment-2': 'FULFILLMENT_2_PORT',
  'fulfillment-3': 'FULFILLMENT_3_PORT',
  'fulfillment-4': 'FULFILLMENT_4_PORT',
  'storefront-canary': 'STOREFRONT_CANARY_PORT',
  traffic: 'TRAFFIC_PORT',
  payments: 'PAYMENTS_PORT',
  checkout: 'CHECKOUT_PORT',
  postgres: 'POSTGRES_PORT',
  grafana: 'GRAFANA_PORT',
  otlpGrpc: 'OTLP_GRPC_PORT',
  otlpHttp: 'OTLP_HTTP_PORT',
  collectorUnverifiedMetrics: 'COLLECTOR_UNVERIFIED_METRICS_PORT',
  collectorTelemetry: 'COLLECTOR_TELEMETRY_PORT',
  collectorMetrics: 'COLLECTOR_METRICS_PORT',
  collectorHealth: 'COLLECTOR_HEALTH_PORT',
  tempo: 'TEMPO_PORT',
  tempoGrpc: 'TEMPO_GRPC_PORT',
  tempoOtlp: 'TEMPO_OTLP_PORT',
  loki: 'LOKI_PORT',
  lokiGrpc: 'LOKI_GRPC_PORT',
  guard: 'GUARD_PORT',
  prometheus: 'PROMETHEUS_PORT',
  alertmanager: 'ALERTMANAGER_PORT',
  anomalyDetector: 'ANOMALY_DETECTOR_PORT',
  incidentResponder: 'INCIDENT_RESPONDER_PORT',
  school: 'SCHOOL_PORT',
} as const;
export type PortName = keyof typeof PORT_VARIABLES;
export type Ports = Readonly<Record<PortName, number>>;

/** Variables of `.env` and of the environment, which wins. */
export interface PlatformVariables {
  readonly values: Environment;
  /** @throws Error naming the variable, what it held and what was expected. */
  read<T>(name: string, schema: z.ZodType<T>): T;
}

export function platformVariables(root: string, environment: Environment): PlatformVariables {
  const values = { ...parseEnv(readFileSync(join(root, '.env'), 'utf8')), ...environment };
  return {
    values,
    read(name, schema) {
      const result = schema.safeParse(values[name]);
      if (result.success) return result.data;
      const found = values[name] === undefined ? 'nothing' : JSON.stringify(values[name]);
      throw new Error(`.env or environment: ${name}: ${result.error.issues[0]?.message}, got ${found}`);
    },
  };
}

const offsetSchema = z.coerce.number().int().min(0).max(50_000).default(0);
const portSchema = z.coerce.number().int().min(1).max(65_535);

/** Where the platform listens. AIOPS_PORT_OFFSET is added to every port, so that a second can run beside the first. */
export function platformPorts({ read }: PlatformVariables): Ports {
  const offset = read('AIOPS_PORT_OFFSET', offsetSchema);
  const shifted = portSchema.transform((port) => port + offset).pipe(z.number().max(65_535));
  return Object.fromEntries(
    Object.entries(PORT_VARIABLES).map(([name, variable]) => [name, read(variable, shifted)]),
  ) as Ports;
}

/** The base URL people and the platform itself reach a component at, in either engine. */
export function endpoint({ ports }: { readonly ports: Ports }, name: PortName): string {
  return `http://127.0.0.1:${ports[name]}`;
}
