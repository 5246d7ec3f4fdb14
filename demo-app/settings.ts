import { existsSync, readFileSync } from 'node:fs';
import { SERVICES, type ServiceName } from '@aiops-sre/conventions/services.ts';
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
  wholeNumberBetween,
} from '@aiops-sre/service-kit/settings/variables.ts';
import { z } from 'zod';

const DEFAULT_PORTS = {
  storefront: 3000,
  identity: 3010,
  fulfillment: 3021,
  traffic: 3030,
  payments: 3040,
  checkout: 3050,
} as const;

/** Values that end up in labels and resource attributes: short and without line breaks. */
const labelValue = z
  .string()
  .regex(/^[\w.:/@+-]{1,128}$/, 'expected 1 to 128 of letters, digits and _.:/@+-');

/** Roles that keep something in the shop's database. */
const WITH_DATABASE: readonly ServiceName[] = ['storefront', 'checkout'];

const DATABASE_URL_EXAMPLE = 'postgres://shop@127.0.0.1:5433/shop';

const databaseUrl = z
  .url({ protocol: /^postgres(ql)?$/, error: `expected an address such as ${DATABASE_URL_EXAMPLE}` })
  .refine(
    (url) => URL.canParse(url) && new URL(url).pathname.length > 1,
    `expected an address such as ${DATABASE_URL_EXAMPLE}`,
  );

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
  PAYMENTS_URL: httpUrl.default('http://127.0.0.1:3040'),
  CHARGES_FILE: z.string().min(1).optional(),
  STOREFRONT_URL: httpUrl.default('http://127.0.0.1:3000'),
  CANARY_URL: httpUrl.default('http://127.0.0.1:3005'),
  FLAGS_FILE: z.string().min(1).optional(),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_PASSWORD: z.string().min(1).optional(),
  DATABASE_POOL_MAX: wholeNumberBetween(1, 100).default(10),
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
    paymentsUrl: value.PAYMENTS_URL,
    chargesFile: value.CHARGES_FILE,
    storefrontUrl: value.STOREFRONT_URL,
    canaryUrl: value.CANARY_URL,
    flagsFile: value.FLAGS_FILE,
    database: databaseOf(value),
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

interface DatabaseVariables {
  readonly ROLE: ServiceName;
  readonly DATABASE_URL?: string | undefined;
  readonly DATABASE_PASSWORD?: string | undefined;
  readonly DATABASE_POOL_MAX: number;
}

/** @throws {Error} where the role needs a database and none is named */
function databaseOf({
  ROLE,
  DATABASE_URL: url,
  DATABASE_PASSWORD: password,
  DATABASE_POOL_MAX: poolMax,
}: DatabaseVariables) {
  if (!WITH_DATABASE.includes(ROLE)) return undefined;
  if (url === undefined)
    throw new Error(
      `environment: DATABASE_URL: expected the address of a PostgreSQL database, such as ${DATABASE_URL_EXAMPLE}, as the role is ${ROLE}; got nothing`,
    );
  // The address is in messages and traces.
  if (new URL(url).password !== '')
    throw new Error(
      'environment: DATABASE_URL: expected no password in it: that is for DATABASE_PASSWORD_FILE',
    );
  return { url, password, poolMax };
}
