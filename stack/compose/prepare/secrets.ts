import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Who reads a secret, and thereby the volume it is in: no service sees the secrets of another. */
export const SECRETS = {
  'admin-token': {
    volume: 'application',
    variable: 'ADMIN_TOKEN',
    opens: 'fault injection of the demo application',
  },
  'alertmanager-password': {
    volume: 'alerting',
    variable: 'ALERTMANAGER_PASSWORD',
    opens: 'Alertmanager, user platform',
  },
  'database-password': {
    volume: 'database',
    variable: 'DATABASE_PASSWORD',
    opens: 'database shop, user shop',
  },
  'database-monitor-password': {
    volume: 'monitor',
    variable: 'DATABASE_MONITOR_PASSWORD',
    opens: 'statistics of the database, user monitor',
  },
  'grafana-password': { volume: 'grafana', variable: 'GRAFANA_PASSWORD', opens: 'Grafana, user admin' },
  'otlp-key': {
    volume: 'telemetry',
    variable: 'OTLP_KEY',
    opens: 'the names of the application in telemetry over OTLP',
  },
  'probe-key': {
    volume: 'application',
    variable: 'PROBE_KEY',
    opens: 'traces of a caller’s own at the storefront',
  },
  'operator-token': {
    volume: 'responder',
    variable: 'OPERATOR_TOKEN',
    opens: 'approval of actions at the responder',
  },
  'mcp-token': {
    volume: 'responder',
    variable: 'MCP_TOKEN',
    opens: "questions of assistants at the responder's /mcp",
  },
  's3-secret-key': {
    volume: 'objects',
    variable: 'S3_SECRET_KEY',
    opens: 'the object storage of docker-compose.scale.yml',
  },
  'restart-token': { volume: 'operations', variable: 'RESTART_TOKEN', opens: 'restarts of fulfillment' },
  'webhook-token': { volume: 'responder', variable: 'WEBHOOK_TOKEN', opens: "the responder's webhook" },
} as const;
export type SecretName = keyof typeof SECRETS;

const SECRET_BYTES = 32;

function fileOf(folder: string, name: SecretName): string {
  return join(folder, SECRETS[name].volume, name);
}

/** @throws Error (ENOENT) before the first start. */
export function readSecret(folder: string, name: SecretName): string {
  return readFileSync(fileOf(folder, name), 'utf8').trim();
}

/**
 * Writes each secret that `given` has; makes each other one that is not there yet, 256 bits from the system's generator.
 * Who mounts a volume may read it: its reader runs as another user than its writer.
 *
 * @returns the names of those it made.
 */
export function provideSecrets(
  folder: string,
  given: Readonly<Partial<Record<SecretName, string>>>,
): readonly SecretName[] {
  const names = Object.keys(SECRETS) as SecretName[];
  return names.filter((name) => {
    const file = fileOf(folder, name);
    const value = given[name];
    if (value === undefined && existsSync(file)) return false;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, value ?? randomBytes(SECRET_BYTES).toString('base64url'), { mode: 0o644 });
    return value === undefined;
  });
}
