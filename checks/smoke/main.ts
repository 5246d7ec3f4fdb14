/** `npm run smoke -- --host NAME --password-file FILE`: whether an exposed platform is shut to strangers and works. */

import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPrometheusClient } from '@aiops-sre/service-kit/prometheus/prometheus-client.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { agentOf, type DoorAccess, doorClient, doorProblems } from '@aiops-sre/stack/exposure/door-check.ts';
import { DOORS, INTAKE_DOORS } from '@aiops-sre/stack/exposure/doors.ts';
import { OPERATOR } from '@aiops-sre/stack/exposure/secrets-folder.ts';
import { plainTable } from '@aiops-sre/stack/plain-table.ts';
import { readSettings } from '@aiops-sre/stack/settings.ts';
import { Command } from 'commander';
import { requestCounted } from './request-counted.ts';

const REQUEST_TIMEOUT_MS = 10_000;
const COUNTED_TIMEOUT_MS = 60_000;

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { ports } = readSettings(root, process.env);

const program = new Command('npm run smoke --')
  .description('Asks every door of an exposed platform (docs/exposure.md), with and without its password.')
  .requiredOption('--host <name>', 'where it is')
  .requiredOption('--password-file <file>', `password of ${OPERATOR}`)
  .option('--authority <file>', "PEM of the certificates' authority (default: the public ones)")
  .option('--json', 'one object for machines')
  .action(async (options: { host: string; passwordFile: string; authority?: string; json?: boolean }) => {
    const access: DoorAccess = {
      host: options.host,
      user: OPERATOR,
      password: readFileSync(options.passwordFile, 'utf8').trim(),
      authority: options.authority && readFileSync(options.authority, 'utf8'),
      timeoutMs: REQUEST_TIMEOUT_MS,
    };
    const doors = [...DOORS, ...INTAKE_DOORS.map((name) => ({ name, path: undefined }))];
    const results = await Promise.all(
      doors.map(async ({ name, path }) => ({
        name,
        problems: await doorProblems(access, ports[name], path),
      })),
    );
    const url = (port: number) => `https://${options.host}:${port}`;
    const login = { username: access.user, password: access.password };
    const request = await requestCounted({
      client: doorClient(access),
      login,
      storefront: url(ports.storefront),
      prometheus: createPrometheusClient({
        url: url(ports.prometheus),
        timeoutMs: REQUEST_TIMEOUT_MS,
        login,
        httpsAgent: agentOf(access),
      }),
      timeoutMs: COUNTED_TIMEOUT_MS,
    }).then(
      (seconds) => ({ name: 'request counted', problems: [], seconds }),
      (error: Error) => ({ name: 'request counted', problems: [error.message] }),
    );
    const all = [...results, request];
    if (options.json) print(JSON.stringify({ checks: all }));
    else {
      const table = plainTable(['check', 'result']);
      for (const { name, problems } of all) table.push([name, problems.join('\n') || 'fine']);
      print(table.toString());
    }
    if (all.some(({ problems }) => problems.length > 0)) process.exitCode = 1;
  });

try {
  await program.parseAsync();
} catch (error) {
  printError((error as Error).message);
  process.exitCode = 1;
}
