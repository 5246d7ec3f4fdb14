/**
 * What docker-compose.yml needs before anything else can start, into the volumes below /volumes:
 *
 *   run    secrets, passwords of the database's roles, Alertmanager's folder, scrape targets of what runs, what components read with what the home folder adds,
 *          the text of a backfilled history
 *   show   prints the secrets
 */

import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { orExit } from '@aiops-sre/service-kit/lifecycle/or-exit.ts';
import { PLATFORM_USER } from '@aiops-sre/service-kit/platform/platform-login.ts';
import { roleFile } from '@aiops-sre/service-kit/postgres/roles.ts';
import { readEnvironment } from '@aiops-sre/service-kit/settings/environment.ts';
import { httpUrl, token } from '@aiops-sre/service-kit/settings/variables.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { execa } from 'execa';
import { z } from 'zod';
import { shippedFolders } from '../../home/shipped.ts';
import { takeInHome, takenInLines } from '../../home/take-in.ts';
import { plainTable } from '../../plain-table.ts';
import { hashOfSecret, webConfiguration } from '../../web-configuration.ts';
import { objectStorageFiles } from './object-storage.ts';
import { hasCanary, hasDemo, OPTIONAL_SERVICES, writeScrapeTargets } from './scrape-targets.ts';
import { provideSecrets, readSecret, SECRETS, type SecretName } from './secrets.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const command = z.enum(['run', 'show'], { error: 'usage: prepare run|show' }).parse(process.argv[2]);

const environmentSchema = z.object({
  VOLUMES: z.string().default('/volumes'),
  HOME_FOLDER: z.string().default('/home-folder'),
  ALERTMANAGER_PASSWORD: token.optional(),
  ADMIN_TOKEN: token.optional(),
  DATABASE_PASSWORD: token.optional(),
  DATABASE_MONITOR_PASSWORD: token.optional(),
  GRAFANA_PASSWORD: z.string().optional(),
  OTLP_KEY: token.optional(),
  PROBE_KEY: token.optional(),
  MCP_TOKEN: token.optional(),
  OPERATOR_TOKEN: token.optional(),
  RESTART_TOKEN: token.optional(),
  S3_SECRET_KEY: token.optional(),
  WEBHOOK_TOKEN: token.optional(),
  WEBHOOK_URL: httpUrl.default('http://incident-responder:8091/webhook/alertmanager'),
  /** The profiles that are on, and services of them that do not run all the same. */
  COMPOSE_PROFILES: z.string().default(''),
  LEFT_OUT: z.string().default(''),
  HISTORY: z.enum(['on', 'off']).default('on'),
});
const environment = orExit(() => readEnvironment(environmentSchema, process.env), 1);

const volume = (...path: string[]) => join(environment.VOLUMES, ...path);
const names = Object.keys(SECRETS) as SecretName[];

async function run(): Promise<void> {
  const given = Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[SECRETS[name].variable];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const made = provideSecrets(volume('secrets'), given);
  if (made.length > 0) print(`made: ${made.join(', ')}`);

  const words = (list: string) => list.split(/[\s,]+/).filter((word) => word !== '');
  const profiles = words(environment.COMPOSE_PROFILES);
  const demo = hasDemo(profiles);
  writeScrapeTargets({
    source: join(root, 'prometheus', 'targets'),
    target: volume('targets'),
    demo,
    canary: hasCanary(profiles),
    leftOut: [
      ...OPTIONAL_SERVICES.filter((name) => !profiles.includes('*') && !profiles.includes(name)),
      ...words(environment.LEFT_OUT),
    ],
  });

  const { content, changed } = await takeInHome(
    { home: environment.HOME_FOLDER, shipped: shippedFolders(root), demo },
    {
      rules: volume('rules'),
      targets: volume('targets', 'my'),
      anomalyRules: volume('anomaly-rules'),
      actions: volume('responder-files', 'actions'),
      runbooks: volume('responder-files', 'runbooks'),
      dashboards: volume('dashboards', 'shipped'),
      homeDashboards: volume('dashboards', 'my'),
    },
  );
  for (const line of takenInLines('my', content)) print(line);
  if (changed.size > 0) print(`taken in anew: ${[...changed].join(', ')}`);

  const secret = (name: SecretName) => readSecret(volume('secrets'), name);
  const node = (script: string, args: readonly string[], variables: Record<string, string>) =>
    execa(process.execPath, [join(root, script), ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: variables,
    });
  await Promise.all([
    node('alertmanager/main.ts', [volume('alertmanager'), volume('notifications'), environment.HOME_FOLDER], {
      WEBHOOK_URL: environment.WEBHOOK_URL,
      WEBHOOK_TOKEN: secret('webhook-token'),
    }),
    writeFile(
      volume('alertmanager', 'web.yml'),
      webConfiguration({
        users: { [PLATFORM_USER]: hashOfSecret(secret('alertmanager-password')) },
      }),
    ),
    ...Object.entries({
      ...roleFile('shop', secret('database-password')),
      ...roleFile('monitor', secret('database-monitor-password')),
    }).map(([name, sql]) => writeFile(volume('database-roles', name), sql)),
    ...Object.entries(objectStorageFiles(secret('s3-secret-key'))).map(([name, content]) =>
      writeFile(volume('secrets', 'objects', name), content),
    ),
    // Nobody asks for a database that is not there.
    writeFile(
      volume('collector-config', 'database.yaml'),
      demo ? readFileSync(join(root, 'otel-collector', 'database.yaml')) : '{}\n',
    ),
    environment.HISTORY === 'on' && demo
      ? node('backfill/main.ts', [volume('history'), volume('prometheus')], {})
      : print('no backfill'),
  ]);
}

function show(): void {
  const table = plainTable(['secret', 'value', 'opens']);
  for (const name of names) table.push([name, readSecret(volume('secrets'), name), SECRETS[name].opens]);
  print(table.toString());
}

try {
  if (command === 'run') await run();
  else show();
} catch (error) {
  printError(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
