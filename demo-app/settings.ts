import { existsSync, readFileSync } from 'node:fs';
import { SERVICES } from '@aiops-sre/conventions/services.ts';
import { readEnvironment } from '@aiops-sre/service-kit/settings/environment.ts';
import {
  flag,
  hostNames,
  httpUrl,
  httpUrls,
  logLevel,
  numberBetween,
  port,
  timeZone,
  token,
} from '@aiops-sre/service-kit/settings/variables.ts';
import { z } from 'zod';

const DEFAULT_PORTS = { storefront: 3000, identity: 3010, fulfillment: 3021, traffic: 3030 } as const;

/** Values that end up in labels and resource attributes: short and without line breaks. */
const labelValue = z
  .string()
  .regex(/^[\w.:/@+-]{1,128}$/, 'expected 1 to 128 of letters, digits and _.:/@+-');

const environmentSchema = z.object({
  ROLE: z.enum(SERVICES),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: port.optional(),
  ALLOWED_HOSTS: hostNames.optional(),
  INSTANCE: labelValue.optional(),
  IDENTITY_URL: httpUrl.default('http://127.0.0.1:3010'),
  FULFILLMENT_URLS: httpUrls.prefault(
    'http://127.0.0.1:3021,http://127.0.0.1:3022,http://127.0.0.1:3023,http://127.0.0.1:3024',
  ),
  STOREFRONT_URL: httpUrl.default('http://127.0.0.1:3000'),
  CANARY_URL: httpUrl.default('http://127.0.0.1:3005'),
  FLAGS_FILE: z.string().min(1).optional(),
  ORDERS_FILE: z.string().min(1).optional(),
  ADMIN_TOKEN: token.optional(),
  RESTART_TOKEN: token.optional(),
  OTLP_KEY: token.optional(),
  PROBE_KEY: token.optional(),
  FAILURE_FACTOR: numberBetween(0, 1).default(0),
  FAILURE_CYCLES: flag.default(false),
  SERVICE_VERSION: labelValue.default('0.1.0'),
  SERVICE_VERSION_FILE: z.string().min(1).optional(),
  SERVICE_REVISION: labelValue.default('unknown'),
  DEPLOYMENT_ENVIRONMENT: labelValue.default('demo'),
  TELEMETRY: z.enum(['stock', 'lean']).default('stock'),
  LOG_LEVEL: logLevel.default('info'),
  TRAFFIC_RATE: numberBetween(0, 1000).default(5),
  TRAFFIC_TIME_ZONE: timeZone.default('UTC'),
});

export type Settings = Readonly<ReturnType<typeof parseSettings>>;

/**
 * The one place where the environment is read into settings. The role comes from the first argument, else from ROLE.
 * Empty variables count as unset.
 *
 * @throws {Error} naming every variable that is wrong, and what was expected of it.
 */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>, argument?: string) {
  const value = readEnvironment(environmentSchema, { ...environment, ROLE: argument ?? environment.ROLE });
  return {
    role: value.ROLE,
    host: value.HOST,
    port: value.PORT ?? DEFAULT_PORTS[value.ROLE],
    allowedHosts: value.ALLOWED_HOSTS,
    instance: value.INSTANCE ?? `${value.ROLE}-1`,
    identityUrl: value.IDENTITY_URL,
    fulfillmentUrls: value.FULFILLMENT_URLS,
    storefrontUrl: value.STOREFRONT_URL,
    canaryUrl: value.CANARY_URL,
    flagsFile: value.FLAGS_FILE,
    ordersFile: value.ORDERS_FILE,
    adminToken: value.ADMIN_TOKEN,
    restartToken: value.RESTART_TOKEN,
    otlpKey: value.OTLP_KEY,
    probeKey: value.PROBE_KEY,
    failureFactor: value.FAILURE_FACTOR,
    failureCycles: value.FAILURE_CYCLES,
    version: versionIn(value.SERVICE_VERSION_FILE) ?? value.SERVICE_VERSION,
    revision: value.SERVICE_REVISION,
    environment: value.DEPLOYMENT_ENVIRONMENT,
    telemetry: value.TELEMETRY,
    logLevel: value.LOG_LEVEL,
    trafficRatePerSecond: value.TRAFFIC_RATE,
    trafficTimeZone: value.TRAFFIC_TIME_ZONE,
  };
}

/** What a deployment left for this start; undefined where none did. */
function versionIn(file: string | undefined): string | undefined {
  if (file === undefined || !existsSync(file)) return undefined;
  const result = labelValue.safeParse(readFileSync(file, 'utf8').trim());
  if (!result.success)
    throw new Error(`environment: SERVICE_VERSION_FILE: ${file}: ${result.error.issues[0]?.message}`);
  return result.data;
}
