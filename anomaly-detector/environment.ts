import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' });

const schema = z.object({
  CONFIG_FILE: z.string().default(fileURLToPath(new URL('./rules/demo.yaml', import.meta.url))),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number({ error: 'expected a port' }).int().min(0).max(65_535).default(8090),
  PROMETHEUS_URL: url.default('http://127.0.0.1:9090'),
  ALERTMANAGER_URLS: z
    .string()
    .default('http://127.0.0.1:9093')
    .transform((list) =>
      list
        .split(',')
        .map((item) => item.trim())
        .filter(Boolean),
    )
    .pipe(z.array(url).max(20)),
  BACKEND_USER: z.string().optional(),
  BACKEND_PASSWORD_FILE: z.string().optional(),
  STATE_DIR: z.string().default('.data/anomaly-detector'),
  RUNBOOK_BASE_URL: url.default('http://127.0.0.1:8091/runbooks'),
  DASHBOARD_BASE_URL: url.default('http://127.0.0.1:3001'),
  TIME_ZONE: z
    .string()
    .default('UTC')
    .refine(isTimeZone, { error: 'expected an IANA time zone such as Europe/Berlin' }),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  QUERY_TIMEOUT_MS: z.coerce.number().int().min(100).max(300_000).default(20_000),
  EVALUATION_DELAY_SECONDS: z.coerce.number().min(0).max(600).default(10),
  SNAPSHOT_INTERVAL_SECONDS: z.coerce.number().min(5).max(86_400).default(300),
  SHARD: z.string().default('1/1'),
  VERDICTS_TOKEN: z.string().min(16, 'expected at least 16 characters').optional(),
});

export type Environment = Readonly<z.output<typeof schema>>;

/** Checks the environment. Throws an Error with one line a variable that cannot be used. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  // Compose files and shells pass "not set" on as an empty string.
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const got = name === 'VERDICTS_TOKEN' ? '' : `, got ${JSON.stringify(given[name])}`;
    return `environment: ${name}: ${issue.message}${got}`;
  });
  throw new Error(lines.join('\n'));
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
