/** `npm run -s alerts -- explain LABEL=VALUE...` and `npm run -s alerts -- drill --receiver NAME`. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createBackendClient } from '@aiops-sre/service-kit/backends/backend-client.ts';
import { platformLogin } from '@aiops-sre/service-kit/platform/platform-login.ts';
import { endpoint, platformPorts, platformVariables } from '@aiops-sre/service-kit/platform/ports.ts';
import { print, printError } from '@aiops-sre/service-kit/terminal/print.ts';
import { Command } from 'commander';
import { z } from 'zod';
import { readConfiguration } from './configuration.ts';
import { drill } from './drill.ts';
import { explain, type Now } from './explain.ts';
import { liveAlertmanager } from './live-alertmanager.ts';

const TIMEOUT_MS = 5000;
const repository = resolve(import.meta.dirname, '..', '..');
const platform = { ports: platformPorts(platformVariables(repository, process.env)) };
const alertmanager = liveAlertmanager({
  url: endpoint(platform, 'alertmanager'),
  timeoutMs: TIMEOUT_MS,
  login: platformLogin(repository, process.env),
});
const responder = createBackendClient({
  name: 'incident responder',
  url: endpoint(platform, 'incidentResponder'),
  timeoutMs: TIMEOUT_MS,
});

const program = new Command('alerts').description("an alert's way to people");

program
  .command('explain')
  .description('route, receiver, grouping, waits, inhibition and silences of an alert with these labels')
  .argument('<labels...>', 'alertname=... severity=... service=...')
  .action(async (pairs: readonly string[]) => {
    const labels = Object.fromEntries(pairs.map(labelOf));
    const running = await alertmanager.configuration().catch(() => undefined);
    const text = running ?? readFileSync(resolve(repository, 'alertmanager', 'alertmanager.yml'), 'utf8');
    const now: Now | undefined =
      running === undefined
        ? undefined
        : { silences: await alertmanager.silences(), firing: await alertmanager.firing() };
    if (running === undefined) print('no Alertmanager answers: by alertmanager/alertmanager.yml');
    for (const line of explain(labels, readConfiguration(text), now)) print(line);
  });

program
  .command('drill')
  .description('sends one alert marked DRILL to a receiver and says when it arrived')
  .requiredOption('--receiver <name>', 'page, ticket, info')
  .option('--timeout <seconds>', 'until it must have arrived', '300')
  .action(async ({ receiver, timeout }: { receiver: string; timeout: string }) => {
    const seconds = Number(timeout);
    if (!(seconds > 0)) throw new Error(`--timeout: expected seconds, got ${timeout}`);
    await drill({
      receiver,
      configuration: readConfiguration(await alertmanager.configuration()),
      alertmanager,
      arrivedAtResponder,
      timeoutMs: seconds * 1000,
      out: (line) => print(line),
    });
  });

const notificationsSchema = z.object({
  notifications: z.array(
    z.object({ alerts: z.array(z.object({ labels: z.record(z.string(), z.string()) })) }),
  ),
});
async function arrivedAtResponder(service: string): Promise<boolean | undefined> {
  const request = { path: '/api/notifications', parameters: { alertname: 'Drill', limit: '20' } };
  const answer = await responder.json(request, notificationsSchema).catch(() => undefined);
  return answer?.notifications.some(({ alerts }) => alerts.some(({ labels }) => labels.service === service));
}

function labelOf(pair: string): [string, string] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
  if (name === undefined || value === undefined) throw new Error(`expected LABEL=VALUE, got ${pair}`);
  return [name, value];
}

try {
  await program.parseAsync();
} catch (error) {
  printError(`alerts: ${(error as Error).message}`);
  process.exitCode = 1;
}
