import { readFileSync } from 'node:fs';
import { SERVICES } from '@aiops-sre/conventions/services.ts';
import { z } from 'zod';

const DEFAULT_PORTS = { storefront: 3000, identity: 3010, fulfillment: 3021, traffic: 3030 } as const;

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'expected an http or https URL' })
  .transform((url) => url.replace(/\/+$/, ''));

const flag = z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0'], error: 'expected true or false' });

const numberBetween = (min: number, max: number) => {
  const message = `expected a number from ${min} to ${max}`;
  return z.coerce.number(message).min(min, message).max(max, message);
};

/** Values that end up in labels and resource attributes: short and without line breaks. */
const labelValue = z
  .string()
  .regex(/^[\w.:/@+-]{1,128}$/, 'expected 1 to 128 of letters, digits and _.:/@+-');

const environmentSchema = z.object({
  ROLE: z.enum(SERVICES),
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: numberBetween(0, 65535).int('expected a whole number').optional(),
  INSTANCE: labelValue.optional(),
  IDENTITY_URL: httpUrl.default('http://127.0.0.1:3010'),
  FULFILLMENT_URLS: z
    .string()
    .default('http://127.0.0.1:3021,http://127.0.0.1:3022,http://127.0.0.1:3023,http://127.0.0.1:3024')
    .transform((list) => list.split(',').map((url) => url.trim()))
    .pipe(z.array(httpUrl).min(1).max(64)),
  STOREFRONT_URL: httpUrl.default('http://127.0.0.1:3000'),
  FLAGS_FILE: z.string().min(1).optional(),
  ADMIN_TOKEN: z.string().min(8, 'expected at least 8 characters').optional(),
  RESTART_TOKEN: z.string().min(8, 'expected at least 8 characters').optional(),
  FAILURE_FACTOR: numberBetween(0, 1).default(0),
  FAILURE_CYCLES: flag.default(false),
  SERVICE_VERSION: labelValue.default('0.1.0'),
  SERVICE_REVISION: labelValue.default('unknown'),
  DEPLOYMENT_ENVIRONMENT: labelValue.default('demo'),
  TELEMETRY: z.enum(['stock', 'lean']).default('stock'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  TRAFFIC_RATE: numberBetween(0, 1000).default(5),
  TRAFFIC_TIME_ZONE: z.string().refine(isTimeZone, 'expected an IANA time zone').default('UTC'),
});

export type Settings = Readonly<ReturnType<typeof parseSettings>>;

/**
 * The one place where the environment is read into settings. The role comes from the first argument, else from ROLE.
 * Empty variables count as unset.
 *
 * @throws {Error} naming every variable that is wrong, and what was expected of it.
 */
export function parseSettings(environment: Readonly<Record<string, string | undefined>>, argument?: string) {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = environmentSchema.safeParse({
    ...given,
    ROLE: argument ?? given.ROLE,
    ADMIN_TOKEN: readToken(given, 'ADMIN_TOKEN'),
    RESTART_TOKEN: readToken(given, 'RESTART_TOKEN'),
  });
  if (!result.success) {
    const reasons = result.error.issues.map(({ path: [name, ...rest], message }) => {
      const got =
        name === 'ADMIN_TOKEN' || name === 'RESTART_TOKEN'
          ? ''
          : `, got ${JSON.stringify(name === 'ROLE' ? (argument ?? given.ROLE) : given[String(name)])}`;
      return `environment: ${[name, ...rest].join('.')}: ${message}${got}`;
    });
    throw new Error(reasons.join('\n'));
  }
  const value = result.data;
  return {
    role: value.ROLE,
    host: value.HOST,
    port: value.PORT ?? DEFAULT_PORTS[value.ROLE],
    instance: value.INSTANCE ?? `${value.ROLE}-1`,
    identityUrl: value.IDENTITY_URL,
    fulfillmentUrls: value.FULFILLMENT_URLS,
    storefrontUrl: value.STOREFRONT_URL,
    flagsFile: value.FLAGS_FILE,
    adminToken: value.ADMIN_TOKEN,
    restartToken: value.RESTART_TOKEN,
    failureFactor: value.FAILURE_FACTOR,
    failureCycles: value.FAILURE_CYCLES,
    version: value.SERVICE_VERSION,
    revision: value.SERVICE_REVISION,
    environment: value.DEPLOYMENT_ENVIRONMENT,
    telemetry: value.TELEMETRY,
    logLevel: value.LOG_LEVEL,
    trafficRatePerSecond: value.TRAFFIC_RATE,
    trafficTimeZone: value.TRAFFIC_TIME_ZONE,
  };
}

/** From the variable itself, or from the file that NAME_FILE names; undefined where neither is set. */
function readToken(
  given: Readonly<Record<string, string | undefined>>,
  name: 'ADMIN_TOKEN' | 'RESTART_TOKEN',
): string | undefined {
  const file = given[`${name}_FILE`];
  if (given[name] !== undefined || file === undefined) return given[name];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new Error(`environment: ${name}_FILE: cannot read ${file}`, { cause });
  }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
