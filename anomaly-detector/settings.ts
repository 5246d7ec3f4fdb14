import { fileURLToPath } from 'node:url';
import { type Environment, readEnvironment } from '@aiops-sre/service-kit/settings/environment.ts';
import {
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
import { WEEKDAYS } from './calendar/season-calendar.ts';

const paths = z.string().transform((text) =>
  text
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== ''),
);

const schema = z.object({
  CONFIG_FILE: z.string().default(fileURLToPath(new URL('./rules', import.meta.url))),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(8090),
  ALLOWED_HOSTS: hostNames.optional(),
  PROMETHEUS_URL: httpUrl.default('http://127.0.0.1:9090'),
  ALERTMANAGER_URLS: httpUrls.prefault('http://127.0.0.1:9093'),
  BACKEND_USER: z.string().optional(),
  BACKEND_PASSWORD_FILE: z.string().optional(),
  KUBERNETES_CLUSTER: z.string().min(1).optional(),
  STATE_DIR: z.string().default('.data/anomaly-detector'),
  RUNBOOK_BASE_URL: httpUrl.default('http://127.0.0.1:8091/runbooks'),
  DASHBOARD_BASE_URL: httpUrl.default('http://127.0.0.1:3001'),
  TIME_ZONE: timeZone.default('UTC'),
  CALENDARS: paths.optional(),
  HOLIDAYS_ARE: z.enum(WEEKDAYS).default('sunday'),
  LOG_LEVEL: logLevel.default('info'),
  QUERY_TIMEOUT_MS: wholeNumberBetween(100, 300_000).default(20_000),
  EVALUATION_DELAY_SECONDS: numberBetween(0, 600).default(10),
  SNAPSHOT_INTERVAL_SECONDS: numberBetween(5, 86_400).default(300),
  SHARD: z.string().default('1/1'),
  VERDICTS_TOKEN: token.optional(),
});

export type Settings = Readonly<z.output<typeof schema>>;

/** The detector's settings. @throws {Error} with one line a variable that cannot be used */
export const readSettings = (environment: Environment): Settings => readEnvironment(schema, environment);
